/** What `synth` and `place` print with --json. */
import { z } from 'zod';

const memory = z.object({
  module: z.string(),
  name: z.string(),
  macro: z.string(),
  words: z.number(),
  width: z.number(),
  bits: z.number(),
  readPorts: z.number(),
  writePorts: z.number(),
  registeredRead: z.boolean(),
  clocks: z.array(z.string()),
  instances: z.number(),
});

const result = {
  top: z.string(),
  seconds: z.number().describe('what the run took, also when the result was kept from an earlier one'),
  directory: z.string().describe('folder of the result, absolute; `files` are in it'),
  cached: z.boolean().describe('an earlier run with the same inputs, tools and options gave it'),
};

export const synthJson = z.object({
  target: z.string(),
  cells: z.record(z.string(), z.number()).describe('how many of each type; memories of asic45 apart'),
  luts: z.number().describe('0 for asic45'),
  ffs: z.number(),
  rams: z.number().describe('block RAMs; memories for asic45'),
  dsps: z.number(),
  areaUm2: z.number().optional().describe('asic45: cell area without memories'),
  slackNs: z.number().optional().describe('asic45, with OpenSTA: worst setup slack at the wanted clock'),
  sequentialAreaUm2: z.number().optional().describe('asic45: the part of it that flip-flops take'),
  areaByModule: z
    .record(z.string(), z.object({ instances: z.number(), ownAreaUm2: z.number(), totalAreaUm2: z.number() }))
    .optional()
    .describe('asic45: each module without those inside it'),
  memories: z.array(memory).optional().describe('asic45: memories that are too large for flip-flops'),
  memoryBits: z.number().optional().describe('asic45: of all of them'),
  memoryAreaUm2: z.number().optional().describe('asic45: of all of them, by a model'),
  timing: z
    .object({
      toolVersion: z.string(),
      periodNs: z.number(),
      slackNs: z.number(),
      holdSlackNs: z.number().optional(),
      fmaxMHz: z.number(),
      startpoint: z.string(),
      endpoint: z.string(),
      path: z.array(
        z.object({ timeNs: z.number(), delayNs: z.number(), pin: z.string(), cell: z.string(), drives: z.string() }),
      ),
    })
    .optional()
    .describe('asic45, with OpenSTA: the slowest path'),
  library: z.string().optional().describe('asic45: name of the standard cell library'),
  toolVersion: z.string().describe('of yosys'),
  notes: z.array(z.string()).describe('how the counts are to be read'),
  warnings: z.array(z.string()),
  files: z.object({
    json: z.string().optional(),
    verilog: z.string(),
    memories: z.string().optional(),
    memoryLiberty: z.string().optional(),
    log: z.string(),
  }),
  ...result,
});

export const placeJson = z.object({
  board: z.string(),
  fmaxMHz: z.number().describe('of the best placement'),
  utilisation: z
    .record(z.string(), z.object({ used: z.number(), available: z.number() }))
    .describe('of `luts`, `ffs`, `rams`, `dsps`, ...'),
  clockMHz: z.number().describe('what the clock should do'),
  timingMet: z.boolean().describe('false: a failed check'),
  baud: z.number().describe('of the serial line'),
  criticalPath: z
    .array(z.object({ kind: z.string(), delayNs: z.number(), signal: z.string(), place: z.string().optional() }))
    .describe('the slowest path, from register to register'),
  seed: z.number().describe('that was best'),
  seeds: z
    .array(z.object({ seed: z.number(), fmaxMHz: z.number().optional(), problem: z.string().optional() }))
    .describe('what each gave'),
  icetimeMHz: z.number().optional().describe('a second opinion, where icetime is installed'),
  bitstreamBytes: z.number(),
  tools: z.record(z.string(), z.string()).describe('their versions'),
  files: z.object({ bitstream: z.string(), configuration: z.string(), report: z.string(), log: z.string() }),
  ...result,
});
