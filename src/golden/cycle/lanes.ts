/** What the two engines share: the weight memory, the accumulators and the drain. */
import type { LayerPlan } from '../../plan/schema/index.ts';
import { bitsFor, channelFactor, geometryOf } from '../geometry.ts';
import type { Consumer } from './buffer.ts';
import { type CheckedMemory, checkedWords, foldedWords } from './monitors/check.ts';
import type { LayerNeurons } from './neurons/contract.ts';
import { extract, insert, replaceRow, shiftDown, wordsFor } from './packed.ts';
import type { PassState } from './pass.ts';
import type { Readout } from './readout.ts';
import type { Registers } from './registers.ts';

/** Where a layer's potentials go: to its neurons, whose spikes reach `consumer`, or straight to the readout. */
export type Sink =
  | { readonly kind: 'neurons'; readonly neurons: LayerNeurons; readonly consumer: Consumer }
  | { readonly kind: 'readout'; readonly readout: Readout };

/** A weight memory with its output register, in which the row's weights lie side by side. */
export class WeightMemory {
  readonly #data: Uint32Array;
  readonly #lanes: number;
  readonly #packed: Int32Array;
  readonly #values: Int32Array;
  readonly #weightBits: number;
  readonly #factorOf: (row: number, lane: number) => number;
  #row = -1;
  #changed = false;
  #checkRow = -1;

