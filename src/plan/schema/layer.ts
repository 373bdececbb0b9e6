/** A layer: geometry, fold, weights and widths. */
import { z } from 'zod';
import { layerNeuron } from './neuron.ts';
import { count, integers, positive, shape, verilogName, width } from './parts.ts';

const engine = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('window'),
        inputBanks: z
          .union([z.literal(1), z.literal(2)])
          .describe("Of the frame buffer in front of the layer; without one (the image's own is imageBanks) 2."),
      })
      .describe('A kernel walks over a frame.'),
    z.strictObject({ kind: z.literal('event') }).describe('Only inputs that spiked cost a clock.'),
    z
      .strictObject({ kind: z.literal('wide'), inputLanes: positive.max(64).describe('Inputs taken at once.') })
      .describe('Several inputs a clock, through a tree of adders.'),
  ])
  .describe('How the weighted sums are made.');

export const layer = z
  .strictObject({
    name: verilogName.describe('Verilog instance name, e.g. `conv1`.'),
    kind: z.enum(['convolution', 'dense']),
    engine,
    input: shape,
    output: shape.describe('Its own channels, before the pool.'),
    carry: z
      .strictObject({ tap: count, count: positive, max: positive })
      .exactOptional()
      .describe(
        'Inputs that it hands on, none larger than `max`: `count` taps of its window from number `tap`, in tap order (ky, kx, input channel). At every position they are the first channels of what goes to the pool and the next layer. Absent: none.',
      ),
    kernelHeight: positive,
    kernelWidth: positive,
    strideY: positive,
    strideX: positive,
    padTop: count,
    padLeft: count,
    padBottom: count,
    padRight: count,
    runs: z
      .array(z.strictObject({ tap: count, count: positive }))
      .min(1)
      .exactOptional()
      .describe(
        'The taps that a window engine walks over, as runs of `count` taps from number `tap` with gaps between them: all that some output has a weight for, and all that are handed on. Absent: every tap.',
      ),
    pool: z
      .strictObject({ height: positive, width: positive })
      .nullable()
      .describe("Average pool of the layer's spikes or values (window = stride); its sums go to the next layer."),
    inputMax: positive.describe(
      'Largest input value: 1 spike, pool area, 255 pixel or integer value, 255 x pool area.',
    ),
    valueBits: width.describe('Bits that hold an input value.'),
    weightBits: width,
    channelShifts: z
      .array(z.int().min(0).max(3))
      .exactOptional()
      .describe(
        '[output channel]: weights and bias rows of a channel are multiples of 2^shift; their memory holds them without that factor. Absent: 0 for all.',
      ),
    fractionBits: z.int().min(-64).max(64).describe('Potential z = v * 2^-fractionBits.'),
    weights: z.array(integers).describe('[output channel][tap], tap order (ky, kx, input channel).'),
    bias: integers.describe('[output channel]'),
    biasRows: z
      .array(integers)
      .describe(
        'The bias split into rows of weightBits: [row][output channel]; columns times biasValue sum to the bias.',
      ),
    biasValue: positive.describe(
      'The input value of a bias row: 1, or with pixels and integer values inputMax (the weights are finer by that factor).',
    ),
    accumulatorBits: width.describe('Signed width that no partial sum can overflow, proved from the weights.'),
    outputLanes: positive.describe('Output channels at once.'),
    positionLanes: positive.describe('Positions of the pool window at once; 1 but on a window engine.'),
    timeLanes: width.describe(
      'Accumulators for each output lane: timeSteps.lanes, or 1 under direct encoding in the first layer.',
    ),
    neuron: layerNeuron,
  })
  .describe('One layer of weights with its neurons and its pool.');
