/** What `calibrate` prints with --json. */
import { z } from 'zod';

const point = z.object({
  currentA: z.number(),
  probability: z.number(),
  stderr: z.number().optional(),
  trials: z.number().optional(),
  switched: z.number().optional(),
  low: z.number().optional(),
  high: z.number().optional(),
});

const fit = {
  i50A: z.number().describe('centre of the nearest sigmoid, in A (V for a voltage-driven device)'),
  slopeA: z.number().describe('its scale, in A (V)'),
};

export const calibrationJson = z.object({
  name: z.string(),
  unit: z.enum(['A', 'V']).describe('of the drive'),
  source: z.string().describe('where the curve comes from'),
  ...fit,
  crossingA: z.number().describe('where the curve itself crosses one half'),
  maxResidual: z.number().describe('largest difference between sigmoid and points'),
  rmsResidual: z.number().describe('root mean square of the differences'),
  temperatureK: z.number().optional(),
  pulseS: z.number().optional(),
  seed: z.number().optional().describe('of a computed curve'),
  trials: z.number().optional().describe('of a computed curve: write pulses at each current'),
  confidence: z.number().optional().describe('of a computed curve: of the intervals of its points'),
  criticalCurrentA: z.number().optional().describe('of a computed curve: at zero temperature, for a long pulse'),
  parameters: z.record(z.string(), z.unknown()).optional().describe('of a computed curve: the device, in SI units'),
  steps: z.number().optional().describe('of a computed curve: Heun steps of all trials'),
  warnings: z
    .array(z.string())
    .optional()
    .describe('what to know before building with it: a curve that is not monotone'),
  curve: z.array(point).describe('the points, with the ends of their intervals'),
  table: z
    .object({ entries: z.array(z.number()), zMin: z.number(), zStep: z.number() })
    .describe("the comparators' codes, 0..65535, against the potential"),
});

export const familyJson = z.object({
  family: z.enum(['temperature', 'pulse', 'geometry']).describe('with `--family`: what is varied'),
  base: z.object(fit).describe('of the device itself'),
  members: z
    .array(
      z.object({
        value: z.unknown(),
        label: z.string(),
        ...fit,
        trim: z.object({
          offset: z.number(),
          gain: z.number(),
          rmsBefore: z.number(),
          rmsAfter: z.number(),
          maxBefore: z.number(),
          maxAfter: z.number(),
        }),
        curve: z.array(point),
      }),
    )
    .describe('with `--family`: a curve each, and the trim that a core of the device itself needs'),
});
