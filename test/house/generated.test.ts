import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { demoPlan } from '../../src/cli/demo/reference.ts';
import { writeCore } from '../../src/cli/folder/write.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** All files below `folder` except caches, as path -> content. */
function filesOf(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('build/') && !path.startsWith('testbench/build/'));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

it.each([
  ['verilator', '--lint-only -Wall --top-module digits'],
  ['iverilog', '-g2001 -Wall -t null -s digits'],
])('generated/digits gives no warning in %s', async (tool, args) => {
  const folder = join(root, 'generated', 'digits');
  const files = readdirSync(folder).filter((name) => name.endsWith('.v'));
  const result = await execa(tool, [...args.split(' '), ...files], { cwd: folder, reject: false, all: true });
  expect({ exitCode: result.exitCode, words: result.all }).toEqual({ exitCode: 0, words: '' });
});

it('generated/digits gives no warning in yosys', async () => {
  const script = 'read_verilog *.v; hierarchy -check -top digits; proc; check -assert';
  const result = await execa('yosys', ['-p', script], { cwd: join(root, 'generated', 'digits'), reject: false });
  expect(result.exitCode, result.stderr).toBe(0);
  expect(`${result.stdout}${result.stderr}`).not.toMatch(/warning/i);
  expect(result.stdout).toContain('Found and reported 0 problems.');
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
