/** What synthesis says. */
import { z } from 'zod';
import { targetNames } from './targets.ts';

const cellCounts = z.record(z.string(), z.number());

const memory = z.object({
  module: z.string(),
  name: z.string(),
  /** Name of the module that stands for it in the netlist. */
  macro: z.string(),
  words: z.number(),
  width: z.number(),
  /** words * width, of one instance. */
  bits: z.number(),
  readPorts: z.number(),
  /** 0: a read-only memory. */
  writePorts: z.number(),
  /** The data come a clock after the address. */
  registeredRead: z.boolean(),
  /** Ports of the macro that are clocks. */
  clocks: z.array(z.string()),
  /** How often it is in the design. */
  instances: z.number(),
});

const timing = z.object({
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
});

const moduleArea = z.object({
  instances: z.number(),
  /** One instance, without the modules inside it, without memories. Square micrometres. */
  ownAreaUm2: z.number(),
  /** instances * ownAreaUm2; these add up to the whole. */
  totalAreaUm2: z.number(),
});

/** What synthesis keeps of itself, and what `synth --json` prints of it. */
export const synthesisRecord = z.object({
  target: z.enum(targetNames),
  top: z.string(),
  toolVersion: z.string().describe('of yosys'),
  cells: cellCounts.describe('how many of each type; memories of asic45 apart'),
  luts: z.number().describe('0 for asic45'),
  ffs: z.number(),
  rams: z.number().describe('block RAMs; memories for asic45'),
  dsps: z.number(),
  notes: z.array(z.string()).describe('how the counts are to be read'),
  warnings: z.array(z.string()),
  seconds: z.number().describe('what the run took, also when the result was kept from an earlier one'),
  files: z
    .object({
      json: z.string().optional().describe('netlist in JSON, for placement'),
      verilog: z.string().describe('netlist in Verilog, for simulation and timing'),
      memories: z.string().optional().describe('behavioural models of the memories that are no part of the netlist'),
      memoryLiberty: z.string().optional().describe('times of these memories, as a liberty file'),
      log: z.string(),
    })
    .describe("in the result's folder"),
  areaUm2: z.number().optional().describe('asic45: cell area without memories'),
  sequentialAreaUm2: z.number().optional().describe('asic45: the part of it that flip-flops take'),
  areaByModule: z.record(z.string(), moduleArea).optional().describe('asic45: each module without those inside it'),
  memories: z
    .array(memory)
    .optional()
    .describe('asic45: memories that are too large for flip-flops; they are in no area'),
  memoryBits: z.number().optional().describe('asic45: of all of them'),
  slackNs: z.number().optional().describe('asic45, with OpenSTA: worst setup slack at the wanted clock'),
  timing: timing.optional().describe('asic45, with OpenSTA: the slowest path'),
  library: z.string().optional().describe('asic45: name of the standard cell library'),
});

export type SynthesisRecord = z.output<typeof synthesisRecord>;
/** The slowest path by OpenSTA. */
export type CellTiming = z.output<typeof timing>;
/** A memory that is too large for flip-flops and stays a macro. */
export type MemoryMacro = z.output<typeof memory>;
/** Cell area of a module, without those inside it. */
export type ModuleArea = z.output<typeof moduleArea>;

/** Cells, area and timing after synthesis, and where the files are. */
export interface SynthesisResult extends SynthesisRecord {
  /** The result's folder; `files` are in it. */
  readonly directory: string;
  /** An earlier run with the same inputs, tool and script gave it. */
  readonly cached: boolean;
}
