/** A slice of the random cores of `npm run regress`: one of each kind that differs in its control. */
import { it } from 'vitest';
import type { Plan } from '../../src/plan/index.ts';
import { slice } from '../slice.ts';
import { lockstepRandomCore, seedOf, wideSeeds } from './random-cores.ts';

const manyPasses = ({ timeSteps }: Plan) =>
  timeSteps.max > 2 * timeSteps.lanes && timeSteps.max % timeSteps.lanes !== 0;

const kinds = [
  ['early exit', (plan: Plan) => plan.earlyExit === 'margin' && manyPasses(plan) && plan.layers.length > 1],
  [
    'direct encoding with early exit',
    (plan: Plan) => plan.earlyExit === 'margin' && plan.encoding.kind === 'direct' && plan.layers.length > 1,
  ],
  [
    'no seeder and one image bank',
    (plan: Plan) => plan.seeding === 'none' && plan.imageBanks === 1 && plan.layers.length > 2,
  ],
  ['time lanes that do not divide the time steps', (plan: Plan) => manyPasses(plan) && plan.layers.length > 2],
] as const;

it.each(kinds.slice(slice(1, 0)))(
  'in Verilator: %s',
  async (_, such) => {
    const seed = seedOf(201, such);
    await lockstepRandomCore(seed, 8, [0, seed]);
  },
  240_000,
);

it('in Verilator: several pixels a beat', async () => {
  const [seed] = wideSeeds(401, 1);
  await lockstepRandomCore(seed!, 8, [0, seed!], true);
}, 240_000);
