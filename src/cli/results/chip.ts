/** What `chip` prints with --json. */
import { z } from 'zod';

const choice = z
  .object({
    cell: z.string(),
    cellBits: z.number().describe('levels of a conductance, as bits'),
    cellsPerWeight: z.number().describe('side by side, for each sign'),
    rowV: z.number(),
    tileRows: z.number().describe('wires of a tile at most'),
    pair: z.enum(['columns', 'rows']).describe('where the two cells of a weight stand'),
    driverOhm: z.number(),
    clampM2: z.number().describe('gate area of a clamp, which its mirror multiplies'),
    clampMaxA: z.number(),
    trimBits: z.number().describe('of the gain of each column and the offset of each device; 0: none'),
    latchScale: z.number().describe('input pair of the sense latch, over the smallest'),
    readV: z.number(),
    devices: z.number().describe('junctions of a column, which take turns'),
  })
  .describe('one value of each choice of the parts file');

const layer = z.object({
  name: z.string(),
  tiles: z.number(),
  gain: z.number().describe('of the mirror: write current over column current'),
  settleS: z.number(),
  stepS: z.number().describe('from position to position'),
  clampOhm: z.number(),
  columnA: z.number().describe('largest on real images'),
  rowA: z.number(),
  offset: z.number().describe('of the potential, one standard deviation, before any trim'),
});

const joules = z.number().describe('joules of an image');

const figures = z.object({
  accuracy: z.number(),
  deviation: z.number().describe('over the chips'),
  leastReach: z.number().describe("share of a column's ideal current that arrives, least of all columns"),
  margin: z.object({
    marginV: z.number(),
    offsetV: z.number(),
    noiseV: z.number(),
    stuckShare: z.number(),
    readA: z.number(),
    disturb: z.number().describe('probability that one read flips the junction'),
  }),
  estimate: z.object({
    writeJ: joules,
    readJ: joules,
    resetJ: joules,
    crossbarJ: joules,
    rowsJ: joules,
    clampsJ: joules,
    peripheryJ: joules,
    totalJ: joules,
    areaM2: z.number(),
    tiles: z.number(),
    cells: z.number(),
    latencyS: z.number(),
    layers: z.array(layer),
  }),
});

export const chipJson = z.object({
  name: z.string(),
  images: z.number(),
  timeSteps: z.number(),
  chips: z.number().describe('drawn of each choice'),
  idealAccuracy: z.number().describe('of the same images on the core itself'),
  points: z.array(
    z.object({
      choice,
      objections: z.array(z.string()).describe('why it cannot be built; empty when it can'),
      figures: figures.optional(),
      onFrontier: z.boolean(),
    }),
  ),
});
