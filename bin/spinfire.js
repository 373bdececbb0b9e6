#!/usr/bin/env node
// Starts the program (main.js) as a process of its own and answers for it: a program that computes, or a design that never ends, hears no
// signal, and one that has run out of memory tells nobody. This process does nothing else, so it always hears.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** After a signal the program may take so long to end its tools and to remove what it began; then it is ended. */
const graceMs = 1400;
/** So long it waits then for what was begun to be removed. */
const mostCleaningMs = 1000;

/** @param {string} text */
const say = (text, stream = 2) => {
  try {
    writeSync(stream, `${text}\n`);
  } catch {
    // Nobody listens.
  }
};

try {
  process.cwd();
} catch (error) {
  say(`error: the current folder is gone\n  found:    ${error instanceof Error ? error.message : String(error)}`);
  say('  help:     cd into a folder that is there');
  process.exit(2);
}

try {
  rmdirSync(mkdtempSync(join(tmpdir(), 'spinfire-try-')));
} catch (error) {
  const found = error instanceof Error ? error.message : String(error);
  say(`error: no temporary file can be made\n  at:       ${tmpdir()}\n  found:    ${found}`);
  say('  help:     set TMPDIR to a folder that you may write to and that has room');
  process.exit(2);
}

const program = fileURLToPath(new URL('./main.js', import.meta.url));
// What the program leaves when it is killed is removed by a guard of its own (src/store/guard.ts), which holds this line for as long as it works.
const guardFd = 4;
const child = spawn(process.execPath, [...process.execArgv, program, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'],
  env: { ...process.env, SPINFIRE_GUARD_FD: `${guardFd}` },
});
const guardsEnd = new Promise((resolve) => child.stdio[guardFd]?.on('error', resolve).on('close', resolve).resume());
/** What was begun is gone, or it takes long: then it goes on without this process. */
const cleaned = () => Promise.race([guardsEnd, new Promise((resolve) => setTimeout(resolve, mostCleaningMs))]);
// When this process is killed, the program must not go on by itself: a shell waits for the pipe to close. It is stopped when all is well.
const watcher = spawn('/bin/sh', ['-c', 'trap "" INT TERM HUP; read -r _; kill -KILL "$0"', `${child.pid}`], {
  stdio: ['pipe', 'ignore', 'ignore'],
  detached: true,
});
watcher.on('error', () => {});
watcher.unref();

/** @type {NodeJS.Signals | undefined} */
let signalled;
/** @param {NodeJS.Signals} name */
const interrupt = (name) => {
  if (signalled !== undefined) return;
  signalled = name;
  if (child.connected) child.send('interrupt', () => {});
  setTimeout(() => child.kill('SIGKILL'), graceMs);
};
let heard = 0;
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(name, () => {
    heard += 1;
    // A second one doesn't wait for anything.
    if (heard > 1) child.kill('SIGKILL');
    else interrupt(name);
  });
}
/** @typedef {{ ms: number, stdout: string, stderr: string, exitCode: number }} Limit */
/** @type {NodeJS.Timeout | undefined} */
let limitOfProgram;
/** @type {Limit | undefined} */
let exceeded;
/**
 * A design that computes without a pause hears of no limit.
 * @param {Limit | undefined} limit
 */
const watch = (limit) => {
  clearTimeout(limitOfProgram);
  if (limit === undefined) return;
  limitOfProgram = setTimeout(() => {
    exceeded = limit;
    child.kill('SIGKILL');
  }, limit.ms);
};
child.on('message', (message) => {
  const { signal, limit } = /** @type {{ signal?: NodeJS.Signals, limit?: Limit }} */ (message);
  // A signal that came to the program alone, or to both: then it is no second one.
  if (signal === undefined) watch(limit);
  else interrupt(signal);
});

child.on('error', (error) => {
  say(`error: the program cannot be started\n  found:    ${error.message}`);
  process.exit(2);
});
child.on('exit', async (code, signal) => {
  clearTimeout(limitOfProgram);
  watcher.kill('SIGKILL');
  if (signalled !== undefined || signal !== null || code === 134) await cleaned();
  if (signalled !== undefined) {
    if (code !== 130) say('interrupted');
    process.exit(128 + constants.signals[signalled]);
  }
  if (exceeded !== undefined) {
    if (exceeded.stdout !== '') say(exceeded.stdout.trimEnd(), 1);
    say(exceeded.stderr.trimEnd());
    process.exit(exceeded.exitCode);
  }
  if (signal === null && code !== 134) process.exit(code ?? 1);
  const how = signal ?? 'SIGABRT';
  say(`error: the program was ended by ${how}`);
  if (how === 'SIGABRT' || how === 'SIGKILL' || how === 'SIGTRAP')
    say(
      '  help:     most likely the memory was not enough: a smaller network, fewer images, or a larger NODE_OPTIONS=--max-old-space-size',
    );
  process.exit(signal === null || how === 'SIGABRT' || how === 'SIGTRAP' ? 2 : 128 + constants.signals[how]);
});
