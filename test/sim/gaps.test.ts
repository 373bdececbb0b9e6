/** Windows that leave taps out: the definition, the functional model, the cycle model and the hardware, side by side. */
import { describe, expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { classifyImages, createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { compareDuts, goldenReference, goldenResults, modelDut } from '../../src/sim/index.ts';
import { withGaps } from '../golden/gapped-plan.ts';
import { classifyNaively } from '../golden/naive.ts';
import { carrying, randomImages, randomMargin, randomPlan } from '../golden/random-plan.ts';
import { slice } from '../slice.ts';
import { interpreted } from './interpreted.ts';
import { lockstepCore } from './random-cores.ts';
import { noise } from './temporary.ts';

const hasGaps = ({ layers }: Plan) => layers.some(({ runs }) => runs !== undefined);

/** Every second one hands inputs on, too. */
const planOf = (seed: number) => withGaps(seed % 2 === 0 ? randomPlan(seed) : carrying(randomPlan(seed), seed), seed);

/** The first seeds from `from` on whose networks have a layer with gaps. */
function seeds(from: number, count: number): number[] {
  const found: number[] = [];
  for (let seed = from; found.length < count; seed += 1) if (hasGaps(planOf(seed))) found.push(seed);
  return found;
}

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
    const model = goldenReference(plan);
    const imageSize = plan.input.height * plan.input.width * plan.input.channels;
    const margin = randomMargin(plan, seed);
    const stimulus = { pixels: noise(4 * imageSize, seed), imageSize, timeSteps: [9, 2, 9, 3], stall: seed, ...margin };
    const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
    const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 1500);
    expect(run.difference, `plan ${seed}`).toBeUndefined();
  });

  it('in Verilator', async () => {
    const [seed] = seeds(901, 1);
    await lockstepCore(planOf(seed!), seed!, 6, [0, seed!]);
  }, 240_000);

  it('a tap with a weight is not left out', () => {
    const plan = planOf(seeds(1, 1)[0]!);
    const layers = plan.layers.map(({ runs, ...layer }) =>
      runs === undefined ? layer : { ...layer, runs, weights: layer.weights.map((row) => row.map(() => 1)) },
    );
    expect(() => createCycleModel({ ...plan, layers })).toThrow(/left out.*only taps without weights/s);
  });
});
