/**
 * The built-in self-test in Verilator: its counts against the calibrated curve, and the way back to it for a core whose devices are
 * another temperature's.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineCore, mtj, planNetwork, quantiseCore, weightsOf } from '../../src/core/index.ts';
import { calibrate, clopperPearson, readCurveFile, switchingTable, trimOfCounts } from '../../src/device/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { importOnnx, mnistPaths, readIdxFiles } from '../../src/network/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import {
  runVerilator,
  type SelfTest,
  selfTestCounts,
  selfTestScript,
  trimScript,
  trimSteps,
} from '../../src/sim/index.ts';
import { neuronOf } from '../plan-parts.ts';
import { smallPlan, writeCoreFiles } from '../sim/small-core.ts';
import { noise, simulatorCache, temporaryFolder } from '../sim/temporary.ts';
import { regress } from '../slice.ts';

const environment = systemEnvironment(process.env, process.cwd());
const timeout = 240_000;
const long = regress;

async function countsOf(plan: Plan, directory: string, test: SelfTest) {
  const { height, width, channels } = plan.input;
  const { busReads } = await runVerilator(
    {
      ...{ directory, plan, buildDirectory: simulatorCache },
      ...{ images: noise(height * width * channels, 1), bus: selfTestScript(plan, test) },
    },
    environment,
  );
  return selfTestCounts(plan, test, busReads);
}

/** Whether every count lies where `plan`'s table lets 99.9 % of whole self-tests lie. */
function outside(plan: Plan, layer: string, counts: Awaited<ReturnType<typeof countsOf>>) {
  const { table, tableShift, tableOffset } = neuronOf(plan.layers.find(({ name }) => name === layer));
  return counts.filter(({ potential, spikes, samples }) => {
    const address = Math.floor(potential * 2 ** -tableShift) + tableOffset;
    const code = table[Math.max(0, Math.min(table.length - 1, address))]!;
    const probability = code === 65535 ? 1 : code / 65536;
    const band = clopperPearson(spikes, samples, 1 - 0.001 / counts.length);
    return probability < band.low || probability > band.high;
  });
}

describe('the self-test', () => {
  const plan = smallPlan('potential', { selfTest: true });
  const test = { layer: 'conv1', fromZ: -4, stepZ: 0.125, points: 64, passes: long ? 4000 : 1050 };

  it(
    'counts spikes inside the family-wise 99.9 % band of the calibrated curve, 64 potentials x 100,000 samples',
    async () => {
      const directory = temporaryFolder();
      writeCoreFiles(plan, directory);
      const counts = await countsOf(plan, directory, test);
      expect(counts[0]!.samples).toBeGreaterThan(100_000);
      expect(counts.at(-1)!.z - counts[0]!.z).toBeCloseTo(63 / 8, 6);
      expect(outside(plan, 'conv1', counts)).toEqual([]);
      // The same counts are outside of the band of a curve that is off by one entry of 64: the test can fail.
      const layers = plan.layers.map((layer) =>
        'stream' in layer.neuron
          ? { ...layer, neuron: { ...layer.neuron, tableOffset: layer.neuron.tableOffset + 1 } }
          : layer,
      );
      expect(outside({ ...plan, layers }, 'conv1', counts).length).toBeGreaterThan(20);
    },
    timeout,
  );

  it('refuses what a core cannot do', () => {
    expect(() => selfTestScript(smallPlan(), test)).toThrow(/no such register/);
    expect(() => selfTestScript(plan, { ...test, layer: 'out' })).toThrow(/no such layer with neurons/);
    expect(() => selfTestScript(plan, { ...test, points: 65 })).toThrow(/self-test out of range/);
    expect(() => trimScript(smallPlan('potential', { trim: true }), 'conv1', { gain: 5, offset: 0 })).toThrow(
      /CONV1_TRIM_GAIN[\s\S]*1280[\s\S]*0\.\.1023/,
    );
  });
});

describe('a core of digits whose devices are those of another temperature', () => {
  const file = (path: string) => readFileSync(`models/${path}`);
  const curveAt = (name: string) => readCurveFile(file(`devices/${name}`).toString(), name);
  const usual = curveAt('spin-hall-300K-0p5ns.csv');
  const images = long ? 1000 : 200;

  /** Calibrated at 300 K; its devices have the other curve. */
  function hotPlan(curve: ReturnType<typeof curveAt>): Plan {
    const weights = weightsOf(importOnnx(file('digits-mlp.onnx'), 'digits-mlp.onnx'));
    const design = defineCore(
      'hot',
      ({ input, readout }) => {
        const hidden = input
          .image(28, 28, 1)
          .dense(weights.dense1!, { name: 'dense1' })
          .neurons(mtj({ curve: usual }));
        readout.potential(hidden.dense(weights.out!, { name: 'out' }));
      },
      {
        ...{ timeSteps: 4, maxTimeSteps: 4, timeLanes: 4, device: { selfTest: true, trim: true } },
        folds: [
          { engine: { kind: 'event' }, outputLanes: 32, positionLanes: 1 },
          { engine: { kind: 'event' }, outputLanes: 2, positionLanes: 1 },
        ],
      },
    );
    const { folds } = design.options;
    return planNetwork(quantiseCore(design), {
      ...{ name: 'hot', table: () => switchingTable(curve, calibrate(usual)), readout: 'potential', seed: 1 },
      ...{ maxTimeSteps: 4, defaultTimeSteps: 4, timeLanes: 4, device: design.options.device, folds: folds! },
    });
  }

  it(
    'tests itself, is trimmed by what it counted, and classifies as at 300 K',
    async () => {
      const curve = shifted(curveAt('spin-hall-family/350K-0p5ns.csv'));
      const plan = hotPlan(curve);
      const directory = temporaryFolder();
      writeCoreFiles(plan, directory);
      const test = { layer: 'dense1', fromZ: -4, stepZ: 0.25, points: 64, passes: 40 };
      const counts = await countsOf(plan, directory, test);
      const steps = trimSteps(plan, 'dense1');
      const trim = trimOfCounts('dense1', counts, steps);
      expect(trim.rmsAfter).toBeLessThan(trim.rmsBefore / 4);
      // What the counts say is what the curve itself says.
      const table = switchingTable(curve, calibrate(usual));
      for (const { z, spikes, samples } of counts) {
        const entry = table.entries[Math.max(0, Math.min(255, Math.floor((z - table.zMin) / table.zStep)))]!;
        expect(Math.abs(spikes / samples - entry / 65536)).toBeLessThan(0.04);
      }

      const data = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
      const pixels = data.pixels.slice(0, images * 784);
      const rightWith = async (bus: ReturnType<typeof trimScript>) => {
        const { classes } = await runVerilator(
          { directory, plan, images: pixels, buildDirectory: simulatorCache, bus },
          environment,
        );
        return classes.reduce((sum, found, image) => sum + (found === data.labels![image] ? 1 : 0), 0) / images;
      };
      const before = await rightWith([]);
      const after = await rightWith(trimScript(plan, 'dense1', trim));
      // 300 K: 98.1 % of all images.
      expect(after).toBeGreaterThan(0.96);
      expect(after).toBeGreaterThan(before + 0.02);
    },
    timeout,
  );

  /** 350 K in a device whose critical current is 1.9 times as large, too: temperature alone hardly costs an image. */
  function shifted(curve: ReturnType<typeof curveAt>): ReturnType<typeof curveAt> {
    return { ...curve, points: curve.points.map((point) => ({ ...point, currentA: 1.9 * point.currentA })) };
  }
});
