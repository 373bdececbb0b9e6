import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cacheEntries, clearCache } from '../../src/app/cache.ts';
import { seal } from '../../src/store/index.ts';

it('shows what is kept, whole or damaged, and removes nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kept = async (path: string, text: string) => {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'core'), text);
    await seal(join(folder, path));
  };
  await kept('simulators/verilator-0123456789ab', 'simulator');
  await kept('synth/ice40-ba9876543210', 'netlist');
  writeFileSync(join(folder, 'synth/ice40-ba9876543210', 'core'), '');
  writeFileSync(join(folder, 'simulators/verilator-0123456789ab.make.log'), 'log');
  writeFileSync(join(folder, 'simulators/notes.txt'), "somebody's");
  mkdirSync(join(folder, 'somebody'));
  const entries = await cacheEntries(folder);
  expect(entries.map(({ path, whole }) => [path, whole])).toEqual([
    ['simulators/verilator-0123456789ab', true],
    ['synth/ice40-ba9876543210', false],
  ]);
  expect(entries[0]!.bytes).toBeGreaterThan('simulator'.length);
  expect(await clearCache(folder)).toEqual(entries);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
    'simulators',
    'simulators/notes.txt',
    'somebody',
    'synth',
  ]);
  expect(await cacheEntries(join(folder, 'none'))).toEqual([]);
});
