import type { SwitchingCurve } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import {
  type Encoding,
  type FloatLayer,
  type GraphNode,
  networkOfGraph,
  type Shape,
  showShape,
} from '../../network/index.ts';
import type { NeuronLaw } from '../neurons/index.ts';
import { expectSizes } from './check.ts';
import type {
  ConvolutionOptions,
  CoreBuilder,
  CoreDesign,
  CoreOptions,
  LayerWeights,
  Potentials,
  Spikes,
} from './types.ts';

/** A core while it is described. */
export class Description {
  readonly #name: string;
  /** What spikes and potentials stand for. */
  readonly #nodes = new Map<Spikes | Potentials, GraphNode>();
  readonly #layers: string[] = [];
  #joins = 0;
  #pools = 0;
  #input: (GraphNode & { readonly kind: 'input' }) | undefined;
  #encoding: Encoding = 'bernoulli';
  #curve: SwitchingCurve | undefined;
  #law: NeuronLaw | undefined;
  #readout: { readonly kind: CoreDesign['readout']; readonly node: GraphNode } | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  builder(): CoreBuilder {
    return {
      input: {
        image: (height, width, channels, options = {}) => {
          if (this.#input !== undefined) throw badInput('a core has one input', { where: `core ${this.#name}` });
          expectSizes(`core ${this.#name}, its input`, { height, width, channels }, 1);
          this.#input = { kind: 'input', shape: { height, width, channels } };
          this.#encoding = options.encoding ?? 'bernoulli';
          return this.#spikes(this.#input.shape, this.#input, false);
        },
      },
      readout: {
        potential: (outputs) => this.#finish('potential', outputs),
        count: (outputs) => this.#finish('count', outputs),
      },
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
    this.#expectAllUsed(readout.node);
    const network = networkOfGraph(name, input, readout.node);
    return { name, network, encoding: this.#encoding, readout: readout.kind, curve, law: this.#law, options };
  }

  #expectAllUsed(last: GraphNode): void {
    const used = new Set(layersBefore(last));
    const lost = this.#layers.find((layer) => !used.has(layer));
    if (lost === undefined) return;
    throw badInput('a layer leads nowhere', {
      where: `core ${this.#name}: layer ${lost}`,
      found: 'neither another layer nor the readout takes what it gives',
      expected: 'layers that the readout depends on',
    });
  }

  #finish(kind: CoreDesign['readout'], outputs: Spikes | Potentials): void {
    if (this.#readout !== undefined) throw badInput('a core has one readout', { where: `core ${this.#name}` });
    this.#readout = { kind, node: this.#nodeOf(outputs) };
  }

  #nodeOf(values: Spikes | Potentials): GraphNode {
    const node = this.#nodes.get(values);
    if (node !== undefined) return node;
    throw badInput('spikes or potentials of another core', {
      where: `core ${this.#name}`,
      expected: 'those that its own layers gave',
    });
  }

