/**
 * Random cores in Verilator against the golden model: shapes, strides, folds, encodings, readouts, options; random gaps on both streams.
 * SPINFIRE_SEED chooses other cores.
 */
import { it } from 'vitest';
import { shifted } from '../slice.ts';
import { lockstepRandomCore, wideSeeds } from './random-cores.ts';

const cores = 200;

it.each(Array.from({ length: cores }, (_, i) => shifted(201 + i, 10_000)))(
  'random core %i in Verilator',
  (seed) => lockstepRandomCore(seed, 12, [0, seed, seed + 1]),
  600_000,
);

it.each(wideSeeds(shifted(401, 10_000), 40))(
  'random core %i in Verilator, several pixels a beat',
  (seed) => lockstepRandomCore(seed, 12, [0, seed], true),
  600_000,
);
