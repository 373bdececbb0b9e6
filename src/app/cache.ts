/** What is kept between runs because it can be made again: simulators, syntheses, placements. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAbandoned, isSealed } from '../store/index.ts';

/** One thing that is kept. */
export interface CacheEntry {
  /** Relative to the folder. */
  readonly path: string;
  readonly bytes: number;
  /** Time of its last change, ISO 8601. */
  readonly changed: string;
  /** False: it counts as not there, and is made again when it is wanted. */
  readonly whole: boolean;
}

/** What the program calls its own folders: a kind, a target or a board, then a hash. */
const kept = /^[\w.]+-[0-9a-f]{12,16}$/;
/** Logs are called after the folder whose making they tell of. */
const log = /^[\w.]+-[0-9a-f]{12,16}\.[\w.]+$/;
/** Folders inside which there may be some. */
const kinds = ['', 'simulators', 'synth', 'place', 'energy', 'accuracy'];

/** Everything in `folder` that the program put there to find it again, by path; nothing of what somebody else put there. */
export async function cacheEntries(folder: string): Promise<CacheEntry[]> {
  const paths = kinds.flatMap((kind) =>
    namesIn(join(folder, kind))
      .filter((name) => kept.test(name) && statSync(join(folder, kind, name)).isDirectory())
      .map((name) => join(kind, name)),
  );
  return Promise.all(
    paths.sort().map(async (path) => {
      const whole = join(folder, path);
      const changed = new Date(statSync(whole).mtimeMs).toISOString();
      return { path, bytes: bytesOf(whole), changed, whole: await isSealed(whole) };
    }),
  );
}

/** Removes what `cacheEntries` shows, its logs, and what killed runs left; what running ones work in stays. */
export async function clearCache(folder: string): Promise<CacheEntry[]> {
  const entries = await cacheEntries(folder);
  for (const { path } of entries) rmSync(join(folder, path), { recursive: true, force: true });
  for (const kind of kinds) {
    for (const name of namesIn(join(folder, kind))) {
      const path = join(folder, kind, name);
      if (log.test(name) || isAbandoned(name, statSync(path).mtimeMs)) rmSync(path, { recursive: true, force: true });
    }
  }
  return entries;
}

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
