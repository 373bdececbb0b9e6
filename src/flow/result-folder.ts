/**
 * Results of tools, kept by the hash of all that they come from. A folder `<name>-<hash>` appears whole or not at all, and never
 * changes; so runs that overlap do not mix, and an interrupted run leaves nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badInput, SpinfireError } from '../errors/index.ts';

export interface Stored<Record> {
  readonly directory: string;
  readonly record: Record;
  /** It was there from an earlier run. */
  readonly cached: boolean;
}

export interface StoreOptions<Record> {
  /** The folder that holds the folders of results. */
  readonly outputDirectory: string;
  readonly name: string;
  /** Everything that the result depends on: texts, versions, contents. */
  readonly ingredients: readonly (string | Uint8Array)[];
  /** Checks what an earlier run wrote; undefined: it is of no use. */
  readonly read: (value: unknown) => Record | undefined;
  /** Fills a new folder and returns the record that is kept beside what it wrote. */
  readonly make: (folder: string) => Promise<Record>;
}

const recordFile = 'result.json';

export async function storeResult<Record>(options: StoreOptions<Record>): Promise<Stored<Record>> {
  const { outputDirectory, name } = options;
  const directory = join(outputDirectory, `${name}-${hashOf(options.ingredients)}`);
  const known = await readRecord(directory, options.read);
  if (known !== undefined) {
    // It counts as new for those who look for results of the core as it is now. Its folder may be read-only.
    const now = new Date();
    await utimes(join(directory, recordFile), now, now).catch(() => {});
    return { directory, record: known, cached: true };
  }
  const work = join(outputDirectory, `.${name}-${randomBytes(6).toString('hex')}`);
  await guard(outputDirectory, () => mkdir(work, { recursive: true }));
  try {
    const record = await options.make(work);
    await guard(outputDirectory, async () => {
      await writeFile(join(work, recordFile), `${JSON.stringify(record, undefined, 2)}\n`);
      await put(work, directory, options.read);
    });
    return { directory, record, cached: false };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** SHA-256, 12 hexadecimal digits; the parts' lengths count, so that text cannot move from one to the next. */
export function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 12);
}

async function readRecord<Record>(directory: string, read: (value: unknown) => Record | undefined) {
  try {
    return read(JSON.parse(await readFile(join(directory, recordFile), 'utf8')));
  } catch {
    return undefined;
  }
}

async function put<Record>(work: string, directory: string, read: (value: unknown) => Record | undefined) {
  try {
    await rename(work, directory);
  } catch (error) {
    // Another run was faster, with the same result; or an older program left something unreadable there.
    if ((await readRecord(directory, read)) !== undefined) return;
    await rm(directory, { recursive: true, force: true });
    await rename(work, directory).catch(() => {
      throw error;
    });
  }
}

async function guard<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    const found = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
    throw badInput('the output cannot be written', { where: path, found, help: 'choose another place' }, cause);
  }
}
