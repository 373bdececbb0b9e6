/** One image through the whole network, time step by time step, without clocks. */
import type { LayerPlan, NeuronPlan, Plan, StreamPlan } from '../../plan/index.ts';
import { type Geometry, geometryOf, pixelsOf } from '../geometry.ts';
import { type LayerDevices, VariedNeurons } from '../variation.ts';
import { ChachaWords } from './chacha.ts';
import { LayerKernel, type Values } from './kernel.ts';
import { blockSteps, type WordSource, Words } from './words.ts';

/** Where one image's results go. */
export interface ImageResult {
  /** [time step][class]: scores after that many time steps. */
  readonly scores: Int32Array;
  /** [time step]: class after that many. */
  readonly classes: Uint8Array;
}

/** Departures from the core as it is built; none unless told otherwise. */
export interface NetworkOptions {
  /** For each layer devices that differ from the plan's; undefined: as the plan says. */
  readonly devices?: readonly (LayerDevices | undefined)[];
  /** `chacha`: the words of a strong generator instead of the streams'. */
  readonly words?: 'lfsr' | 'chacha';
}

export class Network {
  readonly #plan: Plan;
  readonly #encoder: Encoder | undefined;
  readonly #layers: readonly Layer[];
  readonly #scores: Int32Array;
  /** Spikes so far: of the encoder (0 under direct encoding), then of each layer (0 without neurons). */
  readonly spikes: Float64Array;

  /** The plan must be sound; the next image is number `firstImage` since reset. */
  constructor(plan: Plan, firstImage: number, options: NetworkOptions = {}) {
    const wordsOf = (stream: StreamPlan, index: number): WordSource =>
      options.words === 'chacha'
        ? new ChachaWords(plan.seed, index, stream.wordsPerTimeStep, firstImage)
        : new Words(stream, plan.timeSteps.max, firstImage);
    this.#plan = plan;
    this.#scores = new Int32Array(plan.readout.classes);
    this.#layers = plan.layers.map((layer, index) => {
      const words = layer.neurons === undefined ? undefined : wordsOf(layer.neurons.stream, index + 1);
      return new Layer(layer, words, options.devices?.[index]);
    });
    plan.layers.slice(1).forEach((next, index) => {
      this.#layers[index]!.feed(next, this.#layers[index + 1]!);
    });
    this.spikes = new Float64Array(plan.layers.length + 1);
    if (plan.encoding === 'bernoulli') {
      this.#encoder = new Encoder(plan, wordsOf(plan.inputStream!, 0));
    }
  }

  /** Classifies the next image for every number of time steps from 1 to `timeSteps`. */
  run(pixels: Uint8Array, timeSteps: number, result: ImageResult): void {
    const first = this.#layers[0]!;
    this.#scores.fill(0);
    if (this.#encoder === undefined) {
      copyFrame(this.#plan.layers[0]!, pixels, first.kernel.input);
      first.kernel.compute();
    } else this.#encoder.take(pixels);
    for (let step = 0; step < timeSteps; step += 1) {
      const inBlock = step % blockSteps;
      if (inBlock === 0) this.#nextBlock();
      if (this.#encoder !== undefined) {
        this.spikes[0]! += this.#encoder.spike(inBlock, first.kernel.input);
      }
      this.#layers.forEach((layer, index) => {
        if (index > 0 || this.#encoder !== undefined) layer.kernel.compute();
        this.spikes[index + 1]! += layer.fire(inBlock);
      });
      this.#score(step, result);
    }
    this.#encoder?.words.nextImage();
    for (const layer of this.#layers) layer.words?.nextImage();
  }

  #nextBlock(): void {
    this.#encoder?.words.nextBlock();
    for (const layer of this.#layers) layer.words?.nextBlock();
  }

  #score(step: number, result: ImageResult): void {
    const last = this.#layers.at(-1)!;
    const addends = this.#plan.readout.kind === 'count' ? last.spikes : last.kernel.potentials;
    const classes = this.#scores.length;
    let best = 0;
    for (let i = 0; i < classes; i += 1) {
      this.#scores[i]! += addends[i]!;
      if (this.#scores[i]! > this.#scores[best]!) best = i;
    }
    result.scores.set(this.#scores, step * classes);
    result.classes[step] = best;
  }
}

class Encoder {
  readonly words: WordSource;
  readonly #frame: Geometry;
  readonly #thresholds: Int32Array;

  constructor(plan: Plan, words: WordSource) {
    this.words = words;
    this.#frame = geometryOf(plan.layers[0]!);
    this.#thresholds = new Int32Array(pixelsOf(plan));
  }

  take(pixels: Uint8Array): void {
    for (let i = 0; i < pixels.length; i += 1) this.#thresholds[i] = pixels[i]! * 257 + (pixels[i]! >>> 7);
  }

  /** Spikes of the block's time step into the first layer's frame; returns their number. */
  spike(step: number, frame: Values): number {
    const { start, rowElements, rowPadding } = this.#frame;
    const thresholds = this.#thresholds;
    const words = this.words.block;
    const at = step * this.words.perStep;
    let total = 0;
    let to = start;
    for (let pixel = 0; pixel < thresholds.length; to += rowPadding) {
      for (const end = pixel + rowElements; pixel < end; pixel += 1) {
        const spike = (words[at + pixel]! - thresholds[pixel]!) >>> 31;
        frame[to] = spike;
        total += spike;
        to += 1;
      }
    }
    return total;
  }
}

class Layer {
  readonly kernel: LayerKernel;
  readonly words: WordSource | undefined;
  /** Spikes of a layer without successor, one for each neuron. */
  readonly spikes: Uint8Array;
  readonly #neurons: Neurons | undefined;
  readonly #varied: VariedNeurons | undefined;
  readonly #windows: number;
  readonly #area: number;
  readonly #outputs: number;
  #target: Values;
  /** Address in the target of each window's first channel. */
  #addresses: Int32Array;

  constructor(plan: LayerPlan, words: WordSource | undefined, devices: LayerDevices | undefined) {
    const g = geometryOf(plan);
    this.kernel = new LayerKernel(plan);
    this.words = words;
    this.#neurons = plan.neurons === undefined ? undefined : new Neurons(plan.neurons);
    this.#varied =
      plan.neurons === undefined || devices === undefined ? undefined : new VariedNeurons(plan.neurons, devices);
    this.#windows = g.windowsX * g.windowsY;
    this.#area = g.poolArea;
    this.#outputs = g.outputs;
    this.spikes = new Uint8Array(g.neurons);
    this.#target = this.spikes;
    this.#addresses = Int32Array.from({ length: this.#windows }, (_, window) => window * g.outputs);
  }

  /** From now on the spikes go into the frame of the layer behind. */
  feed(plan: LayerPlan, next: Layer): void {
    const { start, paddedWidth } = geometryOf(plan);
    const { width, channels } = plan.input;
    this.#target = next.kernel.input;
    this.#addresses = Int32Array.from({ length: this.#windows }, (_, window) => {
      return start + (Math.floor(window / width) * paddedWidth + (window % width)) * channels;
    });
  }

  /** The neurons of the block's time step: spikes, or counts of a pool window, into the next layer's frame. Returns the spikes. */
  fire(step: number): number {
    const { words } = this;
    const neurons = this.#neurons;
    if (words === undefined || neurons === undefined) return 0;
    if (this.#varied !== undefined) return this.#fireVaried(step, words, this.#varied);
    const { codes, shift, offset } = neurons;
    const largest = codes.length - 1;
    const potentials = this.kernel.potentials;
    const block = words.block;
    const target = this.#target;
    const outputs = this.#outputs;
    let word = step * words.perStep;
    let neuron = 0;
    let total = 0;
    for (let window = 0; window < this.#windows; window += 1) {
      const to = this.#addresses[window]!;
      for (let inside = 0; inside < this.#area; inside += 1) {
        for (let channel = 0; channel < outputs; channel += 1) {
          let address = (potentials[neuron]! >> shift) + offset;
          address = address < 0 ? 0 : address > largest ? largest : address;
          const spike = (block[word]! - codes[address]!) >>> 31;
          target[to + channel] = inside === 0 ? spike : target[to + channel]! + spike;
          total += spike;
          neuron += 1;
          word += 1;
        }
      }
    }
    return total;
  }

  /** The same where every neuron has a device of its own. */
  #fireVaried(step: number, words: WordSource, varied: VariedNeurons): number {
    const thresholds = varied.thresholds(this.kernel.potentials);
    const { block } = words;
    const target = this.#target;
    const outputs = this.#outputs;
    let word = step * words.perStep;
    let neuron = 0;
    let total = 0;
    for (let window = 0; window < this.#windows; window += 1) {
      const to = this.#addresses[window]!;
      for (let inside = 0; inside < this.#area; inside += 1) {
        for (let channel = 0; channel < outputs; channel += 1) {
          const spike = (block[word]! - thresholds[neuron]!) >>> 31;
          target[to + channel] = inside === 0 ? spike : target[to + channel]! + spike;
          total += spike;
          neuron += 1;
          word += 1;
        }
      }
    }
    return total;
  }
}

