/** The process around the command line: its streams, its signals, its exit code. */
import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runDemo, usualDemo } from '../app/index.ts';
import { badInput, exitCodes, type SpinfireError } from '../errors/index.ts';
import { guardHolds } from '../store/index.ts';
import { command } from './command.ts';
import { commands } from './commands/index.ts';
import type { Io } from './io.ts';
import { failureShown, interruptedExitCode, runCommandLine } from './run.ts';

/** Runs the command line of this process; ends the process. */
export function runProcess(): Promise<void> {
  return withProcess((io) => runCommandLine(process.argv.slice(2), io, commands));
}

/** Runs the demo of the checkout `root` in this process; ends the process. */
export function runDemoProcess(root: string): Promise<void> {
  const demo = command({
    name: 'demo',
    summary: 'one network through the whole chain',
    arguments: {},
    options: {},
    result: z.object({ text: z.string() }),
    run: async (_, context) => {
      const text = await runDemo({ root, ...usualDemo }, context);
      return { json: { text }, text };
    },
  });
  return withProcess((io) => runCommandLine(['demo', ...process.argv.slice(2)], io, [demo]));
}

/** The one way out: a design may call `process.exit`, too, and nothing would have been done. */
function end(exitCode: number): never {
  process.removeListener('exit', endedFromOutside);
  process.exit(exitCode);
}

function endedFromOutside(): void {
  complain('error: the program was ended before its work was done\n  help:     does the design call process.exit?');
  process.exitCode = exitCodes.badInput;
}

function complain(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody listens.
  }
}

/** What a design left running, a timer or a promise that nobody waits for, may fail at any time. */
function onUncaught(error: unknown): void {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const origin = /\(?(?:file:\/\/)?(\/[^\s()]+:\d+):\d+\)?/.exec(stack)?.[1] ?? '';
  const own = origin.startsWith(fileURLToPath(new URL('../', import.meta.url)));
  if (own || origin === '') {
    complain(`error: a defect of spinfire: ${message}\n  help:     run again with --debug and report it`);
    if (process.argv.includes('--debug')) complain(stack);
    end(exitCodes.checkFailed);
  }
  const [first = ''] = message.split('\n');
  complain(badInput('something that the design left running has failed', { where: origin, found: first }).report);
  end(exitCodes.badInput);
}

/** Whoever started this process may answer for it (bin/spinfire.js): then it is told of signals, and says when to end. */
function hearSignals(abort: AbortController): void {
  const supervised = process.channel !== undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (supervised) return void process.send?.({ signal: name });
      // A second Ctrl-C doesn't wait for anything.
      if (abort.signal.aborted) end(interruptedExitCode);
      abort.abort();
    });
  }
  process.on('message', (message) => {
    if (message === 'interrupt') abort.abort();
  });
  process.on('disconnect', () => end(interruptedExitCode));
  process.channel?.unref();
}

/** Whoever started this process (bin/spinfire.js) ends it when a person's program takes longer, and shows what it is told now. */
function limit(ms: number, error: SpinfireError): () => void {
  process.send?.({ limit: { ms, ...failureShown(error, process.argv.includes('--json')) } });
  return () => void process.send?.({ limit: undefined });
}

/**
 * What a design may do to the process that it is read in. Where it would end it without a word of ours it throws instead, at its own line; what it
 * prints is no result, and would stand in the middle of a document.
 */
function guardFromDesigns(): void {
  process.abort = function abort(): never {
    throw endingAt('process.abort()', abort);
  };
  const { kill } = process;
  process.kill = function killOthers(pid, signal) {
    if (signal !== 0 && (pid === process.pid || pid === process.ppid || pid === 0))
      throw endingAt(`process.kill(${pid})`, killOthers);
    return kill.call(process, pid, signal);
  };
  globalThis.console = new Console(process.stderr);
}

/** An error whose place is where the function was called. */
function endingAt(call: string, callee: (...args: never[]) => unknown): Error {
  const error = new Error(`${call} ends the program before its work is done`);
  Error.captureStackTrace(error, callee);
  return error;
}

/** A reader that has gone away (`| head`) wants no more; anything else is an output that cannot be written. */
function endOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') end(0);
  complain(badInput('the output cannot be written', { found: error.message }).report);
  end(exitCodes.badInput);
}

/** A supervisor (bin/spinfire.js) waits for what this process leaves to be removed. */
function tieGuard(): void {
  const fd = process.env.SPINFIRE_GUARD_FD;
  delete process.env.SPINFIRE_GUARD_FD;
  if (fd !== undefined) guardHolds(Number(fd));
}

async function withProcess(work: (io: Io) => Promise<number>): Promise<void> {
  tieGuard();
  const abort = new AbortController();
  hearSignals(abort);
  process.on('exit', endedFromOutside);
  // While a design is read its reader hears first.
  for (const event of ['uncaughtException', 'unhandledRejection'])
    process.on(event, (error) => process.listenerCount(event) === 1 && onUncaught(error));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endOutput);
  guardFromDesigns();
  const exitCode = await work({
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: abort.signal,
    limit,
  });
  // Workers may still be counting after an interruption; what was printed must be out first.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  end(exitCode);
}
