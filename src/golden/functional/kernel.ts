/**
 * A layer's potentials for one time step. Neighbouring inputs of a kernel row are taken together as one number (a code in base inputMax + 1), and
 * a table holds the weighted sum for each of its values: one addition does the work of several, and a code of 0 none at all. Where
 * the accumulators are narrow enough, one 32-bit number carries the sums of two output channels: sums of two's complement
 * halves are right modulo 2^32, whatever happens on the way.
 */
import type { LayerPlan } from '../../plan/index.ts';
import { type Geometry, geometryOf, neuronPlace, positionAddress } from '../geometry.ts';

/** Largest table (32-bit numbers) before fewer inputs are taken together: it should stay in the core's own cache. */
const TABLE_LIMIT = 48 * 1024;

export type Values = Uint8Array | Uint16Array;

export class LayerKernel {
  /** The layer's input frame with padding, one value an element. */
  readonly input: Values;
  /** Potentials in visiting order. */
  readonly potentials: Int32Array;
  readonly #g: Geometry;
  readonly #paired: boolean;
  /** 32-bit numbers of a table row: one for each pair of channels, or for each channel. */
  readonly #packs: number;
  readonly #bias: Int32Array;
  /** Inputs taken together, or 0: multiply each by its weights. */
  readonly #together: number;
  readonly #base: number;
  readonly #table: Int32Array;
  /** Input address of each position, in visiting order. */
  readonly #positions: Int32Array;
  /** Of each chunk of a position: its address after the position's, and its first table row. */
  readonly #chunkOffsets: Int32Array;
  readonly #chunkRows: Int32Array;
  /** Addresses at which some chunk starts, and the code of the inputs from there on. */
  readonly #starts: Int32Array;
  readonly #codes: Int32Array;
  // Table rows (and their factors) to add up for the position at hand.
  readonly #rows: Int32Array;
  readonly #factors: Int32Array;

