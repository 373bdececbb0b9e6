/**
 * Results of tools, kept by the hash of all that they come from. A folder `<name>-<hash>` appears whole or not at all, and never
 * changes; so runs that overlap do not mix, and an interrupted run leaves nothing.
 */
import { createHash } from 'node:crypto';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badInput, SpinfireError } from '../errors/index.ts';
import { isSealed, publish, withWorkFolder } from '../store/index.ts';

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

/** Keeps the result of a tool's run under a hash of all that decides it, or takes the one that is there. */
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
  return withWorkFolder(outputDirectory, async (work) => {
    const text = `${JSON.stringify(await options.make(work), undefined, 2)}\n`;
    // Read as a later run reads it, so that both give the same document, to the order of its fields.
    const record = options.read(JSON.parse(text));
    if (record === undefined) throw new Error(`the record of ${name} is none that its reader takes`);
    await guard(outputDirectory, async () => {
      await writeFile(join(work, recordFile), text);
      await publish(work, directory);
    });
    return { directory, record, cached: false };
  });
}

/** SHA-256, 12 hexadecimal digits; the parts' lengths count, so that text cannot move from one to the next. */
export function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 12);
}

/** Undefined when there is none, or anything in its folder is not what was written. */
async function readRecord<Record>(directory: string, read: (value: unknown) => Record | undefined) {
  if (!(await isSealed(directory))) return undefined;
  try {
    return read(JSON.parse(await readFile(join(directory, recordFile), 'utf8')));
  } catch {
    return undefined;
  }
}

async function guard<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SpinfireError) throw cause;
    const found = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
    throw badInput(
      'the output cannot be written',
      { where: path, found, help: 'choose another place; for a core that is not yours, --work FOLDER' },
      cause,
    );
  }
}
