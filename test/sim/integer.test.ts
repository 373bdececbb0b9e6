/** Integer cores: three opinions on random networks, what they refuse, and the accuracy of the real network. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CoreDesign, type CoreOptions, defineCore, mtj, planCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { importOnnx, mnistPaths, readIdxFiles } from '../../src/network/index.ts';
import { lockstep, mismatchText } from '../../src/sim/index.ts';
import { slice } from '../slice.ts';
import { writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
const timeout = 240_000;

/** `count` weights between -1.5 and 1.5. */
function weights(count: number, seed: number): number[] {
  return Array.from(noise(count, seed), (byte) => (byte - 127.5) / 85);
}

const layer = (outputs: number, taps: number, seed: number) => ({
  weights: weights(outputs * taps, seed),
  bias: weights(outputs, seed + 1),
});

/** Convolution with padding and stride, a pool, a hidden dense layer, a dense layer that is read out. */
function design(folds: CoreOptions['folds'], more: CoreOptions = {}): CoreDesign {
  return defineCore(
    'counted',
    (core) => {
      const image = core.input.image(7, 7, 2, { encoding: 'direct' });
      const pooled = image
        .conv(layer(4, 18, 1), { kernel: 3, padding: 1, name: 'conv1' })
        .neurons(neuron)
        .averagePool(2);
      const hidden = pooled.dense(layer(5, 36, 3), { name: 'hidden' }).neurons(neuron);
      core.readout.potential(hidden.dense(layer(3, 5, 5), { name: 'out' }));
    },
    { activation: 'integer', timeSteps: 1, maxTimeSteps: 1, ...(folds ? { folds } : {}), ...more },
  );
}

const fold = (outputLanes: number, positionLanes = 1) => ({
  engine: { kind: 'window' as const, inputBanks: 2 as const },
  outputLanes,
  positionLanes,
});

describe('an integer core', () => {
  for (const folds of [
    [fold(4, 2), fold(5), fold(3)],
    [fold(1), fold(1), fold(1)],
    [fold(4, 4), fold(3), fold(2)],
  ].slice(0, slice(2, 3))) {
    const shown = folds.map(({ outputLanes, positionLanes }) => `${outputLanes}x${positionLanes}`).join(' ');
    it(
      `is the same in Verilator, with clocks and without: ${shown}`,
      async () => {
        const plan = planCore(design(folds));
        const directory = temporaryFolder();
        writeCoreFiles(plan, directory);
        const images = noise(12 * 98, 9);
        const expected = await classifyImages(plan, images, { timeSteps: 1 });
        for (const stall of [0, 5]) {
          const run = { directory, plan, images, stall, trace: false, buildDirectory: simulatorCache };
          const { mismatch, results } = await lockstep(run, environment);
          expect(mismatch ? mismatchText(mismatch, { top: plan.name }) : '').toBe('');
          expect(results.flatMap(({ scores }) => scores)).toEqual(Array.from(expected.scores));
        }
        // The images are told apart: not all potentials sit at one end of the table.
        expect(new Set(expected.scores).size).toBeGreaterThan(20);
      },
      timeout,
    );
  }

  it(
    'shows a wrong value of the sigmoid table',
    async () => {
      const plan = planCore(design([fold(2), fold(5), fold(3)]));
      const directory = temporaryFolder();
      writeCoreFiles(plan, directory);
      const file = join(directory, 'counted_conv1_table.mem');
      const wrong = (value: string) => (Number.parseInt(value, 16) ^ 4).toString(16).padStart(2, '0');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^[0-9a-f]{2}$/gm, wrong));
      const run = { directory, plan, images: noise(4 * 98, 9), trace: false, buildDirectory: simulatorCache };
      const { mismatch } = await lockstep(run, environment);
      expect(mismatch?.signal).toBe('conv1_neurons.sigmoid_table.data');
      expect(Number(mismatch!.rtl) ^ Number(mismatch!.golden)).toBe(4);
    },
    timeout,
  );

  it('refuses what only spikes can do', () => {
    const refused = (change: (plain: CoreDesign) => CoreDesign) => {
      try {
        planCore(change(design([fold(1), fold(1), fold(1)])));
      } catch (error) {
        return (error as { report?: string }).report ?? String(error);
      }
      return 'taken';
    };
    expect(refused((plain) => plain)).toBe('taken');
    const options = (more: CoreOptions) => (plain: CoreDesign) => ({
      ...plain,
      options: { ...plain.options, ...more },
    });
    expect(refused((plain) => ({ ...plain, encoding: 'bernoulli' }))).toMatch(
      /integer values .* and Bernoulli encoding do not go together[\s\S]*one time step\n +help: +take --encoding direct, or leave out --act/,
    );
    expect(refused(options({ maxTimeSteps: 4 }))).toMatch(
      /and several time steps do not go together[\s\S]*help: +take --timesteps 1/,
    );
    expect(refused((plain) => ({ ...plain, readout: 'count' }))).toMatch(/and the count readout do/);
    expect(refused(options({ device: { counters: true } }))).toMatch(/and device behaviour do/);
    expect(refused(options({ folds: [fold(1), { ...fold(1), engine: { kind: 'event' } }, fold(1)] }))).toMatch(
      /and an event engine do not go together[\s\S]*only window engines multiply/,
    );
  });

  it(
    'classifies digits as well as the network in floats',
    async () => {
      const test = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
      const network = importOnnx(readFileSync('models/digits-mlp.onnx'), 'digits-mlp.onnx');
      const plan = planCore({
        ...{ name: 'mlp', network, encoding: 'direct', readout: 'potential', curve: neuron.curve },
        options: { activation: 'integer', timeSteps: 1, maxTimeSteps: 1 },
      });
      const count = 2000;
      const { classes } = await classifyImages(plan, test.pixels.slice(0, count * 784), { timeSteps: 1 });
      const right = classes.reduce((sum, found, image) => sum + (found === test.labels![image] ? 1 : 0), 0);
      // 97.6 % of the first 2,000 in floats.
      expect(right / count).toBeGreaterThan(0.97);
    },
    timeout,
  );
});
