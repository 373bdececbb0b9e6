/** The process around the command line: its streams, its signals, its exit code. */
import { commands } from './commands/index.ts';
import type { Io } from './io.ts';
import { interruptedExitCode, runCommandLine } from './run.ts';

/** Runs the command line of this process; ends the process. */
export async function runProcess(): Promise<void> {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      // A second Ctrl-C doesn't wait for anything.
      if (abort.signal.aborted) process.exit(interruptedExitCode);
      abort.abort();
    });
  }
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: abort.signal,
  };
  const exitCode = await runCommandLine(process.argv.slice(2), io, commands);
  // Workers may still be counting after an interruption; what was printed must be out first.
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit(exitCode);
}
