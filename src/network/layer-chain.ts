import { badInput } from '../errors/index.ts';
import { elementCount, type FloatLayer, type FloatNetwork, type Shape, showShape, type Window } from './types.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = { [K in FloatLayer['kind']]: Writable<Extract<FloatLayer, { kind: K }>> }[FloatLayer['kind']];
type WeightedDraft = Exclude<Draft, { kind: 'averagePool' }>;

/** A layer's bias and weights; `where` names the node of the file they came from. */
interface Weighted {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly where: string;
}

/**
 * Collects layers in the order of evaluation and holds the rules of a spiking network, whatever the file's format: one
 * chain, each layer's potential goes through a sigmoid (a neuron), only spikes are pooled, the last layer gives one
 * value for each class. Every `where` is the place that an error names.
 */
export class LayerChain {
  private readonly layers: Draft[] = [];
  private readonly places: string[] = [];
  private current: Shape;
  private flattened: boolean;

  /** @param flattened whether the input is a plain vector rather than an image */
  constructor(
    private input: Shape,
    flattened: boolean,
  ) {
    this.current = input;
    this.flattened = flattened;
  }

  /** Shape of the values so far; of a flattened image still the image's. */
  get shape(): Shape {
    return this.current;
  }

  get isFlat(): boolean {
    return this.flattened;
  }

  /** Whether no layer was added yet. */
  get isEmpty(): boolean {
    return this.layers.length === 0;
  }

  flatten(): void {
    this.flattened = true;
  }

  /** Lets the network's input, so far a vector, be an image of as many values. */
  reshapeInput(shape: Shape): void {
    this.input = shape;
    this.current = shape;
    this.flattened = false;
  }

  /** Refuses weights at `where` when the layer before it has no neurons. */
  expectNeurons(where: string): void {
    const last = this.layers.at(-1);
    if (last === undefined || last.kind === 'averagePool' || last.sigmoid) return;
    throw badInput('a hidden layer has no Sigmoid', {
      where: this.places.at(-1)!,
      found: `its potential goes straight to ${where}`,
      expected: 'a Sigmoid behind every layer with weights except the last: it is what a neuron computes',
      help: 'train with torch.sigmoid between the layers, or merge the two linear layers into one',
    });
  }

  convolution(window: Window, outputChannels: number, { weights, bias, where }: Weighted): void {
    this.expectNeurons(where);
    const input = this.current;
    const output: Shape = {
      height: positions(input.height + window.padTop + window.padBottom, window.kernelHeight, window.strideY),
      width: positions(input.width + window.padLeft + window.padRight, window.kernelWidth, window.strideX),
      channels: outputChannels,
    };
    if (output.height < 1 || output.width < 1) {
      throw badInput('the kernel is larger than the padded input', {
        where,
        found: `kernel ${window.kernelHeight} x ${window.kernelWidth} over an input of ${showShape(input)}`,
        expected: 'at least one position of the kernel inside the padded input',
      });
    }
    this.add({ kind: 'convolution', name: '', input, output, ...window, weights, bias, sigmoid: false }, output, where);
  }

  dense(outputs: number, { weights, bias, where }: Weighted): void {
    this.expectNeurons(where);
    const output: Shape = { height: 1, width: 1, channels: outputs };
    this.add({ kind: 'dense', name: '', input: this.current, outputs, weights, bias, sigmoid: false }, output, where);
    this.flattened = true;
  }

  /** Adds to the bias of the last layer. */
  addBias(bias: Float32Array, where: string): void {
    const layer = this.openLayer('a bias', where);
    if (bias.length !== layer.bias.length) {
      throw badInput('the bias does not fit its layer', {
        where,
        found: `${bias.length} values`,
        expected: `${layer.bias.length} values, one for each output channel`,
      });
    }
    layer.bias = layer.bias.map((value, index) => value + bias[index]!);
  }

  sigmoid(where: string): void {
    this.openLayer('a Sigmoid', where).sigmoid = true;
  }