  constructor(layer: LayerPlan) {
    const g = geometryOf(layer);
    this.#g = g;
    this.#base = layer.inputMax + 1;
    this.#paired = layer.accumulatorBits <= 16;
    this.#packs = this.#paired ? Math.ceil(g.outputs / 2) : g.outputs;
    this.#bias = this.#pack(layer.bias);
    // A kernel as wide as its frame is one long row.
    const whole = layer.kernelWidth === g.paddedWidth;
    const rows = whole ? 1 : layer.kernelHeight;
    const rowTaps = whole ? g.inputTaps : g.rowTaps;
    this.#together = inputsTogether(this.#base, g.inputTaps, rowTaps, this.#packs);
    const chunk = Math.max(1, this.#together);
    const chunksInRow = Math.ceil(rowTaps / chunk);
    const entries = this.#together === 0 ? 1 : this.#base ** chunk;
    this.#chunkOffsets = new Int32Array(rows * chunksInRow);
    this.#chunkRows = new Int32Array(rows * chunksInRow);
    for (let i = 0; i < this.#chunkOffsets.length; i += 1) {
      const row = Math.floor(i / chunksInRow);
      this.#chunkOffsets[i] = row * g.paddedWidth * g.channels + (i % chunksInRow) * chunk;
      this.#chunkRows[i] = i * entries * this.#packs;
    }
    this.#table = new Int32Array(rows * chunksInRow * entries * this.#packs);
    this.#fillTable(layer, rowTaps, chunksInRow, entries);
    this.#positions = new Int32Array(g.neurons / g.outputs);
    for (let i = 0; i < this.#positions.length; i += 1) {
      const { y, x } = neuronPlace(g, i * g.outputs);
      this.#positions[i] = positionAddress(layer, g, y, x);
    }
    const starts = new Set<number>();
    for (const position of this.#positions) for (const offset of this.#chunkOffsets) starts.add(position + offset);
    this.#starts = Int32Array.from(starts).sort();
    this.#codes = new Int32Array(g.elements);
    // The last chunk of the last row may reach beyond the frame: zeros there.
    this.input = new (layer.inputMax > 255 ? Uint16Array : Uint8Array)(g.elements + chunk);
    this.potentials = new Int32Array(g.neurons);
    this.#rows = new Int32Array(this.#chunkOffsets.length);
    this.#factors = new Int32Array(this.#chunkOffsets.length);
  }

  /** Potentials of all neurons from `input`. */
  compute(): void {
    if (this.#together > 0) this.#encode();
    for (let i = 0; i < this.#positions.length; i += 1) {
      if (this.#together > 0) this.#addTable(i);
      else this.#multiply(i);
    }
  }

  #encode(): void {
    const input = this.input;
    const codes = this.#codes;
    const starts = this.#starts;
    const base = this.#base;
    const last = this.#together - 1;
    for (let i = 0; i < starts.length; i += 1) {
      const start = starts[i]!;
      let code = input[start + last]!;
      for (let j = last - 1; j >= 0; j -= 1) code = code * base + input[start + j]!;
      codes[start] = code;
    }
  }

  #addTable(position: number): void {
    const codes = this.#codes;
    const offsets = this.#chunkOffsets;
    const chunkRows = this.#chunkRows;
    const rows = this.#rows;
    const address = this.#positions[position]!;
    const packs = this.#packs;
    let count = 0;
    for (let i = 0; i < offsets.length; i += 1) {
      const code = codes[address + offsets[i]!]!;
      rows[count] = chunkRows[i]! + code * packs;
      if (code !== 0) count += 1;
    }
    const at = position * this.#g.outputs;
    let pack = 0;
    for (; pack + 4 <= packs; pack += 4) this.#addFour(count, pack, at);
    if (packs - pack === 3) this.#addThree(count, pack, at);
    else if (packs - pack === 2) this.#addTwo(count, pack, at);
    else if (packs - pack === 1) this.#addOne(count, pack, at);
  }

  #addFour(count: number, pack: number, at: number): void {
    const table = this.#table;
    const rows = this.#rows;
    let a = this.#bias[pack]!;
    let b = this.#bias[pack + 1]!;
    let c = this.#bias[pack + 2]!;
    let d = this.#bias[pack + 3]!;
    for (let i = 0; i < count; i += 1) {
      const row = rows[i]! + pack;
      a = (a + table[row]!) | 0;
      b = (b + table[row + 1]!) | 0;
      c = (c + table[row + 2]!) | 0;
      d = (d + table[row + 3]!) | 0;
    }
    this.#store(at, pack, a);
    this.#store(at, pack + 1, b);
    this.#store(at, pack + 2, c);
    this.#store(at, pack + 3, d);
  }

  #addThree(count: number, pack: number, at: number): void {
    const table = this.#table;
    const rows = this.#rows;
    let a = this.#bias[pack]!;
    let b = this.#bias[pack + 1]!;
    let c = this.#bias[pack + 2]!;
    for (let i = 0; i < count; i += 1) {
      const row = rows[i]! + pack;
      a = (a + table[row]!) | 0;
      b = (b + table[row + 1]!) | 0;
      c = (c + table[row + 2]!) | 0;
    }
    this.#store(at, pack, a);
    this.#store(at, pack + 1, b);
    this.#store(at, pack + 2, c);
  }

