/** Runs one command line to its end and turns what happened into output and an exit code. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, CommanderError } from 'commander';
import type { AppContext } from '../app/index.ts';
import { badInput, exitCodes, SpinfireError } from '../errors/index.ts';
import type { CommandResult, Io } from './io.ts';
import { createProgress } from './progress.ts';

/** What a command's work gets besides its arguments. */
export interface CommandContext extends AppContext {
  readonly io: Io;
}

/** Runs a command's work and prints its result. */
export type Runner = (work: (context: CommandContext) => Promise<CommandResult>) => Promise<void>;

/** Adds one command to the program. */
export type AddCommand = (program: Command, run: Runner) => void;

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
export async function runCommandLine(
  args: readonly string[],
  io: Io,
  commands: readonly AddCommand[],
): Promise<number> {
  const options: GlobalOptions = { json: args.includes('--json'), debug: args.includes('--debug') };
  let exitCode = 0;
  const program = createProgram(
    io,
    async (work) => {
      const result = await untilAborted(io.signal, work({ io, progress: createProgress(io.stderr) }));
      io.stdout.write(options.json ? `${JSON.stringify(result.json, undefined, 2)}\n` : `${result.text}\n`);
      exitCode = result.exitCode ?? 0;
    },
    commands,
  );
  if (args.length === 0) {
    io.stderr.write(program.helpInformation());
    return exitCodes.badInput;
  }
  if (!args.some((word) => !word.startsWith('-') || helpFlags.has(word))) {
    const expected = program.commands.map((command) => command.name()).join(', ');
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

function createProgram(io: Io, run: Runner, commands: readonly AddCommand[]): Command {
  const program = new Command('spinfire')
    .description('From a trained network and a magnetic tunnel junction to verified, costed Verilog.')
    .version(packageVersion());
  for (const add of commands) add(program, run);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Usage errors are printed with all others, by `fail`.
      writeErr: () => {},
    });
    // The program knows them, too: they may stand before the command.
    command.option('--json', 'print one JSON document').option('--debug', 'show where in the program an error arose');
  }
  return program;
}

/** Interrupted work has this long to end its tools and to remove what it began to write. */
const graceMs = 3000;

function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

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
  const shown = asSpinfireError(error);
  if (options.json) {
    const { kind, summary, details } = shown ?? { kind: 'defect', summary: messageOf(error), details: {} };
    io.stdout.write(`${JSON.stringify({ error: { kind, message: summary, ...details } }, undefined, 2)}\n`);
  }
  if (shown) io.stderr.write(`${shown.report}\n`);
  else
    io.stderr.write(
      `error: a defect of spinfire: ${messageOf(error)}\n  help:     run again with --debug and report it\n`,
    );
  if (options.debug) io.stderr.write(`${stackOf(error)}\n`);
  return shown ? shown.exitCode : exitCodes.checkFailed;
}

function asSpinfireError(error: unknown): SpinfireError | undefined {
  if (error instanceof SpinfireError) return error;
  if (!(error instanceof CommanderError)) return undefined;
  const found = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  return badInput('the command line is not understood', {
    found,
    help: usage,
  });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
