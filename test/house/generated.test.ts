import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { demoPlan } from '../../src/app/demo/reference.ts';
import { writeCore } from '../../src/app/folder/write.ts';
import { lintVerilog, readSourceMap, systemEnvironment } from '../../src/flow/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** All files below `folder` except caches, as path -> content. */
function filesOf(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('build/') && !path.startsWith('testbench/build/'));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

it('generated/digits gives no warning in verilator, iverilog and yosys', async () => {
  const directory = join(root, 'generated', 'digits');
  const verilog = readdirSync(directory).filter((name) => name.endsWith('.v'));
  const logDirectory = mkdtempSync(join(tmpdir(), 'spinfire-lint-'));
  try {
    const sourceMap = readSourceMap(directory);
    const environment = systemEnvironment(process.env, root);
    expect(await lintVerilog({ directory, verilog, top: 'digits', sourceMap, logDirectory }, environment)).toEqual([]);
  } finally {
    rmSync(logDirectory, { recursive: true, force: true });
  }
});

it('generated/digits is what the sources give now, byte by byte (npx tsx scripts/write-reference.ts writes it again)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-digits-'));
  try {
    await writeCore(await demoPlan(root), join(folder, 'digits'));
    const fresh = filesOf(join(folder, 'digits'));
    const kept = filesOf(join(root, 'generated', 'digits'));
    expect([...kept.keys()]).toEqual([...fresh.keys()]);
    expect([...fresh.keys()].filter((path) => fresh.get(path) !== kept.get(path))).toEqual([]);
    expect([...fresh.keys()].filter((path) => path.endsWith('.v')).length).toBeGreaterThan(10);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