  /** `weightOf(row, lane)` for every row and output lane, of the group `groupOf(row)`. Its output register is among `registers`. */
  constructor(
    registers: Registers,
    layer: LayerPlan,
    rows: number,
    {
      weightOf,
      groupOf,
    }: { readonly weightOf: (row: number, lane: number) => number; readonly groupOf: (row: number) => number },
  ) {
    const factorOf = (row: number, lane: number) => channelFactor(layer, groupOf(row), lane);
    this.#factorOf = factorOf;
    const lanes = layer.outputLanes;
    const words = wordsFor(lanes * layer.weightBits);
    this.#lanes = lanes;
    this.#weightBits = layer.weightBits;
    this.#packed = new Int32Array(rows * words);
    this.#values = new Int32Array(rows * lanes);
    this.#data = registers.wide('weights.data', lanes * layer.weightBits);
    for (let row = 0; row < rows; row += 1) {
      for (let lane = 0; lane < lanes; lane += 1) {
        const weight = weightOf(row, lane);
        this.#values[row * lanes + lane] = weight;
        insert(this.#packed, row * words, lane * layer.weightBits, layer.weightBits, weight / factorOf(row, lane));
      }
    }
    // Reset is held long enough for the memory to have read address 0.
    this.read(0);
  }

  /** For the checksum, in clocks in which the engine is idle. */
  check(isFree: () => boolean): CheckedMemory {
    const { length } = this.#data;
    const { rows, sumOf } = checkedWords(this.#packed, length);
    const load = {
      bits: this.#lanes * this.#weightBits,
      replace: (row: number, parts: readonly number[]) => this.#replace(row, parts),
      part: (index: number) => this.#data[index]! >>> 0,
    };
    return {
      ...{ rows, sumOf, isFree, load },
      read: (row) => this.#asked(row),
      data: () => foldedWords(this.#data, 0, length),
    };
  }

  #replace(row: number, parts: readonly number[]): void {
    const { length } = this.#data;
    const packed = this.#packed.subarray(row * length, (row + 1) * length);
    replaceRow(
      parts,
      packed,
      this.#values.subarray(row * this.#lanes, (row + 1) * this.#lanes),
      this.#weightBits,
      (lane) => this.#factorOf(row, lane),
    );
    this.#changed = true;
  }

  #asked(row: number): void {
    this.#checkRow = row;
  }

  /** One clock with the address at `row`, or at what the check asks for. */
  read(engineRow: number): void {
    const row = this.#checkRow < 0 ? engineRow : this.#checkRow;
    this.#checkRow = -1;
    if (row === this.#row && !this.#changed) return;
    this.#changed = false;
    this.#row = row;
    const data = this.#data;
    const from = row * data.length;
    for (let w = 0; w < data.length; w += 1) data[w] = this.#packed[from + w]!;
  }

  /** Adds weight x value to accumulators [lane][t], from `at` on. Values hold one number for each time lane. */
  accumulate(accumulators: Int32Array, at: number, values: Int32Array): void {
    const weights = this.#values;
    const times = values.length;
    const begin = this.#row * this.#lanes;
    const end = begin + this.#lanes;
    for (let t = 0; t < times; t += 1) {
      const value = values[t]!;
      if (value === 0) continue;
      let index = at + t;
      // The product of integers as hardware makes it: a plain one would be -0 at times, and slow.
      for (let row = begin; row < end; row += 1) {
        accumulators[index]! += Math.imul(weights[row]!, value);
        index += times;
      }
    }
  }
}

/** Accumulators [position lane][output lane][time lane], and the copy of them that is shifted out. */
export class Lanes {
  readonly #r;
  readonly #head: Int32Array;
  readonly #times: number;
  readonly #outputs: number;
  readonly #sink: Sink;
  #drawing = false;
  /** Neurons of this pass that have left the drain; for messages. */
  drawn = 0;

  /** Its registers are among `registers`. */
  constructor(registers: Registers, layer: LayerPlan, sink: Sink) {
    const entries = layer.positionLanes * layer.outputLanes;
    const count = entries * layer.timeLanes;
    this.#times = layer.timeLanes;
    this.#outputs = layer.outputLanes;
    this.#sink = sink;
    const name = (register: string) => (index: number) =>
      `lane[${Math.floor(index / this.#times)}].unit.step[${index % this.#times}].${register}`;
    this.#r = {
      accumulators: registers.signedBank(name('acc'), layer.accumulatorBits, count),
      drain: registers.signedBank(name('drain'), layer.accumulatorBits, count),
      drainLeft: registers.word('drain_left', bitsFor(entries)),
    };
    this.#head = this.#r.drain.subarray(0, layer.timeLanes);
  }

  /** Entries not yet drawn. */
  get left(): number {
    return this.#r.drainLeft.now;
  }

  /** Whether the drain is empty, or one entry leaves in this cycle and at most `most` are left with it. */
  leftWithin(most: number): boolean {
    return this.#r.drainLeft.now === 0 || (this.#drawing && this.#r.drainLeft.now <= most);
  }

  get sinkFree(): boolean {
    const sink = this.#sink;
    return sink.kind === 'readout' ? sink.readout.free : sink.consumer.free && sink.neurons.resting;
  }

  /** The first pass of a new image waits. */
  announce(): void {
    if (this.#sink.kind === 'neurons') this.#sink.neurons.announce();
  }

  startSink(last: number): void {
    this.drawn = 0;
    if (this.#sink.kind === 'neurons') this.#sink.neurons.start(last);
  }

  /** Draws the head if it can; true when this cycle completes the consumer's frame. */
  combine(pass: PassState): boolean {
    const sink = this.#sink;
    if (sink.kind === 'readout') {
      this.#drawing = this.#r.drainLeft.now !== 0;
      return this.#drawing && sink.readout.addPotentials(this.#head, pass.active, pass.last, pass.image);
    }
    this.#drawing = this.#r.drainLeft.now !== 0 && !sink.neurons.loading;
    if (this.#drawing) sink.neurons.draw(this.#head);
    return sink.neurons.combine(pass);
  }

  /** Adds the weights of the row at the memory's output, times the value of each time lane, to a position lane. */
  accumulate(positionLane: number, weights: WeightMemory, values: Int32Array): void {
    weights.accumulate(this.#r.accumulators, positionLane * this.#outputs * this.#times, values);
  }

  /** Adds sums [output lane][time lane] to the accumulators. */
  addSums(sums: Int32Array): void {
    const { accumulators } = this.#r;
    for (let index = 0; index < sums.length; index += 1) accumulators[index]! += sums[index]!;
  }

  /** `captured` is the number of entries to take over from the accumulators in this clock, or 0. */
  update(captured: number): void {
    const r = this.#r;
    if (this.#drawing) {
      shiftDown(r.drain, this.#times);
      r.drainLeft.now -= 1;
      this.drawn += 1;
    }
    if (captured > 0) {
      r.drain.set(r.accumulators);
      r.accumulators.fill(0);
      r.drainLeft.now = captured;
    }
  }
}

/** Spreads the packed values of one element into `into`, and says whether any is not zero. */
export function unpack(words: Uint32Array, offset: number, valueBits: number, into: Int32Array): boolean {
  let any = 0;
  for (let t = 0; t < into.length; t += 1) {
    const value = extract(words, offset, t * valueBits, valueBits);
    into[t] = value;
    any |= value;
  }
  return any !== 0;
}

/** Weights of a row's lanes: of the bias rows first, then the taps in order; lanes beyond the last channel hold 0. */
export function weightAt(layer: LayerPlan, group: number, lane: number, tap: number): number {
  const channel = group * layer.outputLanes + lane;
  const biasTaps = layer.biasRows.length;
  if (channel >= layer.output.channels) return 0;
  return tap < biasTaps ? layer.biasRows[tap]![channel]! : layer.weights[channel]![tap - biasTaps]!;
}

/** Valid outputs of the last group. */
export function lastGroupOutputs(layer: LayerPlan): number {
  const { groups, outputs } = geometryOf(layer);
  return outputs - (groups - 1) * layer.outputLanes;
}
