/** One case of a fuzzer: a typed error or a result. */
import type { FuzzTarget } from './targets.ts';

/** Undefined: fine. Otherwise what went wrong. */
export async function problemOf(target: FuzzTarget, bytes: Uint8Array, folder: string): Promise<string | undefined> {
  try {
    await target.read(bytes, folder);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'SpinfireError') {
      const { report } = error as Error & { report: string };
      // What a file says must not move the cursor, nor come as lines of its own.
      const control = [...report].find((c) => c < ' ' && c !== '\n');
      if (control !== undefined) return `a control character in an error: ${JSON.stringify(report)}`;
      return /HDL\d{3}|defect of spinfire/.test(report) ? `an error about spinfire's own source: ${report}` : undefined;
    }
    return error instanceof Error ? (error.stack ?? error.message) : `thrown: ${String(error)}`;
  }
}

/** A failing case with as little as possible of it: pieces are taken out while it still fails, for half a minute at most. */
export async function minimised(target: FuzzTarget, bytes: Uint8Array, folder: string): Promise<Uint8Array> {
  const end = performance.now() + 30_000;
  let small = bytes;
  for (let size = Math.ceil(small.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < small.length && performance.now() < end; ) {
      const shorter = Buffer.concat([small.subarray(0, at), small.subarray(at + size)]);
      if ((await problemOf(target, shorter, folder)) !== undefined) small = shorter;
      else at += size;
    }
  }
  return small;
}
