import { describe, expect, it } from 'vitest';
import { chachaBlock } from '../../src/golden/functional/chacha.ts';
import { classifyImages, type DeviceDraw, layerDevices } from '../../src/golden/index.ts';
import type { LayerPlan, Plan, PotentialTable, SpikingNeuron } from '../../src/plan/index.ts';
import { inputStreamOf, neuronOf } from '../plan-parts.ts';
import { randomFrom, randomImages, randomPlan } from './random-plan.ts';

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
const normal: DeviceDraw = { gain: 1, offset: 0 };

/** Devices for every layer with neurons; `draw` says which, by layer and neuron. */
function devicesOf(plan: Plan, draw: (layer: LayerPlan, neuron: number) => DeviceDraw) {
  return plan.layers.map((layer) => {
    if (!('stream' in layer.neuron)) return undefined;
    const count = layer.neuron.stream.wordsPerTimeStep;
    return layerDevices(
      layer,
      Array.from({ length: count }, (_, neuron) => draw(layer, neuron)),
    );
  });
}

/** The plan with every layer's neurons changed. */
function withNeurons(plan: Plan, change: (neuron: SpikingNeuron, layer: LayerPlan) => Partial<PotentialTable>): Plan {
  const layers = plan.layers.map((layer) =>
    'stream' in layer.neuron ? { ...layer, neuron: { ...layer.neuron, ...change(layer.neuron, layer) } } : layer,
  );
  return { ...plan, layers };
}

const zStep = (layer: LayerPlan) => 2 ** (neuronOf(layer).tableShift - layer.fractionBits);

describe('devices that differ', () => {
  it.each(seeds)('seed %i: none that does, and nothing changes', async (seed) => {
    const plan = randomPlan(seed);
    const pixels = randomImages(seed, plan, 4);
    const timeSteps = plan.timeSteps.max;
    const varied = await classifyImages(plan, pixels, { timeSteps, devices: devicesOf(plan, () => normal) });
    expect(varied).toEqual(await classifyImages(plan, pixels, { timeSteps }));
  });

  it.each(seeds)('seed %i: all with the same offset or gain are a table that is shifted or scaled', async (seed) => {
    const plan = randomPlan(seed);
    const pixels = randomImages(seed, plan, 4);
    const timeSteps = plan.timeSteps.max;
    const entries = 1 + (seed % 5);
    const shifted = await classifyImages(plan, pixels, {
      timeSteps,
      devices: devicesOf(plan, (layer) => ({ gain: 1, offset: entries * zStep(layer) })),
    });
    const moved = withNeurons(plan, ({ tableOffset }) => ({ tableOffset: tableOffset + entries }));
    expect(shifted).toEqual(await classifyImages(moved, pixels, { timeSteps }));
    const scaled = await classifyImages(plan, pixels, {
      timeSteps,
      devices: devicesOf(plan, () => ({ gain: 2, offset: 0 })),
    });
    const steeper = withNeurons(plan, ({ tableShift }) => ({ tableShift: tableShift - 1 }));
    expect(scaled).toEqual(await classifyImages(steeper, pixels, { timeSteps }));
  });

  it.each(seeds)('seed %i: stuck ones always and never spike', async (seed) => {
    const plan = randomPlan(seed);
    const pixels = randomImages(seed, plan, 4);
    const timeSteps = plan.timeSteps.max;
    for (const [stuck, code] of [
      ['spike', 65535],
      ['silent', 0],
    ] as const) {
      const found = await classifyImages(plan, pixels, {
        timeSteps,
        devices: devicesOf(plan, () => ({ ...normal, stuck })),
      });
      const constant = withNeurons(plan, ({ table }) => ({ table: table.map(() => code) }));
      expect(found).toEqual(await classifyImages(constant, pixels, { timeSteps }));
    }
  });

  it('each neuron has its own: an offset in one channel is a bias of that channel', async () => {
    const found = seeds.flatMap((seed) => {
      const plan = randomPlan(seed, { readout: 'count' });
      return plan.layers.every((layer) => neuronOf(layer).tableShift >= 0) ? [{ seed, plan }] : [];
    });
    expect(found.length).toBeGreaterThan(3);
    for (const { seed, plan } of found) {
      const pixels = randomImages(seed, plan, 4);
      const timeSteps = plan.timeSteps.max;
      const devices = devicesOf(plan, (layer, neuron) => {
        const channel = neuron % layer.output.channels;
        return { gain: 1, offset: (channel === 0 ? 0 : channel + 1) * zStep(layer) };
      });
      const layers = plan.layers.map((layer) => {
        const more = (channel: number) => (channel === 0 ? 0 : (channel + 1) * 2 ** neuronOf(layer).tableShift);
        const { channelShifts: _, ...rest } = layer;
        return {
          ...rest,
          weightBits: 24,
          accumulatorBits: Math.max(28, layer.accumulatorBits),
          bias: layer.bias.map((value, channel) => value + more(channel)),
          biasRows: [layer.bias.map((value, channel) => value + more(channel))],
          biasValue: 1,
        };
      });
      const biased = await classifyImages({ ...plan, layers }, pixels, { timeSteps });
      expect(await classifyImages(plan, pixels, { timeSteps, devices }), `seed ${seed}`).toEqual(biased);
    }
  });

  it('refuses devices for the wrong number of neurons', async () => {
    const plan = randomPlan(3, { readout: 'count' });
    const layer = plan.layers[0]!;
    expect(() => layerDevices(layer, [normal])).toThrow(/a layer needs one device for each neuron/);
    const [first] = devicesOf(plan, () => normal);
    const devices = [{ ...first!, gain: first!.gain.slice(1) }];
    await expect(classifyImages(plan, randomImages(3, plan, 1), { timeSteps: 1, devices })).rejects.toThrow(
      /one device for each neuron/,
    );
  });
});

