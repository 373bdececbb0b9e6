import { badInput } from '../../errors/index.ts';
import type { ConvolutionLayer, DenseLayer, FloatLayer, FloatNetwork, Shape } from '../types.ts';
import { type WrittenArray, type WrittenGroup, writeHdf5 } from './hdf5.ts';
import { neuronKey, sigmoidNeuron } from './nodes.ts';

/** Version of the format that is written. */
const version = '1.0';

/**
 * Writes a network as a NIR graph: Affine, Conv2d, AvgPool2d and Flatten nodes, and neurons as Threshold nodes whose metadata say that
 * they are stochastic sigmoids, which NIR has no node for. The input has values of 0 to 1.
 *
 * @param path of the file
 * @throws SpinfireError (badInput) where NIR can't say what a layer computes: padding that is not the same on both sides
 */
export async function writeNir(path: string, network: FloatNetwork): Promise<void> {
  if (network.inputOnes) {
    throw badInput('NIR cannot say what this network takes', {
      where: network.name,
      found: 'a channel of ones beside the input',
      expected: 'the input alone',
    });
  }
  for (const layer of network.layers) {
    if (layer.kind === 'averagePool' || layer.carry === undefined) continue;
    throw badInput('NIR is written of chains of layers only', {
      where: `layer ${layer.name}`,
      found: `${layer.carry.count} channels that go past it (a skip connection)`,
      expected: 'layers that work on what the one before gives',
      help: 'build a core from the file that the network came from',
    });
  }
  const nodes = new Map<string, WrittenGroup>([['input', { type: 'Input', shape: whole(dimsOf(network.input)) }]]);
  const chain = ['input'];
  const add = (name: string, group: WrittenGroup) => {
    nodes.set(name, group);
    chain.push(name);
  };
  let shape: Shape = network.input;
  for (const layer of network.layers) {
    if (layer.kind === 'dense' && dimsOf(shape).length > 1) {
      const span = { start_dim: number(0), end_dim: number(-1) };
      add(`${layer.name}_flatten`, { type: 'Flatten', ...span, input_type: whole(dimsOf(shape)) });
    }
    add(layer.name, nodeOf(layer));
    shape = layer.kind === 'dense' ? { height: 1, width: 1, channels: layer.outputs } : layer.output;
    if (layer.kind === 'averagePool' || !layer.sigmoid) continue;
    const threshold = { dims: dimsOf(shape), values: new Float32Array(shape.height * shape.width * shape.channels) };
    add(`${layer.name}_neurons`, { type: 'Threshold', threshold, metadata: { [neuronKey]: sigmoidNeuron } });
  }
  add('output', { type: 'Output', shape: whole(dimsOf(shape)) });
  const edges = chain.slice(1).map((name, i) => [chain[i]!, name] as const);
  await writeHdf5(path, { version, node: { type: 'NIRGraph', nodes: Object.fromEntries(nodes), edges } });
}

function nodeOf(layer: FloatLayer): WrittenGroup {
  switch (layer.kind) {
    case 'dense':
      return { type: 'Affine', weight: denseWeights(layer), bias: floats([layer.outputs], layer.bias) };
    case 'convolution':
      return convolution(layer);
    case 'averagePool': {
      const window = whole([layer.windowHeight, layer.windowWidth]);
      return { type: 'AvgPool2d', kernel_size: window, stride: window, padding: whole([0, 0]) };
    }
  }
}

function convolution(layer: ConvolutionLayer): WrittenGroup {
  const { kernelHeight, kernelWidth, padTop, padBottom, padLeft, padRight, input, output } = layer;
  if (padTop !== padBottom || padLeft !== padRight) {
    throw badInput('NIR cannot say what a layer computes', {
      where: `layer ${layer.name}`,
      found: `padding of ${padTop} above, ${padBottom} below, ${padLeft} left, ${padRight} right`,
      expected: 'the same on both sides',
    });
  }
  const dims = [output.channels, input.channels, kernelHeight, kernelWidth];
  const weight = channelsFirst(layer.weights, output.channels, kernelHeight * kernelWidth, input.channels);
  return {
    ...{ type: 'Conv2d', input_shape: whole([input.height, input.width]), weight: floats(dims, weight) },
    ...{ bias: floats([output.channels], layer.bias), stride: whole([layer.strideY, layer.strideX]) },
    ...{ padding: whole([padTop, padLeft]), dilation: whole([1, 1]), groups: number(1) },
  };
}

function denseWeights({ weights, input, outputs }: DenseLayer): WrittenArray {
  const { height, width, channels } = input;
  const values = channelsFirst(weights, outputs, height * width, channels);
  return floats([outputs, height * width * channels], values);
}

/** [output][place][channel] as [output][channel][place]. */
function channelsFirst(weights: Float32Array, outputs: number, places: number, channels: number): Float32Array {
  const size = places * channels;
  return Float32Array.from({ length: outputs * size }, (_, i) => {
    const rest = i % size;
    return weights[i - rest + (rest % places) * channels + Math.floor(rest / places)]!;
  });
}

/** Channels, height, width; a vector has one dimension. */
const dimsOf = ({ height, width, channels }: Shape) =>
  height === 1 && width === 1 ? [channels] : [channels, height, width];
const floats = (dims: readonly number[], values: Float32Array): WrittenArray => ({ dims, values });
const whole = (values: readonly number[]): WrittenArray => ({
  dims: [values.length],
  values: BigInt64Array.from(values, BigInt),
});
const number = (value: number): WrittenArray => ({ dims: [], values: BigInt64Array.of(BigInt(value)) });
