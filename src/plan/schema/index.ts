/**
 * The plan: everything that the hardware and the golden model must agree on, as plain data and nothing else. It says what
 * is folded where, which taps and seeds, which widths; how a result is computed from it is written twice, in `core` and in `golden`,
 * from docs/microarchitecture.md. The schema is the type: `plan.json` is read by it, and it is published beside it as JSON Schema.
 */
import { z } from 'zod';
import { layer } from './layer.ts';
import { monitors } from './monitors.ts';
import { neuron } from './neuron.ts';
import { positive, type ReadonlyDeep, shape, share, stream, u32, verilogName } from './parts.ts';

export { type AskedFor, askedBy, type Clash, clashOf, excludedBy, featureTable } from './features.ts';

/** The number of the schema; a plan of another one is refused. */
export const planVersion = 2;

const encoding = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bernoulli'), stream: stream.describe('Words that decide over the pixels.') }),
    z.strictObject({ kind: z.literal('direct') }),
  ])
  .describe('bernoulli: a pixel is a spike train of its rate; direct: its value drives the first layer.');

const timeSteps = z
  .strictObject({
    max: positive
      .max(255)
      .describe('Largest run-time number of time steps: every image owns so many time steps of words.'),
    lanes: positive.max(32).describe('Time steps done side by side.'),
    default: positive.max(255).describe('What the tools use unless told otherwise.'),
  })
  .describe('Time steps of an image.');

const readout = z
  .strictObject({
    kind: z
      .enum(['potential', 'count'])
      .describe("Classes by the sum of the last layer's potentials, or by its number of spikes."),
    classes: positive,
    scoreBits: positive.max(32).describe('Signed width of a score.'),
  })
  .describe('How an image gets its class.');

/** The shape of a plan as `plan.json` holds it. */
export const planSchema = z
  .strictObject({
    version: z.literal(planVersion),
    name: verilogName.describe('Of the core; its Verilog modules begin with it.'),
    input: shape.describe('The image.'),
    inputValues: z
      .strictObject({
        low: z.array(z.number()).min(1),
        high: z.array(z.number()).min(1),
        ones: z.boolean().describe('The last channel of the input is full everywhere; images do not have it.'),
      })
      .exactOptional()
      .describe(
        'What the pixels 0 and 255 stand for in the data that the network was made for: one number for all, or one for each channel. Absent: 0 and 1.',
      ),
    encoding,
    pixelLanes: positive
      .max(64)
      .describe(
        'Pixels a beat of the input stream; more than 1 want a wide engine of as many input lanes in the first layer.',
      ),
    imageBanks: z
      .union([z.literal(1), z.literal(2)])
      .describe('1: an image is taken in only after the one before has been read.'),
    timeSteps,
    seeding: z
      .enum(['seeder', 'none'])
      .describe(
        'How a stream comes to the start of a time step: its lanes are loaded with start states, or (one time lane only) the lane goes on where the time step before ended, and draws the words of unused time steps, one a clock.',
      ),
    earlyExit: z
      .enum(['none', 'margin'])
      .describe('margin: an image may be answered before its last pass, by the margin between the best two classes.'),
    neuron,
    layers: z.array(layer).min(1),
    readout,
    monitors: monitors.exactOptional(),
    expected: z
      .strictObject({
        images: positive,
        timeSteps: positive,
        layers: z.array(
          z.strictObject({
            layer: z.string(),
            spikes: z
              .strictObject({ mean: share, low: share, high: share })
              .nullable()
              .describe('Over all images, and of the images with the fewest and the most; null without neurons.'),
          }),
        ),
      })
      .exactOptional()
      .describe(
        'Shares of the neurons that spiked in a time step on the images that the core was built with, for limits of watchdogs.',
      ),
    seed: u32.describe("The number that the streams' seeds were derived from."),
  })
  .describe('Plan of a spinfire core: folds, streams, widths, weights and tables.');

/** A whole core. */
export type Plan = ReadonlyDeep<z.infer<typeof planSchema>>;
/** What all neurons of a core have in common. */
export type NeuronPlan = Plan['neuron'];
/** What the hardware has of the device's behaviour, with the values of its registers after reset (docs/microarchitecture-device.md). */
export type DevicePlan = Extract<NeuronPlan, { kind: 'device' }>;
/** What watches over a core. */
export type MonitorPlan = NonNullable<Plan['monitors']>;
/** Weights (integers), fold, engine, neurons and pool, with the geometry that both sides of the check build them by. */
export type LayerPlan = Plan['layers'][number];
/** What makes the weighted sums: window, event or wide, with its own settings. */
export type EnginePlan = LayerPlan['engine'];
/** What takes a layer's potentials. */
export type LayerNeuron = LayerPlan['neuron'];
/** Neurons that draw words and spike. */
export type SpikingNeuron = Extract<LayerNeuron, { stream: StreamPlan }>;
/** Neurons without any of the device's behaviour. */
export type IdealNeuron = Extract<LayerNeuron, { kind: 'ideal' }>;
/** Neurons that behave like devices. */
export type DeviceNeuron = Extract<LayerNeuron, { kind: 'device' }>;
/** What takes a layer's potentials, of one kind. */
export type NeuronOf<Kind extends LayerNeuron['kind']> = Extract<LayerNeuron, { kind: Kind }>;
/** The 8-bit values of an integer layer. */
export type IntegerNeuron = Extract<LayerNeuron, { kind: 'integer' }>;
/** Codes 0..65535 (a probability times 65536; 65535: always) or 8-bit values, at address floor(potential / 2^tableShift) + tableOffset, clamped to the ends. */
export type PotentialTable = Pick<SpikingNeuron | IntegerNeuron, 'table' | 'tableShift' | 'tableOffset'>;
/** Trim registers of a layer. */
export type TrimPlan = NonNullable<DeviceNeuron['trim']>;
/** A device of its own for each neuron. */
export type VariationPlan = NonNullable<DeviceNeuron['variation']>;
/** How a stream comes to the start of a time step. */
export type Seeding = Plan['seeding'];
/** One stream of random words. */
export type StreamPlan = ReadonlyDeep<z.infer<typeof stream>>;
/** Height, width and channels. */
export type PlanShape = ReadonlyDeep<z.infer<typeof shape>>;
