/** The process around the command line: its streams, its signals, its exit code. */
import { z } from 'zod';
import { runDemo, usualDemo } from '../app/index.ts';
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

async function withProcess(work: (io: Io) => Promise<number>): Promise<void> {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // A second Ctrl-C doesn't wait for anything.
      if (abort.signal.aborted) process.exit(interruptedExitCode);
      abort.abort();
    });
  }
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
