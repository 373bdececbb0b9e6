/** Checksums of memories (docs/microarchitecture.md, "Monitors"). */
import { bitsFor } from '../../geometry.ts';
import { type Register, type RegisterFile, Registers } from '../registers.ts';
import { HostLoad } from './load.ts';

/** A memory whose words are read while its owner does not. */
export interface CheckedMemory {
  readonly rows: number;
  /** The word that the row should hold, folded to 32 bits. */
  readonly sumOf: (row: number) => number;
  /** In this clock its owner does not read. */
  readonly isFree: () => boolean;
  /** The row is read in this clock. */
  readonly read: (row: number) => void;
  /** Its output register as it is before the edge, folded to 32 bits. */
  readonly data: () => number;
  /** What the host may do with it; undefined: nothing. */
  readonly load?: LoadableMemory | undefined;
}

/** A memory whose words the host reads and replaces, in parts of 32 bits, the low one first. */
export interface LoadableMemory {
  readonly bits: number;
  readonly replace: (row: number, parts: readonly number[]) => void;
  /** Of the output register. */
  readonly part: (index: number) => number;
}

export function foldedWords(words: ArrayLike<number>, from: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum ^= words[from + i]!;
  return sum >>> 0;
}

/** Rows of `length` words of 32 bits each. */
export function checkedWords(packed: Int32Array | Uint32Array, length: number): Pick<CheckedMemory, 'rows' | 'sumOf'> {
  return { rows: packed.length / length, sumOf: (row) => foldedWords(packed, row * length, length) };
}

/** Tables of all time lanes, read at one address: their codes of 16 bits side by side, the first in the low bits. */
export function checkedCodes(
  rows: number,
  codesOf: (row: number) => number[],
  memory: Pick<CheckedMemory, 'isFree' | 'read' | 'load'> & { readonly codes: () => ArrayLike<number> },
): CheckedMemory {
  const { codes, ...access } = memory;
  return { rows, sumOf: (row) => foldedCodes(codesOf(row)), data: () => foldedCodes(codes()), ...access };
}

function foldedCodes(codes: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < codes.length; i += 1) sum ^= codes[i]! << (i % 2 === 0 ? 0 : 16);
  return sum >>> 0;
}

const REST = 0;
const READ = 1;
const SETTLE = 2;
const COMPARE = 3;

const START = 0xffffffff;

function next(checksum: number, data: number): number {
  const carried = checksum >= 2 ** 31 ? 0x04c11db7 : 0;
  return ((checksum << 1) ^ carried ^ data) >>> 0;
}

/** Reads one memory after the other and compares. */
export class MemoryCheck {
  readonly registers: Registers;
  readonly #r;
  readonly #wrong: readonly Register[];
  readonly #memories: readonly CheckedMemory[];
  readonly #host: HostLoad | undefined;
  // Of this clock.
  #given = false;
  #data = 0;
  damaged = false;

  readonly #expected: readonly number[];

  constructor(file: RegisterFile, memories: readonly CheckedMemory[], loads: boolean) {
    this.#memories = memories;
    this.#expected = memories.map(({ rows, sumOf }) => {
      let checksum = START;
      for (let row = 0; row < rows; row += 1) checksum = next(checksum, sumOf(row));
      return checksum;
    });
    this.#host = loads ? new HostLoad(file, memories, this.#expected) : undefined;
    const registers = new Registers(file);
    this.registers = registers;
    const rows = Math.max(1, ...memories.map((memory) => memory.rows - 1));
    this.#r = {
      state: registers.word('check_state', 2, REST),
      memory: registers.word('check_memory', bitsFor(memories.length - 1)),
      word: registers.word('check_word', bitsFor(rows)),
      arrived: registers.word('check_arrived', 1),
      checksum: registers.word('checksum', 32, START),
      forever: registers.word('check_forever', 1, 1),
      checks: registers.word('checks', 16),
    };
    this.#wrong = memories.map((_, i) => registers.word(`wrong_${i}`, 1));
  }

  /** After engines and neurons know what they do in this clock. */
  combine(): void {
    const memory = this.#memories[this.#r.memory.now]!;
    this.#given = this.#r.state.now === READ && memory.isFree();
    if (this.#given) memory.read(this.#r.word.now);
    this.#data = this.#r.arrived.now === 1 ? memory.data() : 0;
    const expected = this.#host?.expected ?? this.#expected[this.#r.memory.now]!;
    this.damaged = this.#r.state.now === COMPARE && this.#r.checksum.now !== expected;
  }

  /** The edge; `write` may follow. */
  update(): void {
    const { state, memory, word, arrived, checksum, forever, checks } = this.#r;
    const which = memory.now;
    const compares = state.now === COMPARE;
    const isLast = which === this.#memories.length - 1;
    if (arrived.now === 1) checksum.now = next(checksum.now, this.#data);
    arrived.now = this.#given ? 1 : 0;
    if (state.now === REST && (forever.now === 1 || this.#host?.closed)) state.now = READ;
    else if (state.now === READ && this.#given) {
      const { rows } = this.#memories[which]!;
      if (word.now === rows - 1) state.now = SETTLE;
      word.now += 1;
    } else if (state.now === SETTLE) state.now = COMPARE;
    else if (state.now === COMPARE) {
      this.#wrong[which]!.now = this.damaged ? 1 : 0;
      checksum.now = START;
      word.now = 0;
      memory.now = isLast ? 0 : which + 1;
      state.now = isLast ? REST : READ;
      if (isLast) checks.now = (checks.now + 1) & 0xffff;
    }
    if (compares) this.#host?.compared(this.damaged, isLast);
  }

  get host(): HostLoad | undefined {
    return this.#host;
  }

  /** Which memory is read or compared. */
  get memory(): number {
    return this.#r.memory.now;
  }

  /** The host writes CHECK in this clock. */
  write(data: number): void {
    this.#r.forever.now = (data >>> 1) & 1;
    if ((data & 1) === 0) return;
    this.#begin(READ);
    this.#host?.restart();
  }

  /** The host has the memories, as it was before the edge. */
  hold(): void {
    this.#begin(REST);
    for (const wrong of this.#wrong) wrong.now = 0;
  }

  #begin(from: number): void {
    const { state, memory, word, arrived, checksum } = this.#r;
    state.now = from;
    arrived.now = 0;
    checksum.now = START;
    word.now = 0;
    memory.now = 0;
  }

  read(address: number): number {
    if (address === 39) return (this.#r.forever.now << 1) | (this.#r.state.now === REST ? 0 : 1);
    if (address === 40) return this.#r.checks.now;
    return this.#wrong.reduce((bits, { now }, i) => bits | (now << Math.min(i, 31)), 0) >>> 0;
  }
}
