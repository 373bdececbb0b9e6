/** What `device` prints with --json. */
import { z } from 'zod';

const heating = z.object({
  currentA: z.number(),
  energyJ: z.number(),
  adiabaticK: z.number(),
  withOxideK: z.number(),
});

export const processJson = z.object({
  cycle: z.object({ resetA: z.number(), resetS: z.number(), restS: z.number() }).describe('phases beside the write'),
  calibration: z
    .object({ i50A: z.number(), slopeA: z.number() })
    .describe('potential z is written with i50A + z slopeA'),
  points: z
    .array(
      z.object({
        z: z.number(),
        driveA: z.number(),
        restS: z.number(),
        fresh: z.number(),
        afterSilent: z.number(),
        afterSpike: z.number(),
        later: z.number(),
        failedReset: z.number(),
        trials: z.number(),
      }),
    )
    .describe('spike probabilities by potential, rest and past; `later`: mean of the steps after the first'),
  restNeededS: z.number().optional().describe('shortest of the tried rests without memory'),
  tolerance: z.number().describe('loss of probability that does not count as memory'),
  dampingTimeS: z.number(),
  stepS: z.number().describe('a time step of a device that is written again at once'),
  daysTo1e11Writes: z.number().describe('of writing in every time step'),
  figures: z
    .object({
      temperatureK: z.number(),
      barrierKT: z.number(),
      retentionS: z.number(),
      heavyMetalOhm: z.number(),
      currentDensityAPerM2: z.number(),
      write: heating,
      reset: heating,
    })
    .describe('in closed form'),
  readDisturb: z.number().describe('probability that a read flips the layer'),
  tmr: z.number().describe("at the device's temperature"),
  parameters: z.record(z.string(), z.unknown()).describe('the device, in SI units'),
  accuracy: z
    .array(z.object({ timeSteps: z.number(), right: z.number(), rightWithMemory: z.number(), spikeChange: z.number() }))
    .optional()
    .describe('with `--network`'),
  images: z.number().optional().describe('with `--network`'),
});
