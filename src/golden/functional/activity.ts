/** How busy the network is on somebody's images: what an event engine's clocks and a watchdog's limits depend on. */
import { badInput } from '../../errors/index.ts';
import type { Plan } from '../../plan/schema/index.ts';
import { checkPlan } from '../check/index.ts';
import { geometryOf, pixelsOf } from '../geometry.ts';
import { Network } from './network.ts';

/** Shares of neurons that spike in a time step. */
export interface SpikeShares {
  /** Over all images. */
  readonly mean: number;
  /** Of the image with the fewest and of that with the most spikes. */
  readonly low: number;
  readonly high: number;
}

/** How often a layer gets and gives spikes: shares from 0 to 1. */
export interface LayerActivity {
  readonly name: string;
  /** By time lanes L: share of the layer's inputs that are not silent in all of the L time steps of a pass. */
  readonly inputs: Readonly<Record<number, number>>;
  /** Undefined where the layer has no neurons. */
  readonly spikes: SpikeShares | undefined;
}

/** All layers on some images. */
export interface NetworkActivity {
  readonly images: number;
  readonly timeSteps: number;
  readonly layers: readonly LayerActivity[];
}

/** Numbers of time lanes that are looked at. */
const lanesCounted = [1, 2, 4, 8, 16, 32];

/** Of one layer: when each element of its input frame was last not silent. */
class InputWatch {
  readonly #lanes: readonly number[];
  /** [index into lanes][element]: the last pass, counted from 1, in which the element was not silent. */
  readonly #seen: Int32Array[];
  /** [index into lanes]: elements that were not silent, over all passes. */
  readonly #active: number[];
  readonly #passes: number[];
  readonly #current: number[];

  constructor(elements: number, lanes: readonly number[]) {
    this.#lanes = lanes;
    this.#seen = lanes.map(() => new Int32Array(elements));
    this.#active = lanes.map(() => 0);
    this.#passes = lanes.map(() => 0);
    this.#current = lanes.map(() => 0);
  }

  add(step: number, input: ArrayLike<number>): void {
    for (const [index, lanes] of this.#lanes.entries()) {
      if (step % lanes === 0) {
        this.#current[index]! += 1;
        this.#passes[index]! += 1;
      }
      const pass = this.#current[index]!;
      const seen = this.#seen[index]!;
      let active = 0;
      for (let i = 0; i < seen.length; i += 1) {
        if (input[i] === 0 || seen[i] === pass) continue;
        seen[i] = pass;
        active += 1;
      }
      this.#active[index]! += active;
    }
  }

  /** @param inputs elements without the padding around the frame */
  shares(inputs: number): Record<number, number> {
    return Object.fromEntries(
      this.#lanes.map((lanes, index) => [lanes, this.#active[index]! / (this.#passes[index]! * inputs)]),
    );
  }
}

/**
 * Runs `pixels` (image after image, 0..255) as `classifyImages` does, and watches inputs and spikes of every layer.
 *
 * @throws badInput when the pixels are not whole images, at least one, or the number of time steps is out of range
 */
export function measureActivity(plan: Plan, pixels: Uint8Array, timeSteps: number): NetworkActivity {
  checkPlan(plan);
  const perImage = pixelsOf(plan);
  const images = pixels.length / perImage;
  if (!Number.isInteger(images) || images < 1)
    throw badInput('activity is measured on whole images', {
      found: `${pixels.length} pixels`,
      expected: `a multiple of ${perImage}`,
    });
  if (!Number.isInteger(timeSteps) || timeSteps < 1 || timeSteps > plan.timeSteps.max)
    throw badInput('the number of time steps is out of range', {
      found: `${timeSteps}`,
      expected: `1..${plan.timeSteps.max}`,
    });
  const watches = plan.layers.map((layer) => new InputWatch(geometryOf(layer).elements, lanesCounted));
  let step = 0;
  const network = new Network(plan, 0, {
    onStep: (layer, input) => watches[layer]!.add(step, input),
    onStepEnd: () => {
      step += 1;
    },
  });
  const ranges = plan.layers.map(() => ({ low: 1, high: 0 }));
  const scores = new Int32Array(timeSteps * plan.readout.classes);
  const classes = new Uint8Array(timeSteps);
  for (let image = 0; image < images; image += 1) {
    const before = Float64Array.from(network.spikes);
    step = 0;
    network.run(pixels.subarray(image * perImage, (image + 1) * perImage), timeSteps, { scores, classes });
    plan.layers.forEach((layer, index) => {
      const spikes = network.spikes[index + 1]! - before[index + 1]!;
      const share = spikes / (geometryOf(layer).neurons * timeSteps);
      const range = ranges[index]!;
      range.low = Math.min(range.low, share);
      range.high = Math.max(range.high, share);
    });
  }
  return {
    images,
    timeSteps,
    layers: plan.layers.map((layer, index) => {
      const { height, width, channels } = layer.input;
      const mean = network.spikes[index + 1]! / (geometryOf(layer).neurons * timeSteps * images);
      return {
        name: layer.name,
        inputs: watches[index]!.shares(height * width * channels),
        spikes: layer.neuron.kind === 'none' ? undefined : { mean, ...ranges[index]! },
      };
    }),
  };
}
