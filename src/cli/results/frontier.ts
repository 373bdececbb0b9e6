/** What `explore` prints with --json. */
import { z } from 'zod';

export const frontierJson = z.object({
  name: z.string(),
  images: z.number(),
  seeds: z.number(),
  points: z
    .array(
      z.object({
        timeSteps: z.number(),
        weightBits: z.number(),
        readout: z.string(),
        margin: z.number().optional(),
        timeLanes: z.number(),
        luts: z.number(),
        rams: z.number(),
        cyclesPerImage: z.number(),
        accuracy: z.number(),
        deviation: z.number(),
        chipJ: z
          .number()
          .optional()
          .describe("analog part of a chip of MTJs, J; absent where the device's own figures do not tell"),
        chip: z
          .enum(['built', 'paper'])
          .optional()
          .describe('one that can be built, as for `energy`; paper: none of the choices carries its currents'),
        onFrontier: z.boolean(),
      }),
    )
    .describe('cores that could be built; area and cycles by the cost model, accuracy counted'),
});
