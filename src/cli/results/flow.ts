/** What `synth` and `place` print with --json: what the flow keeps of a run, and where it is. */
import { z } from 'zod';
import { placeRecord, synthesisRecord } from '../../flow/index.ts';

const kept = {
  directory: z.string().describe('folder of the result, absolute; `files` are in it'),
  cached: z.boolean().describe('an earlier run with the same inputs, tools and options gave it'),
};

export const synthJson = synthesisRecord.extend({
  memoryAreaUm2: z.number().optional().describe('asic45: area of all memories, by a model'),
  ...kept,
});

export const placeJson = placeRecord.extend({
  check: z
    .object({
      images: z.number().describe('images whose scores are those of the golden model, bit by bit'),
      timeSteps: z.number(),
      cells: z.number().describe('cells of the netlist, each simulated'),
      bitstream: z
        .union([
          z.object({ cells: z.number().describe('iCE40: gates and flip-flops in it, simulated too') }),
          z.object({ settings: z.number().describe('ECP5: settings in it, those that the placer wrote') }),
        ])
        .optional()
        .describe('what was read back, where a tool for it is there'),
    })
    .optional()
    .describe('with --check: the netlist through the pins of the board'),
  ...kept,
});
