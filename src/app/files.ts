/** Output is written whole or not at all: first beside its place, then moved there in one go. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { badInput, SpinfireError } from '../errors/index.ts';

/** Reads a file that a person named. */
export function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw badInput('a file cannot be read', { where: path, found: systemMessage(cause) }, cause);
  }
}

export function writeFileWhole(path: string, content: string | Uint8Array): void {
  guard(path, () => {
    makeFolder(dirname(path));
    const folder = newSibling(path, 'new');
    try {
      writeFileSync(join(folder, 'content'), content);
      renameSync(join(folder, 'content'), path);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

export interface FolderOptions {
  /** A file by which a folder of ours is known; a folder that lacks it is not replaced unless it is empty. */
  readonly mark: string;
  /** Subfolders that move over from the folder's predecessor: caches. */
  readonly keep?: readonly string[];
}

/**
 * Fills a new folder and puts it in the place of `path`. When `fill` throws nothing is left behind and what was there before stays.
 *
 * @param fill gets the temporary folder
 */
export async function writeFolderWhole(
  path: string,
  options: FolderOptions,
  fill: (folder: string) => Promise<void> | void,
): Promise<void> {
  const fresh = guard(path, () => {
    refuseForeign(path, options.mark);
    makeFolder(dirname(path));
    return newSibling(path, 'new');
  });
  const remove = () => rmSync(fresh, { recursive: true, force: true });
  // Ctrl-C ends the process without unwinding what still runs.
  process.once('exit', remove);
  try {
    await fill(fresh);
    guard(path, () => replace(path, fresh, options));
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function refuseForeign(path: string, mark: string): void {
  if (!existsSync(path)) return;
  const entries = readdirSync(path);
  if (entries.length === 0 || entries.includes(mark)) return;
  throw badInput('the output folder holds something else', {
    where: path,
    found: `${entries.slice(0, 3).join(', ')}${entries.length > 3 ? ', ...' : ''}`,
    expected: `an empty or new folder, or one that spinfire wrote (with ${mark})`,
    help: 'choose another folder with -o',
  });
}

function replace(path: string, fresh: string, { keep = [] }: FolderOptions): void {
  const old = newSibling(path, 'old');
  try {
    // Somebody else's run may have put its folder there in the meantime: the last one wins, whole.
    for (let attempt = 0; ; attempt += 1) {
      const grave = join(old, String(attempt));
      if (existsSync(path)) renameSync(path, grave);
      for (const name of keep) {
        if (existsSync(join(grave, name)) && !existsSync(join(fresh, name)))
          renameSync(join(grave, name), join(fresh, name));
      }
      try {
        renameSync(fresh, path);
        return;
      } catch (error) {
        if (attempt === 3 || !existsSync(path)) throw error;
      }
    }
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}

/** Makes a folder and its parents. (Node's own `recursive` never ends on a file system that refuses folders with ENOENT, as /proc does.) */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else was quicker.
    if (!existsSync(path)) throw error;
  }
}

/** A new folder beside `path`, on the same file system, with the usual permissions. */
function newSibling(path: string, purpose: string): string {
  const folder = join(dirname(path), `.${basename(path)}-${purpose}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder);
  return folder;
}

/** Turns what the file system refuses into an error for people. */
function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    throw badInput(
      'the output cannot be written',
      { where: path, found: systemMessage(cause), help: 'choose another place, or mend its permissions' },
      cause,
    );
  }
}

function systemMessage(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
