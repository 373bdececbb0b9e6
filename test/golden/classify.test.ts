import { describe, expect, it } from 'vitest';
import { classifyImages, createCycleModel } from '../../src/golden/index.ts';
import type { LayerPlan, Plan, StreamPlan } from '../../src/plan/index.ts';
import { inputStreamOf } from '../plan-parts.ts';
import { drive } from './drive.ts';
import { classifyNaively } from './naive.ts';
import { plainPlan } from './plain-plan.ts';
import { type Random, randomFrom, randomImages } from './random-plan.ts';

/** A convolution of 1x1 on every pixel with many channels, a pool over nearly all of the map, a dense layer behind it. */
function widePlan(seed: number, channels: number, weightBits: number, pool: { height: number; width: number }): Plan {
  const random = randomFrom(seed);
  const taps = [0, 2, 5, 11];
  const stream = (wordsPerTimeStep: number) => ({ taps, leap: 19, seed: 1 + random(2 ** 32 - 2), wordsPerTimeStep });
  const base = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 1 }).layers[0]!;
  const input = { height: pool.height + 1, width: pool.width, channels: 2 };
  const area = pool.height * pool.width;
  const weights = (rows: number, columns: number) => {
    return Array.from({ length: rows }, () => Array.from({ length: columns }, () => signed(random, weightBits)));
  };
  const biases = (count: number) => Array.from({ length: count }, () => signed(random, weightBits));
  const [bias, bias2] = [biases(channels), biases(70)];
  const first: LayerPlan = {
    ...base,
    name: 'first',
    kind: 'convolution',
    input,
    output: { height: input.height, width: input.width, channels },
    kernelHeight: 1,
    kernelWidth: 1,
    pool,
    weightBits,
    weights: weights(channels, 2),
    bias,
    biasRows: [bias],
    accumulatorBits: weightBits + 2,
    neuron: {
      kind: 'ideal',
      stream: stream(area * channels),
      table: Array.from({ length: 64 }, (_, i) => i * 1040),
      tableShift: weightBits - 5,
      tableOffset: 32,
    },
  };
  const second: LayerPlan = {
    ...base,
    name: 'second',
    input: { height: 1, width: 1, channels },
    output: { height: 1, width: 1, channels: 70 },
    kernelHeight: 1,
    kernelWidth: 1,
    inputMax: area,
    valueBits: area.toString(2).length,
    weightBits,
    weights: weights(70, channels),
    bias: bias2,
    biasRows: [bias2],
    accumulatorBits: weightBits + area.toString(2).length + channels.toString(2).length + 1,
  };
  return {
    ...plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 1 }),
    input,
    encoding: { kind: 'bernoulli', stream: stream(input.height * input.width * 2) },
    layers: [first, second],
    readout: { kind: 'potential', classes: 70, scoreBits: 32 },
  };
}

function signed(random: Random, bits: number): number {
  return random(2 ** bits) - 2 ** (bits - 1);
}

describe('classification without clocks', () => {
  it.each([
    { channels: 150, weightBits: 8, pool: { height: 2, width: 1 } },
    { channels: 150, weightBits: 8, pool: { height: 2, width: 3 } },
    { channels: 9, weightBits: 8, pool: { height: 16, width: 17 } },
    { channels: 17, weightBits: 3, pool: { height: 16, width: 17 } },
  ])('of layers with many channels and large pools: %o', async ({ channels, weightBits, pool }) => {
    const plan = widePlan(channels, channels, weightBits, pool);
    const pixels = randomImages(3, plan, 2);
    const naive = classifyNaively(plan, pixels, 3);
    const result = await classifyImages(plan, pixels, { timeSteps: 3 });
    expect([...result.scores]).toEqual(naive.flatMap(({ scores }) => scores.flat()));
    const packets = drive(createCycleModel(plan), plan, pixels, { timeSteps: [3, 2] });
    expect(packets.map(({ scores }) => scores)).toEqual([naive[0]!.scores[2], naive[1]!.scores[1]]);
  });

  it('refuses what it cannot do, by name', async () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    const one = new Uint8Array(4);
    await expect(classifyImages(plan, new Uint8Array(5), { timeSteps: 1 })).rejects.toThrow('not whole images');
    await expect(classifyImages(plan, one, { timeSteps: 5 })).rejects.toThrow(/time steps.*\n.*5\n.*1\.\.4/);
    await expect(classifyImages(plan, one, { timeSteps: 0 })).rejects.toThrow('out of range');
    await expect(classifyImages(plan, one, { timeSteps: 1, firstImage: -1 })).rejects.toThrow('no such position');
  });

  it('does nothing for no images', async () => {
    const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
    const result = await classifyImages(plan, new Uint8Array(0), { timeSteps: 2 });
    expect(result).toMatchObject({ images: 0, spikes: { input: 0, layers: [0] } });
  });
});

describe('a plan that contradicts itself is refused', () => {
  const plan = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 2 });
  const layer = plan.layers[0]!;
  const changed = (change: Partial<LayerPlan>): Plan => ({ ...plan, layers: [{ ...layer, ...change }] });
  const stream = inputStreamOf(plan);
  const encoded = (change: Partial<StreamPlan>): Plan => ({
    ...plan,
    encoding: { kind: 'bernoulli', stream: { ...stream, ...change } },
  });
  it.each<[string, Plan, string]>([
    ['accumulators too narrow', changed({ accumulatorBits: 5 }), 'accumulatorBits 5 for channel 1'],
    ['a weight out of range', changed({ weights: [[16, 0, 0, 0], ...layer.weights.slice(1)] }), 'weights of channel 0'],
    ['bias rows with another sum', changed({ biasRows: [[0, 0, 0]] }), 'bias rows that sum to 0'],
    ['more lanes than channels', changed({ outputLanes: 4 }), 'outputLanes 4'],
    ['another input', changed({ input: { height: 1, width: 4, channels: 1 } }), 'input 1x4x1'],
    ['windows beyond the input', changed({ output: { height: 2, width: 1, channels: 3 } }), 'output 2x1x3'],
    ['a score too narrow', { ...plan, readout: { ...plan.readout, scoreBits: 7 } }, 'scoreBits'],
    ['a tap too high', encoded({ taps: [0, 2, 5, 14] }), 'taps 0, 2, 5, 14'],
    ['a dead stream', encoded({ seed: 0 }), 'seed 0'],
    ['words of another shape', encoded({ wordsPerTimeStep: 5 }), 'wordsPerTimeStep 5'],
    ['more lanes than time steps', { ...plan, timeSteps: { max: 2, lanes: 3, default: 1 } }, 'timeSteps.lanes'],
  ])('%s', (_, bad, text) => {
    expect(() => createCycleModel(bad)).toThrow('The plan contradicts itself');
    expect(() => createCycleModel(bad)).toThrow(text);
  });

  it('and a sound one is not', () => {
    expect(() => createCycleModel(plan)).not.toThrow();
  });
});
