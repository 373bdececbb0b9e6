import { badInput } from '../../errors/index.ts';
import {
  type AveragePoolLayer,
  type ConvolutionLayer,
  type DenseLayer,
  elementCount,
  type FloatNetwork,
  type Shape,
} from '../types.ts';
import { type WrittenGroup, writeHdf5 } from './hdf5.ts';
import { neuronKey, sigmoidNeuron } from './nodes.ts';
import { convolutionNode, floats, number, onePlace, trimmed, whole } from './write-nodes.ts';

/** Version of the format that is written. */
const version = '1.0';

/** A node that gives some channels of a frame. */
interface Part {
  readonly node: string;
  /** Number in the frame of each of its channels. */
  readonly channels: readonly number[];
}

/** What stands in front of a layer. The parts are nodes of their own: NIR sums what several edges bring, but puts nothing side by side. */
interface Frame extends Pick<Shape, 'height' | 'width'> {
  /** Behind a dense layer: every element is a channel. */
  readonly isVector: boolean;
  readonly parts: readonly Part[];
}

/** Element of a part that a layer hands on: `tap` is a place of the window, `channel` one of the part's own. */
interface Handed {
  readonly tap: number;
  readonly channel: number;
  /** Number in the frame behind the layer. */
  readonly place: number;
}

/**
 * Writes a network as a NIR graph: Affine, Conv2d, AvgPool2d and Flatten nodes, and neurons as Threshold nodes whose metadata say that
 * they are stochastic sigmoids, which NIR has no node for. The input has values of 0 to 1. Where layers meet (a skip connection), edges from
 * weights of their own lead into the same neurons.
 *
 * @param path of the file
 * @throws SpinfireError (badInput) where NIR can't say what a layer computes: an image made of a dense layer's outputs
 */
export async function writeNir(path: string, network: FloatNetwork): Promise<void> {
  const graph = new Graph();
  let frame = graph.input(network);
  for (const layer of network.layers) {
    frame = layer.kind === 'averagePool' ? graph.pool(frame, layer) : graph.layer(frame, layer);
  }
  graph.output(frame, network);
  const nodes = Object.fromEntries(graph.nodes);
  await writeHdf5(path, { version, node: { type: 'NIRGraph', nodes, edges: graph.edges } });
}

class Graph {
  readonly nodes = new Map<string, WrittenGroup>();
  readonly edges: (readonly [string, string])[] = [];

