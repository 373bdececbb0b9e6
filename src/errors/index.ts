/**
 * The one family of errors that spinfire shows to people. Every error says what was found, what was expected, where,
 * and how to mend it; the command line turns its `kind` into the exit code.
 */

export { ownValue } from './own.ts';

/** Exit codes of the command line: 0 is success. */
export const exitCodes = { checkFailed: 1, badInput: 2, missingTool: 3 } as const;

/** Kind of an error, which decides the exit code. */
export type ErrorKind = keyof typeof exitCodes;

/** What a person needs to mend a problem. Every text is one line. */
export interface ErrorDetails {
  /** Where: `file.ts:12`, `images.idx byte 16`, `layer conv1`. */
  readonly where?: string;
  readonly found?: string;
  readonly expected?: string;
  /** What to do about it. */
  readonly help?: string;
}

/** An error with a place and a cure. Anything else that reaches the command line is a defect of spinfire. */
export class SpinfireError extends Error {
  override readonly name = 'SpinfireError';

  constructor(
    readonly kind: ErrorKind,
    readonly summary: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(formatError(summary, details), options);
  }

  /** As the terminal shows it. */
  get report(): string {
    return `error: ${this.message}`;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

/** An error of what a person gave: exit code 2. */
export function badInput(summary: string, details: ErrorDetails = {}, cause?: unknown): SpinfireError {
  return new SpinfireError('badInput', summary, details, cause === undefined ? undefined : { cause });
}

/** A tool is missing: exit code 3. */
export function missingTool(summary: string, details: ErrorDetails = {}): SpinfireError {
  return new SpinfireError('missingTool', summary, details);
}

/** A check came out wrong: exit code 1. */
export function checkFailed(summary: string, details: ErrorDetails = {}): SpinfireError {
  return new SpinfireError('checkFailed', summary, details);
}

/** What a person reads of anything that was thrown; what is not of the family is a defect of spinfire and says so. */
export function errorReport(error: unknown): string {
  if (error instanceof SpinfireError) return error.report;
  const found = error instanceof Error ? error.message : String(error);
  return new SpinfireError('checkFailed', `a defect of spinfire: ${found}`, {
    help: 'run again with --debug and report it',
  }).report;
}

/** Closes a `switch` over a union: a new member is a compile error here. */
export function assertUnreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** Letters of a line, and lines of a text, that a person reads: a list that comes from a file can have thousands of entries. */
const longestLine = 800;
const mostLines = 60;

const shortened = (line: string) =>
  line.length <= longestLine
    ? line
    : `${line.slice(0, longestLine).replace(/[\ud800-\udbff]$/, '')} ... (${(line.length - longestLine).toLocaleString('en')} letters more)`;

/** At most so many lines of at most so many letters; the last lines stay, as tools put their reason there. */
function readable(text: string): string {
  const lines = text.split(/\r?\n/).map(shortened);
  const left = lines.length - mostLines;
  if (left <= 0) return lines.join('\n');
  return [`... (${left.toLocaleString('en')} lines before)`, ...lines.slice(-mostLines)].join('\n');
}

/**
 * Names come from files: what would move the cursor, turn the writing round or look like a line of ours is shown as what it is. A line that
 * goes on is marked as one.
 */
function harmless(text: string): string {
  return visible(readable(text).replace(/\r?\n/g, `\n${' '.repeat(10)}| `));
}

/** Characters that move the cursor or turn the writing round, as what they are; lines stay lines. */
export function visible(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

const escaped = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;

function formatError(summary: string, details: ErrorDetails): string {
  const lines = [harmless(summary)];
  for (const [label, text] of [
    ['at', details.where],
    ['found', details.found],
    ['expected', details.expected],
    ['help', details.help],
  ] as const) {
    if (text !== undefined) lines.push(`  ${`${label}:`.padEnd(9)} ${harmless(text)}`);
  }
  return lines.join('\n');
}