  #nameLayer(kind: string, given: string | undefined): string {
    const name = given ?? `${kind}${this.#layers.length + 1}`;
    this.#layers.push(name);
    return name;
  }

  /** @param withNeurons the node, with neurons behind it */
  #potentials(shape: Shape, name: string, node: GraphNode, withNeurons: () => GraphNode): Potentials {
    const potentials: Potentials = {
      shape,
      add: (...others) => this.#sum([potentials, ...others]),
      neurons: (neuron) => {
        if (this.#curve !== undefined && this.#curve !== neuron.curve)
          throw badInput('every neuron of a core is of one device', {
            where: `layer ${name}`,
            found: neuron.curve.name,
            expected: this.#curve.name,
          });
        this.#curve = neuron.curve;
        this.#law = neuron.law;
        return this.#spikes(shape, withNeurons(), true);
      },
    };
    this.#nodes.set(potentials, node);
    return potentials;
  }

  #layer(shape: Shape, from: GraphNode, layer: WeightedLayer): Potentials {
    const node = (sigmoid: boolean): GraphNode => ({ kind: 'layer', from, layer: { ...layer, sigmoid } });
    return this.#potentials(shape, layer.name, node(false), () => node(true));
  }

  #sum(parts: readonly (Spikes | Potentials)[]): Potentials {
    const { shape } = parts[0]!;
    const name = this.#meet('sum', parts, (other) => showShape(other) === showShape(shape));
    const from = parts.map((part) => this.#nodeOf(part));
    const node = (sigmoid: boolean): GraphNode => ({ kind: 'add', from, name, sigmoid });
    return this.#potentials(shape, name, node(false), () => node(true));
  }

  #concat(parts: readonly Spikes[]): Spikes {
    const { shape } = parts[0]!;
    const fits = (other: Shape) => other.height === shape.height && other.width === shape.width;
    const name = this.#meet('concat', parts, fits);
    const channels = parts.reduce((sum, part) => sum + part.shape.channels, 0);
    const from = parts.map((part) => this.#nodeOf(part));
    return this.#spikes({ ...shape, channels }, { kind: 'concat', from, name }, true);
  }

  #meet(kind: string, parts: readonly (Spikes | Potentials)[], fits: (other: Shape) => boolean): string {
    this.#joins += 1;
    const name = `${kind}${this.#joins}`;
    const wrong = parts.find((part) => !fits(part.shape));
    if (wrong === undefined) return name;
    throw badInput('layers that meet differ in size', {
      where: `core ${this.#name}: ${name}`,
      found: parts.map((part) => showShape(part.shape)).join(' and '),
      expected: kind === 'sum' ? 'the same height, width and channels' : 'the same height and width',
    });
  }

  #spikes(shape: Shape, node: GraphNode, fromNeurons: boolean): Spikes {
    const spikes: Spikes = {
      shape,
      conv: (given, options) => this.#convolution(shape, node, given, options),
      dense: (given, options = {}) => this.#dense(shape, node, given, options),
      concat: (...others) => this.#concat([spikes, ...others]),
      averagePool: (window) => {
        if (!fromNeurons) throw badInput('an average pool takes spikes of neurons', { where: `core ${this.#name}` });
        return this.#pool(shape, node, window);
      },
    };
    this.#nodes.set(spikes, node);
    return spikes;
  }

  #convolution(shape: Shape, from: GraphNode, given: LayerWeights, options: ConvolutionOptions): Potentials {
    const { kernel, stride = 1, padding = 0 } = options;
    const name = this.#nameLayer('conv', options.name);
    expectSizes(`layer ${name}`, { kernel, stride }, 1);
    expectSizes(`layer ${name}`, { padding }, 0);
    const outputs = given.bias.length;
    const size = (length: number) => Math.floor((length + 2 * padding - kernel) / stride) + 1;
    const output = { height: size(shape.height), width: size(shape.width), channels: outputs };
    if (output.height < 1 || output.width < 1)
      throw badInput('the kernel is larger than its input', {
        where: `layer ${name}`,
        found: `${kernel}x${kernel} on ${shape.height}x${shape.width}`,
      });
    return this.#layer(output, from, {
      ...{ kind: 'convolution', name, input: shape, output, sigmoid: false },
      ...{ kernelHeight: kernel, kernelWidth: kernel, strideY: stride, strideX: stride },
      ...{ padTop: padding, padLeft: padding, padBottom: padding, padRight: padding },
      ...weightsFor(name, given, outputs, kernel * kernel * shape.channels),
    });
  }

  #dense(shape: Shape, from: GraphNode, given: LayerWeights, options: { readonly name?: string }): Potentials {
    const name = this.#nameLayer('dense', options.name);
    const outputs = given.bias.length;
    const taps = shape.height * shape.width * shape.channels;
    const weights = weightsFor(name, given, outputs, taps);
    const output = { height: 1, width: 1, channels: outputs };
    return this.#layer(output, from, { kind: 'dense', name, input: shape, outputs, ...weights, sigmoid: false });
  }

  #pool(shape: Shape, from: GraphNode, window: number): Spikes {
    const name = `pool${this.#layers.length + this.#pools}`;
    expectSizes(`layer ${name}`, { window }, 1);
    const output = {
      height: Math.floor(shape.height / window),
      width: Math.floor(shape.width / window),
      channels: shape.channels,
    };
    this.#pools += 1;
    const sizes = { input: shape, output, windowHeight: window, windowWidth: window };
    return this.#spikes(output, { kind: 'layer', from, layer: { kind: 'averagePool', name, ...sizes } }, false);
  }
}

type WeightedLayer = Exclude<FloatLayer, { readonly kind: 'averagePool' }>;

/** Names of the layers with weights that a node depends on. */
function layersBefore(last: GraphNode): string[] {
  const seen = new Set<GraphNode>();
  const waiting = [last];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'layer') waiting.push(node.from);
    else if (node.kind !== 'input') waiting.push(...node.from);
  }
  return [...seen].flatMap((node) =>
    node.kind === 'layer' && node.layer.kind !== 'averagePool' ? [node.layer.name] : [],
  );
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
