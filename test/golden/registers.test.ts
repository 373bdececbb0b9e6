/** The registers of the golden model are the hardware's, by path and width; nothing is clocked, so many plans fit. */
import { describe, expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { goldenReference } from '../../src/sim/index.ts';
import { slice } from '../slice.ts';
import { randomPlan, widened } from './random-plan.ts';

const pixelsOf = ({ input }: Plan) => input.height * input.width * input.channels;
/** Building the hardware is what takes time: beside the first plans those whose counters have one value. */
const hasOne = (plan: Plan) => pixelsOf(plan) === 1 || plan.timeSteps.max === 1;
const seeds = Array.from({ length: slice(150, 300) }, (_, i) => 3000 + i);
const plans = seeds.flatMap((seed, index) => {
  const plan = randomPlan(seed);
  if (index >= slice(50, 300) && !hasOne(plan)) return [];
  const wide = widened(plan, seed);
  return wide.layers[0]!.engine.kind === 'wide' ? [plan, wide] : [plan];
});

describe('registers of the golden model', () => {
  it('are told of plans whose counters have one value', () => {
    expect(plans.some((plan) => plan.pixelLanes > 1 && plan.pixelLanes === pixelsOf(plan))).toBe(true);
    expect(plans.some((plan) => plan.seeding === 'none' && pixelsOf(plan) === 1)).toBe(true);
    expect(plans.some((plan) => plan.timeSteps.max === 1)).toBe(true);
  });

  it('are the registers of the hardware, which has none that nobody reads', () => {
    for (const plan of plans) {
      const hardware = buildHardware(plan);
      const widths = new Map(hardware.registers().map(({ path, width }) => [path, width]));
      const wrong = goldenReference(plan)
        .signals.filter(({ path }) => path.includes('.'))
        .filter(({ path, width }) => widths.get(path) !== width)
        .map(({ path, width }) => `${path}: ${width} bits, in hardware ${widths.get(path)}`);
      expect(wrong, plan.name).toEqual([]);
      expect(hardware.warnings, plan.name).toEqual([]);
    }
  }, 240_000);
});
