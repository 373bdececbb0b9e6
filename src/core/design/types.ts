import type { SwitchingCurve } from '../../device/index.ts';
import type { Encoding, FloatNetwork, Shape, WeightScale } from '../../network/index.ts';
import type { Activity, Budget, CostFamily, DeviceOptions, LayerFold, MonitorOptions, Plan } from '../../plan/index.ts';
import type { NeuronLaw } from '../neurons/index.ts';

/** How a core is built; everything that is not the network. */
export interface CoreOptions {
  /** Bits of a weight, 2..16: of all, or of each layer that has weights. */
  readonly weightBits?: number | readonly number[];
  /** `channel`: a power of two for each output channel's weights (a shift of 0..3 in front of the adders) instead of one for the layer's. */
  readonly weightScale?: WeightScale | undefined;
  /** Time steps of an image unless the host says otherwise. */
  readonly timeSteps?: number;
  /** Largest number of time steps that the host may ask for. */
  readonly maxTimeSteps?: number;
  /** Time steps done side by side: one weight fetched serves them all. */
  readonly timeLanes?: number;
  /** `draw`: random streams without a seeder, for one time lane; words of unused time steps cost a clock each. */
  readonly seeding?: Plan['seeding'] | undefined;
  /** 1: one image at a time, instead of taking in the next meanwhile. */
  readonly imageBanks?: Plan['imageBanks'] | undefined;
  /** Pixels a beat of the input stream; more than 1 want `folds` with a wide engine of as many input lanes in the first layer. */
  readonly pixelLanes?: number | undefined;
  /** How each layer is folded, instead of what the planner would choose. */
  readonly folds?: readonly LayerFold[];
  /** What the core may cost; the planner takes the cheapest folds that are as fast as it asks for, or the fastest within it. */
  readonly fit?: Budget;
  /**
   * Share of each layer's inputs that are not silent, as measured on images. Absent: clocks that `fit` asks for hold for any image, and
   * where it asks for none folds are compared at a quarter.
   */
  readonly activity?: Activity | undefined;
  /** FPGA family whose LUTs and block RAMs the planner counts. */
  readonly family?: CostFamily;
  /** Whether an image may be answered before its last pass, by the margin between the best two classes. */
  readonly earlyExit?: boolean | undefined;
  /** What of its device's behaviour a neuron has in hardware; nothing when absent. */
  readonly device?: DeviceOptions;
  /** What watches over the core; nothing when absent. */
  readonly monitors?: MonitorOptions;
  /** `integer`: the baseline without chance, 8-bit values and a sigmoid table instead of MTJ neurons and spikes; one time step. */
  readonly activation?: 'integer' | undefined;
  /** Seed of every random stream, any unsigned 32-bit number. */
  readonly seed?: number;
  /** The core is built though it costs more than is usual: see `usualLimits`. */
  readonly force?: boolean | undefined;
}

/** A stochastic neuron: one MTJ with its switching curve. */
export interface MtjNeuron {
  readonly curve: SwitchingCurve;
  /** How it goes on from the state it is in, where it keeps one between time steps; then `curve` is its equilibrium. */
  readonly law?: NeuronLaw | undefined;
}

/** A core as a person describes it, before it is planned: network, encoding, readout, device, options. */
export interface CoreDesign {
  readonly name: string;
  readonly network: FloatNetwork;
  readonly encoding: Encoding;
  readonly readout: 'potential' | 'count';
  readonly curve: SwitchingCurve;
  /** Of neurons that keep a state between time steps. */
  readonly law?: NeuronLaw | undefined;
  readonly options: CoreOptions;
  /** What a person should know of how the network's file was understood. */
  readonly notes?: readonly string[];
}

/** Real numbers as a training leaves them; quantised later, each layer by itself. */
export interface LayerWeights {
  /** Convolution: [output channel][ky][kx][input channel]; dense: [output][y][x][channel] of its input. */
  readonly weights: ArrayLike<number>;
  /** [output channel]. */
  readonly bias: ArrayLike<number>;
}

/** Kernel, stride, padding and name of a convolution. */
export interface ConvolutionOptions {
  readonly kernel: number;
  readonly stride?: number;
  /** Zeros on each side. */
  readonly padding?: number;
  readonly name?: string;
}

/** Spikes (or pixels) on their way through the core. */
export interface Spikes {
  readonly shape: Shape;
  /** A convolution over the map: windows with `kernel`, `stride` 1 and `padding` 0 unless told otherwise. Throws badInput for weights of another size. */
  conv(weights: LayerWeights, options: ConvolutionOptions): Potentials;
  /** Every value of the map into every output. Throws badInput for weights of another size. */
  dense(weights: LayerWeights, options?: { readonly name?: string }): Potentials;
  /** Average over windows of `size` x `size`; only behind neurons. */
  averagePool(size: number): Spikes;
  /** These channels, then those of the others, place by place. Throws badInput for maps of another size. */
  concat(...others: readonly Spikes[]): Spikes;
}

/** Weighted sums on their way into neurons or the readout. */
export interface Potentials {
  readonly shape: Shape;
  /**
   * The sum with the potentials of other layers, or with spikes as they are (a skip connection), place by place and channel by channel. Throws
   * badInput for another shape.
   */
  add(...others: readonly (Potentials | Spikes)[]): Potentials;
  /** One neuron for each potential: it spikes with the probability that its device's curve gives, in each time step anew. */
  neurons(neuron: MtjNeuron): Spikes;
}

/** What the function of `defineCore` gets: the input, the readout, and what watches the core. */
export interface CoreBuilder {
  readonly input: {
    image(height: number, width: number, channels: number, options?: { readonly encoding?: Encoding }): Spikes;
  };
  readonly readout: {
    /** Classes by the sum of the last layer's potentials over the time steps. */
    potential(outputs: Potentials): void;
    /** Classes by the number of the last layer's spikes. */
    count(outputs: Spikes): void;
  };
}
