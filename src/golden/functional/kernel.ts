/**
 * A layer's potentials for one time step. Neighbouring inputs of a kernel row are taken together as one number (a code in base inputMax + 1), and
 * a table holds, for each of its values, the weighted sums of all output channels side by side: one vector addition does the
 * work of several inputs times eight channels. Sums of 16 bits are right modulo 2^16 whatever happens on the way, so the plan's
 * accumulator width decides whether they will do.
 */
import type { LayerPlan } from '../../plan/schema/index.ts';
import { type Geometry, geometryOf, neuronAt, positionAddress } from '../geometry.ts';
import {
  type Arena,
  type Code,
  constant,
  get,
  i16x8,
  i32,
  i32x4,
  repeat,
  sequence,
  set,
  v128,
  type WasmFunction,
  type WasmMemory,
  when,
} from './wasm.ts';

/** Largest table in bytes before fewer inputs are taken together: it should stay in the processor core's own cache. */
const TABLE_LIMIT = 160 * 1024;
/** Vectors summed at a time: what fits the registers. */
const VECTORS_AT_ONCE = 8;
/** From this many vectors on it pays to look whether a code is 0. */
const VECTORS_TO_SKIP = 4;

export type Values = Uint8Array | Uint16Array;

export class LayerKernel {
  readonly #g: Geometry;
  /** 16-bit sums, eight channels a vector; otherwise 32-bit sums, four. */
  readonly #narrow: boolean;
  readonly #vectors: number;
  /** Inputs taken together, or 0: multiply each by its weights. */
  readonly #together: number;
  readonly #base: number;
  readonly #layer: LayerPlan;
  readonly #positions: readonly number[];
  /** Of each chunk of a position: its address after the position's. */
  readonly #chunkOffsets: readonly number[];
  readonly #chunksInRow: number;
  readonly #rowTaps: number;
  readonly #starts: readonly number[];
  readonly #at: Readonly<
    Record<'input' | 'codes' | 'starts' | 'positions' | 'offsets' | 'rows' | 'table' | 'bias', number>
  >;
  /** Address of the potentials: 32 bits each, in visiting order. */
  readonly potentialsAt: number;

