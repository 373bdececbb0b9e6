/** What `build` prints with --json. */
import { z } from 'zod';
import { fitJson } from '../show/fit.ts';

export const builtJson = z.object({
  name: z.string(),
  verilog: z.array(z.string()).describe('files, relative to the folder'),
  top: z.string().describe('the top module'),
  lanes: z.number().describe('additions a clock cycle when every lane is busy'),
  cyclesPerImage: z
    .number()
    .optional()
    .describe(
      "clock cycles between two results in steady state: on `--images`, else counted on the test bench's images; absent where that takes long",
    ),
  cycles: z
    .object({ least: z.number(), most: z.number() })
    .describe(
      'the same with every input silent, and with every input active: no image takes more, but for one or two clocks where the blocks of a pipeline just meet',
    ),
  onImages: z
    .object({
      images: z.number().describe('whose activity was measured'),
      timesteps: z.number(),
      countedImages: z.number().describe('whose clocks were counted; 0: computed from the activity'),
      chipJ: z
        .number()
        .optional()
        .describe('energy of an image, J: analog part of a chip of MTJs on paper; `energy` has one that can be built'),
      layers: z.array(
        z.object({
          layer: z.string(),
          inputs: z.number().describe('share of inputs that are not silent in a time step'),
          spikes: z
            .object({ mean: z.number(), low: z.number(), high: z.number() })
            .optional()
            .describe(
              'share of neurons that spike in a time step: over all images, and the least and the most of an image',
            ),
        }),
      ),
    })
    .optional()
    .describe('with `--images`'),
  notes: z
    .array(z.string())
    .optional()
    .describe(
      'how the network and files of images were understood; layers of zeros, weights that spoil their layer, biases that were cut',
    ),
  fit: fitJson.optional().describe('with `--calibration`'),
  directory: z.string().describe('relative to the current folder'),
  estimate: z
    .object({ family: z.string(), luts: z.number(), rams: z.number(), source: z.string() })
    .describe('what yosys is expected to count'),
  boards: z.array(z.string()).describe('listed boards with room for it, beside the link'),
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
