import { badInput } from '../errors/index.ts';
import { neuronBias, readoutBias } from './bias.ts';
import { integerWeights, type WeightScale } from './scale.ts';
import {
  type ConvolutionLayer,
  channelsBehind,
  type DenseLayer,
  type Encoding,
  type FloatLayer,
  type FloatNetwork,
  type QuantisedLayer,
  type QuantisedNetwork,
  type Shape,
  showShape,
} from './types.ts';

/** Bits of a weight, encoding of the input, and which activation the layers have. */
export interface QuantiseOptions {
  /** Width of the weights, sign included, 2..16: of all, or of each layer that has weights. */
  readonly weightBits: number | readonly number[];
  readonly encoding: Encoding;
  /** `channel`: a power of two for each output channel instead of one for the layer. */
  readonly weightScale?: WeightScale | undefined;
  /** `integer`: the layers give values 0..255 instead of spikes. */
  readonly activation?: 'integer' | undefined;
}

/** What rounding did to one layer's weights. Real values, input scale folded in. */
export interface QuantisationLoss {
  readonly name: string;
  readonly fractionBits: number;
  /** Weights cut at the largest or smallest integer. */
  readonly saturated: number;
  /** Root of the mean squared weight error, relative to the root mean square of the weights. */
  readonly relativeRmsError: number;
  /** Largest weight error. */
  readonly largestError: number;
}

const narrowestWeight = 2;
const widestWeight = 16;
/**
 * Rounds a network to integers. Each layer has one power of two as its scale, that with the least squared weight error, or each of its output
 * channels its own;
 * a pool's 1/area and direct pixels' 1/255 are folded into the weights behind them before rounding.
 *
 * @throws SpinfireError (badInput) when weightBits is out of range or the layers do not form a spiking network
 */
export function quantise(network: FloatNetwork, options: QuantiseOptions): QuantisedNetwork {
  const { encoding, activation, weightScale = 'layer' } = options;
  const bits = bitsOfLayers(network, options.weightBits);
  const spikeMax = activation === 'integer' ? 255 : 1;
  /** [channel] of the frame in front of the next layer. */
  let maxima: readonly number[] = new Array<number>(network.input.channels).fill(encoding === 'direct' ? 255 : 1);
  const layers: QuantisedLayer[] = [];
  for (const [index, layer] of network.layers.entries()) {
    if (layer.kind === 'averagePool') continue;
    const next = network.layers[index + 1];
    const pool = next?.kind === 'averagePool' ? { height: next.windowHeight, width: next.windowWidth } : undefined;
    const isLast = index === network.layers.length - 1;
    const bias = isLast ? readoutBias(layer.weights, layer.bias) : neuronBias(layer.weights, layer.bias);
    const made = quantiseLayer({ ...layer, bias }, pool, maxima, {
      weightBits: bits[layers.length]!,
      weightScale,
      isLast,
    });
    layers.push(made);
    maxima = maximaBehind(made, maxima, spikeMax);
  }
  return {
    ...{ name: network.name, input: network.input, encoding, layers },
    ...(activation === undefined ? {} : { activation }),
    ...(network.inputRange === undefined ? {} : { inputRange: network.inputRange }),
    ...(network.inputOnes === undefined ? {} : { inputOnes: network.inputOnes }),
  };
}

/** Largest values of the channels behind a layer and its pool: those that it carries, then its own. */
export function maximaBehind(layer: QuantisedLayer, before: readonly number[], spikeMax: number): number[] {
  const { carry, output, pool, input } = layer;
  const carried = Array.from({ length: carry?.count ?? 0 }, (_, i) => before[(carry!.tap + i) % input.channels]!);
  const own = new Array<number>(output.channels).fill(spikeMax);
  const area = pool === undefined ? 1 : pool.height * pool.width;
  return [...carried, ...own].map((most) => most * area);
}

function bitsOfLayers(network: FloatNetwork, weightBits: QuantiseOptions['weightBits']): readonly number[] {
  const weighted = network.layers.filter(({ kind }) => kind !== 'averagePool');
  const bits = typeof weightBits === 'number' ? weighted.map(() => weightBits) : weightBits;
  if (bits.length !== weighted.length)
    throw badInput('each layer with weights needs a width', {
      where: `network ${network.name}`,
      found: `${bits.length} widths`,
      expected: `${weighted.length}: ${weighted.map(({ name }) => name).join(', ')}`,
    });
  const wrong = bits.find((width) => !Number.isInteger(width) || width < narrowestWeight || width > widestWeight);
  if (wrong === undefined) return bits;
  throw badInput('the width of the weights is out of range', {
    found: `${wrong} bits`,
    expected: `a whole number of bits, ${narrowestWeight} to ${widestWeight}`,
  });
}

