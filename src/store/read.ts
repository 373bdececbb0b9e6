/** Files that a person named: plain ones, of a size that fits. */
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { badInput, SpinfireError } from '../errors/index.ts';
import { reasonOf } from './work.ts';

/** 1 GiB: no network, image file or curve that spinfire can work with is larger. */
export const largestFile = 2 ** 30;

/**
 * @param shown how the person wrote it
 * @throws badInput for what is not there, is no plain file (a pipe would be waited for, a device read, without an end), or is too large
 */
export function readPlainFile(path: string, shown = path, limit = largestFile): Buffer<ArrayBuffer> {
  return withPlainFile(path, shown, limit, (descriptor) => readFileSync(descriptor) as Buffer<ArrayBuffer>);
}

/** For a file that somebody else reads. @throws what readPlainFile throws */
export function expectPlainFile(path: string, shown = path): void {
  withPlainFile(path, shown, largestFile, () => undefined);
}

function withPlainFile<T>(path: string, shown: string, limit: number, use: (descriptor: number) => T): T {
  let descriptor: number | undefined;
  try {
    // A named pipe is opened without waiting for its other end.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile())
      throw badInput('a file cannot be read', { where: shown, found: kindOf(stats), expected: 'a plain file' });
    if (stats.size > limit) throw tooLarge(shown, stats.size, limit);
    return use(descriptor);
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    throw badInput('a file cannot be read', { where: shown, found: reasonOf(cause) }, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** @throws badInput when it is damaged, or would be larger than `limit` bytes */
export function unpackGzip(bytes: Uint8Array, shown: string, limit = largestFile): Buffer<ArrayBuffer> {
  try {
    return gunzipSync(bytes, { maxOutputLength: limit }) as Buffer<ArrayBuffer>;
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(shown, undefined, limit);
    throw badInput('the file is no whole gzip file', { where: shown, found: reasonOf(cause) }, cause);
  }
}

function tooLarge(shown: string, size: number | undefined, limit: number) {
  return badInput('a file is too large', {
    where: shown,
    found: size === undefined ? `more than ${limit} bytes when unpacked` : `${size} bytes`,
    expected: `at most ${limit} bytes`,
  });
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return 'a device';
  return stats.isSocket() ? 'a socket' : 'no plain file';
}

/** JSON, with or without the mark that some editors put in front. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

/** Text of a file in UTF-8; the mark that some editors put in front is left out. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
