/** Runs one command line to its end and turns what happened into output and an exit code. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { badInput, errorReport, exitCodes, SpinfireError } from '../errors/index.ts';
import type { Command } from './command.ts';
import type { Io } from './io.ts';
import { createProgram } from './program.ts';
import { createProgress } from './progress.ts';

interface GlobalOptions {
  readonly json: boolean;
  readonly debug: boolean;
}

const helpFlags: ReadonlySet<string> = new Set(['-h', '--help', '-V', '--version']);
const usage = 'spinfire --help lists the commands, spinfire COMMAND --help its options';

/** Exit code after Ctrl-C, as shells have it. */
export const interruptedExitCode = 130;

/**
 * @param args without `node` and the script
 * @returns exit code: 0 done, 1 a check failed, 2 bad input or usage, 3 a tool is missing, 130 interrupted
 */
export async function runCommandLine(args: readonly string[], io: Io, commands: readonly Command[]): Promise<number> {
  const options: GlobalOptions = { json: args.includes('--json'), debug: args.includes('--debug') };
  let exitCode = 0;
  const print = (text: string) => io.stdout.write(text);
  const program = createProgram(commands, print, async (command, typed) => {
    const work = async () => command.run(typed, { io, progress: createProgress(io.stderr) });
    const result = await untilAborted(io.signal, work());
    print(options.json ? `${JSON.stringify(result.json, undefined, 2)}\n` : `${result.text}\n`);
    exitCode = result.exitCode ?? 0;
  });
  if (args.length === 0) {
    io.stderr.write(program.helpInformation());
    return exitCodes.badInput;
  }
  if (!args.some((word) => !word.startsWith('-') || helpFlags.has(word))) {
    const expected = commands.map(({ name }) => name).join(', ');
    return fail(badInput('no command is named', { found: args.join(' '), expected, help: usage }), io, options);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return fail(error, io, options);
  }
}

/** Interrupted work has this long to end its tools and to remove what it began to write; less than bin/spinfire.js waits. */
const graceMs = 1200;

/** Settles with `work`; after an interruption when the work has ended, or its time to do so is over. */
async function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const release = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = async () => {
      const ended = work.then(
        () => {},
        () => {},
      );
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
      reject(new Interrupted());
    };
    if (signal.aborted) void onAbort();
    signal.addEventListener('abort', () => void onAbort(), { signal: release.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    release.abort();
  }
}

class Interrupted extends Error {}

function fail(error: unknown, io: Io, options: GlobalOptions): number {
  if (error instanceof Interrupted || io.signal.aborted) {
    io.stderr.write('interrupted\n');
    return interruptedExitCode;
  }
  const { stdout, stderr, exitCode } = failureShown(error, options.json);
  io.stdout.write(stdout);
  io.stderr.write(stderr);
  if (options.debug) io.stderr.write(`${stackOf(error)}\n`);
  return exitCode;
}

/** What a failed run prints and how it ends. */
export interface Failure {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export function failureShown(error: unknown, json: boolean): Failure {
  const shown = asSpinfireError(error);
  const { kind, summary, details } = shown ?? { kind: 'defect', summary: messageOf(error), details: {} };
  return {
    stdout: json ? `${JSON.stringify({ error: { kind, message: summary, ...details } }, undefined, 2)}\n` : '',
    stderr: `${errorReport(shown ?? error)}\n`,
    exitCode: shown ? shown.exitCode : exitCodes.checkFailed,
  };
}

function asSpinfireError(error: unknown): SpinfireError | undefined {
  if (error instanceof SpinfireError) return error;
  const refused = systemRefusal(error);
  if (refused !== undefined) return refused;
  if (!(error instanceof CommanderError)) return undefined;
  const found = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  return badInput('the command line is not understood', {
    found,
    help: usage,
  });
}

/** What the system says when a place cannot be written to or read; all of it can be mended by a person. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full: make room, or choose another place; TMPDIR names that of temporary files'],
  ['EDQUOT', 'your share of the disk is used up: make room, or choose another place'],
  ['EROFS', 'choose another place; for a core that is not yours, --work FOLDER'],
  ['EACCES', 'choose another place, or mend its permissions; for a core that is not yours, --work FOLDER'],
  ['EPERM', 'choose another place, or mend its permissions'],
  ['ENAMETOOLONG', 'choose a shorter name'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EISDIR', 'a folder is where a file is wanted: move it away'],
  ['EEXIST', 'something of another kind is in the way: move it away'],
  ['ENOENT', 'it was there, or should be: was it removed meanwhile? run the command again'],
  ['EBUSY', 'something else uses it: run the command again'],
  ['ETXTBSY', 'something else writes it: run the command again'],
  ['EFBIG', 'the file is larger than this place or your limits allow (ulimit -f)'],
  ['ELOOP', 'a link leads back to itself'],
  ['EMFILE', 'too many files are open: raise the limit (ulimit -n), or use fewer workers'],
  ['ENFILE', 'too many files are open on this machine'],
  ['EIO', 'the disk may be broken'],
]);

function systemRefusal(error: unknown): SpinfireError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', syscall, path, message } = error as NodeJS.ErrnoException;
  const help = refusals.get(code);
  if (help === undefined || syscall === undefined) return undefined;
  const found = message.split('\n')[0] ?? '';
  return badInput('the system refuses to read or write', { ...(path ? { where: path } : {}), found, help }, error);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