  #addTwo(count: number, pack: number, at: number): void {
    const table = this.#table;
    const rows = this.#rows;
    let a = this.#bias[pack]!;
    let b = this.#bias[pack + 1]!;
    for (let i = 0; i < count; i += 1) {
      const row = rows[i]! + pack;
      a = (a + table[row]!) | 0;
      b = (b + table[row + 1]!) | 0;
    }
    this.#store(at, pack, a);
    this.#store(at, pack + 1, b);
  }

  #addOne(count: number, pack: number, at: number): void {
    const table = this.#table;
    const rows = this.#rows;
    let a = this.#bias[pack]!;
    for (let i = 0; i < count; i += 1) a = (a + table[rows[i]! + pack]!) | 0;
    this.#store(at, pack, a);
  }

  /** For inputs of many values (pixels): weights times value. */
  #multiply(position: number): void {
    const { input } = this;
    const table = this.#table;
    const rows = this.#rows;
    const factors = this.#factors;
    const address = this.#positions[position]!;
    let count = 0;
    for (let i = 0; i < this.#chunkOffsets.length; i += 1) {
      const value = input[address + this.#chunkOffsets[i]!]!;
      rows[count] = this.#chunkRows[i]!;
      factors[count] = value;
      if (value !== 0) count += 1;
    }
    for (let pack = 0; pack < this.#packs; pack += 1) {
      let sum = this.#bias[pack]!;
      for (let i = 0; i < count; i += 1) sum = (sum + Math.imul(factors[i]!, table[rows[i]! + pack]!)) | 0;
      this.#store(position * this.#g.outputs, pack, sum);
    }
  }

  /** Writes the one or two potentials that a sum carries. */
  #store(at: number, pack: number, sum: number): void {
    const potentials = this.potentials;
    if (!this.#paired) {
      potentials[at + pack] = sum;
      return;
    }
    const low = (sum << 16) >> 16;
    potentials[at + 2 * pack] = low;
    if (2 * pack + 1 < this.#g.outputs) potentials[at + 2 * pack + 1] = (sum - low) >> 16;
  }

  /** One number for each channel into table form. */
  #pack(perChannel: readonly number[]): Int32Array {
    const packed = new Int32Array(this.#packs);
    perChannel.forEach((value, channel) => {
      if (this.#paired) packed[channel >> 1]! += channel & 1 ? value << 16 : value;
      else packed[channel] = value;
    });
    return packed;
  }

  /** Row `code` of a chunk: the sum over its inputs of digit x weight. */
  #fillTable(layer: LayerPlan, rowTaps: number, chunksInRow: number, entries: number): void {
    const packs = this.#packs;
    const chunk = Math.max(1, this.#together);
    const { inputTaps } = this.#g;
    const weights: Int32Array[] = [];
    for (let tap = 0; tap < inputTaps; tap += 1) weights.push(this.#pack(layer.weights.map((row) => row[tap]!)));
    for (let i = 0; i < this.#chunkRows.length; i += 1) {
      const first = Math.floor(i / chunksInRow) * rowTaps + (i % chunksInRow) * chunk;
      const taps = Math.min(chunk, rowTaps - (i % chunksInRow) * chunk);
      const at = this.#chunkRows[i]!;
      if (this.#together === 0) {
        this.#table.set(weights[first]!, at);
        continue;
      }
      // Entry = entry without its highest digit's last unit + that digit's weight.
      for (let code = 1; code < entries; code += 1) {
        let digit = 0;
        let unit = 1;
        while (unit * this.#base <= code) {
          unit *= this.#base;
          digit += 1;
        }
        const weight = digit < taps ? weights[first + digit] : undefined;
        const before = at + (code - unit) * packs;
        for (let p = 0; p < packs; p += 1) {
          this.#table[at + code * packs + p] = this.#table[before + p]! + (weight?.[p] ?? 0);
        }
      }
    }
  }
}

/** How many inputs to take together: as many as the table's size allows; 0 when even one needs too large a table. */
function inputsTogether(base: number, inputTaps: number, rowTaps: number, packs: number): number {
  const plain = inputTaps * packs;
  // Twice the weights is what one input of two values needs; a large layer is allowed a little more than that.
  const limit = Math.max(TABLE_LIMIT, 4 * plain);
  let together = 0;
  while (together < Math.min(rowTaps, 8) && (plain / (together + 1)) * base ** (together + 1) <= limit) together += 1;
  return together;
}
