/**
 * The network as its definition says, without any thought of speed: a stream is a list of bits, word k of it belongs to
 * (image, time step, neuron). Shares nothing with src/golden.
 */
import type { LayerPlan, Plan, StreamPlan } from '../../src/plan/index.ts';

export interface NaiveImage {
  /** [step][class] */
  readonly scores: number[][];
  /** [step] */
  readonly classes: number[];
  /** [step][layer][neuron in visiting order], empty where a layer has no neurons. */
  readonly spikes: number[][][];
  /** [step][pixel], empty under direct encoding. */
  readonly inputSpikes: number[][];
}

/** The stream's bits, made one by one as they are asked for. */
class Bits {
  readonly #bits: number[] = [];
  readonly #stream: StreamPlan;

  constructor(stream: StreamPlan) {
    this.#stream = stream;
    for (let i = 0; i < 32; i += 1) this.#bits.push(Math.floor(stream.seed / 2 ** i) % 2);
  }

  word(k: number): number {
    const first = k * this.#stream.leap;
    while (this.#bits.length < first + 16) {
      const n = this.#bits.length - 32;
      this.#bits.push(this.#stream.taps.reduce((sum, tap) => sum + this.#bits[n + tap]!, 0) % 2);
    }
    let word = 0;
    for (let i = 0; i < 16; i += 1) word += this.#bits[first + i]! * 2 ** i;
    return word;
  }
}

/** Map of values by row, column and channel. */
type Map3 = number[][][];

function map3(
  height: number,
  width: number,
  channels: number,
  value: (y: number, x: number, c: number) => number,
): Map3 {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => Array.from({ length: channels }, (_, c) => value(y, x, c))),
  );
}

function potential(layer: LayerPlan, input: Map3, y: number, x: number, channel: number): number {
  let sum = layer.bias[channel]!;
  let tap = 0;
  for (let ky = 0; ky < layer.kernelHeight; ky += 1) {
    for (let kx = 0; kx < layer.kernelWidth; kx += 1) {
      for (let c = 0; c < layer.input.channels; c += 1) {
        const value = input[y * layer.strideY + ky - layer.padTop]?.[x * layer.strideX + kx - layer.padLeft]?.[c] ?? 0;
        sum += layer.weights[channel]![tap]! * value;
        tap += 1;
      }
    }
  }
  return sum;
}

/** Value under a tap of the window. */
function tapOf(layer: LayerPlan, input: Map3, y: number, x: number, tap: number): number {
  const { channels } = layer.input;
  const ky = Math.floor(tap / (layer.kernelWidth * channels));
  const kx = Math.floor(tap / channels) % layer.kernelWidth;
  const row = input[y * layer.strideY + ky - layer.padTop];
  return row?.[x * layer.strideX + kx - layer.padLeft]?.[tap % channels] ?? 0;
}

function code(layer: LayerPlan, value: number): number {
  if (!('stream' in layer.neuron)) throw new Error(`layer ${layer.name} has no neurons`);
  const { table, tableShift, tableOffset } = layer.neuron;
  const address = Math.floor(value / 2 ** tableShift) + tableOffset;
  if (address < 0) return table[0]!;
  return table[address] ?? table.at(-1)!;
}

/** Positions (y, x) in visiting order. */
function visits(layer: LayerPlan): { y: number; x: number; windowY: number; windowX: number }[] {
  const height = layer.pool?.height ?? 1;
  const width = layer.pool?.width ?? 1;
  const list = [];
  for (let windowY = 0; (windowY + 1) * height <= layer.output.height; windowY += 1) {
    for (let windowX = 0; (windowX + 1) * width <= layer.output.width; windowX += 1) {
      for (let dy = 0; dy < height; dy += 1) {
        for (let dx = 0; dx < width; dx += 1) {
          list.push({ y: windowY * height + dy, x: windowX * width + dx, windowY, windowX });
        }
      }
    }
  }
  return list;
}

/** `count` images from position `firstImage` on, `steps` time steps each. */
export function classifyNaively(plan: Plan, pixels: Uint8Array, steps: number, firstImage = 0): NaiveImage[] {
  const { height, width, channels } = plan.input;
  const perImage = height * width * channels;
  const inputBits = plan.encoding.kind === 'bernoulli' ? new Bits(plan.encoding.stream) : undefined;
  const layerBits = plan.layers.map((layer) => ('stream' in layer.neuron ? new Bits(layer.neuron.stream) : undefined));
  const images: NaiveImage[] = [];
  for (let index = 0; index < pixels.length / perImage; index += 1) {
    const image = firstImage + index;
    const pixel = (y: number, x: number, c: number): number =>
      pixels[index * perImage + (y * width + x) * channels + c]!;
    const result: NaiveImage = { scores: [], classes: [], spikes: [], inputSpikes: [] };
    let scores = new Array<number>(plan.readout.classes).fill(0);
    for (let t = 0; t < steps; t += 1) {
      let frame = map3(height, width, channels, pixel);
      if (inputBits !== undefined) {
        const spikes: number[] = [];
        frame = map3(height, width, channels, (y, x, c) => {
          const word = inputBits.word((image * plan.timeSteps.max + t) * perImage + spikes.length);
          // Rounded to 2^-16, as the page says.
          spikes.push(word < Math.round((pixel(y, x, c) / 255) * 65536) ? 1 : 0);
          return spikes.at(-1)!;
        });
        result.inputSpikes.push(spikes);
      }
      const fired: number[][] = [];
      let addends: number[] = [];
      plan.layers.forEach((layer, l) => {
        const spikes: number[] = [];
        const potentials: number[] = [];
        const list = visits(layer);
        const draws = list.length * layer.output.channels;
        const counts = map3(
          Math.max(...list.map((v) => v.windowY)) + 1,
          Math.max(...list.map((v) => v.windowX)) + 1,
          layer.output.channels,
          () => 0,
        );
        const carried = map3(counts.length, counts[0]!.length, layer.carry?.count ?? 0, () => 0);
        for (const { y, x, windowY, windowX } of list) {
          for (let c = 0; c < (layer.carry?.count ?? 0); c += 1) {
            carried[windowY]![windowX]![c]! += tapOf(layer, frame, y, x, layer.carry!.tap + c);
          }
          for (let c = 0; c < layer.output.channels; c += 1) {
            const value = potential(layer, frame, y, x, c);
            potentials.push(value);
            const bits = layerBits[l];
            if (bits === undefined) continue;
            const word = bits.word((image * plan.timeSteps.max + t) * draws + spikes.length);
            const threshold = code(layer, value);
            const spike = threshold === 65535 || word < threshold ? 1 : 0;
            spikes.push(spike);
            counts[windowY]![windowX]![c]! += spike;
          }
        }
        fired.push(spikes);
        addends = layerBits[l] === undefined ? potentials : spikes;
        frame = counts.map((row, y) => row.map((own, x) => [...carried[y]![x]!, ...own]));
      });
      scores = scores.map((score, i) => score + addends[i]!);
      result.scores.push(scores);
      result.classes.push(scores.indexOf(Math.max(...scores)));
      result.spikes.push(fired);
    }
    images.push(result);
  }
  return images;
}
