/** One image through an integer core, without clocks: plain sums of weights times values. */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { carriedElements, type Geometry, geometryOf, neuronAt, positionAddress } from '../geometry.ts';
import { tableAddress } from '../table.ts';
import type { ImageResult } from './network.ts';

export class IntegerNetwork {
  readonly #layers: readonly IntegerLayer[];
  /** For the same reports as a network of spikes: it has none. */
  readonly spikes: Float64Array;

  /** The plan must be sound. */
  constructor(plan: Plan) {
    this.#layers = plan.layers.map((layer) => new IntegerLayer(layer));
    this.spikes = new Float64Array(plan.layers.length + 1);
  }

  run(pixels: Uint8Array, _timeSteps: number, result: ImageResult): void {
    let values: ArrayLike<number> = pixels;
    for (const layer of this.#layers) values = layer.compute(values);
    let best = 0;
    for (let i = 0; i < values.length; i += 1) {
      result.scores[i] = values[i]!;
      if (values[i]! > values[best]!) best = i;
    }
    result.classes[0] = best;
  }
}

class IntegerLayer {
  readonly #plan: LayerPlan;
  readonly #g: Geometry;
  /** [channel][tap] */
  readonly #weights: Int32Array;
  /** Address of each tap relative to a position's first. */
  readonly #offsets: Int32Array;
  /** First address, output element and channel of each neuron in visiting order. */
  readonly #neurons: readonly { readonly address: number; readonly into: number; readonly channel: number }[];
  readonly #carried: ReturnType<typeof carriedElements>;
  readonly #frame: Float64Array;
  readonly #output: Float64Array;

  constructor(plan: LayerPlan) {
    const g = geometryOf(plan);
    this.#plan = plan;
    this.#g = g;
    this.#weights = Int32Array.from(plan.weights.flat());
    this.#offsets = Int32Array.from({ length: g.inputTaps }, (_, tap) => {
      const row = Math.floor(tap / g.rowTaps);
      return row * g.paddedWidth * g.channels + (tap % g.rowTaps);
    });
    const poolHeight = plan.pool?.height ?? 1;
    const poolWidth = plan.pool?.width ?? 1;
    this.#neurons = Array.from({ length: g.neurons }, (_, index) => {
      const { channel, y, x } = neuronAt(g, index);
      const window = Math.floor(y / poolHeight) * g.windowsX + Math.floor(x / poolWidth);
      return { address: positionAddress(plan, g, y, x), into: window * g.channelsOut + g.carried + channel, channel };
    });
    this.#carried = carriedElements(plan, (window) => window * g.channelsOut);
    this.#frame = new Float64Array(g.elements);
    this.#output = new Float64Array(g.windowsY * g.windowsX * g.channelsOut);
  }

  /** Values (y, x, channel) in; sums of pooled values, or the potentials of the last layer, out. The array is used again. */
  compute(values: ArrayLike<number>): Float64Array {
    this.#place(values);
    const frame = this.#frame;
    const weights = this.#weights;
    const offsets = this.#offsets;
    const output = this.#output.fill(0);
    for (const { address, into, channel } of this.#neurons) {
      let sum = this.#plan.bias[channel]!;
      const row = channel * offsets.length;
      for (let tap = 0; tap < offsets.length; tap += 1) sum += weights[row + tap]! * frame[address + offsets[tap]!]!;
      output[into]! += this.#activate(sum);
    }
    const { from, into } = this.#carried;
    for (let i = 0; i < from.length; i += 1) output[into[i]!]! += frame[from[i]!]!;
    return output;
  }

  #place(values: ArrayLike<number>): void {
    const { rowElements, rowPadding, start } = this.#g;
    for (let i = 0; i < values.length; i += 1) {
      this.#frame[start + i + Math.floor(i / rowElements) * rowPadding] = values[i]!;
    }
  }

  #activate(sum: number): number {
    const { neuron } = this.#plan;
    if (neuron.kind !== 'integer') return sum;
    return neuron.table[tableAddress(neuron, sum)]!;
  }
}
