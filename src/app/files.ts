/** Output is written whole or not at all: first beside its place, then moved there in one go. */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { badInput, SpinfireError } from '../errors/index.ts';
import { makeFolder, makeGuarded, readPlainFile, reasonOf, workName } from '../store/index.ts';

/**
 * Reads a file that a person named, whole.
 *
 * @param path absolute, or relative to the folder of the process
 * @throws badInput that names the file, when it is missing, no plain file, not readable or too large
 */
export function readInput(path: string): Uint8Array {
  return readPlainFile(path);
}

/**
 * A plain file is replaced whole, with the mode it had; through a link, what it points to is. Devices, pipes and `-` (standard output) are
 * written into.
 */
export function writeFileWhole(path: string, content: string | Uint8Array): void {
  guard(path, () => {
    const target = throughLinks(path);
    if (isStream(target)) return writeInto(target, content);
    makeFolder(dirname(target));
    const mode = existsSync(target) ? statSync(target).mode & 0o7777 : undefined;
    const [folder, release] = newSibling(target);
    try {
      const fresh = join(folder, 'content');
      writeFileSync(fresh, content);
      if (mode !== undefined) chmodSync(fresh, mode);
      renameSync(fresh, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      release();
    }
  });
}

/** Standard output, or what is there and is neither a plain file nor a folder. */
function isStream(path: string): boolean {
  if (basename(path) === '-' || /^\/(?:dev|proc)\//.test(path)) return true;
  if (!existsSync(path)) return false;
  const stats = statSync(path);
  return !stats.isFile() && !stats.isDirectory();
}

function writeInto(path: string, content: string | Uint8Array): void {
  const descriptor = basename(path) === '-' ? 1 : openSync(path, 'a');
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } finally {
    if (descriptor !== 1) closeSync(descriptor);
  }
}

/** Where a link leads in the end, though nothing be there yet; `/dev/stdout` and its like stay as they are. */
function throughLinks(path: string): string {
  let target = path;
  for (let links = 0; links < 40; links++) {
    if (/^\/(?:dev|proc)\//.test(target)) return target;
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (!stats?.isSymbolicLink()) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw new Error('ELOOP: too many links');
}

/** How a folder of ours is known, and what of it moves over to its successor. */
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
  const target = guard(path, () => throughLinks(path));
  const [fresh, release] = guard(path, () => {
    refuseForeign(target, options.mark);
    makeFolder(dirname(target));
    return newSibling(target);
  });
  const remove = () => rmSync(fresh, { recursive: true, force: true });
  // Ctrl-C ends the process without unwinding what still runs.
  process.once('exit', remove);
  try {
    await fill(fresh);
    guard(path, () => replace(target, fresh, options));
  } catch (error) {
    // A disk that is full, a name that is too long: the system's word about the folder.
    guard(path, () => rethrowOutputFault(error));
  } finally {
    process.off('exit', remove);
    remove();
    release();
  }
}

/** What the file system refuses stays an error of its own kind; all else is thrown as it is. */
function rethrowOutputFault(error: unknown): void {
  if (error instanceof Error && 'code' in error && 'syscall' in error) throw error;
  throw new Passed(error);
}

/** Goes through `guard` as it is. */
class Passed extends Error {
  constructor(readonly original: unknown) {
    super();
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
  const [old, release] = newSibling(path);
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
    release();
  }
}

/** A new folder beside `path`, on the same file system, with the usual permissions; and what to call when it is gone. */
function newSibling(path: string): [string, () => void] {
  const folder = resolve(dirname(path), workName());
  return [folder, makeGuarded(folder, mkdirSync)];
}

/** Turns what the file system refuses into an error for people. */
function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    if (cause instanceof Passed) throw cause.original;
    throw badInput(
      'the output cannot be written',
      { where: path, found: reasonOf(cause), help: 'choose another place, or mend its permissions' },
      cause,
    );
  }
}
