// @ts-check
// Runs a YoWASP build (WebAssembly) like a program: node wasm-tool.mjs ENTRY COMMAND arguments...
// These builds see no file system: the folder that they work in is read into memory, and what they wrote is written back.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {{ [name: string]: Uint8Array | string | Tree }} Tree */

const [entry = '', command = '', ...args] = process.argv.slice(2);

/**
 * @param {string} folder
 * @returns {Tree}
 */
function readTree(folder) {
  /** @type {Tree} */
  const tree = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const info = statSync(path);
    if (info.isDirectory()) tree[name] = readTree(path);
    else if (info.isFile()) tree[name] = readFileSync(path);
  }
  return tree;
}

/**
 * @param {string} folder
 * @param {Tree} tree
 * @param {Tree} before
 */
function writeTree(folder, tree, before) {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name);
    const old = before[name];
    if (typeof content === 'string' || content instanceof Uint8Array) {
      if (old instanceof Uint8Array && Buffer.from(old).equals(Buffer.from(content))) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    } else {
      writeTree(path, content, old === undefined || old instanceof Uint8Array || typeof old === 'string' ? {} : old);
    }
  }
}

const module = await import(pathToFileURL(entry).href);
const run = module.commands?.[command];
if (typeof run !== 'function') {
  console.error(`error: ${entry} has no ${command}`);
  process.exit(1);
}
// A question for the version needs no files.
const before = args.length === 1 ? {} : readTree(process.cwd());
const printed = (/** @type {Uint8Array | null} */ bytes) => void (bytes && process.stdout.write(bytes));
const warned = (/** @type {Uint8Array | null} */ bytes) => void (bytes && process.stderr.write(bytes));
try {
  const after = await run(args, before, { stdout: printed, stderr: warned });
  if (after) writeTree(process.cwd(), after, before);
} catch (error) {
  const { files, code } = /** @type {{ files?: Tree, code?: number }} */ (error);
  if (files) writeTree(process.cwd(), files, before);
  else console.error(String(error));
  process.exitCode = code ?? 1;
}
