/** The powers of two by which real weights become integers. */
import { badInput } from '../errors/index.ts';

/** Whether the weights of a layer have one power of two, or those of each output channel their own. */
export type WeightScale = 'layer' | 'channel';

/** Finer steps of the potential than this say nothing more about a probability. */
const mostFractionBits = 24;
const leastFractionBits = -24;
/** Bits of the fraction of a potential that a neuron's switching table can tell apart, with some to spare. */
const toldApart = 10;
/** Bits of the largest bias of the last layer. */
const biasBits = 14;
/** A bias stays this far inside 32 bits, so that adding the weights' sum can be done in exact doubles by anyone. */
const biasLimit = 2 ** 30;
/** A channel's power of two is at most this much coarser than the finest of its layer: a shift of 0..3 in front of the adders. */
const largestShift = 3;

/** Real weights and biases of a layer, of inputs that are whole numbers. */
export interface RealWeights {
  readonly name: string;
  /** [output channel][tap] */
  readonly weights: Float64Array;
  /** [output channel] */
  readonly bias: Float32Array;
  /** Largest input value. */
  readonly inputMax: number;
  /** Its sums are compared with each other, and go to no neuron. */
  readonly isLast: boolean;
}

/** They as integers: weights times 2^fractionBits, whole multiples of 2^channelShifts[output channel]. */
export interface IntegerWeights {
  readonly fractionBits: number;
  readonly channelShifts?: readonly number[];
  readonly weights: Int32Array;
  readonly bias: Int32Array;
}

/**
 * The integers of `weightBits` (and a shift for each channel, where `scale` says so) with the least squared error; on a tie the finer ones, which
 * also round the bias better.
 *
 * @throws badInput for numbers that no integer is large enough for
 */
export function integerWeights(real: RealWeights, weightBits: number, scale: WeightScale): IntegerWeights {
  const { weights, bias } = real;
  const taps = weights.length / bias.length;
  const fractions =
    scale === 'layer'
      ? new Array<number>(bias.length).fill(bestFraction(weights, weightBits, scaleRange(real, weightBits)))
      : channelFractions(real, weightBits);
  const fractionBits = fractions.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  const channelShifts = fractions.map((each) => fractionBits - each);
  const integers = { weights: new Int32Array(weights.length), bias: new Int32Array(bias.length) };
  const round = limited(weightBits);
  for (const [channel, fraction] of fractions.entries()) {
    const [scaleUp, factor] = [2 ** fraction, 2 ** channelShifts[channel]!];
    integers.bias[channel] = nearest(bias[channel]! * scaleUp) * factor;
    for (let i = channel * taps; i < (channel + 1) * taps; i += 1)
      integers.weights[i] = round(weights[i]! * scaleUp) * factor;
  }
  return { fractionBits, ...(channelShifts.some((shift) => shift > 0) ? { channelShifts } : {}), ...integers };
}

interface FractionRange {
  readonly finest: number;
  readonly coarsest: number;
}

/** Fraction bits between which the best lies. */
function scaleRange({ name, weights, bias, inputMax, isLast }: RealWeights, weightBits: number): FractionRange {
  const taps = weights.length / bias.length;
  const useful = isLast ? relativeFractionBits(bias) : finestFractionBits(taps, inputMax);
  const biggest = largest(weights);
  // The finest scale without saturation. A coarser one only loses: its steps are among those of this one.
  const natural = biggest === 0 ? weightBits - 1 : Math.floor(Math.log2((2 ** (weightBits - 1) - 0.5) / biggest));
  const finest = Math.min(natural + (biggest === 0 ? 0 : weightBits), mostFractionBits, biasAllows(bias), useful);
  if (finest < leastFractionBits) {
    throw badInput('the numbers of a layer are too large for integers', {
      where: `layer ${name}`,
      found: `weights up to ${biggest}, bias up to ${largest(bias)}`,
      expected: `potentials below 2^${weightBits - leastFractionBits}`,
    });
  }
  return { finest, coarsest: Math.max(Math.min(natural, finest), leastFractionBits) };
}

