/** The process around the command line: its streams, its signals, its exit code. */
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { runDemo, usualDemo } from '../app/index.ts';
import { badInput, exitCodes } from '../errors/index.ts';
import { command } from './command.ts';
import { commands } from './commands/index.ts';
import type { Io } from './io.ts';
import { interruptedExitCode, runCommandLine } from './run.ts';

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

/** Whoever started this process may hear for it (bin/spinfire.js): then it says so, and signals that come to both are left to it. */
function hearSignals(abort: AbortController): void {
  const supervised = process.channel !== undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (supervised) return;
      // A second Ctrl-C doesn't wait for anything.
      if (abort.signal.aborted) process.exit(interruptedExitCode);
      abort.abort();
    });
  }
  process.on('message', (message) => {
    if (message === 'interrupt') abort.abort();
  });
  process.on('disconnect', () => process.exit(interruptedExitCode));
  process.channel?.unref();
}

/** A reader that has gone away (`| head`) wants no more; anything else is an output that cannot be written. */
function endOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  try {
    writeSync(2, `${badInput('the output cannot be written', { found: error.message }).report}\n`);
  } catch {
    // It is the error output itself.
  }
  process.exit(exitCodes.badInput);
}

async function withProcess(work: (io: Io) => Promise<number>): Promise<void> {
  const abort = new AbortController();
  hearSignals(abort);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endOutput);
  const exitCode = await work({
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: abort.signal,
  });
  // Workers may still be counting after an interruption; what was printed must be out first.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(exitCode);
}
