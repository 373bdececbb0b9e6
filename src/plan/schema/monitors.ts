/** What watches over a core: which monitors the hardware has, and the values of their registers after reset. */
import { z } from 'zod';
import { count, u32 } from './parts.ts';

export const monitors = z
  .strictObject({
    abstain: z
      .strictObject({ below: u32.describe('Lead of the best score, in units of a score.') })
      .nullable()
      .describe('An answer whose best class leads by less says so.'),
    rates: z
      .array(z.strictObject({ low: count, high: count }))
      .nullable()
      .describe(
        'For each layer whose neurons spike, in order: the mean number of spikes in a time step of an image that is neither too few nor too many.',
      ),
    lockup: z
      .boolean()
      .describe('A random stream in the state 0, which it never leaves by itself, is seen and started again.'),
    stall: z
      .strictObject({ bits: z.int().min(4).max(32) })
      .nullable()
      .describe('An image is in the core and nothing comes or goes for 2^bits - 1 clocks.'),
    activity: z.boolean().describe('Spikes, time steps and clocks with work are counted.'),
    checksum: z
      .boolean()
      .exactOptional()
      .describe(
        'While nobody reads them, memories of weights and tables are read and their checksums compared. False unless given.',
      ),
    load: z
      .boolean()
      .exactOptional()
      .describe(
        'The host reads and replaces weights and tables; the core takes images only after all checksums were right. Wants `checksum`. False unless given.',
      ),
  })
  .describe('What watches over the core, behind a register bus (docs/monitors.md).');
