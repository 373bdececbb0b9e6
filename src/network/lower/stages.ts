import type { Shape, Window } from '../types.ts';

/**
 * What an importer builds from a file's nodes, whatever the file's format: a network is a row of stages, and between two
 * rows of neurons everything is linear, so everything there becomes one map. A view says how the tensor that a node
 * works on is made from a stage: which element, times what, plus what.
 */

/** Where the elements of a stage stand in an image; element (y, x, c) is number order[(y * width + x) * channels + c]. */
export interface Layout {
  readonly shape: Shape;
  /** Absent: the same order. */
  readonly order?: Int32Array;
}

/** Values of 0 to 1: the network's input. Its layout is open until something uses it as an image. */
export interface InputStage {
  readonly kind: 'input';
  readonly size: number;
  layout?: Layout;
}

/** Spikes of neurons. A dense layer's may be arranged as an image by what comes next. */
export interface NeuronStage {
  readonly kind: 'neurons';
  readonly size: number;
  readonly drive: PotentialStage;
  layout?: Layout;
}

/** Averages of spikes over windows that do not overlap. */
export interface PooledStage {
  readonly kind: 'pooled';
  readonly size: number;
  readonly spikes: NeuronStage;
  readonly windowHeight: number;
  readonly windowWidth: number;
  layout?: Layout;
  readonly made: readonly string[];
}

/** What one row of neurons gives, or the input. */
export type PlainStage = InputStage | NeuronStage | PooledStage;

/** A stage whose elements stand beside those of others. */
export type Part = ImagePart | FlatPart;

/** Place (y, x) shows the source's place (y * strideY + offsetY, x * strideX + offsetX), or 0 outside of it, in all of its channels. */
export interface ImagePart {
  readonly source: PlainStage;
  readonly sampling: Sampling;
}

/** Its elements one after the other. */
export interface FlatPart {
  readonly source: PlainStage | JoinedStage;
  readonly sampling?: undefined;
}

export interface Sampling {
  readonly strideY: number;
  readonly strideX: number;
  readonly offsetY: number;
  readonly offsetX: number;
}

/** Several stages as one, because weights work on all of them: a skip connection, a concatenation of different depths. */
export interface JoinedStage {
  readonly kind: 'joined';
  readonly size: number;
  /** All of one kind. Of an image the channels of one stand behind those of the other. */
  readonly parts: readonly ImagePart[] | readonly FlatPart[];
  layout?: Layout;
}

/** What weights can work on. */
export type SourceStage = PlainStage | JoinedStage;

/** Weighted sums that no neuron has seen yet. */
export interface PotentialStage {
  readonly kind: 'potentials';
  readonly size: number;
  readonly source: SourceStage;
  readonly map: LinearMap;
  layout?: Layout;
  /** Nodes of the file that went into the map. */
  readonly made: readonly string[];
  /** The first of them that has weights, for errors. */
  readonly where: string;
}

export type Stage = SourceStage | PotentialStage;

/** The same weights at every place of an image. */
export interface WindowMap extends Window {
  readonly kind: 'window';
  /** With the channel of ones, if there is one. */
  readonly input: Shape;
  readonly output: Shape;
  /** [output channel][ky][kx][input channel]. */
  readonly weights: Float64Array;
  /** [output channel]. */
  readonly bias: Float64Array;
  /**
   * The last input channel is 1 everywhere inside the image and 0 in the padding, and the source does not have it: it
   * carries what a shift of the input gives, which is less where the window hangs over the edge.
   */
  readonly hasOnes: boolean;
}

/** A weight from every element of the source to every output. */
export interface DenseMap {
  readonly kind: 'dense';
  readonly inputs: number;
  readonly outputs: number;
  /** [output][element of the source]. */
  readonly weights: Float64Array;
  /** [output]. */
  readonly bias: Float64Array;
}

export type LinearMap = WindowMap | DenseMap;

/** A tensor: element i is scale[i] * stage[index[i]] + shift[i]; index -1 stands for 0. One number serves all elements. */
export interface View {
  readonly stage: Stage;
  /** As the file has them, the batch of 1 included. */
  readonly dims: readonly number[];
  readonly index: Int32Array;
  readonly scale: Float64Array | number;
  readonly shift: Float64Array | number;
  /** Nodes that made it and are not in a map yet. */
  readonly made: readonly string[];
}

export const at = (values: Float64Array | number, index: number): number =>
  typeof values === 'number' ? values : values[index]!;

/** Product of dimensions. */
export const volume = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);
