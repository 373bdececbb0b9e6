/** DESIGN|MODEL on the command line: what may be laid over a design. */
import { z } from 'zod';
import { oneOf, wholeNumber } from './options.ts';

/** Options that say how a network becomes a core; all commands that take a model have them. */
export const designOptions = {
  timesteps: wholeNumber(1, 255).optional(),
  maxTimesteps: wholeNumber(1, 255).optional(),
  readout: oneOf('potential', 'count').optional(),
  encoding: oneOf('bernoulli', 'direct').optional(),
  weightBits: wholeNumber(2, 16).optional(),
  seed: wholeNumber(0, 2 ** 32 - 1).optional(),
  earlyExit: z.boolean().optional(),
  activation: oneOf('stochastic', 'integer').optional(),
  device: z.string().optional(),
  realism: z.string().optional(),
};

export const designFlags: readonly (readonly [flags: string, description: string])[] = [
  ['--timesteps <T>', 'time steps of an image (8)'],
  ['--max-timesteps <T>', 'most time steps that the host may ask for; an image owns the random words of so many (64)'],
  ['--readout <kind>', 'potential or count (potential)'],
  ['--encoding <kind>', 'bernoulli or direct (bernoulli)'],
  ['--weight-bits <B>', 'bits of a weight (8)'],
  ['--seed <S>', 'seed of all random streams (1)'],
  [
    '--activation <kind>',
    'stochastic, or integer: 8-bit values through sigmoid tables, one time step, the baseline without chance (stochastic)',
  ],
  [
    '--realism <what>',
    'what of the device the hardware has: phases,counters,trim,table,self-test, all of these, or a .json file',
  ],
  ['--device <file.csv>', 'switching curve of the neurons (spin-Hall MTJ, 300 K, 0.5 ns)'],
];