function quantiseLayer(
  layer: ConvolutionLayer | DenseLayer,
  pool: QuantisedLayer['pool'],
  maxima: readonly number[],
  {
    weightBits,
    weightScale,
    isLast,
  }: { readonly weightBits: number; readonly weightScale: WeightScale; readonly isLast: boolean },
): QuantisedLayer {
  const inputMax = maxima.reduce((most, each) => Math.max(most, each), 1);
  const inputScale = 1 / inputMax;
  const channelMax = maxima.every((each) => each === inputMax) ? undefined : maxima;
  const scaleOf = tapScale({ inputScale, input: layer.input, ...(channelMax ? { channelMax } : {}) });
  const weights = Float64Array.from(layer.weights, (weight, i) => weight * scaleOf(i));
  return {
    name: layer.name,
    kind: layer.kind,
    input: layer.input,
    ...geometry(layer),
    ...(layer.carry === undefined ? {} : { carry: layer.carry }),
    inputMax,
    ...(channelMax === undefined ? {} : { channelMax }),
    inputScale,
    weightBits,
    ...integerWeights({ name: layer.name, weights, bias: layer.bias, inputMax, isLast }, weightBits, weightScale),
    sigmoid: layer.sigmoid,
    ...(pool === undefined ? {} : { pool }),
  };
}

/** Real value of one unit of a weight's input. */
export function tapScale({
  inputScale,
  channelMax,
  input,
}: Pick<QuantisedLayer, 'inputScale' | 'channelMax' | 'input'>): (weight: number) => number {
  if (channelMax === undefined) return () => inputScale;
  return (weight) => 1 / channelMax[weight % input.channels]!;
}

function geometry(layer: ConvolutionLayer | DenseLayer) {
  if (layer.kind === 'convolution') {
    const { output, kernelHeight, kernelWidth, strideY, strideX, padTop, padLeft, padBottom, padRight } = layer;
    return { output, kernelHeight, kernelWidth, strideY, strideX, padTop, padLeft, padBottom, padRight };
  }
  const output: Shape = { height: 1, width: 1, channels: layer.outputs };
  return {
    output,
    kernelHeight: layer.input.height,
    kernelWidth: layer.input.width,
    ...{ strideY: 1, strideX: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 },
  };
}

/**
 * The real network that the integers stand for. Evaluated with `forwardFloat` it gives the answer of the spiking network
 * after very many time steps, with an ideal sigmoid.
 *
 * @throws badInput for a last layer with a pool
 */
export function dequantise(network: QuantisedNetwork): FloatNetwork {
  const layers: FloatLayer[] = [];
  for (const [index, layer] of network.layers.entries()) {
    const { name, kind, input, output, sigmoid, fractionBits, pool, ...rest } = layer;
    const scaleOf = tapScale(layer);
    const weights = Float32Array.from(rest.weights, (weight, i) => (weight * 2 ** -fractionBits) / scaleOf(i));
    const carry = rest.carry === undefined ? {} : { carry: rest.carry };
    const bias = Float32Array.from(rest.bias, (value) => value * 2 ** -fractionBits);
    if (kind === 'dense') {
      layers.push({ kind, name, input, outputs: output.channels, ...carry, weights, bias, sigmoid });
    } else {
      const { kernelHeight, kernelWidth, strideY, strideX, padTop, padLeft, padBottom, padRight } = rest;
      const window = { kernelHeight, kernelWidth, strideY, strideX, padTop, padLeft, padBottom, padRight };
      layers.push({ kind, name, input, output, ...carry, ...window, weights, bias, sigmoid });
    }
    if (pool === undefined) continue;
    const next = network.layers[index + 1];
    if (next === undefined) throw badInput('the last layer is pooled', { where: `layer ${name}` });
    layers.push({
      kind: 'averagePool',
      name: `pool${index + 1}`,
      input: { ...output, channels: channelsBehind(layer) },
      output: next.input,
      windowHeight: pool.height,
      windowWidth: pool.width,
    });
  }
  return { name: network.name, input: network.input, layers };
}

/** What rounding cost, layer by layer. Both must come from the same import. Throws badInput for networks of different shapes. */
export function quantisationLoss(network: FloatNetwork, quantised: QuantisedNetwork): QuantisationLoss[] {
  const weighted = network.layers.filter((layer) => layer.kind !== 'averagePool');
  return quantised.layers.map((layer, index) => {
    const original = weighted[index];
    if (original === undefined || original.weights.length !== layer.weights.length) {
      throw badInput('the two networks differ in shape', { where: `layer ${layer.name}, ${showShape(layer.input)}` });
    }
    let [saturated, errorSum, sum, largestError] = [0, 0, 0, 0];
    const scaleOf = tapScale(layer);
    const taps = layer.weights.length / layer.bias.length;
    for (const [tap, weight] of layer.weights.entries()) {
      const real = original.weights[tap]! * scaleOf(tap);
      const error = Math.abs(weight * 2 ** -layer.fractionBits - real);
      const shift = layer.channelShifts?.[Math.floor(tap / taps)] ?? 0;
      // More than half a step away: rounding alone can't do that.
      if (error > 0.5000001 * 2 ** (shift - layer.fractionBits)) saturated += 1;
      errorSum += error ** 2;
      sum += real ** 2;
      largestError = Math.max(largestError, error);
    }
    const relativeRmsError = sum === 0 ? 0 : Math.sqrt(errorSum / sum);
    return { name: layer.name, fractionBits: layer.fractionBits, saturated, relativeRmsError, largestError };
  });
}
