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

export const synthesisRecord = z.object({
  target: z.enum(targetNames),
  top: z.string(),
  toolVersion: z.string(),
  /** Of the whole design, by type; memories of asic45 apart. */
  cells: cellCounts,
  /** 0 for asic45. */
  luts: z.number(),
  ffs: z.number(),
  /** Block RAMs; memories for asic45. */
  rams: z.number(),
  dsps: z.number(),
  /** How the counts are to be read. */
  notes: z.array(z.string()),
  warnings: z.array(z.string()),
  /** What the run took, also when this result is from the cache. */
  seconds: z.number(),
  /** Files in the result's folder. */
  files: z.object({
    /** Netlist in JSON, for placement. */
    json: z.string().optional(),
    /** Netlist in Verilog, for simulation and timing. */
    verilog: z.string(),
    /** Behavioural models of the memories that are no part of the netlist. */
    memories: z.string().optional(),
    /** Times of these memories, as a liberty file. */
    memoryLiberty: z.string().optional(),
    log: z.string(),
  }),
  /** Cell area without memories, square micrometres. */
  areaUm2: z.number().optional(),
  /** The part of it that flip-flops take. */
  sequentialAreaUm2: z.number().optional(),
  areaByModule: z.record(z.string(), moduleArea).optional(),
  /** Memories that are too large for flip-flops; they are in no area. */
  memories: z.array(memory).optional(),
  /** Of all these memories. */
  memoryBits: z.number().optional(),
  /** Worst setup slack at the clock period that was asked for; undefined without OpenSTA. */
  slackNs: z.number().optional(),
  timing: timing.optional(),
  /** Liberty file's library name. */
  library: z.string().optional(),
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
