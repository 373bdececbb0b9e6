/** Folders that may be there already. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder and its parents. (Node's own `recursive` never ends on a file system that refuses folders with ENOENT, as /proc does.) */
export function makeFolder(path: string): void {
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
