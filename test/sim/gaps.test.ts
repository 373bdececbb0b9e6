/** Windows that leave taps out: the definition, the functional model, the cycle model and the hardware, side by side. */
import { describe, expect, it } from 'vitest';
import { classifyImages, createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { goldenResults } from '../../src/sim/index.ts';
import { withGaps } from '../golden/gapped-plan.ts';
import { classifyNaively } from '../golden/naive.ts';
import { carrying, randomImages, randomPlan, seedsOf } from '../golden/random-plan.ts';
import { slice } from '../slice.ts';
import { differenceInInterpreter } from './interpreted.ts';
import { lockstepCore } from './random-cores.ts';

const hasGaps = ({ layers }: Plan) => layers.some(({ runs }) => runs !== undefined);

/** Every second one hands inputs on, too. */
const planOf = (seed: number) => withGaps(seed % 2 === 0 ? randomPlan(seed) : carrying(randomPlan(seed), seed), seed);

/** Those whose networks have a layer with gaps. */
const seeds = (from: number, count: number) => seedsOf(from, count, (seed) => hasGaps(planOf(seed)));

describe('windows that leave taps out', () => {
  it.each(seeds(1, slice(10, 60)))('as the definition says, and sooner, seed %i', async (seed) => {
    const plan = planOf(seed);
    const pixels = randomImages(seed, plan, 2);
    const steps = plan.timeSteps.max;
    const naive = classifyNaively(plan, pixels, steps);
    const result = await classifyImages(plan, pixels, { timeSteps: steps });
    expect([...result.scores]).toEqual(naive.flatMap(({ scores }) => scores.flat()));
    const whole = { ...plan, layers: plan.layers.map(({ runs: _, ...layer }) => layer) };
    const [sooner, later] = [plan, whole].map((each) => goldenResults(each, { pixels, timeSteps: steps }));
    expect(sooner!.map(({ scores }) => scores)).toEqual(later!.map(({ scores }) => scores));
    expect(sooner!.at(-1)!.resultCycle).toBeLessThanOrEqual(later!.at(-1)!.resultCycle);
  });

  it.each(seeds(301, slice(5, 60)))('golden model and interpreter agree on seed %i', async (seed) => {
    const plan = planOf(seed);
    expect(await differenceInInterpreter(plan, seed), `plan ${seed}`).toBeUndefined();
  });

  it('in Verilator', async () => {
    const [seed] = seeds(901, 1);
    await lockstepCore(planOf(seed!), seed!, 6, [0, seed!]);
  }, 240_000);

  it('a tap with a weight is not left out', () => {
    const plan = planOf(seeds(1, 1)[0]!);
    const layers = plan.layers.map(({ runs, ...layer }) => {
      if (runs === undefined) return layer;
      const unit = (output: number) => 2 ** (layer.channelShifts?.[output] ?? 0);
      return { ...layer, runs, weights: layer.weights.map((row, output) => row.map(() => unit(output))) };
    });
    expect(() => createCycleModel({ ...plan, layers })).toThrow(/left out.*only taps without weights/s);
  });
});
