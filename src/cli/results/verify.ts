/** What `verify` prints with --json. */
import { z } from 'zod';

const difference = { signal: z.string(), bit: z.number(), rtl: z.string(), golden: z.string() };
const spread = z.object({ mean: z.number(), min: z.number(), max: z.number() });

const covered = z.object({
  of: z.number(),
  covered: z.number(),
  holes: z.array(z.string()).describe('what was never reached, with its place'),
});

const mutant = z.object({ number: z.number(), module: z.string(), what: z.string(), where: z.string() });

export const verifyJson = z.object({
  cycles: z.number().describe('clock cycles that were compared'),
  signals: z.number().describe('registers and ports that were compared on each'),
  images: z.number(),
  mismatches: z.number().describe('0, or the check failed'),
  cyclesPerSecond: z.number(),
  predictions: z.array(z.number()).describe('the class of each image'),
  correct: z.number().optional().describe('with labels: right answers'),
  cyclesPerImage: z.number().optional(),
  latency: z
    .object({ fromFirstPixel: spread, fromLastPixel: spread, cyclesPerImage: z.number() })
    .optional()
    .describe("clock cycles from an image's pixels to its class"),
  mismatch: z
    .object({
      ...difference,
      cycle: z.number(),
      layer: z.string().optional(),
      image: z.number().optional(),
      neuron: z.string().optional(),
      timeStep: z.string().optional(),
      verilog: z.string().optional(),
      typescript: z.string().optional(),
      effect: z.object({ cycle: z.number(), signal: z.string() }).optional(),
      others: z.array(z.object(difference)),
      count: z.number(),
      trace: z.string().optional(),
    })
    .optional()
    .describe('with a difference: where the first one is, and what it belongs to'),
  hostile: z
    .object({
      images: z.number(),
      cycles: z.number(),
      mismatches: z.number(),
      randomStarts: z.number().describe('runs from random bits at power-up'),
      seen: z.array(z.string()).describe('mechanisms that were reached'),
      notSeen: z.array(z.string()).describe('holes'),
    })
    .optional()
    .describe('the second run, on a stimulus made to reach every mechanism'),
  stall: z.number().optional().describe('with `--stall`: its seed'),
  margin: z.number().optional().describe('with `--margin`'),
  meanTimeSteps: z.number().optional().describe('with `--margin`: time steps of an image'),
  mutation: z
    .object({ mutants: z.number(), found: z.number(), equivalent: z.number(), survivors: z.array(mutant) })
    .optional()
    .describe('with `--mutants`'),
  coverage: z
    .object({ lines: covered, toggles: covered, runs: z.number().describe('hostile runs that are added up') })
    .optional()
    .describe('with `--coverage`'),
  profile: z
    .array(
      z.object({
        layer: z.string(),
        busy: z.number(),
        overhead: z.number(),
        starved: z.number(),
        blocked: z.number(),
        skipped: z.number(),
        lanes: z.number(),
        utilisation: z.number(),
      }),
    )
    .optional()
    .describe('with `--profile`: shares of the clock cycles of each layer'),
});
