import { describe, expect, it } from 'vitest';
import { classifyImages, createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { drive } from './drive.ts';
import { plainPlan } from './plain-plan.ts';

/** One pixel, one neuron, one time step, spike count readout; the streams' first words are given. */
function onePixel(words: { readonly input: number; readonly neuron: number }, table: readonly number[]): Plan {
  const stream = (word: number) => ({
    taps: [0, 2, 5, 11],
    leap: 19,
    seed: 0x4321 * 65536 + word,
    wordsPerTimeStep: 1,
  });
  const layer = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 1 }).layers[0]!;
  const one = { height: 1, width: 1, channels: 1 };
  return {
    ...plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 1 }),
    input: one,
    encoding: { kind: 'bernoulli', stream: stream(words.input) },
    timeSteps: { max: 1, lanes: 1, default: 1 },
    layers: [
      {
        ...layer,
        input: one,
        output: one,
        kernelHeight: 1,
        kernelWidth: 1,
        weights: [[8]],
        bias: [0],
        biasRows: [[0]],
        neuron: { kind: 'ideal', stream: stream(words.neuron), table, tableShift: 3, tableOffset: 0 },
      },
    ],
    readout: { kind: 'count', classes: 1, scoreBits: 2 },
  };
}

async function spikes(plan: Plan, pixel: number): Promise<number> {
  const pixels = Uint8Array.of(pixel);
  const { scores } = await classifyImages(plan, pixels, { timeSteps: 1 });
  const [packet] = drive(createCycleModel(plan), plan, pixels, { timeSteps: [1] });
  expect(packet!.scores).toEqual([...scores]);
  return packet!.scores[0]!;
}

describe('the comparison at its edges, in both models', () => {
  it.each([
    [0, 0, 0],
    [1, 256, 1],
    [1, 257, 0],
    [127, 127 * 257 - 1, 1],
    [127, 127 * 257, 0],
    [128, 128 * 257, 1],
    [128, 128 * 257 + 1, 0],
    [254, 254 * 257, 1],
    [254, 254 * 257 + 1, 0],
    [255, 65535, 1],
  ])('pixel %i against the word %i: %i spikes', async (pixel, input, expected) => {
    // Without a spike of the pixel the neuron never fires, with one always.
    expect(await spikes(onePixel({ input, neuron: 77 }, [0, 65535]), pixel)).toBe(expected);
  });

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [1, 1, 0],
    [65534, 65533, 1],
    [65534, 65534, 0],
    [65535, 65534, 1],
    [65535, 65535, 1],
  ])('code %i against the word %i: %i spikes', async (code, neuron, expected) => {
    expect(await spikes(onePixel({ input: 0, neuron }, [0, code]), 255)).toBe(expected);
  });
});
