/** Scratch copies of cores; simulators are shared between them and kept from run to run. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Simulators by the hash of what they are built from. */
export const simulatorCache = fileURLToPath(new URL('../../build/test-simulators', import.meta.url));

const toyFolder = fileURLToPath(new URL('./fixtures/toy', import.meta.url));

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the toy core with `edit` done to some of its files. */
export function toyCopy(edits: Readonly<Record<string, (text: string) => string>> = {}): string {
  const folder = temporaryFolder();
  cpSync(toyFolder, folder, { recursive: true });
  for (const [file, edit] of Object.entries(edits)) {
    const path = join(folder, file);
    const before = readFileSync(path, 'utf8');
    const after = edit(before);
    if (after === before) throw new Error(`nothing changed in ${file}`);
    writeFileSync(path, after);
  }
  return folder;
}

/** Pixels that look random, the same for the same seed. */
export function noise(length: number, seed: number): Uint8Array {
  let state = seed >>> 0 || 1;
  return new Uint8Array(length).map(() => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}
