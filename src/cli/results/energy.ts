/** What `energy` prints with --json. Studies grow: their inner fields are named where programs rely on them. */
import { z } from 'zod';

const ratios = z.object({ neurons: z.number(), neuronsAndSynapses: z.number(), wholeCore: z.number() });
const totals = { totalJ: z.number(), neuronsJ: z.number(), neuronsAndSynapsesJ: z.number() };
const digital = z.object({
  ...totals,
  areaM2: z.number(),
  latencyS: z.number(),
  clockHz: z.number(),
  cyclesPerImage: z.number(),
  blocks: z.array(z.object({ name: z.string(), totalJ: z.number() })),
});
const tradePoint = { label: z.string(), timeSteps: z.number(), energyJ: z.number(), accuracy: z.number() };

const side = z.object({ energyJ: z.number(), basis: z.string(), by: z.string() });

export const energyJson = z.object({
  name: z.string(),
  mtj: z
    .object({
      ...totals,
      layers: z.array(z.object({ name: z.string(), totalJ: z.number() })),
      counts: z.object({
        writes: z.number(),
        reads: z.number(),
        resets: z.number(),
        spikes: z.number(),
        activeRows: z.number(),
      }),
      area: z.object({ totalM2: z.number() }),
      latency: z.object({ stepS: z.number(), unrolledS: z.number().optional(), sharedS: z.number() }),
    })
    .describe('an image on the chip of MTJs, with its parts, events, area and latency'),
  cmos: digital.describe('the same image on the core in 45 nm CMOS'),
  ratio: z.number().describe('CMOS over MTJ, every line of the ledger on both sides'),
  ratios: ratios.describe('CMOS over MTJ, by how much of the core is compared'),
  headline: z
    .object({
      stochastic: ratios,
      gated: z.number(),
      eventDriven: z.number(),
      stochasticArray: ratios,
      integer: ratios.optional(),
      integerArray: ratios.optional(),
      published: z.number(),
      analogOnly: z.number(),
    })
    .describe('CMOS over MTJ against each baseline'),
  intervals: z
    .record(z.string(), z.object({ value: z.number(), low: z.number(), high: z.number() }))
    .describe('the same with all assumptions as independent errors'),
  ledger: z
    .array(z.object({ function: z.string(), scope: z.string(), mtj: side, cmos: side }))
    .describe('who does what on each side, and what it costs'),
  paperRatio: z.number().describe("of the paper's abstract"),
  floor: z
    .object({ additions: z.number(), energyJ: z.number() })
    .describe('the additions that the spikes ask for, and nothing else'),
  images: z.number(),
  timeSteps: z.number(),
  accuracy: z.number().optional().describe('with labels'),
  device: z.string(),
  chip: z
    .object({
      kind: z.enum(['built', 'paper']),
      choice: z.record(z.string(), z.unknown()).optional(),
      refused: z.array(z.string()),
      accuracy: z.object({ mean: z.number(), deviation: z.number(), chips: z.number() }).optional(),
    })
    .describe('which chip the MTJ side is: one that could be built, or the one on paper, and why'),
  integer: z
    .object({ estimate: digital, accuracy: z.number().optional(), ratios })
    .optional()
    .describe('with `--integer`: the same network without chance'),
  bars: z
    .array(z.object({ section: z.string(), name: z.string(), atLow: ratios, atHigh: ratios }))
    .describe('the ratio with each assumption at its ends'),
  extremes: z.object({ least: ratios, most: ratios }).describe('with all of them at their worst and best'),
  trade: z
    .object({
      timeSteps: z.array(z.object(tradePoint)),
      earlyExit: z.array(z.object(tradePoint)),
      levels: z.array(z.object(tradePoint)),
      temperature: z.array(z.object({ ...tradePoint, temperatureK: z.number() })),
    })
    .optional()
    .describe('with labels: energy against accuracy'),
  economics: z
    .object({
      parts: z.array(z.object({ name: z.string(), meanW: z.number() })),
      breakEven: z.array(z.object({ against: z.string(), result: z.object({ extraPrice: z.number() }) })),
    })
    .describe('what running it costs'),
  assumptions: z.unknown().describe('all that were made, with their sources'),
  tools: z.record(z.string(), z.string()).describe('their versions'),
});
