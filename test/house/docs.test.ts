import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { commandLinePage } from '../../src/cli/manual.ts';
import { documents, root, shellBlocks } from './docs.ts';
import { brokenLinks, inProcess, runDocuments, spinfireCall } from './run-docs.ts';

describe('the documentation', () => {
  it('says of each block of commands when it is run', () => {
    const blocks = documents().flatMap((file) => shellBlocks(file));
    expect(blocks.length).toBeGreaterThan(8);
    expect(blocks.filter(({ when }) => !['test', 'regress', 'python', 'by-hand'].includes(when))).toEqual([]);
  });

  it('leaves to hand only what npm test is made of', () => {
    const allowed = ['npm run demo', 'npm test', 'npm run setup', 'npm run regress', 'npm run bench'];
    const lines = documents()
      .flatMap((file) => shellBlocks(file))
      .filter(({ when }) => when === 'by-hand')
      .flatMap(({ script }) => script.split('\n'));
    expect(lines.filter((line) => !allowed.includes(line))).toEqual([]);
  });

  it('links only to what is there', () => {
    const broken = documents().flatMap((file) =>
      brokenLinks(file, readFileSync(join(root, file), 'utf8')).map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('docs/command-line.md is what the tables of the commands give (npx tsx scripts/write-command-line.ts writes it again)', () => {
    expect(readFileSync(join(root, 'docs', 'command-line.md'), 'utf8')).toBe(commandLinePage(commands));
  });

  it('every command is in the list that the program has', () => {
    const files = readdirSync(join(root, 'src', 'cli', 'commands')).map((name) => name.replace(/\.ts$/, ''));
    const names = commands.map(({ name }) => name.split(' ')[0]);
    expect(files.filter((name) => name !== 'index' && !names.includes(name))).toEqual([]);
  });

  it('is read with its line numbers and marks', () => {
    const text = ['# x', '```sh', 'one', 'two', '```', '```ts', 'three', '```', '```sh regress', 'four', '```'].join(
      '\n',
    );
    expect(shellBlocks('x.md', text)).toEqual([
      { file: 'x.md', line: 2, when: 'test', modules: [], script: 'one\ntwo' },
      { file: 'x.md', line: 9, when: 'regress', modules: [], script: 'four' },
    ]);
  });

  it('runs plain calls of spinfire without a shell', () => {
    expect(spinfireCall("npx spinfire calibrate --where 'direction=AP->P' -o build/x.svg")).toEqual([
      ...['calibrate', '--where', 'direction=AP->P', '-o', 'build/x.svg'],
    ]);
    for (const line of ['ls build', 'npx spinfire doctor | head', 'npx spinfire build $X', 'npx tsx x.ts'])
      expect(spinfireCall(line), line).toBeUndefined();
  });
});

runDocuments(['test'], inProcess, 180_000);