/** A neuron's table ready for use: 65536 stands for "always", so that one comparison decides; the shift is not negative. */
class Neurons {
  readonly codes: Int32Array;
  readonly shift: number;
  readonly offset: number;

  constructor({ table, tableShift, tableOffset }: NeuronPlan) {
    const code = (address: number): number => {
      const value = table[Math.max(0, Math.min(table.length - 1, address))]!;
      return value === 65535 ? 65536 : value;
    };
    if (tableShift >= 0) {
      this.codes = Int32Array.from(table, (_, address) => code(address));
      this.shift = tableShift;
      this.offset = tableOffset;
      return;
    }
    // Several addresses for each potential: a table by potential, one entry beyond the clamps on both sides.
    const scale = 2 ** -tableShift;
    const lowest = Math.floor(-tableOffset / scale) - 1;
    const highest = Math.ceil((table.length - 1 - tableOffset) / scale) + 1;
    this.codes = Int32Array.from({ length: highest - lowest + 1 }, (_, i) => code((lowest + i) * scale + tableOffset));
    this.shift = 0;
    this.offset = -lowest;
  }
}

function copyFrame(layer: LayerPlan, pixels: Uint8Array, frame: Values): void {
  const { start, rowElements, rowPadding } = geometryOf(layer);
  for (let row = 0; row * rowElements < pixels.length; row += 1) {
    const from = row * rowElements;
    frame.set(pixels.subarray(from, from + rowElements), start + row * (rowElements + rowPadding));
  }
}
