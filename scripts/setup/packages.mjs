// @ts-check
// npm packages exactly as package-lock.json names them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAloud } from './machine.mjs';

/** @typedef {import('./machine.mjs').Machine} Machine */

/**
 * Installs the packages unless those of this very lock file are installed already.
 *
 * @param {Machine} machine
 * @returns {Promise<boolean>} false when npm failed
 */
export async function ensurePackages(machine) {
  const stampFile = join(machine.root, 'node_modules', '.spinfire-stamp');
  const stamp = `${createHash('sha256')
    .update(readFileSync(join(machine.root, 'package-lock.json')))
    .digest('hex')}\n`;
  const upToDate = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (!upToDate && !installedByHand(machine.root)) {
    machine.say('set-up: installing the npm packages of package-lock.json');
    // The stamp goes first: a half-finished installation must not look finished.
    rmSync(stampFile, { force: true });
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const outcome = await runAloud(machine, 'npm', args);
    if (outcome.code !== 0) {
      machine.say('error: the npm packages could not be installed');
      machine.say(
        `  found:    ${outcome.missing ? 'npm is not on PATH' : `npm ci ended with exit code ${outcome.code}`}`,
      );
      machine.say(
        `  help:     ${outcome.missing ? 'sudo apt-get install -y npm' : "see npm's messages above; then run this again"}`,
      );
      return false;
    }
  }
  if (!upToDate) writeFileSync(stampFile, stamp);
  linkCommand(machine.root);
  return true;
}

/**
 * Whether somebody's own `npm ci` or `npm install` left just the packages of the lock file: npm lists what it installed,
 * as its last act, in a lock file inside node_modules.
 *
 * @param {string} root
 */
function installedByHand(root) {
  const listFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(listFile)) return false;
  const installed = readPackages(listFile);
  const wanted = readPackages(join(root, 'package-lock.json'));
  const same = Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
  return same && Object.keys(installed).every((path) => path in wanted);
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/**
 * `npx spinfire` looks into node_modules/.bin; npm links there only the commands of other packages.
 *
 * @param {string} root
 */
function linkCommand(root) {
  const link = join(root, 'node_modules', '.bin', 'spinfire');
  if (existsSync(link)) return;
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join('..', '..', 'bin', 'spinfire.js'), link);
}
