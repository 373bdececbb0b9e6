/** A core of three layers, small enough to simulate in a moment: convolution with pool, hidden dense layer, read out dense layer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildHardware, type DeviceOptions, type PlanOptions, planNetwork } from '../../src/core/index.ts';
import { calibrate, logisticCurve, switchingTable } from '../../src/device/index.ts';
import { type Design, emitVerilog } from '../../src/hdl/index.ts';
import type { QuantisedLayer, QuantisedNetwork, Shape } from '../../src/network/index.ts';
import type { Plan } from '../../src/plan/index.ts';

const weightBits = 6;

/** Numbers that look random between -limit and limit. */
function numbers(count: number, limit: number, seed: number): Int32Array {
  let state = seed;
  return new Int32Array(count).map(() => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return ((state >>> 8) % (2 * limit + 1)) - limit;
  });
}

function layer(
  name: string,
  kind: 'convolution' | 'dense',
  input: Shape,
  kernel: number,
  channels: number,
): QuantisedLayer {
  const taps = kernel * kernel * input.channels;
  const size = input.height - kernel + 1;
  return {
    ...{ name, kind, input, output: { height: size, width: size, channels } },
    ...{ kernelHeight: kernel, kernelWidth: kernel, strideY: 1, strideX: 1 },
    ...{ padTop: 0, padLeft: 0, padBottom: 0, padRight: 0, inputMax: 1, inputScale: 1 },
    ...{ weightBits, fractionBits: 4, sigmoid: true },
    weights: numbers(channels * taps, 31, taps),
    bias: numbers(channels, 20, taps + 1),
  };
}

export const smallNetwork: QuantisedNetwork = {
  name: 'sprout',
  input: { height: 6, width: 6, channels: 1 },
  encoding: 'bernoulli',
  layers: [
    {
      ...layer('conv1', 'convolution', { height: 6, width: 6, channels: 1 }, 3, 3),
      pool: { height: 2, width: 2 },
    },
    { ...layer('hidden', 'dense', { height: 2, width: 2, channels: 3 }, 2, 5), inputMax: 4, inputScale: 1 / 4 },
    { ...layer('out', 'dense', { height: 1, width: 1, channels: 5 }, 1, 3), sigmoid: false },
  ],
};

/** The small core with neurons that behave like devices in every way there is. */
export function devicePlan(): Plan {
  return smallPlan('potential', {
    phases: { write: 2, read: 1, reset: 3 },
    ...{ counters: true, trim: true, loadTable: true, selfTest: true },
    faults: { missed: 0.02, falseRead: 0.01, failedReset: 0.1 },
    variation: { thresholdSpread: 0.03, slopeSpread: 0.05, stuckAtSpike: 0.05, stuckSilent: 0.05 },
  });
}

/** The small core with a way in for weights; each `seed` but 0 has weights of its own. */
export function loadablePlan(seed = 0): Plan {
  const layers = smallNetwork.layers.map((each, index) =>
    seed === 0
      ? each
      : {
          ...each,
          weights: numbers(each.weights.length, 31, seed + index),
          bias: numbers(each.bias.length, 20, seed + 100 + index),
        },
  );
  return smallPlan('potential', undefined, { network: { ...smallNetwork, layers }, monitors: { load: true } });
}

export function smallPlan(
  readout: 'potential' | 'count' = 'potential',
  device?: DeviceOptions,
  { network = smallNetwork, ...options }: { network?: QuantisedNetwork; monitors?: PlanOptions['monitors'] } = {},
): Plan {
  const curve = logisticCurve(70e-6, 12e-6);
  return planNetwork(network, {
    ...options,
    name: 'sprout',
    table: (potentialStep) =>
      switchingTable(curve, calibrate(curve), { entries: 64, zMin: -4, zStep: 1 / 8, potentialStep }),
    readout,
    seed: 5,
    ...(device ? { device, deviceScale: calibrate(curve) } : {}),
    maxTimeSteps: 6,
    defaultTimeSteps: 4,
    timeLanes: 2,
    folds: [
      { engine: { kind: 'window', inputBanks: 2 }, outputLanes: 3, positionLanes: 2 },
      { engine: { kind: 'event' }, outputLanes: 2, positionLanes: 1 },
      { engine: { kind: 'event' }, outputLanes: 3, positionLanes: 1 },
    ],
  });
}

/** One dense layer that is read out: the least there is. */
export function tinyPlan(): Plan {
  const network: QuantisedNetwork = {
    name: 'seed',
    input: { height: 2, width: 2, channels: 1 },
    encoding: 'bernoulli',
    layers: [{ ...layer('out', 'dense', { height: 2, width: 2, channels: 1 }, 2, 3), sigmoid: false }],
  };
  const curve = logisticCurve(70e-6, 12e-6);
  return planNetwork(network, {
    name: 'seed',
    table: (potentialStep) =>
      switchingTable(curve, calibrate(curve), { entries: 64, zMin: -4, zStep: 1 / 8, potentialStep }),
    ...{ readout: 'potential', seed: 5, maxTimeSteps: 4, defaultTimeSteps: 2, timeLanes: 2 },
    folds: [{ engine: { kind: 'event' }, outputLanes: 1, positionLanes: 1 }],
  });
}

/** Verilog, memories and map of a plan, as `build` writes them. */
export function writeCoreFiles(plan: Plan, directory: string): Design {
  const design = buildHardware(plan);
  const output = emitVerilog(design, { generator: 'spinfire', configuration: 'test' });
  for (const { path, text } of output.files) writeFileSync(join(directory, path), text);
  writeFileSync(join(directory, 'map.json'), JSON.stringify(output.map));
  return design;
}
