/** What `build` prints with --json. */
import { z } from 'zod';

export const builtJson = z.object({
  name: z.string(),
  verilog: z.array(z.string()).describe('files, relative to the folder'),
  top: z.string().describe('the top module'),
  lanes: z.number().describe('additions a clock cycle when every lane is busy'),
  cyclesPerImage: z.number().describe('clock cycles between two results in steady state'),
  directory: z.string().describe('relative to the current folder'),
  estimate: z
    .object({ family: z.string(), luts: z.number(), rams: z.number(), source: z.string() })
    .optional()
    .describe('what yosys is expected to count; absent for device neurons and integer cores'),
  warnings: z
    .array(z.object({ tool: z.string(), text: z.string() }))
    .optional()
    .describe('with `--lint`'),
});

export const exploredJson = z.object({
  name: z.string(),
  family: z.string().describe('whose LUTs and RAMs are counted'),
  source: z.string().describe('where those figures come from'),
  candidates: z
    .array(
      z.object({
        cyclesPerImage: z.number(),
        latencyCycles: z.number(),
        luts: z.number(),
        rams: z.number(),
        lanes: z.number(),
        utilisation: z.number(),
        timeLanes: z.number(),
        pixelLanes: z.number().optional(),
        imageBanks: z.number().optional(),
        seeding: z.string().optional(),
        folds: z.array(
          z.object({
            layer: z.string(),
            engine: z.string().optional(),
            outputLanes: z.number(),
            positionLanes: z.number(),
            inputLanes: z.number().optional(),
            inputBanks: z.number().optional(),
          }),
        ),
        chosen: z.boolean(),
      }),
    )
    .describe('with `--explore`: folds that no other beats'),
});
