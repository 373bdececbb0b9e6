/** What happens in the network while images run: everything that a chip's energy is made of, counted, not assumed. */
import { badInput } from '../../errors/index.ts';
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { checkPlan } from '../check/index.ts';
import { geometryOf, neuronAt, pixelsOf, positionAddress } from '../geometry.ts';
import { Network, type NetworkOptions } from './network.ts';
import { checkMemory } from './neurons/memory.ts';

/** One layer's events, summed over all images and time steps. */
export interface LayerEvents {
  readonly name: string;
  /** Neurons, those that no pool window covers left out; outputs of a last layer without neurons. */
  readonly neurons: number;
  /** Positions of the kernel at which the layer's weights are used. */
  readonly positions: number;
  /** Neurons times time steps times images: each is written and read once. */
  readonly updates: number;
  /** 0 without neurons. */
  readonly spikes: number;
  /** [tap, without bias] input values, summed over positions; 0 of a tap that is not walked over, which has no row. A count of c is c active rows, a pixel p under direct encoding p/255 of one. */
  readonly tapSum: Float64Array;
  /** The same of the squares of the values: what a graded voltage costs. */
  readonly tapSquares: Float64Array;
  /** Inputs that were not 0, summed over positions and taps that are walked over: each is an addition for every output channel. */
  readonly activeInputs: number;
  /** How often each potential occurred: bin i holds those of floor(v / 2^potentialShift) = firstBin + i. */
  readonly potentials: Float64Array;
  readonly firstBin: number;
  readonly potentialShift: number;
}

/** Spikes, writes, reads and resets of each layer over some images. */
export interface NetworkEvents {
  readonly images: number;
  readonly timeSteps: number;
  /** Bernoulli encoding: pixels that were not 0, over all images; each draws once in each time step. */
  readonly activePixels: number;
  /** How often each pixel value 0..255 occurred, over all images. */
  readonly pixelValues: Float64Array;
  readonly inputSpikes: number;
  readonly layers: readonly LayerEvents[];
  /** [image][step] */
  readonly classes: Uint8Array;
}

/** Time steps, and who is told of the progress. */
export interface EventOptions {
  readonly timeSteps: number;
  /** What the devices remember of a spike; nothing when absent. */
  readonly memory?: NetworkOptions['memory'];
  /** Sees the inputs of every position of every layer in every time step, in tap order; the array is used again. */
  readonly onWindow?: (layer: number, inputs: Float64Array) => void;
  readonly onProgress?: (done: number, images: number) => void;
}

/** Bins of a histogram of potentials: far finer than any driver. */
const potentialBits = 14;

/** Runs `pixels` (image after image) as `classifyImages` does, on one core, and counts. Throws badInput like it. */
export function countEvents(plan: Plan, pixels: Uint8Array, options: EventOptions): NetworkEvents {
  checkPlan(plan);
  const { timeSteps } = options;
  const perImage = pixelsOf(plan);
  const images = pixels.length / perImage;
  if (!Number.isInteger(images) || images < 1) {
    throw badInput('events are counted over whole images', {
      found: `${pixels.length} pixels`,
      expected: `a multiple of ${perImage}`,
    });
  }
  if (!Number.isInteger(timeSteps) || timeSteps < 1 || timeSteps > plan.timeSteps.max) {
    throw badInput('The number of time steps is out of range', {
      found: `${timeSteps}`,
      expected: `1..${plan.timeSteps.max}`,
    });
  }
  const counters = plan.layers.map((layer) => new LayerCounter(layer));
  const windows = plan.layers.map(windowsOf);
  const network = new Network(plan, 0, {
    ...(options.memory === undefined ? {} : { memory: checkMemory(plan, options.memory, undefined) }),
    onStep: (layer, input, potentials) => {
      counters[layer]!.add(input, potentials);
      if (options.onWindow !== undefined) windows[layer]!(input, (inputs) => options.onWindow!(layer, inputs));
    },
  });
  const classes = new Uint8Array(images * timeSteps);
  const scores = new Int32Array(timeSteps * plan.readout.classes);
  for (let image = 0; image < images; image += 1) {
    network.run(pixels.subarray(image * perImage, (image + 1) * perImage), timeSteps, {
      scores,
      classes: classes.subarray(image * timeSteps, (image + 1) * timeSteps),
    });
    options.onProgress?.(image + 1, images);
  }
  const [inputSpikes = 0, ...spikes] = network.spikes;
  const pixelValues = new Float64Array(256);
  for (const pixel of pixels) pixelValues[pixel]! += 1;
  return {
    images,
    timeSteps,
    activePixels: pixels.length - pixelValues[0]!,
    pixelValues,
    inputSpikes,
    layers: counters.map((counter, index) => counter.events(images * timeSteps, spikes[index]!)),
    classes,
  };
}

