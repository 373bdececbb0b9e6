import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInput, writeFileWhole, writeFolderWhole } from '../../src/app/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spinfire-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { mark: 'plan.json', keep: ['build'] };
const fillWith = (text: string) => (fresh: string) => {
  writeFileSync(join(fresh, 'plan.json'), text);
  writeFileSync(join(fresh, `${text}.v`), text);
};

describe('a folder', () => {
  it('is written with its parents and with the usual permissions', async () => {
    const path = join(folder, 'a', 'b');
    await writeFolderWhole(path, options, fillWith('one'));
    expect(readdirSync(path).sort()).toEqual(['one.v', 'plan.json']);
    expect(statSync(path).mode & 0o777).toBe(0o777 & ~process.umask());
    expect(readdirSync(join(folder, 'a'))).toEqual(['b']);
  });

  it('replaces its predecessor as a whole, except for caches', async () => {
    const path = join(folder, 'core');
    await writeFolderWhole(path, options, fillWith('one'));
    mkdirSync(join(path, 'build'));
    writeFileSync(join(path, 'build', 'cache'), 'kept');
    await writeFolderWhole(path, options, fillWith('two'));
    expect(readdirSync(path).sort()).toEqual(['build', 'plan.json', 'two.v']);
    expect(readFileSync(join(path, 'build', 'cache'), 'utf8')).toBe('kept');
    expect(readdirSync(folder)).toEqual(['core']);
  });

  it('stays as it was when the new one fails', async () => {
    const path = join(folder, 'core');
    await writeFolderWhole(path, options, fillWith('one'));
    const failing = writeFolderWhole(path, options, (fresh) => {
      fillWith('two')(fresh);
      throw new Error('half-way');
    });
    await expect(failing).rejects.toThrow('half-way');
    expect(readdirSync(path).sort()).toEqual(['one.v', 'plan.json']);
    expect(readdirSync(folder)).toEqual(['core']);
  });

  it('of somebody else is left alone', async () => {
    writeFileSync(join(folder, 'thesis.tex'), '');
    await expect(writeFolderWhole(folder, options, fillWith('one'))).rejects.toThrow(
      /the output folder holds something else\n.*\n.*thesis\.tex/,
    );
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it('survives many runs at once: one of them, whole', async () => {
    const path = join(folder, 'core');
    const names = Array.from({ length: 8 }, (_, i) => `run${i}`);
    await Promise.all(names.map((name) => writeFolderWhole(path, options, fillWith(name))));
    const winner = readFileSync(join(path, 'plan.json'), 'utf8');
    expect(readdirSync(path).sort()).toEqual(['plan.json', `${winner}.v`].sort());
    expect(readdirSync(folder)).toEqual(['core']);
  });

  it('cannot be written under a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeFolderWhole(join(folder, 'file', 'core'), options, fillWith('one'))).rejects.toMatchObject({
      kind: 'badInput',
      summary: 'the output cannot be written',
      details: { where: join(folder, 'file', 'core'), found: expect.stringMatching(/^(ENOTDIR|EEXIST)/) },
    });
  });

  it('leaves nothing behind when the process is ended in the middle', async () => {
    const module = fileURLToPath(new URL('../../src/app/files.ts', import.meta.url));
    const script = `
      import { writeFolderWhole } from ${JSON.stringify(module)};
      process.on('SIGINT', () => process.exit(130));
      await writeFolderWhole(${JSON.stringify(join(folder, 'core'))}, { mark: 'x' }, () => {
        console.log('filling');
        return new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(readdirSync(folder)).toHaveLength(1);
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a file', () => {
  it('is written whole, over an older one', () => {
    const path = join(folder, 'new', 'predictions');
    writeFileWhole(path, 'first');
    writeFileWhole(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(join(folder, 'new'))).toEqual(['predictions']);
  });

  it('cannot take the place of a folder', () => {
    mkdirSync(join(folder, 'taken', 'inside'), { recursive: true });
    expect(() => writeFileWhole(join(folder, 'taken'), 'x')).toThrow('the output cannot be written');
    expect(existsSync(join(folder, 'taken', 'inside'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('that is not there is an error with its name', () => {
    expect(() => readInput(join(folder, 'nothing.idx'))).toThrow(/a file cannot be read\n.*nothing\.idx\n.*ENOENT/);
  });

  it('on a file system that takes no folders is refused', () => {
    expect(() => writeFileWhole('/proc/nowhere/file', 'x')).toThrow('the output cannot be written');
  });
});
