/** spinfire flash, with programs that only pretend, with none, and without a bitstream. */
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { boardsFolder } from '../../src/flow/boards/table.ts';
import { fakeTool } from '../flow/fakes.ts';
import { fakeIo } from './fake-io.ts';
import { type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = workbench();
  const io = fakeIo({ cwd: bench.folder });
  expect(await runCommandLine(['build', 'model.onnx', '-o', 'core'], io, commands), io.err()).toBe(0);
  bitstream('hx8k-0a1b', 100);
  bitstream('hx8k-ffff', 50);
  bitstream('ulx3s-12f-0a1b', 10, 'bit');
});
afterAll(() => bench.dispose());

/** As `place` leaves it, made so many seconds ago. */
function bitstream(folder: string, secondsAgo: number, ending = 'bin'): void {
  const directory = join(bench.folder, 'core', 'build', 'place', folder);
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `board.${ending}`);
  writeFileSync(file, 'bits');
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(file, then, then);
}

async function flash(words: string, tools: Readonly<Record<string, string>>) {
  const bin = join(bench.folder, `bin-${Math.random().toString(36).slice(2)}`);
  mkdirSync(bin);
  for (const [name, body] of Object.entries(tools)) fakeTool(bin, name, body);
  const io = fakeIo({ cwd: bench.folder, env: { PATH: bin } });
  const code = await runCommandLine(['flash', ...words.split(' ')], io, commands);
  return { code, out: io.out(), err: io.err() };
}

const keeps = (name: string) => `echo "\${0##*/} $@" > ${name}`;

describe('flash', () => {
  it('runs the first program that is there, on the newest bitstream', async () => {
    const { code, out, err } = await flash('core --board hx8k', { iceprog: keeps('seen') });
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    expect(out).toContain('flashed:');
    expect(readFileSync(join(bench.folder, 'seen'), 'utf8')).toBe(
      `iceprog ${join(bench.folder, 'core/build/place/hx8k-ffff/board.bin')}\n`,
    );
  });

  it('puts no bitstream of a known board on one of your own that is called so', async () => {
    const folder = join(bench.folder, 'mine', 'hx8k');
    mkdirSync(folder, { recursive: true });
    const known = readFileSync(join(boardsFolder, 'hx8k', 'board.json'), 'utf8');
    writeFileSync(join(folder, 'board.json'), known);
    expect((await flash('core --board-file mine/hx8k/board.json', { iceprog: keeps('same') })).code).toBe(0);
    writeFileSync(join(folder, 'board.json'), known.replace('"title": "', '"title": "My own '));
    const { code, err } = await flash('core --board-file mine/hx8k/board.json', { iceprog: keeps('wrong') });
    expect(code).toBe(2);
    expect(err).toContain('there is no bitstream for this board');
    expect(existsSync(join(bench.folder, 'wrong'))).toBe(false);
  });

  it('takes another program where the first is not there', async () => {
    const { code } = await flash('core --board ulx3s-12f', { fujprog: keeps('other') });
    expect(code).toBe(0);
    expect(readFileSync(join(bench.folder, 'other'), 'utf8')).toMatch(/^fujprog .*ulx3s-12f-0a1b\/board\.bit\n$/);
  });

  it('runs nothing with --dry-run', async () => {
    const { code, out } = await flash('core --board ulx3s-12f --dry-run', { openFPGALoader: keeps('never') });
    expect(code).toBe(0);
    expect(out).toMatch(/^would run: .*openFPGALoader -b ulx3s .*board\.bit$/m);
    expect(existsSync(join(bench.folder, 'never'))).toBe(false);
  });

  it('prints the lines to type, and exits with 3, where no program is there', async () => {
    const { code, out } = await flash('core --board ulx3s-12f', {});
    expect(code).toBe(3);
    expect(out).toContain('  openFPGALoader -b ulx3s core/build/place/ulx3s-12f-0a1b/board.bit');
    expect(out).toContain('  fujprog core/build/place/ulx3s-12f-0a1b/board.bit');
    expect(out).not.toContain('would run');
  });

  it('tells what the program said when it fails', async () => {
    const { code, err } = await flash('core --board hx8k', {
      iceprog: 'echo "init.."; echo "Can\'t find iCE FTDI USB device"; exit 2',
    });
    expect(code).toBe(1);
    expect(err).toContain('the board was not flashed');
    expect(err).toContain("Can't find iCE FTDI USB device");
    expect(err).toContain('is the board plugged in');
  });

  it('says how to make a bitstream where there is none', async () => {
    const { code, err } = await flash('core --board icestick', { iceprog: 'exit 0' });
    expect(code).toBe(2);
    expect(err).toContain('spinfire place core --board icestick');
    const xilinx = await flash('core --board cmod-a7', {});
    expect(xilinx.err).toContain('spinfire eject core --board cmod-a7');
  });

  it('wants one board', async () => {
    expect((await flash('core', {})).err).toContain('no board is named');
    const both = await flash('core --board hx8k --board-file board.json', {});
    expect(both.code).toBe(2);
    expect(both.err).toContain('two boards are named');
  });

  it('knows a board of your own', async () => {
    const own = { ...JSON.parse(readFileSync('boards/icestick/board.json', 'utf8')), flash: [['my-loader', '--fast']] };
    bench.put('bench.json', JSON.stringify(own));
    bitstream('bench-0a1b', 1);
    const { code } = await flash('core --board-file bench.json', { 'my-loader': keeps('own') });
    expect(code).toBe(0);
    expect(readFileSync(join(bench.folder, 'own'), 'utf8')).toMatch(/^my-loader --fast .*bench-0a1b\/board\.bin\n$/);
  });
});
