import { constants, gunzipSync } from 'node:zlib';
import { unpackGzip } from '../../store/index.ts';
import { idxBytes } from './idx.ts';

/** Bytes that a gzip file may become: 600,000 images of MNIST. */
const mostBytes = 2 ** 29;

/**
 * The bytes of a file, gzipped or not; one whose beginning says how long it is becomes no longer than that.
 *
 * @throws SpinfireError (badInput): damaged, or too large
 */
export function unpacked(bytes: Uint8Array, shown: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = idxBytes(beginningOf(bytes));
  // One byte more, so that what stands behind the last item is found.
  return unpackGzip(bytes, shown, length === undefined ? mostBytes : Math.min(length + 1, mostBytes));
}

/** The first bytes of what was packed; nothing when that can't be had. */
function beginningOf(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, 64);
  } catch {
    return new Uint8Array(0);
  }
}
