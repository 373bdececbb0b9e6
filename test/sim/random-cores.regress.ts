/** Random cores in Verilator against the golden model: shapes, strides, folds, encodings, readouts, options; random gaps on both streams. */
import { it } from 'vitest';
import { lockstepRandomCore, wideSeeds } from './random-cores.ts';

const cores = 200;

it.each(Array.from({ length: cores }, (_, i) => 201 + i))(
  'random core %i in Verilator',
  (seed) => lockstepRandomCore(seed, 12, [0, seed, seed + 1]),
  600_000,
);

it.each(wideSeeds(401, 40))(
  'random core %i in Verilator, several pixels a beat',
  (seed) => lockstepRandomCore(seed, 12, [0, seed], true),
  600_000,
);
