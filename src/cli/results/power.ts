/** What `power` prints with --json. */
import { z } from 'zod';

const common = {
  top: z.string(),
  clockMHz: z.number(),
  images: z.number().describe('whose activity was measured'),
  timeSteps: z.number(),
  cyclesPerImage: z.number(),
  netlistHash: z.string().describe('SHA-256 of the measured netlist, which answered as the golden model does'),
  cached: z.boolean().describe('the activity was kept from an earlier run'),
  annotated: z
    .object({ cells: z.number(), measured: z.number() })
    .describe('cells of the netlist, and those whose activity was measured'),
  cells: z.record(z.string(), z.number()).describe('how many of each type'),
  tools: z.record(z.string(), z.string()).describe('their versions'),
};

const cellPower = { internalW: z.number(), switchingW: z.number(), leakageW: z.number() };
const shares = { ...cellPower, memoryW: z.number() };
const range = z.object({ low: z.number(), typical: z.number(), high: z.number() });
const duty = {
  dutyCycle: z
    .object({
      intervalS: z.number(),
      activeS: z.number(),
      idleW: range,
      activeJ: range,
      idleJ: range,
      totalJ: range,
      meanW: range,
    })
    .optional()
    .describe('with `--interval-ms`: an image and the wait for the next'),
};

export const cellPowerJson = z.object({
  target: z.literal('asic45'),
  ...common,
  library: z.string(),
  voltage: z.number().optional(),
  ...duty,
  areaUm2: z.number(),
  memoryAreaUm2: z.number(),
  power: z.object(shares).describe('in W, of the whole core'),
  totalW: z.number(),
  energyPerImageJ: z.number(),
  idleW: z.number().describe('while nothing moves but the clock, all its gates shut'),
  gating: z
    .object({ flipFlops: z.number(), gates: z.number(), meanOpen: z.number() })
    .describe('flip-flops on gated clocks, gates, share of cycles in which they are open'),
  memoryLeakageW: z.object({ low: z.number(), high: z.number() }).describe('in no other figure'),
  layout: z
    .object({
      connectionM: z.object({ low: z.number(), high: z.number() }),
      wiresW: z.object({ low: z.number(), high: z.number() }),
      clockTreeW: z.object({ low: z.number(), high: z.number() }),
    })
    .describe("wires and clock tree by Rent's rule: an estimate, in no other figure"),
  atDefault: z
    .object({ activity: z.number(), power: z.object(cellPower), totalW: z.number() })
    .describe('at one activity everywhere: what one would have without a simulation'),
  meanActivity: z.number().describe("toggles of a cell's output in a clock cycle"),
  modules: z
    .array(z.object({ module: z.string(), ...shares, cells: z.number(), memoryAreaUm2: z.number() }))
    .describe('the same for each block'),
  memories: z
    .array(
      z.object({
        instance: z.string(),
        macro: z.string(),
        words: z.number(),
        width: z.number(),
        reads: z.number(),
        newReads: z.number(),
        writes: z.number(),
        areaUm2: z.number(),
        accessJ: z.number(),
      }),
    )
    .describe('accesses in the measured cycles'),
});

export const fpgaPowerJson = z.object({
  target: z.literal('ice40'),
  board: z.string(),
  ...common,
  part: z.string(),
  powerW: range.describe('low, typical and high'),
  energyPerImageJ: range,
  idleW: range.describe('while nothing moves but the clock'),
  ...duty,
  parts: z
    .object({ static: range, pll: range, clock: range, logic: range, rams: range, dsps: range })
    .describe('of it, in W'),
  modules: z
    .array(
      z.object({
        module: z.string(),
        luts: z.number(),
        flipFlops: z.number(),
        rams: z.number(),
        togglesPerCycle: z.number(),
        powerW: range,
      }),
    )
    .describe('what each block adds'),
  counts: z
    .object({
      flipFlops: z.number(),
      toggles: z.number(),
      localToggles: z.number(),
      ramAccesses: z.object({ low: z.number(), high: z.number() }),
      dspProducts: z.number(),
    })
    .describe('what happens in a mean clock cycle'),
  coefficients: z.string().describe('file that has them, with their ranges and sources'),
});
