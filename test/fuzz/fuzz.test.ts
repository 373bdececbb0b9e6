/** A few of the damaged inputs of `npm run regress`, in one process: a typed error or a result. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemOf } from './run.ts';
import { fuzzFolder, fuzzTargets } from './targets.ts';

let folder: ReturnType<typeof fuzzFolder>;
beforeAll(() => {
  folder = fuzzFolder();
});
afterAll(() => folder.dispose());

// Designs are loaded by the command line's own loader, not by the tests': they have their turn in the regression.
const names = Object.keys(fuzzTargets).filter((name) => name !== 'TypeScript designs');

it.each(names)('%s', async (name) => {
  const target = fuzzTargets[name]!;
  const bases = target.bases();
  for (const [i, base] of bases.entries())
    expect(await problemOf(target, base, folder.path), `base ${i}`).toBeUndefined();
  for (let seed = 1; seed <= 40; seed += 1)
    expect(await problemOf(target, target.mutate(bases, seed), folder.path), `seed ${seed}`).toBeUndefined();
});

/** Cases of the long runs that once went wrong, by their seeds. */
const found = [
  // A frame of a thousand million values: the model's memory had no bound.
  ...[460, 827, 3747].map((seed) => ({ name: 'plan.json', seed })),
  // The C library of HDF5 gave up while it closed the file.
  ...[1919, 2935].map((seed) => ({ name: 'nir', seed })),
];

it.each(found)('$name, seed $seed', async ({ name, seed }) => {
  const target = fuzzTargets[name]!;
  expect(await problemOf(target, target.mutate(target.bases(), seed), folder.path)).toBeUndefined();
});
