// @ts-check
// What the set-up may do to the machine, gathered in one value so that tests can hand in a small pretend one.
import { spawn } from 'node:child_process';

/**
 * @typedef {object} Machine
 * @property {string} root the checkout
 * @property {NodeJS.ProcessEnv} env
 * @property {string} nodeVersion as `process.versions.node`
 * @property {boolean} isRoot whether packages may be installed for the whole machine
 * @property {(text: string) => void} say one line of progress
 */

/**
 * @typedef {object} Outcome
 * @property {number | null} code exit code; null when the program was killed or could not be started
 * @property {boolean} missing whether there is no such program
 * @property {string} output stdout and stderr
 */

/**
 * @param {string} root
 * @returns {Machine}
 */
export function thisMachine(root) {
  return {
    root,
    env: process.env,
    nodeVersion: process.versions.node,
    isRoot: process.getuid?.() === 0,
    say: (text) => void process.stderr.write(`${text}\n`),
  };
}

/**
 * Runs a program to its end and keeps what it prints.
 *
 * @param {Machine} machine
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
export function runQuietly(machine, command, args) {
  return start(machine, command, args, true, {});
}

/**
 * Runs a program to its end; the person sees on stderr what it prints.
 *
 * @param {Machine} machine
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [extraEnv]
 * @returns {Promise<Outcome>}
 */
export function runAloud(machine, command, args, extraEnv = {}) {
  return start(machine, command, args, false, extraEnv);
}

/**
 * @param {Machine} machine
 * @param {string} command
 * @param {readonly string[]} args
 * @param {boolean} quiet
 * @param {NodeJS.ProcessEnv} extraEnv
 * @returns {Promise<Outcome>}
 */
function start(machine, command, args, quiet, extraEnv) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: machine.root,
      env: { ...machine.env, ...extraEnv },
      // stdout stays free for what the task itself has to say.
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: null, missing: 'code' in error && error.code === 'ENOENT', output }));
    child.on('close', (code) => resolve({ code, missing: false, output }));
  });
}
