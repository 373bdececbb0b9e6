/**
 * What follows a dense layer whose outputs are a frame. The core has its outputs at one place, one after the other in the frame's order, so that
 * every layer behind it is one of a single place, too: a dense layer as it is, a convolution written out, an average pool as part of the weights
 * behind it.
 */
import { badInput } from '../../errors/index.ts';
import {
  type AveragePoolLayer,
  type ConvolutionLayer,
  type DenseLayer,
  elementCount,
  type FloatLayer,
  type Shape,
} from '../types.ts';
import { expectSize, mostWrittenOut } from './budget.ts';
import { writtenOut } from './maps.ts';

/** A layer with the nodes of the file that it was made from. */
export interface MadeLayer {
  readonly layer: FloatLayer;
  readonly made: readonly string[];
}

/** The same network without frames behind a layer of one place. Throws badInput where a convolution written out is too large, or hands inputs on. */
export function atOnePlace(layers: readonly MadeLayer[], where: string): MadeLayer[] {
  const result: MadeLayer[] = [];
  let isOnePlace = false;
  let pools: { readonly layer: AveragePoolLayer; readonly made: readonly string[] }[] = [];
  for (const { layer, made } of layers) {
    const isFrame = places(layer.input) > 1;
    if (!isOnePlace || !(isFrame || pools.length > 0)) {
      result.push({ layer, made });
      isOnePlace = layer.kind === 'dense' || places(layer.output) === 1;
      continue;
    }
    if (layer.kind === 'averagePool') {
      pools.push({ layer, made });
      continue;
    }
    const whole = layer.kind === 'dense' ? layer : denseOf(layer, where);
    const merged = pools.reduceRight((dense, { layer: pool }) => throughPool(dense, pool, where), whole);
    const input = { height: 1, width: 1, channels: elementCount(merged.input) };
    result.push({ layer: { ...merged, input }, made: [...pools.flatMap((pool) => pool.made), ...made] });
    pools = [];
  }
  return result;
}

function expectWrittenOut(weights: number, where: string): void {
  const what = 'weights of a layer that is written out, as one before it could not stay a convolution';
  const help =
    'layers padded by reflection, round the edge or with the edge, and dense layers, make all layers behind them dense: pad with zeros';
  expectSize(weights, mostWrittenOut, what, where, help);
}

const places = ({ height, width }: Shape): number => height * width;

/** A convolution as a dense layer, its outputs in the order of its frame. */
function denseOf(layer: ConvolutionLayer, where: string): DenseLayer {
  const { name, input, output, sigmoid } = layer;
  if (layer.carry !== undefined) throw skipped(where);
  expectWrittenOut(elementCount(input) * elementCount(output), where);
  const [weights, bias] = [Float64Array.from(layer.weights), Float64Array.from(layer.bias)];
  const map = writtenOut({ ...layer, kind: 'window', weights, bias, hasOnes: false }, undefined, where);
  return {
    ...{ kind: 'dense', name, input, outputs: map.outputs, sigmoid },
    ...{ weights: Float32Array.from(map.weights), bias: Float32Array.from(map.bias) },
  };
}

/** A dense layer behind a pool as one in front of it: every input has its share of the window's weight. */
function throughPool(layer: DenseLayer, pool: AveragePoolLayer, where: string): DenseLayer {
  if (layer.carry !== undefined) throw skipped(where);
  const { input, output, windowHeight, windowWidth } = pool;
  const inputs = elementCount(input);
  const pooled = elementCount(output);
  expectWrittenOut(inputs * layer.outputs, where);
  const weights = new Float32Array(layer.outputs * inputs);
  for (let y = 0; y < output.height * windowHeight; y += 1) {
    for (let x = 0; x < output.width * windowWidth; x += 1) {
      const window = Math.floor(y / windowHeight) * output.width + Math.floor(x / windowWidth);
      for (let channel = 0; channel < input.channels; channel += 1) {
        const into = (y * input.width + x) * input.channels + channel;
        const from = window * input.channels + channel;
        for (let o = 0; o < layer.outputs; o += 1) {
          weights[o * inputs + into] = layer.weights[o * pooled + from]! / (windowHeight * windowWidth);
        }
      }
    }
  }
  return { ...layer, input, weights };
}

const skipped = (where: string) =>
  badInput('a skip connection passes a convolution that has to be written out as a dense layer', {
    where,
    found:
      'a convolution or pool behind a dense layer (or one padded by reflection or round the edge), and inputs that are handed on past it',
    expected: 'a skip connection between layers of the same frame',
    help: 'pad with zeros, or put the dense layers last',
  });
