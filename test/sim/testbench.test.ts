import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { modelTestbench, testImages } from '../../src/sim/index.ts';
import { ToyModel } from './fixtures/toy-model.ts';
import { noise, temporaryFolder, toyCopy } from './temporary.ts';

async function toyBench(): Promise<string> {
  const directory = toyCopy();
  // The ports of an emitted core that the toy's model knows nothing of; the bench leaves them at rest.
  const guard = 'input wire s_axis_tuser, input wire skip_image, output wire image_dropped';
  edit(
    join(directory, 'toy.v'),
    /(output wire +frame_error)\n\);/,
    `$1,\n    ${guard}\n);\n  assign image_dropped = 1'b0;`,
  );
  const files = await modelTestbench({
    ...{ top: 'toy', model: new ToyModel(), maxTimeSteps: 5, classes: 1, imageSize: 4, rowSize: 2, timeSteps: [1, 5] },
    ...{ verilogFiles: ['toy.v', 'toy_mac.v'], images: noise(80, 4), icarusImages: 7 },
  });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

/** `make` with a PATH without Node, and temporary files where make itself could not work. */
async function make(directory: string, target: string) {
  const temporary = join(directory, 'temporary files, $HOME `touch PWN`');
  mkdirSync(temporary, { recursive: true });
  return execa('make', [target], {
    cwd: join(directory, 'testbench'),
    reject: false,
    all: true,
    extendEnv: false,
    env: { PATH: '/usr/bin:/bin', TMPDIR: temporary },
  });
}

function edit(path: string, from: string | RegExp, to: string): void {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** Inputs of an emitted top that tb.cpp leaves to chance: a new Verilator starts them at random, as it does registers. */
const undriven = (top: string, bench: string) =>
  [...top.matchAll(/^ *input +wire +(?:\[\S+\] +)?(\w+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => !new RegExp(`core->${name}\\b`).test(bench));

describe('stand-alone test bench', () => {
  it('drives every input of a core, the register bus too', async () => {
    const digits = (name: string) => readFileSync(join('generated/digits', name), 'utf8');
    expect(undriven(digits('digits.v'), digits('testbench/tb.cpp'))).toEqual([]);
    const files = await modelTestbench({
      ...{ top: 'toy', model: new ToyModel(), maxTimeSteps: 5, classes: 1, imageSize: 4, rowSize: 2, timeSteps: [1] },
      ...{ verilogFiles: ['toy.v'], images: noise(4, 4), busAddressBits: 8 },
    });
    const bus = ['cyc', 'stb', 'we', 'adr', 'dat_w'].map((pin) => `  input wire wb_${pin},`).join('\n');
    expect(undriven(bus, files.find(({ path }) => path.endsWith('tb.cpp'))!.text)).toEqual([]);
  });

  it.each([
    ['verilator', 20],
    ['icarus', 7],
  ])('passes in %s, and fails on a wrong result, cycle, weight or a hanging core', async (target, images) => {
    const directory = await toyBench();
    const vectors = join(directory, 'testbench/vectors');
    const good = await make(directory, target);
    expect(good.all).toMatch(new RegExp(`^PASS toy in .*: ${images} images, with and without gaps, \\d+ cycles`, 'm'));
    expect(good.exitCode).toBe(0);

    const beats = readFileSync(join(vectors, 'expected.hex'), 'utf8');
    edit(join(vectors, 'expected.hex'), /^((?:.*\n){4})0/, '$11');
    const wrongResult = await make(directory, target);
    expect(wrongResult.all).toMatch(/answer 2, beat 0: \{tlast, tdata\} is [\da-f]+, expected [\da-f]+\n/);
    expect(wrongResult.all).toMatch(/^FAIL toy/m);
    expect(wrongResult.exitCode).not.toBe(0);
    writeFileSync(join(vectors, 'expected.hex'), beats);

    // What is missing or cut short must not pass for what was found to be right.
    for (const name of ['pixels', 'steps', 'marks', 'answers', 'expected', 'cycles']) {
      const text = readFileSync(join(vectors, `${name}.hex`), 'utf8');
      for (const damaged of ['', text.replace(/[^\n]*\n$/, '')]) {
        writeFileSync(join(vectors, `${name}.hex`), damaged);
        const { all, exitCode } = await make(directory, target);
        expect(all, name).toMatch(/^FAIL/m);
        expect(all, name).not.toMatch(/^PASS/m);
        expect(exitCode, name).not.toBe(0);
      }
      writeFileSync(join(vectors, `${name}.hex`), text);
    }

    const cycles = readFileSync(join(vectors, 'cycles.hex'), 'utf8');
    edit(join(vectors, 'cycles.hex'), /^0000000c$/m, '0000000d');
    expect((await make(directory, target)).exitCode).not.toBe(0);
    writeFileSync(join(vectors, 'cycles.hex'), cycles);

    edit(join(directory, 'toy_weights.mem'), '7f', '6f');
    const wrongWeight = await make(directory, target);
    expect(wrongWeight.all).toMatch(/^FAIL toy/m);
    expect(wrongWeight.exitCode).not.toBe(0);
  });

  it('passes in Icarus from another folder that is told where the core is, and fails where it is not', async () => {
    const directory = await toyBench();
    const elsewhere = temporaryFolder();
    const simulate = async (...defines: readonly string[]) => {
      const files = ['toy.v', 'toy_mac.v', 'testbench/tb.v'].map((name) => join(directory, name));
      const program = join(elsewhere, 'tb.vvp');
      await execa('iverilog', ['-g2001', '-Ptb.IMAGES=1', '-s', 'tb', ...defines, '-o', program, ...files]);
      return (await execa('vvp', ['-N', program], { cwd: elsewhere, reject: false, all: true })).all;
    };
    const without = await simulate();
    expect(without).toMatch(/^FAIL toy .* define SPINFIRE_MEMORIES/m);
    expect(without).not.toMatch(/^PASS/m);
    // The toy's own memory has no such name: it is found under its bare one.
    copyFileSync(join(directory, 'toy_weights.mem'), join(elsewhere, 'toy_weights.mem'));
    expect(await simulate(`-DSPINFIRE_MEMORIES="${directory}/"`)).toMatch(/^PASS toy .*: 1 images/m);
  });

  it('makes the same files every time, and images for those who have none', async () => {
    const texts = async () => {
      const directory = await toyBench();
      return ['Makefile', 'tb.cpp', 'tb.v', 'test_core.py', 'cocotb.mk', 'vectors/cycles.hex'].map((name) =>
        readFileSync(join(directory, 'testbench', name), 'utf8'),
      );
    };
    const first = await texts();
    expect(await texts()).toEqual(first);
    expect(first.join('\n')).not.toMatch(/@[A-Z_]+@|\/tmp|\/home|node/);
    const images = testImages({ height: 28, width: 28, channels: 1 }, 3, 1);
    const bright = Array.from(images).filter((pixel) => pixel >= 128).length / 3;
    expect(bright).toBeGreaterThan(20);
    expect(bright).toBeLessThan(200);
  });
});