  input({ input, inputOnes, layers: [first] }: FloatNetwork): Frame {
    const { height, width } = input;
    const channels = input.channels - (inputOnes ? 1 : 0);
    const isVector = height === 1 && width === 1 && first?.kind === 'dense' && !inputOnes;
    this.nodes.set('input', { type: 'Input', shape: whole(isVector ? [channels] : [channels, height, width]) });
    const all = { height, width, isVector };
    if (!inputOnes) return { ...all, parts: [{ node: 'input', channels: upTo(channels) }] };
    // Every channel as it is, and one that is 1.
    const weight = Float32Array.from({ length: (channels + 1) * channels }, (_, i) =>
      Math.floor(i / channels) === i % channels ? 1 : 0,
    );
    const bias = Float32Array.from({ length: channels + 1 }, (_, i) => (i === channels ? 1 : 0));
    const node = convolutionNode({ ...onePlace, input: { height, width, channels }, output: input, weight, bias });
    return { ...all, parts: [{ node: this.#add('ones', node, ['input']), channels: upTo(channels + 1) }] };
  }

  /** Behind the last layer. */
  output({ parts }: Frame, { layers }: FloatNetwork): void {
    const last = layers.at(-1)!;
    const outputs = last.kind === 'averagePool' ? last.output.channels : last.bias.length;
    const isVector = last.kind === 'dense';
    const { height, width } = isVector ? { height: 1, width: 1 } : last.output;
    const shape = whole(isVector ? [outputs] : [outputs, height, width]);
    this.#add(
      'output',
      { type: 'Output', shape },
      parts.map(({ node }) => node),
    );
  }

  pool(frame: Frame, { name, input, output, windowHeight, windowWidth }: AveragePoolLayer): Frame {
    if (frame.isVector) throw noImage(name, input);
    const window = whole([windowHeight, windowWidth]);
    const node = { type: 'AvgPool2d', kernel_size: window, stride: window, padding: whole([0, 0]) };
    const isOne = frame.parts.length === 1;
    const parts = frame.parts.map((part, i) => ({
      ...part,
      node: this.#add(isOne ? name : `${name}_${i}`, node, [part.node]),
    }));
    return { ...frame, height: output.height, width: output.width, parts };
  }

  layer(frame: Frame, layer: ConvolutionLayer | DenseLayer): Frame {
    if (layer.kind === 'convolution' && frame.isVector) throw noImage(layer.name, layer.input);
    const used = frame.parts.filter((part) => isUsed(frame, part, layer));
    const weighted = used.length === 0 ? frame.parts.slice(0, 1) : used;
    const drives = weighted.map((part, i) => {
      const name = weighted.length === 1 ? layer.name : `${layer.name}_${i}`;
      const bias = i === 0 ? layer.bias : new Float32Array(layer.bias.length);
      const weight = weightsOf(frame, part, layer);
      if (layer.kind === 'dense') return this.#affine(name, frame, part, weight, bias);
      const windowed = { ...layer, input: { ...layer.input, channels: part.channels.length }, weight, bias };
      const node = convolutionNode(frame.parts.length === 1 ? windowed : trimmed(windowed));
      return this.#add(name, node, [part.node]);
    });
    const isVector = layer.kind === 'dense';
    const { height, width } = layer.kind === 'dense' ? { height: 1, width: 1 } : layer.output;
    const outputs = layer.bias.length;
    const dims = isVector ? [outputs] : [outputs, height, width];
    if (!layer.sigmoid) return { height, width, isVector, parts: drives.map((node) => ({ node, channels: [] })) };
    const threshold = { dims, values: new Float32Array(outputs * height * width) };
    const neurons = { type: 'Threshold', threshold, metadata: { [neuronKey]: sigmoidNeuron } };
    const own = this.#add(`${layer.name}_neurons`, neurons, drives);
    const carried = this.#handedOn(frame, layer);
    const before = layer.carry?.count ?? 0;
    const parts = [...carried, { node: own, channels: upTo(outputs).map((channel) => before + channel) }];
    return { height, width, isVector, parts };
  }

  /** What goes past a layer: a part as it is, or weights of 0 and 1 that select. */
  #handedOn(frame: Frame, layer: ConvolutionLayer | DenseLayer): Part[] {
    const { carry } = layer;
    if (carry === undefined) return [];
    const parts = frame.parts.map((part, i) => ({ part, i, handed: handedOf(frame, part, layer, carry) }));
    return parts
      .filter(({ handed }) => handed.length > 0)
      .map(({ part, i, handed }) => {
        const channels = handed.map(({ place }) => place);
        if (isWhole(frame, part, layer, handed)) return { node: part.node, channels };
        const name = `${layer.name}_past_${i}`;
        const size = tapsOf(frame, layer) * part.channels.length;
        const weight = new Float32Array(handed.length * size);
        for (const [row, { tap, channel }] of handed.entries())
          weight[row * size + channel * tapsOf(frame, layer) + tap] = 1;
        const bias = new Float32Array(handed.length);
        if (layer.kind === 'dense') return { node: this.#affine(name, frame, part, weight, bias), channels };
        const input = { ...layer.input, channels: part.channels.length };
        const output = { ...layer.output, channels: handed.length };
        const node = convolutionNode(trimmed({ ...layer, input, output, weight, bias }));
        return { node: this.#add(name, node, [part.node]), channels };
      });
  }

  #affine(name: string, frame: Frame, { node, channels }: Part, weight: Float32Array, bias: Float32Array): string {
    const affine = { type: 'Affine', weight: floats([bias.length, weight.length / bias.length], weight) };
    const flat = frame.isVector ? node : `${node}_flatten`;
    if (!this.nodes.has(flat)) {
      const span = { start_dim: number(0), end_dim: number(-1) };
      const dims = whole([channels.length, frame.height, frame.width]);
      this.#add(flat, { type: 'Flatten', ...span, input_type: dims }, [node]);
    }
    return this.#add(name, { ...affine, bias: floats([bias.length], bias) }, [flat]);
  }

  #add(wished: string, group: WrittenGroup, sources: readonly string[]): string {
    let name = wished;
    while (this.nodes.has(name)) name += '_';
    this.nodes.set(name, group);
    for (const source of sources) this.edges.push([source, name]);
    return name;
  }
}

/** Places of a layer's window; a vector has one, of which every element is a channel. */
function tapsOf({ isVector, height, width }: Frame, layer: ConvolutionLayer | DenseLayer): number {
  if (layer.kind === 'convolution') return layer.kernelHeight * layer.kernelWidth;
  return isVector ? 1 : height * width;
}

/** [output][channel of the part][tap], out of [output][tap][channel of the frame]. */
function weightsOf(frame: Frame, { channels }: Part, layer: ConvolutionLayer | DenseLayer): Float32Array {
  const taps = tapsOf(frame, layer);
  const row = layer.weights.length / layer.bias.length;
  const size = taps * channels.length;
  return Float32Array.from({ length: layer.bias.length * size }, (_, i) => {
    const [output, rest] = [Math.floor(i / size), i % size];
    const [channel, tap] = [channels[Math.floor(rest / taps)]!, rest % taps];
    return layer.weights[output * row + tap * (row / taps) + channel]!;
  });
}

const isUsed = (frame: Frame, part: Part, layer: ConvolutionLayer | DenseLayer): boolean =>
  weightsOf(frame, part, layer).some((weight) => weight !== 0);

function handedOf(
  { isVector }: Frame,
  { channels }: Part,
  layer: ConvolutionLayer | DenseLayer,
  { tap, count }: { readonly tap: number; readonly count: number },
): Handed[] {
  const own = new Map(channels.map((channel, i) => [channel, i]));
  const all = isVector ? elementCount(layer.input) : layer.input.channels;
  return upTo(count).flatMap((place) => {
    const channel = own.get((tap + place) % all);
    return channel === undefined ? [] : [{ tap: Math.floor((tap + place) / all), channel, place }];
  });
}

/** Whether a layer hands on a part just as it is. */
function isWhole(frame: Frame, part: Part, layer: ConvolutionLayer | DenseLayer, handed: readonly Handed[]): boolean {
  if (handed.length !== part.channels.length || handed.some(({ channel }, i) => channel !== i)) return false;
  if (layer.kind === 'dense') return frame.isVector;
  const { padTop, padLeft, kernelWidth, strideY, strideX, input, output } = layer;
  const isSameSize = input.height === output.height && input.width === output.width;
  const inPlace = padTop * kernelWidth + padLeft;
  return strideY === 1 && strideX === 1 && isSameSize && handed.every(({ tap }) => tap === inPlace);
}

function noImage(layer: string, { height, width, channels }: Shape) {
  return badInput('NIR cannot say what a layer computes', {
    where: `layer ${layer}`,
    found: `an image of ${height} x ${width} x ${channels} made of a dense layer's outputs`,
    expected: 'images from the input or from convolutions: NIR has no node that makes one of a vector',
    help: 'build a core from the file that the network came from',
  });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