/** Walks over a frame's positions with the inputs of each. */
function windowsOf(layer: LayerPlan) {
  const g = geometryOf(layer);
  const inputs = new Float64Array(g.inputTaps);
  const starts = Array.from({ length: g.neurons / g.outputs }, (_, i) => {
    const { y, x } = neuronAt(g, i * g.outputs);
    return positionAddress(layer, g, y, x);
  });
  const offsets = Array.from({ length: g.inputTaps }, (_, tap) => {
    return Math.floor(tap / g.rowTaps) * g.paddedWidth * g.channels + (tap % g.rowTaps);
  });
  return (frame: ArrayLike<number>, see: (inputs: Float64Array) => void) => {
    for (const start of starts) {
      for (let tap = 0; tap < offsets.length; tap += 1) inputs[tap] = frame[start + offsets[tap]!]!;
      see(inputs);
    }
  };
}

/** Numbers of the taps that an engine walks over. */
function walkedTaps({ runs }: LayerPlan, all: number): number[] {
  const given = runs ?? [{ tap: 0, count: all }];
  return given.flatMap(({ tap, count }) => Array.from({ length: count }, (_, i) => tap + i));
}

class LayerCounter {
  readonly #layer: LayerPlan;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #active: Float64Array;
  readonly #potentials: Float64Array;
  readonly #shift: number;
  readonly #half: number;

  constructor(layer: LayerPlan) {
    const { elements } = geometryOf(layer);
    this.#layer = layer;
    this.#sums = new Float64Array(elements);
    this.#squares = new Float64Array(elements);
    this.#active = new Float64Array(elements);
    this.#shift = Math.max(0, layer.accumulatorBits - potentialBits);
    this.#half = 2 ** (layer.accumulatorBits - 1 - this.#shift);
    this.#potentials = new Float64Array(2 * this.#half);
  }

  add(input: ArrayLike<number>, potentials: Int32Array): void {
    const sums = this.#sums;
    const squares = this.#squares;
    const active = this.#active;
    for (let i = 0; i < sums.length; i += 1) {
      const value = input[i]!;
      sums[i]! += value;
      squares[i]! += value * value;
      if (value !== 0) active[i]! += 1;
    }
    for (const potential of potentials) this.#potentials[(potential >> this.#shift) + this.#half]! += 1;
  }

  events(steps: number, spikes: number): LayerEvents {
    const g = geometryOf(this.#layer);
    const positions = g.neurons / g.outputs;
    const tapSum = new Float64Array(g.inputTaps);
    const tapSquares = new Float64Array(g.inputTaps);
    const walked = walkedTaps(this.#layer, g.inputTaps);
    let activeInputs = 0;
    for (let i = 0; i < positions; i += 1) {
      const { y, x } = neuronAt(g, i * g.outputs);
      const from = positionAddress(this.#layer, g, y, x);
      for (const tap of walked) {
        const row = Math.floor(tap / g.rowTaps);
        const element = from + row * g.paddedWidth * g.channels + (tap % g.rowTaps);
        tapSum[tap]! += this.#sums[element]!;
        tapSquares[tap]! += this.#squares[element]!;
        activeInputs += this.#active[element]!;
      }
    }
    return {
      name: this.#layer.name,
      neurons: g.neurons,
      positions,
      updates: g.neurons * steps,
      spikes,
      tapSum,
      tapSquares,
      activeInputs,
      potentials: this.#potentials,
      firstBin: -this.#half,
      potentialShift: this.#shift,
    };
  }
}
