/**
 * A network as plain data: what an importer yields (floats, the numbers of the training) and what the hardware computes
 * with (integers). Element order is height, width, channel everywhere.
 */

/** One frame of values; element (y, x, c) is number (y * width + x) * channels + c. A vector of n is 1 x 1 x n. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Where the kernel goes over the input. Padding holds zeros. */
export interface Window {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
}

/**
 * Values that a layer hands on unchanged, so that a layer further on sees them, too: `count` taps of its window from number `tap`, in
 * tap order (ky, kx, input channel). At every position of the layer's output they are the first channels, its own outputs
 * stand behind them. A tap in the padding is 0.
 */
export interface Carry {
  readonly tap: number;
  readonly count: number;
}

/** A convolution with its weights [output][input][y][x] and biases, as floating-point numbers. */
export interface ConvolutionLayer extends Window {
  readonly kind: 'convolution';
  readonly name: string;
  readonly input: Shape;
  /** Without the channels that it carries. */
  readonly output: Shape;
  readonly carry?: Carry;
  /** [output channel][ky][kx][input channel]. */
  readonly weights: Float32Array;
  /** [output channel]. */
  readonly bias: Float32Array;
  /** Whether a sigmoid, later a stochastic neuron, follows; false only on the last layer. */
  readonly sigmoid: boolean;
}

/** A fully connected layer with its weights [output][input] and biases, as floating-point numbers. */
export interface DenseLayer {
  readonly kind: 'dense';
  readonly name: string;
  readonly input: Shape;
  /** Without those that it carries. */
  readonly outputs: number;
  readonly carry?: Carry;
  /** [output][y][x][channel] of the input. */
  readonly weights: Float32Array;
  /** [output]. */
  readonly bias: Float32Array;
  /** Whether a sigmoid, later a stochastic neuron, follows; false only on the last layer. */
  readonly sigmoid: boolean;
}

/** Average over windows that do not overlap (stride = window); what no whole window covers is dropped. */
export interface AveragePoolLayer {
  readonly kind: 'averagePool';
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly windowHeight: number;
  readonly windowWidth: number;
}

/** Any layer of an imported network. */
export type FloatLayer = ConvolutionLayer | DenseLayer | AveragePoolLayer;

/** A trained network: layers with weights, each but the last with a sigmoid, average pools only behind a sigmoid. */
export interface FloatNetwork {
  /** A legal identifier made from the file's name. */
  readonly name: string;
  readonly input: Shape;
  /** What the file's values of the input mean: `low` is 0 here and `high` is 1. Absent: they are 0 and 1. Folded into the weights. */
  readonly inputRange?: InputRange;
  /** The last channel of the input is 1 everywhere: what a shift of the input gives, which padding does not have. */
  readonly inputOnes?: true;
  readonly layers: readonly FloatLayer[];
}

/** One number for all values, one for each channel, or one for each value of a vector. */
export interface InputRange {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/**
 * One spiking layer: a convolution (a dense layer is one whose kernel covers its whole input), its neurons, and an
 * optional average pool of its spikes, carried as counts.
 */
export interface QuantisedLayer extends Window {
  /** A legal Verilog identifier: conv1, conv2, dense1, out. */
  readonly name: string;
  readonly kind: 'convolution' | 'dense';
  readonly input: Shape;
  /** Before the pool, without the channels that it carries. */
  readonly output: Shape;
  readonly carry?: Carry;
  /** Largest input value: 1 for a spike, 255 for direct pixels and integer values; times the pool's area behind a pool. */
  readonly inputMax: number;
  /** [input channel]: the largest value of each, where they differ: spikes beside counts that are carried. */
  readonly channelMax?: readonly number[];
  /** Real value of one input unit, 1 / inputMax (of a channel of its own maximum, 1 / that). It is folded into the weights. */
  readonly inputScale: number;
  /** Width of a weight, signed two's complement. */
  readonly weightBits: number;
  /** The potential z = v * 2^-fractionBits: one power of two for the layer, possibly negative. */
  readonly fractionBits: number;
  /**
   * [output channel], 0..3: weights and bias of a channel are whole multiples of 2^shift, and `weightBits` hold a weight without that factor.
   * Absent: 0 for all.
   */
  readonly channelShifts?: readonly number[];
  /** [output channel][tap], tap order (ky, kx, input channel). */
  readonly weights: Int32Array;
  /** [output channel], same scale as the potential, as wide as it needs to be. */
  readonly bias: Int32Array;
  /** False only on the last layer. */
  readonly sigmoid: boolean;
  readonly pool?: { readonly height: number; readonly width: number };
}

/** How pixels enter: a spike with probability pixel/255 in each time step, or the pixel's value itself. */
export type Encoding = 'bernoulli' | 'direct';

/** A network in integers: weights, biases and the scale of each layer. */
export interface QuantisedNetwork {
  readonly name: string;
  readonly input: Shape;
  readonly encoding: Encoding;
  /** As in the float network. */
  readonly inputRange?: InputRange;
  readonly inputOnes?: true;
  /** `integer`: values of 8 bits between the layers instead of spikes. */
  readonly activation?: 'integer';
  readonly layers: readonly QuantisedLayer[];
}

/** Channels in front of the next layer (or the pool): those that a layer carries, then its own. */
export function channelsBehind(layer: { readonly output: Shape; readonly carry?: Carry }): number {
  return (layer.carry?.count ?? 0) + layer.output.channels;
}

/** Number of values in a frame. */
export function elementCount(shape: Shape): number {
  return shape.height * shape.width * shape.channels;
}

/** `28 x 28 x 1`: height, width, channels. */
export function showShape(shape: Shape): string {
  return `${shape.height} x ${shape.width} x ${shape.channels}`;
}
