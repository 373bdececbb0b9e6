/** Private folders for work: nobody else's, gone afterwards, and swept away by the next one where a killed process left them. */
import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { badInput, SpinfireError } from '../errors/index.ts';
import { makeFolder } from './folder.ts';
import { makeGuarded } from './guard.ts';
import { isAbandoned, workName } from './owner.ts';

/** Makes a folder in `parent`, which is made too; removes it whatever happens. `use` may rename it away. */
export async function withWorkFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(resolve(parent), workName());
  let release: () => void;
  try {
    release = makeGuarded(folder, makeFolder);
  } catch (cause) {
    throw badInput(
      'no folder can be made for the work',
      {
        where: parent,
        found: reasonOf(cause),
        help: 'for a core that is not yours say --work FOLDER; TMPDIR names the place of temporary files, SPINFIRE_CACHE that of simulators',
      },
      cause,
    );
  }
  try {
    await sweepAbandoned(parent);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
    release();
  }
}

/** A path without a character that a makefile, a shell or a script takes for its own. */
export const isPlainPath = (path: string) => /^[\w@%+,./-]+$/.test(path);

/** The same among the temporary files. `plain`: no part of its path has a character that a makefile or a shell takes for its own. */
export async function withTemporaryFolder<T>(
  use: (folder: string) => Promise<T>,
  options: { readonly plain?: boolean } = {},
): Promise<T> {
  const places = [tmpdir(), ...(options.plain ? ['/tmp', '/var/tmp'] : [])];
  const place = options.plain ? places.find(isPlainPath) : places[0];
  return withWorkFolder(place ?? tmpdir(), use);
}

/** Removes what killed processes left in a folder. */
export async function sweepAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith('.spinfire-work-')) continue;
    const path = join(parent, name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (modified !== undefined && isAbandoned(name, modified))
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The system's own words, `ENOSPC: no space left on device`, or what one of our errors found. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof SpinfireError && cause.details.found !== undefined) return cause.details.found;
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
