/** Mutants of cores of every kind: found in lockstep, proved equivalent, or printed, with the line of TypeScript. SPINFIRE_SEED chooses others. */
import { expect, it } from 'vitest';
import type { Plan } from '../../src/plan/index.ts';
import { randomPlan, widened } from '../golden/random-plan.ts';
import { shifted } from '../slice.ts';
import { mutateCore, survivorsText } from './mutants.ts';
import { seedOf, wideSeeds } from './random-cores.ts';
import { smallPlan } from './small-core.ts';

const random = (such: (plan: Plan) => boolean) => randomPlan(seedOf(201, such));
const [wide] = wideSeeds(401, 1);

it.each([
  ['potential readout', smallPlan()],
  ['count readout', smallPlan('count')],
  ['direct encoding', random((plan) => plan.encoding.kind === 'direct' && plan.layers.length > 1)],
  ['no seeder', random((plan) => plan.seeding === 'none' && plan.layers.length > 2)],
  ['several pixels a beat', widened(randomPlan(wide!), wide!)],
] as const)(
  'mutants of a core with %s',
  async (_, plan) => {
    const result = await mutateCore(plan, 1500, 500, shifted(2, 1));
    const { mutants, found, equivalent, survivors } = result;
    console.log(
      `${plan.name}: ${mutants} mutants, ${found} found, ${equivalent.length} equivalent, ${survivors.length} left`,
    );
    if (survivors.length > 0) console.log(survivorsText(result));
    // A random network has neurons whose potentials never come near what their registers could hold.
    expect(survivors.length).toBeLessThan((plan.name === smallPlan().name ? 0.03 : 0.1) * mutants);
  },
  1_800_000,
);