function bestFraction(weights: Float64Array, weightBits: number, { finest, coarsest }: FractionRange): number {
  let best = finest;
  let leastError = Number.POSITIVE_INFINITY;
  for (let bits = finest; bits >= coarsest; bits -= 1) {
    const error = squaredError(weights, bits, weightBits);
    if (error < leastError) {
      leastError = error;
      best = bits;
    }
  }
  return best;
}

/** [output channel]: the best of each, of those that are at most `largestShift` apart the best for all together. */
function channelFractions(real: RealWeights, weightBits: number): number[] {
  const { weights, bias } = real;
  const taps = weights.length / bias.length;
  const channels = Array.from(bias, (_, channel) => weights.subarray(channel * taps, (channel + 1) * taps));
  const whole = scaleRange(real, weightBits);
  const ranges = channels.map((own, channel) =>
    scaleRange({ ...real, weights: own, bias: bias.subarray(channel, channel + 1) }, weightBits),
  );
  const finest = ranges.reduce((most, range) => Math.max(most, range.finest), whole.finest);
  const top = Math.min(finest, biasAllows(bias));
  const errors = channels.map((own) =>
    Array.from({ length: top - whole.coarsest + 1 }, (_, i) => squaredError(own, whole.coarsest + i, weightBits)),
  );
  const bestOf = (channel: number, most: number) => {
    let best = most;
    for (let bits = most - 1; bits >= Math.max(most - largestShift, whole.coarsest); bits -= 1)
      if (errors[channel]![bits - whole.coarsest]! < errors[channel]![best - whole.coarsest]!) best = bits;
    return best;
  };
  let best: number[] = [];
  let leastError = Number.POSITIVE_INFINITY;
  for (let most = top; most >= whole.coarsest; most -= 1) {
    const fractions = channels.map((_, channel) => bestOf(channel, most));
    const error = fractions.reduce((sum, bits, channel) => sum + errors[channel]![bits - whole.coarsest]!, 0);
    if (error < leastError) {
      leastError = error;
      best = fractions;
    }
  }
  return best;
}

/**
 * Fraction bits beyond which the roundings of a sum stay below what a neuron tells apart: as many errors of up to half a step,
 * each with its own sign, as there are taps.
 */
function finestFractionBits(taps: number, inputMax: number): number {
  return toldApart + Math.ceil(Math.log2(Math.max(inputMax * Math.sqrt(taps / 12), 1)));
}

/** Fraction bits with which every bias stays inside its limit. */
function biasAllows(bias: Float32Array): number {
  const biggest = largest(bias);
  return biggest === 0 ? mostFractionBits : Math.floor(Math.log2(biasLimit / biggest));
}

/** The sums of the last layer only compare with each other: however small, but a bias needs no more than this of its size. */
function relativeFractionBits(bias: Float32Array): number {
  const biggest = largest(bias);
  return biggest === 0 ? mostFractionBits : biasBits - Math.ceil(Math.log2(biggest));
}

function squaredError(scaled: Float64Array, fractionBits: number, weightBits: number): number {
  const round = limited(weightBits);
  const scale = 2 ** fractionBits;
  let sum = 0;
  for (let i = 0; i < scaled.length; i += 1) {
    const weight = scaled[i]!;
    const error = round(weight * scale) / scale - weight;
    sum += error * error;
  }
  return sum;
}

/** To the nearest integer that a weight can be. */
function limited(weightBits: number): (value: number) => number {
  const limit = 2 ** (weightBits - 1);
  return (value) => Math.min(Math.max(nearest(value), -limit), limit - 1);
}

function largest(values: Float32Array | Float64Array): number {
  let result = 0;
  for (const value of values) result = Math.max(result, Math.abs(value));
  return result;
}

/** The nearest whole number, an even one between two: weights that were rounded before lie between two of fewer bits, and all upwards would move each sum by a quarter of a step a weight. */
function nearest(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}
