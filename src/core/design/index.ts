/**
 * A core described in layers: input, convolutions, pools, dense layers, neurons, readout. The description is plain data in the
 * end (a network, a device, options); `planCore` turns it into a plan.
 */

import type { SwitchingCurve } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import type { Encoding, FloatLayer, FloatNetwork, Shape } from '../../network/index.ts';
import type { Activity, Budget, CostFamily, DeviceOptions, LayerFold, MonitorOptions, Plan } from '../../plan/index.ts';
import type { NeuronLaw } from '../neurons/index.ts';

/** How a core is built; everything that is not the network. */
export interface CoreOptions {
  /** Bits of a weight, 2..16: of all, or of each layer that has weights. */
  readonly weightBits?: number | readonly number[];
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

/** A neuron of the given device. */
export function mtj(options: { readonly curve: SwitchingCurve }): MtjNeuron {
  return { curve: options.curve };
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
}

/** Weighted sums on their way into neurons or the readout. */
export interface Potentials {
  readonly shape: Shape;
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

/** Describes a core layer by layer. Throws badInput with the layer's name when sizes don't fit. */
export function defineCore(name: string, describe: (core: CoreBuilder) => void, options: CoreOptions = {}): CoreDesign {
  const description = new Description(name);
  describe(description.builder());
  return description.design(options);
}

/** A core while it is described. */
class Description {
  readonly #name: string;
  readonly #layers: FloatLayer[] = [];
  #input: Shape | undefined;
  #encoding: Encoding = 'bernoulli';
  #curve: SwitchingCurve | undefined;
  #law: NeuronLaw | undefined;
  #readout: CoreDesign['readout'] | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  builder(): CoreBuilder {
    return {
      input: {
        image: (height, width, channels, options = {}) => {
          if (this.#input !== undefined) throw badInput('a core has one input', { where: `core ${this.#name}` });
          this.#input = { height, width, channels };
          this.#encoding = options.encoding ?? 'bernoulli';
          return this.#spikes(this.#input, false);
        },
      },
      readout: { potential: () => this.#finish('potential'), count: () => this.#finish('count') },
    };
  }

  /** What was described, if nothing is missing. */
  design(options: CoreOptions): CoreDesign {
    const [input, curve, readout] = [this.#input, this.#curve, this.#readout];
    if (input === undefined || readout === undefined || curve === undefined)
      throw badInput('the core is not complete', {
        where: `core ${this.#name}`,
        found: [!input && 'no input', !curve && 'no neurons', !readout && 'no readout'].filter(Boolean).join(', '),
        expected: 'an input, neurons and a readout',
      });
    const name = this.#name;
    const network = { name, input, layers: this.#layers };
    return { name, network, encoding: this.#encoding, readout, curve, law: this.#law, options };
  }

  #finish(kind: CoreDesign['readout']): void {
    if (this.#readout !== undefined) throw badInput('a core has one readout', { where: `core ${this.#name}` });
    this.#readout = kind;
  }

  #nameLayer(kind: string, given: string | undefined): string {
    return given ?? `${kind}${this.#layers.filter((layer) => layer.kind !== 'averagePool').length + 1}`;
  }

  #potentials(shape: Shape, layer: FloatLayer): Potentials {
    this.#layers.push(layer);
    const index = this.#layers.length - 1;
    return {
      shape,
      neurons: (neuron) => {
        if (this.#curve !== undefined && this.#curve !== neuron.curve)
          throw badInput('every neuron of a core is of one device', {
            where: `layer ${layer.name}`,
            found: neuron.curve.name,
            expected: this.#curve.name,
          });
        this.#curve = neuron.curve;
        this.#law = neuron.law;
        if (layer.kind !== 'averagePool') this.#layers[index] = { ...layer, sigmoid: true };
        return this.#spikes(shape, true);
      },
    };
  }

  #spikes(shape: Shape, fromNeurons: boolean): Spikes {
    return {
      shape,
      conv: (given, options) => this.#convolution(shape, given, options),
      dense: (given, options = {}) => this.#dense(shape, given, options),
      averagePool: (window) => {
        if (!fromNeurons) throw badInput('an average pool takes spikes of neurons', { where: `core ${this.#name}` });
        return this.#pool(shape, window);
      },
    };
  }

  #convolution(shape: Shape, given: LayerWeights, options: ConvolutionOptions): Potentials {
    const { kernel, stride = 1, padding = 0 } = options;
    const name = this.#nameLayer('conv', options.name);
    const outputs = given.bias.length;
    const size = (length: number) => Math.floor((length + 2 * padding - kernel) / stride) + 1;
    const output = { height: size(shape.height), width: size(shape.width), channels: outputs };
    if (output.height < 1 || output.width < 1)
      throw badInput('the kernel is larger than its input', {
        where: `layer ${name}`,
        found: `${kernel}x${kernel} on ${shape.height}x${shape.width}`,
      });
    return this.#potentials(output, {
      ...{ kind: 'convolution', name, input: shape, output, sigmoid: false },
      ...{ kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride },
      ...{ padTop: padding, padLeft: padding, padBottom: padding, padRight: padding },
      ...weightsFor(name, given, outputs, kernel * kernel * shape.channels),
    });
  }

  #dense(shape: Shape, given: LayerWeights, options: { readonly name?: string }): Potentials {
    const name = this.#nameLayer('dense', options.name);
    const outputs = given.bias.length;
    const taps = shape.height * shape.width * shape.channels;
    const weights = weightsFor(name, given, outputs, taps);
    const output = { height: 1, width: 1, channels: outputs };
    return this.#potentials(output, { kind: 'dense', name, input: shape, outputs, ...weights, sigmoid: false });
  }

  #pool(shape: Shape, window: number): Spikes {
    const output = {
      height: Math.floor(shape.height / window),
      width: Math.floor(shape.width / window),
      channels: shape.channels,
    };
    const name = `pool${this.#layers.length}`;
    this.#layers.push({ kind: 'averagePool', name, input: shape, output, windowHeight: window, windowWidth: window });
    return this.#spikes(output, false);
  }
}

function weightsFor(layer: string, given: LayerWeights, outputs: number, taps: number) {
  if (given.weights.length !== outputs * taps)
    throw badInput('the weights do not fit the layer', {
      where: `layer ${layer}`,
      found: `${given.weights.length} weights and ${outputs} biases`,
      expected: `${outputs} x ${taps} = ${outputs * taps} weights`,
    });
  return { weights: Float32Array.from(given.weights), bias: Float32Array.from(given.bias) };
}

/** The weights of an imported network by layer name, for a description that uses them layer by layer. Throws badInput for a name that the network lacks. */
export function weightsOf(network: FloatNetwork): Readonly<Record<string, LayerWeights>> {
  const layers = network.layers.filter((layer) => layer.kind !== 'averagePool');
  const known = Object.fromEntries(layers.map((layer) => [layer.name, { weights: layer.weights, bias: layer.bias }]));
  return new Proxy(known, {
    get: (target, name: string) => {
      const found = target[name];
      if (found) return found;
      throw badInput('the network has no such layer', { found: name, expected: Object.keys(known).join(', ') });
    },
  });
}
