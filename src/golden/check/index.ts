/**
 * What the golden model demands of a plan before it believes it. Written apart from the plan's builder: an accumulator
 * too narrow or a window out of its frame would otherwise be a wrong answer on both sides.
 */
import { askedBy, clashOf, type LayerPlan, type Plan } from '../../plan/schema/index.ts';
import { geometryOf, pixelsOf } from '../geometry.ts';
import { checkLayer } from './layer.ts';
import { checkDevice, checkStream } from './neurons.ts';
import { demand, isCount, same, show } from './rules.ts';

/** Values of one frame, with its padding: the model keeps them all. */
const MAX_FRAME = 2 ** 24;

/** Time lanes of a pass are kept as the bits of one word. */
const MAX_LANES = 32;

/** Throws badInput that names the layer and the field when the plan contradicts itself or docs/microarchitecture.md. */
export function checkPlan(plan: Plan): void {
  const { max, lanes, default: usual } = plan.timeSteps;
  demand(
    isCount(max) && usual >= 1 && usual <= max,
    'timeSteps',
    `max ${max}, default ${usual}`,
    '1 <= default <= max',
  );
  demand(
    isCount(lanes) && lanes <= Math.min(max, MAX_LANES),
    'timeSteps.lanes',
    `${lanes}`,
    `1..${Math.min(max, MAX_LANES)}`,
  );
  const clash = clashOf(askedBy(plan));
  demand(clash === undefined, 'the plan', clash?.things.join(' and ') ?? '', `one of them: ${clash?.reason ?? ''}`);
  const { pixelLanes } = plan;
  demand(
    isCount(pixelLanes) && pixelLanes <= 64 && pixelsOf(plan) % pixelLanes === 0,
    'pixelLanes',
    `${pixelLanes}`,
    `a divisor of ${pixelsOf(plan)} pixels, at most 64`,
  );
  demand(plan.layers.length > 0, 'layers', 'none', 'at least one');
  if (plan.encoding.kind === 'bernoulli') checkStream('encoding.stream', plan.encoding.stream, pixelsOf(plan));
  let shape = plan.input;
  /** [channel of the frame in front of the layer] */
  let maxima = new Array<number>(plan.input.channels).fill(plan.encoding.kind === 'direct' ? 255 : 1);
  plan.layers.forEach((layer, index) => {
    const where = `layer ${layer.name}`;
    const largest = maxima.reduce((most, each) => Math.max(most, each), 0);
    demand(
      same(layer.input, shape) && layer.inputMax === largest,
      where,
      `input ${show(layer.input)} of values to ${layer.inputMax}`,
      `${show(shape)} of values to ${largest}, as the layer before gives`,
    );
    checkFrames(layer);
    checkLayer(plan, layer, index);
    checkCarry(plan, layer, index, maxima);
    const { windowsY, windowsX, channelsOut, poolArea, outputs } = geometryOf(layer);
    shape = { height: windowsY, width: windowsX, channels: channelsOut };
    const own = new Array<number>(outputs).fill(plan.neuron.kind === 'integer' ? 255 : 1);
    maxima = [...carriedMaxima(layer, maxima), ...own].map((most) => most * poolArea);
  });
  const classes = shape.height * shape.width * shape.channels;
  demand(
    plan.readout.classes === classes,
    'readout.classes',
    `${plan.readout.classes}`,
    `${classes} by the last layer`,
  );
  demand(plan.layers.at(-1)?.pool === null, 'the last layer', 'a pool', 'none: the readout takes single neurons');
  checkScores(plan);
  checkDevice(plan);
}

/** Largest values of the inputs that a layer hands on. */
function carriedMaxima({ carry, input }: LayerPlan, maxima: readonly number[]): number[] {
  return Array.from({ length: carry?.count ?? 0 }, (_, i) => maxima[(carry!.tap + i) % input.channels]!);
}

/** What is handed on lies in the window, comes from a window engine with a place at a time, and has somewhere to go. */
function checkCarry(plan: Plan, layer: LayerPlan, index: number, maxima: readonly number[]): void {
  const { carry, engine, positionLanes, neuron } = layer;
  if (carry === undefined) return;
  const where = `layer ${layer.name}`;
  const { inputTaps } = geometryOf(layer);
  demand(
    carry.tap + carry.count <= inputTaps,
    where,
    `carry of ${carry.count} taps from ${carry.tap}`,
    `taps among the ${inputTaps} of its window`,
  );
  const most = carriedMaxima(layer, maxima).reduce((largest, each) => Math.max(largest, each), 0);
  demand(carry.max === most, where, `carry.max ${carry.max}`, `${most}, as the layers before give`);
  demand(
    engine.kind === 'window' && positionLanes === 1 && neuron.kind !== 'none' && index < plan.layers.length - 1,
    where,
    `carry with ${engine.kind} engine, ${positionLanes} position lanes`,
    'a window engine with one position lane, with neurons, and a layer behind it',
  );
  demand(
    index > 0 || plan.encoding.kind !== 'direct' || plan.neuron.kind === 'integer',
    where,
    'carry of pixels',
    'spikes: under direct encoding the first layer carries nothing',
  );
}

/** No frame is larger than what a model has room for; whoever writes a plan by hand may have one digit too many. */
function checkFrames({ name, input, output, padTop, padBottom, padLeft, padRight }: LayerPlan): void {
  const padded = (input.height + padTop + padBottom) * (input.width + padLeft + padRight) * input.channels;
  const largest = Math.max(padded, output.height * output.width * output.channels);
  demand(largest <= MAX_FRAME, `layer ${name}`, `a frame of ${largest} values`, `at most ${MAX_FRAME}`);
}

function checkScores(plan: Plan): void {
  const last = plan.layers.at(-1)!;
  const limit = 2 ** (plan.readout.scoreBits - 1);
  demand(plan.readout.scoreBits <= 32, 'readout.scoreBits', `${plan.readout.scoreBits}`, 'at most 32');
  let lowest = 0;
  let highest = plan.readout.kind === 'count' ? plan.timeSteps.max : 0;
  if (plan.readout.kind === 'potential') {
    last.weights.forEach((row, channel) => {
      let negative = last.bias[channel]!;
      let positive = negative;
      for (const weight of row) {
        if (weight < 0) negative += weight * last.inputMax;
        else positive += weight * last.inputMax;
      }
      lowest = Math.min(lowest, negative * plan.timeSteps.max);
      highest = Math.max(highest, positive * plan.timeSteps.max);
    });
  }
  demand(
    lowest >= -limit && highest < limit,
    'readout.scoreBits',
    `${plan.readout.scoreBits}`,
    `room for ${lowest}..${highest}`,
  );
}
