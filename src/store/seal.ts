/** A folder that is kept knows what it held: each file's hash. What is read back is what was written, or it counts as not there. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { workName } from './owner.ts';

const sealFile = 'seal.json';

/** SHA-256 of every file below `folder` but the seal itself, by path, sorted. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // Nothing of ours is a pipe or a device, and reading one would not end.
  const strange = entries.find((entry) => entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice());
  if (strange !== undefined) throw new Error(`${strange.name} is no file`);
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => path !== sealFile)
    .sort();
  const pairs = await Promise.all(
    paths.map(async (path) => [path, hashOf(await readFile(join(folder, path)))] as const),
  );
  return Object.fromEntries(pairs);
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Writes the seal; nothing in the folder may change afterwards. */
export async function seal(folder: string): Promise<void> {
  await writeFile(join(folder, sealFile), `${JSON.stringify(await hashes(folder), undefined, 1)}\n`);
}

/** Whether the folder is there, sealed, and holds what it held then: not less, not more, not other. */
export async function isSealed(folder: string): Promise<boolean> {
  try {
    const held = `${JSON.stringify(await hashes(folder), undefined, 1)}\n`;
    return held === (await readFile(join(folder, sealFile), 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Seals `work` and gives it its name. When a whole one has the name already, that stays: it is as good. A damaged one makes place, after
 * which the name is taken by whoever is first.
 */
export async function publish(work: string, directory: string): Promise<void> {
  await seal(work);
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(work, directory);
    } catch (error) {
      if (await isSealed(directory)) return;
      if (attempt === 5) throw error;
      const aside = join(dirname(directory), workName());
      await rename(directory, aside).catch(() => undefined);
      await rm(aside, { recursive: true, force: true });
    }
  }
}
