/** What a command may touch of the outside world; tests pass their own. */

export interface TextSink {
  write(text: string): void;
}

export interface Io {
  /** Results: a table for people, or one JSON document. */
  readonly stdout: TextSink;
  /** Progress and errors. */
  readonly stderr: TextSink & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** How a command ended. */
export interface CommandResult {
  /** The one document of `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What people read instead, without the last newline. */
  readonly text: string;
  /** 1: a check failed; 3: a tool is missing. Default 0. */
  readonly exitCode?: 0 | 1 | 3;
}
