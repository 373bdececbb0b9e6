/** A new project, as a person meets it: written, checked by the compiler, built, and never written over. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spinfire-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCommandLine(words, io, commands);
  return { code, out: io.out(), err: io.err() };
}

beforeAll(async () => {
  expect(await run('init', 'mine')).toMatchObject({ code: 0 });
});

it('holds a design, what it needs and what to type', () => {
  expect(readdirSync(join(folder, 'mine')).sort()).toEqual([
    ...['.github', '.gitignore', 'README.md', 'design.ts', 'device.csv', 'network.onnx', 'package.json', 'test'],
    ...['tsconfig.json', 'watchdog.ts'],
  ]);
  expect(readFileSync(join(folder, 'mine/design.ts'), 'utf8')).toContain("'mine',");
});

it.each(['design.ts', 'watchdog.ts', 'test/project.test.ts'])(
  '%s is written in the format of the house',
  async (name) => {
    const text = readFileSync(join(folder, 'mine', name), 'utf8');
    const biome = join(root, 'node_modules/.bin/biome');
    const formatted = await execa(biome, ['format', '--stdin-file-path=src/design.ts'], { cwd: root, input: text });
    expect(formatted.stdout).toBe(text.trimEnd());
  },
);

it('is built and classifies at once', async () => {
  const built = await run('build', 'mine/design.ts', '-o', 'mine/build/mine', '--json');
  expect(built.code, built.err).toBe(0);
  expect(JSON.parse(built.out)).toMatchObject({ name: 'mine', top: 'mine' });
  const classified = await run('classify', '--model', 'mine/design.ts', '--limit', '50', '--json');
  expect(JSON.parse(classified.out).accuracy).toBeGreaterThan(0.9);
});

it('is never written over', async () => {
  writeFileSync(join(folder, 'mine/design.ts'), '// my work\n');
  expect(await run('init', 'mine')).toMatchObject({ code: 2, err: expect.stringContaining('the folder is not empty') });
  expect(readFileSync(join(folder, 'mine/design.ts'), 'utf8')).toBe('// my work\n');
});

it('needs a name that Verilog takes', async () => {
  expect(await run('init', 'other', '--name', '2nd')).toMatchObject({ code: 2 });
  expect(readdirSync(folder)).toEqual(['mine']);
});