  averagePool(windowHeight: number, windowWidth: number, where: string): void {
    const last = this.layers.at(-1);
    if (last === undefined || last.kind === 'averagePool' || !last.sigmoid) {
      const found =
        last === undefined ? 'a pool of the input' : last.kind === 'averagePool' ? 'two pools in a row' : '';
      throw badInput('only spikes can be pooled', {
        where,
        found: found || 'a pool of values without a Sigmoid',
        expected: 'a layer with weights, then a Sigmoid, then the pool',
      });
    }
    const input = this.current;
    const output: Shape = {
      height: Math.floor(input.height / windowHeight),
      width: Math.floor(input.width / windowWidth),
      channels: input.channels,
    };
    if (output.height < 1 || output.width < 1) {
      throw badInput('the pool is larger than its input', {
        where,
        found: `window ${windowHeight} x ${windowWidth} over ${showShape(input)}`,
        expected: 'at least one whole window',
      });
    }
    this.add({ kind: 'averagePool', name: '', input, output, windowHeight, windowWidth }, output, where);
  }

  /** The whole network; layers get their names: conv1, pool1, dense1, ... and the last one `out`. */
  finish(name: string, fileName: string): FloatNetwork {
    const last = this.layers.at(-1);
    if (last === undefined || last.kind === 'averagePool') {
      throw badInput('the network does not end with a layer of weights', {
        where: this.places.at(-1) ?? fileName,
        found: last === undefined ? 'no layer at all' : 'a pool',
        expected: 'a dense layer with one output for each class',
      });
    }
    if (elementCount(this.current) !== this.current.channels) {
      throw badInput('the last layer gives an image instead of one value for each class', {
        where: this.places.at(-1)!,
        found: showShape(this.current),
        expected: 'height and width of 1, or a dense layer behind it',
      });
    }
    const counts = { convolution: 0, dense: 0, averagePool: 0 };
    const prefixes = { convolution: 'conv', dense: 'dense', averagePool: 'pool' };
    for (const layer of this.layers) {
      counts[layer.kind] += 1;
      layer.name = layer === last ? 'out' : `${prefixes[layer.kind]}${counts[layer.kind]}`;
    }
    return { name, input: this.input, layers: this.layers };
  }

  private add(layer: Draft, output: Shape, where: string): void {
    this.layers.push(layer);
    this.places.push(where);
    this.current = output;
  }

  /** The last layer, when it has weights and no sigmoid yet. */
  private openLayer(what: string, where: string): WeightedDraft {
    const last = this.layers.at(-1);
    if (last !== undefined && last.kind !== 'averagePool' && !last.sigmoid) return last;
    const before =
      last === undefined ? 'of the network input' : last.kind === 'averagePool' ? 'behind a pool' : 'behind a Sigmoid';
    throw badInput(`${what} must follow a convolution or a dense layer`, {
      where,
      found: `${what} ${before}`,
      expected: `${what} directly behind Conv, Gemm or MatMul`,
    });
  }
}

function positions(size: number, kernel: number, stride: number): number {
  return Math.floor((size - kernel) / stride) + 1;
}

/**
 * Dense weights that were trained on an image flattened channel by channel, [output][channel][y][x], in our element
 * order [output][y][x][channel]. A convolution's weights are the same with output channel and kernel.
 */
export function channelsLast(weights: Float32Array, outputs: number, shape: Shape): Float32Array {
  const { height, width, channels } = shape;
  const result = new Float32Array(weights.length);
  let target = 0;
  for (let output = 0; output < outputs; output += 1) {
    const start = output * elementCount(shape);
    for (let position = 0; position < height * width; position += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        result[target] = weights[start + channel * height * width + position]!;
        target += 1;
      }
    }
  }
  return result;
}

/** A legal identifier from a file's name: `models/digits-cnn.onnx` gives `digits_cnn`. */
export function identifierFrom(fileName: string): string {
  const stem = fileName.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  const cleaned = stem.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
  return /^[A-Za-z]/.test(cleaned) ? cleaned : `net_${cleaned || 'unnamed'}`;
}
