/** A core taken out on its board: a project that builds where spinfire is not. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ejectCore } from '../../src/app/index.ts';
import { knownBoard, systemEnvironment } from '../../src/flow/index.ts';
import { tinyPlan, writeCoreFiles } from '../sim/small-core.ts';
import { temporaryFolder } from './fakes.ts';

const environment = systemEnvironment(process.env, process.cwd());
const needed = ['make', 'yosys', 'nextpnr-ice40', 'icepack'] as const;
const canBuild = needed.every((tool) => environment.which(tool) !== undefined);

async function ejected(board: string) {
  const plan = tinyPlan();
  const core = temporaryFolder();
  writeCoreFiles(plan, core);
  const folder = join(temporaryFolder(), 'project');
  const written = await ejectCore({ plan, directory: core, board: knownBoard(board), folder }, { cwd: core });
  return { folder, plan, ...written };
}

const textOf = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

describe('eject', () => {
  it.runIf(canBuild)(
    'gives a project that make builds with yosys and nextpnr alone',
    { timeout: 300_000 },
    async () => {
      const { folder } = await ejected('hx8k');
      // Nothing but the tools and a shell is in reach: no node, no spinfire.
      const bin = join(folder, '..', 'bin');
      mkdirSync(bin);
      // yosys starts abc, under one of two names.
      for (const tool of [...needed, 'sh', 'rm', 'berkeley-abc', 'yosys-abc']) {
        const file = environment.which(tool);
        if (file !== undefined) symlinkSync(file, join(bin, tool));
      }
      const run = (...words: string[]) =>
        execFileSync(join(bin, 'make'), words, { cwd: folder, env: { PATH: bin }, stdio: 'pipe' });
      run();
      expect(statSync(join(folder, 'board.bin')).size).toBe(135_100);
      expect(textOf(folder, 'board.asc')).toContain('.ram_data');
      // `make flash` ends with the bitstream's name.
      expect(run('-n', 'flash').toString().trim()).toBe('iceprog board.bin');
      run('clean');
      expect(existsSync(join(folder, 'board.bin'))).toBe(false);
    },
  );

  it('gives Vivado a Tcl script and constraints for Xilinx', async () => {
    const { folder, files, plan } = await ejected('cmod-a7');
    const script = textOf(folder, 'build.tcl');
    for (const file of files.filter((name) => /\.(v|mem)$/.test(name))) expect(script).toContain(file);
    expect(script).toContain('read_xdc pins.xdc');
    expect(textOf(folder, 'pins.xdc')).toContain(
      'create_clock -name clock_12mhz -period 83.333 [get_ports clock_12mhz]',
    );
    const top = textOf(folder, 'board.v');
    expect(top).toContain('MMCME2_BASE #(');
    expect(top).toContain('.CLKIN1_PERIOD(83.333)');
    expect(top).toContain(`${plan.name} core (`);
  });

  it('brings the maps of Gowin along', async () => {
    const { folder } = await ejected('tang-nano-9k');
    const script = textOf(folder, 'synth.ys');
    expect(script).toContain('techmap -map +/gowin/lutrams_map.v -map maps/gowin_rams.v');
    expect(readdirSync(join(folder, 'maps')).sort()).toEqual([
      'gowin_arith.v',
      'gowin_cells.v',
      'gowin_rams.txt',
      'gowin_rams.v',
    ]);
  });

  it('has no RAM in LUTs on a die where the placer has no place for it', async () => {
    const { folder } = await ejected('tang-primer-25k');
    const script = textOf(folder, 'synth.ys');
    expect(script).toContain(' -nolutram -run map_ffram:');
    expect(script).toContain('memory_libmap -lib maps/gowin_rams.txt\n');
    expect(script).not.toContain('lutrams');
  });

  it('replaces its own project, and nothing else', async () => {
    const { folder, plan } = await ejected('icestick');
    const again = { plan, directory: folder, board: knownBoard('icestick') };
    const other = temporaryFolder();
    writeFileSync(join(other, 'thesis.tex'), '');
    await expect(ejectCore({ ...again, folder: other }, { cwd: other })).rejects.toThrow(
      'the output folder holds something else',
    );
    expect(readdirSync(other)).toEqual(['thesis.tex']);
  });
});
