/** One image through the whole network, time step by time step, without clocks. */
import type { LayerPlan, Plan, StreamPlan } from '../../plan/schema/index.ts';
import { carriedElements, geometryOf, pixelsOf } from '../geometry.ts';
import { pixelThreshold } from '../table.ts';
import type { LayerDevices } from '../variation.ts';
import { ChachaWords } from './chacha.ts';
import { LayerKernel, type Values } from './kernel.ts';
import type { Thresholds } from './neurons/contract.ts';
import { Neurons, type Target } from './neurons/ideal/fire.ts';
import { layerThresholds } from './neurons/index.ts';
import type { LayerMemory } from './neurons/memory.ts';
import { Arena, compile, makeMemory, type WasmFunction, type WasmMemory } from './wasm.ts';
import { blockSteps, WordBlock, type WordSource, Words } from './words.ts';

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
  /** For each layer what its devices remember of a spike; undefined: nothing, as in the paper. */
  readonly memory?: readonly (LayerMemory | undefined)[];
  /** `chacha`: the words of a strong generator instead of the streams'. */
  readonly words?: 'lfsr' | 'chacha';
  /** Sees each layer's padded input frame and potentials in every time step; both arrays are used again. */
  readonly onStep?: (layer: number, input: Values, potentials: Int32Array) => void;
  /** Called when all layers are through a time step. */
  readonly onStepEnd?: () => void;
}

/** Functions to compile, with what is to be done with them. */
class Program {
  readonly #functions: WasmFunction[] = [];
  readonly #uses: ((compiled: (argument: number) => number) => void)[] = [];

  add(wanted: WasmFunction, use: (compiled: (argument: number) => number) => void): void {
    this.#functions.push(wanted);
    this.#uses.push(use);
  }

  compile(memory: WasmMemory): void {
    compile(this.#functions, memory).forEach((compiled, index) => {
      this.#uses[index]!(compiled);
    });
  }
}

export class Network {
  readonly #plan: Plan;
  readonly #encoder: Encoder | undefined;
  readonly #layers: readonly Layer[];
  readonly #scores: Int32Array;
  readonly #input: Values;
  readonly #onStep: NetworkOptions['onStep'];
  readonly #onStepEnd: NetworkOptions['onStepEnd'];
  /** Spikes so far: of the encoder (0 under direct encoding), then of each layer (0 without neurons). */
  readonly spikes: Float64Array;

  /** The plan must be sound; the next image is number `firstImage` since reset. */
  constructor(plan: Plan, firstImage: number, options: NetworkOptions = {}) {
    const arena = new Arena();
    const drawn = (stream: StreamPlan, index: number): Drawn =>
      new Drawn(plan, stream, index, firstImage, options.words === 'chacha', arena);
    this.#plan = plan;
    this.#onStep = options.onStep;
    this.#onStepEnd = options.onStepEnd;
    this.#scores = new Int32Array(plan.readout.classes);
    this.spikes = new Float64Array(plan.layers.length + 1);
    const layers: Layer[] = [];
    for (let index = plan.layers.length - 1; index >= 0; index -= 1) {
      const layer = plan.layers[index]!;
      const words = 'stream' in layer.neuron ? drawn(layer.neuron.stream, index + 1) : undefined;
      const faultStream = layer.neuron.kind === 'device' ? layer.neuron.faultStream : null;
      const faultWords = faultStream === null ? undefined : drawn(faultStream, plan.layers.length + 1 + index);
      const devices = options.devices?.[index];
      const thresholds = layerThresholds(plan, layer, { devices, memory: options.memory?.[index] });
      layers.unshift(new Layer(layer, { words, faultWords }, layers[0], thresholds, arena));
    }
    this.#layers = layers;
    const first = layers[0]!;
    if (plan.encoding.kind === 'bernoulli') this.#encoder = new Encoder(plan, drawn(plan.encoding.stream, 0));
    const memory = makeMemory(arena.bytes);
    const program = new Program();
    this.#encoder?.words.attach(memory, program);
    for (const layer of layers) layer.attach(memory, program);
    this.#input = first.input;
    program.compile(memory);
  }