  constructor(layer: LayerPlan, arena: Arena) {
    const g = geometryOf(layer);
    this.#g = g;
    this.#layer = layer;
    this.#base = layer.inputMax + 1;
    this.#narrow = layer.accumulatorBits <= 16;
    this.#vectors = Math.ceil(g.outputs / (this.#narrow ? 8 : 4));
    // A kernel as wide as its frame is one long row.
    const whole = layer.kernelWidth === g.paddedWidth;
    const rows = whole ? 1 : layer.kernelHeight;
    this.#rowTaps = whole ? g.inputTaps : g.rowTaps;
    this.#together = inputsTogether(this.#base, g.inputTaps, this.#rowTaps, this.#vectors * 16);
    const chunk = this.#chunk;
    this.#chunksInRow = Math.ceil(this.#rowTaps / chunk);
    this.#chunkOffsets = Array.from({ length: rows * this.#chunksInRow }, (_, i) => {
      const row = Math.floor(i / this.#chunksInRow);
      return row * g.paddedWidth * g.channels + (i % this.#chunksInRow) * chunk;
    });
    this.#positions = Array.from({ length: g.neurons / g.outputs }, (_, i) => {
      const { y, x } = neuronAt(g, i * g.outputs);
      return positionAddress(layer, g, y, x);
    });
    const starts = new Set<number>();
    for (const position of this.#positions) for (const offset of this.#chunkOffsets) starts.add(position + offset);
    this.#starts = this.#together === 0 ? [] : [...starts].sort((a, b) => a - b);
    this.#at = {
      // The last chunk of the last row may reach beyond the frame: zeros there.
      input: arena.place((g.elements + chunk) * this.valueBytes),
      codes: arena.place(4 * g.elements),
      starts: arena.place(4 * this.#starts.length),
      positions: arena.place(4 * this.#positions.length),
      offsets: arena.place(4 * this.#chunkOffsets.length),
      rows: arena.place(4 * this.#chunkOffsets.length),
      table: arena.place(this.#chunkOffsets.length * this.#chunkBytes),
      bias: arena.place(16 * this.#vectors),
    };
    // Whole vectors are written, beyond the position's last channel; the next position puts that right.
    this.potentialsAt = arena.place(4 * g.neurons + 32 * this.#vectors);
  }

  get #chunk(): number {
    return Math.max(1, this.#together);
  }

  get #rowBytes(): number {
    return 16 * this.#vectors;
  }

  /** Bytes of one chunk's part of the table. */
  get #chunkBytes(): number {
    return this.#rowBytes * (this.#together === 0 ? 1 : this.#base ** this.#together);
  }

  get valueBytes(): 1 | 2 {
    return this.#layer.inputMax > 255 ? 2 : 1;
  }

  /** Address of the input frame with padding, `valueBytes` an element. */
  get inputAt(): number {
    return this.#at.input;
  }

  input({ buffer }: WasmMemory): Values {
    const length = this.#g.elements;
    return this.valueBytes === 2
      ? new Uint16Array(buffer, this.#at.input, length)
      : new Uint8Array(buffer, this.#at.input, length);
  }

  potentials({ buffer }: WasmMemory): Int32Array {
    return new Int32Array(buffer, this.potentialsAt, this.#g.neurons);
  }

  /** Writes tables and address lists. */
  fill({ buffer }: WasmMemory): void {
    const unit = this.#unit;
    const write = (at: number, values: readonly number[]): void =>
      new Int32Array(buffer, at, values.length).set(values);
    write(this.#at.starts, this.#starts);
    write(
      this.#at.positions,
      this.#positions.map((address) => address * unit),
    );
    write(
      this.#at.offsets,
      this.#chunkOffsets.map((address) => address * unit),
    );
    write(
      this.#at.rows,
      this.#chunkOffsets.map((_, i) => i * this.#chunkBytes),
    );
    this.#sums(buffer, this.#at.bias, this.#vectors).set(this.#layer.bias);
    this.#fillTable(buffer);
  }

  /** Bytes between neighbouring inputs in the array that a position looks at: codes, or the values themselves. */
  get #unit(): number {
    return this.#together === 0 ? this.valueBytes : 4;
  }

  #sums(buffer: ArrayBuffer, at: number, vectors: number): Int16Array | Int32Array {
    return this.#narrow ? new Int16Array(buffer, at, 8 * vectors) : new Int32Array(buffer, at, 4 * vectors);
  }

  /** Row `code` of a chunk: for each channel the sum over the chunk's inputs of digit x weight. */
  #fillTable(buffer: ArrayBuffer): void {
    const { weights } = this.#layer;
    const channels = weights.length;
    const rows = this.#chunkBytes / this.#rowBytes;
    const lanes = this.#vectors * (this.#narrow ? 8 : 4);
    const table = this.#sums(buffer, this.#at.table, this.#chunkOffsets.length * rows * this.#vectors);
    for (let i = 0; i < this.#chunkOffsets.length; i += 1) {
      const inRow = (i % this.#chunksInRow) * this.#chunk;
      const first = Math.floor(i / this.#chunksInRow) * this.#rowTaps + inRow;
      const taps = Math.min(this.#chunk, this.#rowTaps - inRow);
      const at = i * rows * lanes;
      if (this.#together === 0) {
        for (let c = 0; c < channels; c += 1) table[at + c] = weights[c]![first]!;
        continue;
      }
      let digit = 0;
      let unit = 1;
      for (let code = 1; code < rows; code += 1) {
        if (code === unit * this.#base) {
          unit = code;
          digit += 1;
        }
        // The row with one unit less of its highest digit, and that digit's weight once more.
        const before = at + (code - unit) * lanes;
        for (let c = 0; c < channels; c += 1) {
          const weight = digit < taps ? weights[c]![first + digit]! : 0;
          table[at + code * lanes + c] = table[before + c]! + weight;
        }
      }
    }
  }

  /** From the input frame to the potentials of all neurons. */
  compute(): WasmFunction {
    const vectors = Math.min(this.#vectors, VECTORS_AT_ONCE);
    const body = sequence(this.#together === 0 ? [] : this.#encode(), this.#addUp(), constant(0));
    return { integers: 6, vectors, body };
  }

  /** The code at every start: digits from the last input to the first. */
  #encode(): Code {
    const [, cursor, start] = [0, 1, 2];
    const value = (digit: number): Code => {
      const offset = this.#at.input + digit * this.valueBytes;
      return this.valueBytes === 1
        ? i32.load8(get(start), offset)
        : i32.load16(i32.shiftLeft(get(start), constant(1)), offset);
    };
    let code = value(this.#together - 1);
    for (let digit = this.#together - 2; digit >= 0; digit -= 1) {
      code = i32.add(i32.multiply(code, constant(this.#base)), value(digit));
    }
    return sequence(
      set(cursor, constant(0)),
      repeat(
        sequence(
          set(start, i32.load(get(cursor), this.#at.starts)),
          i32.store(
            i32.shiftLeft(get(start), constant(2)),
            i32.multiply(code, constant(this.#rowBytes)),
            this.#at.codes,
          ),
          set(cursor, i32.add(get(cursor), constant(4))),
        ),
        i32.lessUnsigned(get(cursor), constant(4 * this.#starts.length)),
      ),
    );
  }

  /** Position by position; wide layers in several passes over the position's chunks. */
  #addUp(): Code {
    const [, cursor, address, chunk, row, factor, out, firstVector] = [0, 1, 2, 3, 4, 5, 6, 7];
    const chunks = this.#chunkOffsets.length;
    const passes: Code[] = [];
    for (let first = 0; first < this.#vectors; first += VECTORS_AT_ONCE) {
      const count = Math.min(VECTORS_AT_ONCE, this.#vectors - first);
      const each = (part: (local: number, vector: number) => Code): Code =>
        sequence(...Array.from({ length: count }, (_, i) => part(firstVector + i, first + i)));
      const add = each((local, vector) => set(local, this.#add(get(local), this.#term(row, factor, vector))));
      const take =
        this.#together === 0
          ? sequence(
              set(factor, this.#valueAt(i32.add(get(address), i32.load(get(chunk), this.#at.offsets)))),
              when(get(factor), sequence(set(row, i32.load(get(chunk), this.#at.rows)), add)),
            )
          : sequence(
              set(row, i32.load(i32.add(get(address), i32.load(get(chunk), this.#at.offsets)), this.#at.codes)),
              this.#skipZero(get(row), sequence(set(row, i32.add(get(row), i32.load(get(chunk), this.#at.rows))), add)),
            );
      passes.push(
        each((local, vector) => set(local, v128.load(constant(this.#at.bias + 16 * vector)))),
        set(chunk, constant(0)),
        repeat(
          sequence(take, set(chunk, i32.add(get(chunk), constant(4)))),
          i32.lessUnsigned(get(chunk), constant(4 * chunks)),
        ),
        each((local, vector) => this.#write(get(out), get(local), vector)),
      );
    }
    return sequence(
      set(cursor, constant(0)),
      set(out, constant(this.potentialsAt)),
      repeat(
        sequence(
          set(address, i32.load(get(cursor), this.#at.positions)),
          ...passes,
          set(out, i32.add(get(out), constant(4 * this.#g.outputs))),
          set(cursor, i32.add(get(cursor), constant(4))),
        ),
        i32.lessUnsigned(get(cursor), constant(4 * this.#positions.length)),
      ),
    );
  }

  #skipZero(code: Code, body: Code): Code {
    return this.#vectors >= VECTORS_TO_SKIP ? when(code, body) : body;
  }

  #valueAt(address: Code): Code {
    return this.valueBytes === 1 ? i32.load8(address, this.#at.input) : i32.load16(address, this.#at.input);
  }

  #term(row: number, factor: number, vector: number): Code {
    const weights = v128.load(get(row), this.#at.table + 16 * vector);
    if (this.#together > 0) return weights;
    return this.#narrow
      ? i16x8.multiply(weights, i16x8.splat(get(factor)))
      : i32x4.multiply(weights, i32x4.splat(get(factor)));
  }

  #add(a: Code, b: Code): Code {
    return this.#narrow ? i16x8.add(a, b) : i32x4.add(a, b);
  }

  #write(out: Code, sums: Code, vector: number): Code {
    if (!this.#narrow) return v128.store(out, sums, 16 * vector);
    return sequence(
      v128.store(out, i32x4.extendLow(sums), 32 * vector),
      v128.store(out, i32x4.extendHigh(sums), 32 * vector + 16),
    );
  }
}

/** How many inputs to take together: as many as the table's size allows; 0 when even one needs too large a table. */
function inputsTogether(base: number, inputTaps: number, rowTaps: number, rowBytes: number): number {
  const weightBytes = inputTaps * rowBytes;
  // Twice the weights is what one input of two values needs; a large layer is allowed a little more than that.
  const limit = Math.max(TABLE_LIMIT, 4 * weightBytes);
  let together = 0;
  while (
    together < Math.min(rowTaps, 8) &&
    Math.ceil(inputTaps / (together + 1)) * rowBytes * base ** (together + 1) <= limit
  ) {
    together += 1;
  }
  return together;
}