describe('words of a strong generator', () => {
  it('computes the block of RFC 8439, section 2.3.2', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
    const nonce = Uint8Array.from([0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0]);
    const text = new TextEncoder().encode('expand 32-byte k');
    const input = new Int32Array(Uint8Array.from([...text, ...bytes, 1, 0, 0, 0, ...nonce]).buffer);
    const output = new Int32Array(16);
    chachaBlock(input, output);
    expect(Buffer.from(output.buffer).toString('hex')).toBe(
      '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e',
    );
  });

  it('depend on seed and position only, and spike at the same rate', async () => {
    const plan = randomPlan(2, { readout: 'count', encoding: 'bernoulli' });
    const images = 100;
    const pixels = randomImages(5, plan, images);
    const timeSteps = plan.timeSteps.max;
    const run = (options: { workers?: number; words?: 'lfsr' | 'chacha' }) =>
      classifyImages(plan, pixels, { timeSteps, words: 'chacha', ...options });
    const one = await run({ workers: 1 });
    expect(await run({ workers: 2 })).toEqual(one);
    const lfsr = await run({ words: 'lfsr' });
    expect(one.scores).not.toEqual(lfsr.scores);
    // Pixels and words are as many Bernoulli trials; the variance is at most a quarter for each.
    const trials = images * timeSteps * inputStreamOf(plan).wordsPerTimeStep;
    expect(Math.abs(one.spikes.input - lfsr.spikes.input)).toBeLessThan(5 * Math.sqrt(trials / 2));
    expect(one.spikes.layers.every((count) => count > 0)).toBe(true);
  });

  it('fewer time steps see the same words', async () => {
    const seed = 7 + randomFrom(7)(5);
    const plan = { ...randomPlan(seed), timeSteps: { max: 9, lanes: 1, default: 1 } };
    const roomy = { ...plan, layers: plan.layers.map((layer) => ({ ...layer, timeLanes: 1 })) };
    const wide = { ...roomy, readout: { ...plan.readout, scoreBits: 32 } };
    const pixels = randomImages(seed, plan, 5);
    const many = await classifyImages(wide, pixels, { timeSteps: 9, words: 'chacha' });
    const few = await classifyImages(wide, pixels, { timeSteps: 3, words: 'chacha' });
    for (let image = 0; image < 5; image += 1) {
      expect([...many.classes.slice(image * 9, image * 9 + 3)]).toEqual([
        ...few.classes.slice(image * 3, image * 3 + 3),
      ]);
    }
  });
});
