/** Lockstep finds mutants that yosys makes; thousands of them in `npm run regress`. */
import { expect, it } from 'vitest';
import { mutateCore, survivorsText } from './mutants.ts';
import { smallPlan } from './small-core.ts';

it('finds nearly all mutants of a small core, and names the others', async () => {
  const result = await mutateCore(smallPlan(), 200, 40, 1);
  expect(result.mutants).toBeGreaterThan(30);
  // Of those not proved equal to the core; a sample of 40 that every change of the core draws anew. The long series (`npm run regress`) asks for more.
  expect(result.found, survivorsText(result)).toBeGreaterThan(0.9 * (result.mutants - result.equivalent.length));
  expect(result.found + result.equivalent.length + result.survivors.length).toBe(result.mutants);
  const places = [...result.equivalent, ...result.survivors].map(({ where }) => where).filter((where) => where !== '');
  expect(places.length).toBeGreaterThan(0);
  for (const where of places) expect(where).toMatch(/src\/core\/.*\.ts:\d+ \(sprout\w*\.v:[\d.-]+\)/);
}, 480_000);
