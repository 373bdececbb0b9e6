import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hashOf, storeResult } from '../../src/flow/result-folder.ts';
import { messageOf, temporaryFolder } from './fakes.ts';

const read = (value: unknown) => (typeof value === 'number' ? value : undefined);

function store(outputDirectory: string, record: number, ingredients = ['a'], onMake?: (folder: string) => void) {
  return storeResult({
    outputDirectory,
    name: 'x',
    ingredients,
    read,
    make: async (folder) => {
      writeFileSync(join(folder, 'file'), `${record}`);
      onMake?.(folder);
      return record;
    },
  });
}

describe('storeResult', () => {
  it('makes a result once for each content', async () => {
    const folder = temporaryFolder();
    const first = await store(folder, 1);
    expect(first).toMatchObject({ record: 1, cached: false });
    expect(await store(folder, 2)).toEqual({ ...first, cached: true });
    expect(await store(folder, 2, ['b'])).toMatchObject({ record: 2, cached: false });
    expect(readFileSync(join(first.directory, 'file'), 'utf8')).toBe('1');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('gives the same document, to the order of its fields, whether it was made now or before', async () => {
    const outputDirectory = temporaryFolder();
    const ordered = z.object({ a: z.number(), b: z.number() });
    const run = () =>
      storeResult<object>({
        ...{ outputDirectory, name: 'x', ingredients: ['a'] },
        read: (value) => ordered.safeParse(value).data,
        make: async () => ({ b: 2, a: 1, c: undefined }),
      });
    const [made, kept] = [await run(), await run()];
    expect([made.cached, kept.cached]).toEqual([false, true]);
    expect(JSON.stringify(made.record)).toBe(JSON.stringify(kept.record));
  });

  it('leaves nothing when making it fails', async () => {
    const folder = temporaryFolder();
    const work = store(folder, 1, ['a'], () => {
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('makes a damaged result again', async () => {
    const folder = temporaryFolder();
    const { directory } = await store(folder, 1);
    writeFileSync(join(directory, 'result.json'), '{');
    expect(await store(folder, 2)).toMatchObject({ record: 2, cached: false });
    expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('2');
  });

  it('lets runs overlap', async () => {
    const folder = temporaryFolder();
    const results = await Promise.all([1, 2, 3].map((record) => store(folder, record)));
    expect(new Set(results.map(({ directory }) => directory)).size).toBe(1);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('says when it may not write', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    chmodSync(folder, 0o755);
    expect(await messageOf(store(join(folder, 'file'), 1), folder)).toContain('no folder can be made for the work');
  });

  it('tells contents apart that only together are equal', () => {
    expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']));
  });
});