  /** Classifies the next image for every number of time steps from 1 to `timeSteps`. */
  run(pixels: Uint8Array, timeSteps: number, result: ImageResult): void {
    const first = this.#layers[0]!;
    this.#scores.fill(0);
    if (this.#encoder === undefined) {
      copyFrame(this.#plan.layers[0]!, pixels, this.#input);
      first.compute(0);
    } else this.#encoder.take(pixels);
    for (let step = 0; step < timeSteps; step += 1) {
      const inBlock = step % blockSteps;
      if (inBlock === 0) this.#nextBlock();
      if (this.#encoder !== undefined) this.spikes[0]! += this.#encoder.spike(inBlock, this.#input);
      this.#layers.forEach((layer, index) => {
        if (index > 0 || this.#encoder !== undefined) layer.compute(0);
        this.#onStep?.(index, layer.input, layer.potentials);
        this.spikes[index + 1]! += layer.fire(inBlock);
        layer.carry();
      });
      this.#score(step, result);
      this.#onStepEnd?.();
    }
    this.skip();
  }

  /** Moves on to the next image's words. */
  skip(): void {
    this.#encoder?.words.source.nextImage();
    for (const layer of this.#layers) layer.nextImage();
  }

  #nextBlock(): void {
    this.#encoder?.words.draw();
    for (const layer of this.#layers) layer.draw();
  }

  #score(step: number, result: ImageResult): void {
    const last = this.#layers.at(-1)!;
    const addends = this.#plan.readout.kind === 'count' ? last.spikes : last.potentials;
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

/** A source of words and the place where it puts them. */
class Drawn {
  readonly source: WordSource;
  readonly #place: WordBlock;
  block: Uint16Array = new Uint16Array(0);

  constructor(plan: Plan, stream: StreamPlan, index: number, firstImage: number, strong: boolean, arena: Arena) {
    this.#place = new WordBlock(arena, stream.wordsPerTimeStep);
    this.source = strong
      ? new ChachaWords(plan.seed, index, stream.wordsPerTimeStep, firstImage)
      : new Words(stream, plan.timeSteps.max, firstImage, this.#place, arena);
  }

  attach(memory: WasmMemory, program: Program): void {
    const { source } = this;
    this.block = this.#place.view(memory);
    if (source instanceof Words) program.add(source.drawing(), (fill) => source.attach(memory, fill));
  }

  draw(): void {
    this.source.nextBlock(this.block);
  }

  /** First word of a time step of the block: as an index, and as an address. */
  index(step: number): number {
    return step * this.source.perStep;
  }

  address(step: number): number {
    return this.#place.at + 2 * this.index(step);
  }
}

class Encoder {
  readonly words: Drawn;
  readonly #layer: LayerPlan;
  readonly #thresholds: Int32Array;

  constructor(plan: Plan, words: Drawn) {
    this.words = words;
    this.#layer = plan.layers[0]!;
    this.#thresholds = new Int32Array(pixelsOf(plan));
  }

  take(pixels: Uint8Array): void {
    for (let i = 0; i < pixels.length; i += 1) this.#thresholds[i] = pixelThreshold(pixels[i]!);
  }

  /** Spikes of the block's time step into the first layer's frame; returns their number. */
  spike(step: number, frame: Values): number {
    const { start, rowElements, rowPadding } = geometryOf(this.#layer);
    const thresholds = this.#thresholds;
    const words = this.words.block;
    const at = this.words.index(step);
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
  readonly words: Drawn | undefined;
  /** Compiled: from the input frame to the potentials. */
  compute: (argument: number) => number = () => 0;
  potentials: Int32Array = new Int32Array(0);
  /** The frame in front of it, with padding. */
  input: Values = new Uint8Array(0);
  /** Spikes of a layer without successor, one for each neuron. */
  spikes: Uint8Array = new Uint8Array(0);
  readonly #plan: LayerPlan;
  readonly #neurons: Neurons | undefined;
  readonly #own: Thresholds | undefined;
  readonly #faultWords: Drawn | undefined;
  readonly #spikesAt: number;
  #thresholds: Int32Array = new Int32Array(0);
  #fire: (argument: number) => number = () => 0;
  readonly #next: Layer | undefined;
  readonly #carried: ReturnType<typeof carriedElements> | undefined;

  constructor(
    plan: LayerPlan,
    { words, faultWords }: { readonly words: Drawn | undefined; readonly faultWords: Drawn | undefined },
    next: Layer | undefined,
    own: Thresholds | undefined,
    arena: Arena,
  ) {
    this.#plan = plan;
    this.#next = next;
    if (next && plan.carry) this.#carried = carriedElements(plan, (window) => next.elementOf(window));
    this.kernel = new LayerKernel(plan, arena);
    this.words = words;
    this.#spikesAt = arena.place(next === undefined ? geometryOf(plan).neurons : 0);
    const { neuron } = plan;
    if (!('stream' in neuron)) return;
    const { carried } = geometryOf(plan);
    this.#neurons = new Neurons(plan, neuron, next?.asTarget(carried) ?? this.#ownSpikes(), arena);
    this.#own = own;
    this.#faultWords = faultWords;
  }

  /** The frame in front of this layer, for the windows of the layer before; its neurons stand behind `carried` channels. */
  asTarget(carried: number): Target {
    const { height, width } = this.#plan.input;
    return {
      at: this.kernel.inputAt,
      valueBytes: this.kernel.valueBytes,
      windows: Array.from({ length: height * width }, (_, window) => this.elementOf(window) + carried),
    };
  }

  /** First element of a window of the layer before, in the frame in front of this one. */
  elementOf(window: number): number {
    const { start, paddedWidth } = geometryOf(this.#plan);
    const { width, channels } = this.#plan.input;
    return start + (Math.floor(window / width) * paddedWidth + (window % width)) * channels;
  }

  /** Inputs of this time step into the next layer's frame, as they are. */
  carry(): void {
    if (this.#next === undefined || this.#carried === undefined) return;
    const { input } = this;
    const output = this.#next.input;
    const { from, into } = this.#carried;
    const isPooled = geometryOf(this.#plan).poolArea > 1;
    if (isPooled) for (let i = 0; i < into.length; i += 1) output[into[i]!] = 0;
    for (let i = 0; i < into.length; i += 1) {
      if (isPooled) output[into[i]!]! += input[from[i]!]!;
      else output[into[i]!] = input[from[i]!]!;
    }
  }

  #ownSpikes(): Target {
    const { windowsY, windowsX, outputs } = geometryOf(this.#plan);
    const windows = Array.from({ length: windowsY * windowsX }, (_, window) => window * outputs);
    return { at: this.#spikesAt, valueBytes: 1, windows };
  }

  attach(memory: WasmMemory, program: Program): void {
    const { neurons } = geometryOf(this.#plan);
    this.words?.attach(memory, program);
    this.kernel.fill(memory);
    this.potentials = this.kernel.potentials(memory);
    this.input = this.kernel.input(memory);
    program.add(this.kernel.compute(), (compiled) => {
      this.compute = compiled;
    });
    this.spikes = new Uint8Array(memory.buffer, this.#spikesAt, neurons);
    if (this.#neurons === undefined) return;
    this.#neurons.fill(memory);
    this.#faultWords?.attach(memory, program);
    this.#thresholds = this.#neurons.thresholds(memory, neurons);
    const fire = this.#own ? this.#neurons.fireAt() : this.#neurons.fire(this.kernel.potentialsAt);
    program.add(fire, (compiled) => {
      this.#fire = compiled;
    });
  }

  /** The words of the next time steps. */
  draw(): void {
    this.words?.draw();
    this.#faultWords?.draw();
  }

  nextImage(): void {
    this.words?.source.nextImage();
    this.#faultWords?.source.nextImage();
    this.#own?.nextImage();
  }

  /** The neurons of the block's time step: spikes, or counts of a pool window, into the next layer's frame. Returns the spikes. */
  fire(step: number): number {
    if (this.words === undefined) return 0;
    if (this.#own !== undefined) {
      const wordsOf = (drawn: Drawn) => ({ words: drawn.block, at: drawn.index(step) });
      const faultWords = this.#faultWords && wordsOf(this.#faultWords);
      this.#thresholds.set(this.#own.thresholds(this.potentials, wordsOf(this.words), faultWords));
    }
    return this.#fire(this.words.address(step));
  }
}

function copyFrame(layer: LayerPlan, pixels: Uint8Array, frame: Values): void {
  const { start, rowElements, rowPadding } = geometryOf(layer);
  for (let row = 0; row * rowElements < pixels.length; row += 1) {
    const from = row * rowElements;
    frame.set(pixels.subarray(from, from + rowElements), start + row * (rowElements + rowPadding));
  }
}
