/** What a command may touch of the outside world; tests pass their own. */
import type { Surroundings } from '../app/index.ts';

/** Somewhere text goes. */
export interface TextSink {
  write(text: string): void;
}

/** A command's surroundings, and where it prints. */
export interface Io extends Surroundings {
  /** Results: a table for people, or one JSON document. */
  readonly stdout: TextSink;
  /** Progress and errors. */
  readonly stderr: TextSink & { readonly isTTY?: boolean; readonly columns?: number };
}

/** How a command ended. */
export interface CommandResult<Json = unknown> {
  /** The one document of `--json`. */
  readonly json: Json;
  /** What people read instead, without the last newline. */
  readonly text: string;
  /** 1: a check failed; 3: a tool is missing. Default 0. */
  readonly exitCode?: 0 | 1 | 3;
}
