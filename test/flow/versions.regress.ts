/** The whole chain with other versions of the tools, every command that uses one: see other-tools.ts for which. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, workbench } from '../cli/small-files.ts';
import { environmentOf, failureOf, otherVersions, type TriedTool, triedTools, whyNone } from './other-tools.ts';

const images = ['--images', 'images.idx'];

/** Command lines by what they need, `CORE` standing for the core's folder. */
const chains: Readonly<Record<TriedTool, readonly (readonly string[])[]>> = {
  verilator: [
    ['verify', 'CORE', ...images, '--mutants', '10'],
    ['classify', '--model', 'model.onnx', ...images, '--labels', 'labels.idx', '--engine', 'verilator'],
    ['classify', '--core', 'CORE', '--engine', 'board', '--port', 'virtual:hx8k', ...images],
    ['power', 'CORE', ...images],
    ['power', 'CORE', '--target', 'ice40', '--board', 'hx8k', ...images],
  ],
  yosys: [
    ...['ice40', 'ecp5', 'gowin', 'xilinx', 'asic45'].map((target) => ['synth', 'CORE', '--target', target]),
    ['place', 'CORE', '--board', 'hx8k', '--seeds', '1'],
    ['power', 'CORE', ...images],
    ['power', 'CORE', '--target', 'ice40', '--board', 'hx8k', ...images],
    ['verify', 'CORE', ...images, '--mutants', '10'],
  ],
  'nextpnr-ice40': [['place', 'CORE', '--board', 'hx8k', '--seeds', '1']],
  iverilog: [],
};

let bench: Workbench;
let core: string;
beforeAll(async () => {
  bench = workbench();
  core = join(mkdtempSync(join(tmpdir(), 'spinfire-versions-')), 'core');
  expect(await failureOf(['build', 'model.onnx', '-o', core], bench.folder, {})).toBeUndefined();
});
afterAll(() => {
  bench.dispose();
  rmSync(join(core, '..'), { recursive: true, force: true });
});

const found = await Promise.all(triedTools.map(async (tool) => [tool, await otherVersions(tool)] as const));

describe.each(found)('other versions of %s', (tool, programs) => {
  if (programs.length === 0) it.skip(whyNone(tool));
  const commands = chains[tool].flatMap((args) => programs.map((program) => ({ line: args.join(' '), args, program })));
  it.each(commands)(
    '$program: $line',
    async ({ args, program }) => {
      const words = args.map((word) => (word === 'CORE' ? core : word));
      expect(await failureOf(words, bench.folder, environmentOf(tool, program))).toBeUndefined();
    },
    900_000,
  );
  // The test bench that is delivered with a core.
  const target = { verilator: 'verilator', iverilog: 'icarus', yosys: undefined, 'nextpnr-ice40': undefined }[tool];
  it.runIf(target !== undefined).each(programs)(
    `%s: make ${target} in testbench/`,
    async (program) => {
      const env = { VERILATOR: program, IVERILOG: program, VVP: program.replace(/iverilog$/, 'vvp') };
      const { exitCode, all } = await execa('make', ['-C', join(core, 'testbench'), 'clean', target!], {
        ...{ env, all: true, reject: false },
      });
      expect(exitCode, all).toBe(0);
      expect(all).toContain('PASS');
    },
    300_000,
  );
});
