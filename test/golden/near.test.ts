/** Images whose random words lie next to the probabilities that they are compared with, seen with words drawn bit by bit. */
import { expect, it } from 'vitest';
import { nearDraws, nearImage, watchPotentials } from '../../src/golden/index.ts';
import type { Plan, StreamPlan } from '../../src/plan/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { randomFrom } from './random-plan.ts';

/** A stream's words from its first on, by the recurrence. */
function wordsByBits({ taps, leap, seed }: StreamPlan, count: number): number[] {
  const bits = Array.from({ length: 32 }, (_, i) => (seed >>> i) & 1);
  while (bits.length < count * leap + 32) bits.push(taps.reduce((sum, tap) => sum ^ bits.at(tap - 32)!, 0));
  return Array.from({ length: count }, (_, n) =>
    bits.slice(n * leap, n * leap + 16).reduce((sum, bit, i) => sum + bit * 2 ** i, 0),
  );
}

const plan: Plan = smallPlan();
const { max } = plan.timeSteps;
const { height, width, channels } = plan.input;
const pixels = height * width * channels;

it('puts the threshold of every pixel next to a word that it meets, on both sides', () => {
  if (plan.encoding.kind !== 'bernoulli') throw new Error('the small core is no longer one with random spikes');
  const { stream } = plan.encoding;
  const words = wordsByBits(stream, 12 * max * stream.wordsPerTimeStep);
  const random = randomFrom(3);
  const misses: number[] = [];
  for (let number = 0; number < 12; number += 1) {
    const image = nearImage(plan, number, max, random)!;
    expect(image).toHaveLength(pixels);
    image.forEach((pixel, i) => {
      const threshold = Math.round((pixel / 255) * 65536);
      const met = Array.from({ length: max }, (_, step) => {
        return words[(number * max + step) * stream.wordsPerTimeStep + i]! - threshold;
      });
      misses.push(met.reduce((best, miss) => (Math.abs(miss) < Math.abs(best) ? miss : best)));
    });
  }
  expect(Math.max(...misses.map(Math.abs))).toBeLessThanOrEqual(257);
  const share = (such: (miss: number) => boolean) => misses.filter(such).length / misses.length;
  expect(share((miss) => miss < 0)).toBeGreaterThan(0.3);
  expect(share((miss) => miss >= 0)).toBeGreaterThan(0.3);
  // By luck one of 16,384 words is so near, of `max` to choose from.
  expect(misses.filter((miss) => miss >= -2 && miss < 2).length).toBeGreaterThan(2);
});

it('has no word to meet under direct encoding', () => {
  expect(nearImage({ ...plan, encoding: { kind: 'direct' } }, 0, 1, randomFrom(1))).toBeUndefined();
});

it('names the near misses of words and probabilities that an image meets', () => {
  const random = randomFrom(4);
  const images = Array.from({ length: 300 }, () => Uint8Array.from({ length: pixels }, () => random(256)));
  const told = nearDraws(
    plan,
    // Some places are passed over.
    images.flatMap((image, number) => (number % 3 === 1 ? [] : [{ number, timeSteps: max, pixels: image }])),
  );
  const all = Uint8Array.from(images.flatMap((image) => [...image]));
  const seen = images.map(() => new Set<number>());
  plan.layers.forEach((layer, index) => {
    const { neuron } = layer;
    if (neuron.kind !== 'ideal') return;
    const { neurons, potentials } = watchPotentials(plan, all, max, index);
    const words = wordsByBits(neuron.stream, images.length * max * neuron.stream.wordsPerTimeStep);
    for (let step = 0; step < images.length * max; step += 1)
      for (let n = 0; n < neurons; n += 1) {
        const potential = Math.round(potentials[step * neurons + n]! * 2 ** layer.fractionBits);
        const address = Math.floor(potential / 2 ** neuron.tableShift) + neuron.tableOffset;
        const probability = neuron.table[Math.min(neuron.table.length - 1, Math.max(0, address))]!;
        const difference = words[step * neuron.stream.wordsPerTimeStep + n]! - probability;
        const side = difference < 0 ? 1 : 0;
        const magnitude = Math.floor(Math.log2(1 + (side === 1 ? -1 - difference : difference)));
        const lane = (step % max) % plan.timeSteps.lanes;
        if (magnitude < 8)
          seen[Math.floor(step / max)]!.add(((index * plan.timeSteps.lanes + lane) * 2 + side) * 8 + magnitude);
      }
  });
  const sorted = (sets: readonly Set<number>[]) => sets.map((set) => [...set].sort((a, b) => a - b));
  expect(sorted(told)).toEqual(sorted(seen.filter((_, number) => number % 3 !== 1)));
  expect(told.filter(({ size }) => size > 0).length).toBeGreaterThan(0);
});
