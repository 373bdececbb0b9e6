/** Layers that hand inputs on: the definition, the functional model, the cycle model and the hardware, side by side. */
import { describe, expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { compareDuts, goldenReference, modelDut } from '../../src/sim/index.ts';
import { classifyNaively } from '../golden/naive.ts';
import { monitorTraffic, withRandomMonitors } from '../golden/random-monitors.ts';
import { carrying, randomImages, randomPlan, refold, seedsOf } from '../golden/random-plan.ts';
import { slice } from '../slice.ts';
import { differenceInInterpreter, interpreted } from './interpreted.ts';
import { lockstepCore } from './random-cores.ts';
import { noise } from './temporary.ts';

const carries = ({ layers }: Plan) => layers.some(({ carry }) => carry !== undefined);

/** Those whose networks can hand something on. */
const seeds = (from: number, count: number) =>
  seedsOf(from, count, (seed) => carries(carrying(randomPlan(seed), seed)));

describe('layers that hand inputs on', () => {
  it.each(seeds(1, slice(25, 100)))('without clocks, seed %i: as the definition says', async (seed) => {
    const plan = carrying(randomPlan(seed), seed);
    const pixels = randomImages(seed, plan, 3);
    const steps = plan.timeSteps.max;
    const naive = classifyNaively(plan, pixels, steps);
    const result = await classifyImages(plan, pixels, { timeSteps: steps });
    expect([...result.scores]).toEqual(naive.flatMap(({ scores }) => scores.flat()));
    const other = await classifyImages(refold(plan, seed), pixels, { timeSteps: steps });
    expect([...other.scores]).toEqual([...result.scores]);
    const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
    expect(result.spikes.layers).toEqual(
      plan.layers.map((_, l) => sum(naive.map(({ spikes }) => sum(spikes.flatMap((step) => step[l]!))))),
    );
  });

  it.each(seeds(301, slice(12, 60)))('golden model and interpreter agree on seed %i', async (seed) => {
    const plan = carrying(randomPlan(seed), seed);
    expect(await differenceInInterpreter(plan, seed), `plan ${seed}`).toBeUndefined();
  });

  it.each(seeds(501, 2))('and they are no spikes to monitors, seed %i', async (seed) => {
    const given = carrying(randomPlan(seed), seed);
    const plan = withRandomMonitors({ ...given, earlyExit: 'none' }, seed, true);
    const model = goldenReference(plan);
    const imageSize = plan.input.height * plan.input.width * plan.input.channels;
    const bus = monitorTraffic(plan, seed, 3);
    const stimulus = { pixels: noise(3 * imageSize, seed), imageSize, timeSteps: [9, 2, 3], stall: seed, bus };
    const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
    const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 600);
    expect(run.difference, `plan ${seed}`).toBeUndefined();
  });

  it('in Verilator', async () => {
    const [seed] = seeds(901, 1);
    await lockstepCore(carrying(randomPlan(seed!), seed!), seed!, 6, [0, seed!]);
  }, 240_000);
});
