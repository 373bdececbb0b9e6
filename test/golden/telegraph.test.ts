/** Telegraphic neurons: with and without clocks, however folded; and against the two-state Markov chain that they are. */
import { describe, expect, it } from 'vitest';
import { classifyImages, createCycleModel, exitEarly } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { drive } from './drive.ts';
import { plainPlan } from './plain-plan.ts';
import { randomImages, randomPlan, refold, widened } from './random-plan.ts';
import { withRandomTelegraph } from './random-telegraph.ts';

const seeds = Array.from({ length: 60 }, (_, i) => i + 401);

describe('telegraphic neurons', () => {
  it.each(seeds)('seed %i: with and without clocks the same answers, however folded', async (seed) => {
    const plan = withRandomTelegraph(randomPlan(seed), seed);
    const pixels = randomImages(seed, plan, 4);
    const steps = plan.timeSteps.max;
    const whole = await classifyImages(plan, pixels, { timeSteps: steps, workers: 1 });
    for (const folded of [plan, refold(plan, seed), widened(plan, seed)]) {
      const timeSteps = [steps, 1, Math.ceil(steps / 2), steps];
      const packets = drive(createCycleModel(folded), folded, pixels, {
        timeSteps,
        seed,
        inputPauses: 20 * (seed % 3),
      });
      packets.forEach((packet, image) => {
        const at = image * steps + timeSteps[image]! - 1;
        const width = plan.readout.classes;
        expect(packet.scores).toEqual(Array.from(whole.scores.subarray(at * width, (at + 1) * width)));
      });
    }
  });

  it.each(seeds.filter((seed) => randomPlan(seed).earlyExit === 'margin'))('seed %i: with early exit', async (seed) => {
    const plan = withRandomTelegraph(randomPlan(seed), seed);
    const pixels = randomImages(seed, plan, 8);
    const steps = plan.timeSteps.max;
    const whole = await classifyImages(plan, pixels, { timeSteps: steps, workers: 1 });
    const sorted = (image: number) =>
      Array.from(
        { length: plan.readout.classes },
        (_, c) => whole.scores[(image * steps + plan.timeSteps.lanes - 1) * plan.readout.classes + c]!,
      ).sort((a, b) => b - a);
    const exitMargin = Math.max(0, sorted(3)[0]! - (sorted(3)[1] ?? sorted(3)[0]!));
    const answers = exitEarly(plan, whole, exitMargin);
    const packets = drive(createCycleModel(plan), plan, pixels, { timeSteps: Array(8).fill(steps), exitMargin, seed });
    expect(packets.map(({ class: best }) => best)).toEqual([...answers.classes]);
    expect(packets.map(({ stepsUsed }) => stepsUsed)).toEqual([...answers.stepsUsed]);
  });
});

/** One neuron behind a pixel that always spikes, so that its potential is one and the same. */
function chain(flip: number, stay: number, start: 'stationary' | 'silent'): Plan {
  const plain = plainPlan({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 1 });
  const one = { height: 1, width: 1, channels: 1 };
  const stream = (seed: number) => ({ taps: [0, 2, 5, 11], leap: 19, seed, wordsPerTimeStep: 1 });
  const share = flip / (flip + 1 - stay);
  const code = (probability: number) => Math.round(probability * 65536);
  const layer = {
    ...plain.layers[0]!,
    ...{ input: one, output: one, kernelHeight: 1, kernelWidth: 1, weights: [[8]], bias: [0], biasRows: [[0]] },
    neuron: {
      ...{ kind: 'telegraph' as const, stream: stream(0x1234_5678), tableShift: 0, tableOffset: 0 },
      ...{ table: [code(share)], flip: [code(flip)], stay: [code(stay)] },
    },
  };
  return {
    ...plain,
    ...{
      input: one,
      encoding: { kind: 'bernoulli', stream: stream(0x0bad_cafe) },
      neuron: { kind: 'telegraph', start },
    },
    timeSteps: { max: 200, lanes: 1, default: 200 },
    layers: [layer],
    readout: { kind: 'count', classes: 1, scoreBits: 9 },
  };
}

/** [image][time step] of a plan with one neuron. */
async function spikesOf(plan: Plan, images: number): Promise<Uint8Array[]> {
  const steps = plan.timeSteps.max;
  const { scores } = await classifyImages(plan, new Uint8Array(images).fill(255), { timeSteps: steps, workers: 1 });
  return Array.from({ length: images }, (_, image) => {
    const counts = scores.subarray(image * steps, (image + 1) * steps);
    return Uint8Array.from(counts, (count, t) => count - (t === 0 ? 0 : counts[t - 1]!));
  });
}

describe('as a two-state Markov chain', () => {
  // Shares and memories exp(-interval * rates) from none to long.
  it.each([
    [0.5, 0],
    [0.5, 0.5],
    [0.2, 0.8],
    [0.9, 0.3],
    [0.05, 0.9],
  ])('share %f, memory %f: mean, serial correlation and the way to equilibrium', async (share, memory) => {
    const [flip, stay] = [share * (1 - memory), share + (1 - share) * memory];
    const images = 400;
    const settled = await spikesOf(chain(flip, stay, 'stationary'), images);
    const steps = settled[0]!.length;
    const all = settled.reduce((sum, one) => sum + one.reduce((a, b) => a + b, 0), 0) / (images * steps);
    const variance = share * (1 - share);
    // Correlated samples count as fewer: (1 + m) / (1 - m) of them make one.
    const spread = Math.sqrt((variance * (1 + memory)) / (1 - memory) / (images * steps));
    expect(Math.abs(all - share)).toBeLessThan(4.5 * spread);
    let both = 0;
    for (const one of settled) for (let t = 1; t < steps; t += 1) both += (one[t]! - share) * (one[t - 1]! - share);
    const correlation = both / (images * (steps - 1)) / variance;
    expect(Math.abs(correlation - memory)).toBeLessThan(4.5 * Math.sqrt(2 / (images * steps * variance)));
    // From silence the mean goes to the share as 1 - memory^t.
    const silent = await spikesOf(chain(flip, stay, 'silent'), images);
    for (const t of [0, 1, 3]) {
      const mean = silent.reduce((sum, one) => sum + one[t]!, 0) / images;
      const expected = share * (1 - memory ** (t + 1));
      expect(Math.abs(mean - expected), `time step ${t}`).toBeLessThan(4.5 * Math.sqrt(0.25 / images));
    }
    const first = settled.reduce((sum, one) => sum + one[0]!, 0) / images;
    expect(Math.abs(first - share)).toBeLessThan(4.5 * Math.sqrt(0.25 / images));
  });
});
