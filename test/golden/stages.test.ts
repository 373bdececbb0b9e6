/** Stages without work are not clocked, and nobody can tell. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ClockedStages } from '../../src/golden/cycle/stages.ts';
import { createCycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { drive } from './drive.ts';
import { carrying, randomFrom, randomImages, randomPlan, widened } from './random-plan.ts';

afterEach(() => vi.restoreAllMocks());

/** All registers in all clocks, with stalls on both sides and pauses long enough to fall asleep in; and the stages that were clocked at least. */
function run(plan: Plan, seed: number): { readonly registers: string; readonly fewest: number } {
  const images = 5;
  const random = randomFrom(seed ^ 0x57a9e5);
  const hash = createHash('sha256');
  let fewest = plan.layers.length;
  const wake = ClockedStages.prototype.wake;
  vi.spyOn(ClockedStages.prototype, 'wake').mockImplementation(function (this: ClockedStages) {
    wake.call(this);
    fewest = Math.min(fewest, this.awake.length);
  });
  const model = createCycleModel(plan);
  const sample = new Uint32Array(model.sampleWords);
  drive(model, plan, randomImages(seed, plan, images), {
    timeSteps: Array.from({ length: images }, () => 1 + random(plan.timeSteps.max)),
    ...{ seed, inputPauses: [0, 90, 99][seed % 3]!, outputPauses: [0, 80][seed % 2]! },
    ...(plan.earlyExit === 'none' ? {} : { exitMargin: 3 }),
    onCycle: () => {
      model.sample(sample);
      hash.update(sample);
    },
  });
  vi.restoreAllMocks();
  return { registers: hash.digest('hex'), fewest };
}

function neverAsleep(plan: Plan, seed: number): string {
  vi.spyOn(ClockedStages.prototype, 'rest').mockImplementation(() => {});
  return run(plan, seed).registers;
}

describe('stages that sleep', () => {
  it('hold what they would hold if they were clocked', () => {
    let slept = 0;
    for (let seed = 1; seed <= 15; seed += 1) {
      const plain = randomPlan(seed);
      const plan = [plain, widened(plain, seed), carrying(plain, seed)][seed % 3]!;
      const { registers, fewest } = run(plan, seed);
      expect(registers, `seed ${seed}`).toBe(neverAsleep(plan, seed));
      if (fewest < plan.layers.length) slept += 1;
    }
    expect(slept).toBeGreaterThan(5);
  });

  it('wake when the host passes over an image', () => {
    const plan = randomPlan(5);
    const settled = (rests: boolean) => {
      if (!rests) vi.spyOn(ClockedStages.prototype, 'rest').mockImplementation(() => {});
      const model = createCycleModel(plan);
      const idle = { timeSteps: 1, sAxisTdata: 0, sAxisTvalid: false, sAxisTlast: false, mAxisTready: true };
      const sample = new Uint32Array(model.sampleWords);
      const seen: number[][] = [];
      for (let clock = 0; clock < 4000; clock += 1) {
        model.step({ ...idle, skipImage: clock === 50 || clock === 3000 });
        model.sample(sample);
        if (clock % 97 === 0) seen.push([...sample]);
      }
      vi.restoreAllMocks();
      return seen;
    };
    const seen = settled(true);
    expect(seen).toEqual(settled(false));
    expect(seen[0]).not.toEqual(seen.at(-1));
  });
});
