/** Checksums of memories (docs/microarchitecture.md, "Monitors"). */
import { bitsFor } from '../../geometry.ts';
import { type Cell, Cells } from '../cells.ts';
import type { RegisterFile, Registers } from '../registers.ts';

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
  memory: Pick<CheckedMemory, 'isFree' | 'read'> & { readonly codes: () => ArrayLike<number> },
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

type Names = 'state' | 'memory' | 'word' | 'arrived' | 'checksum' | 'forever' | 'checks';

/** Reads one memory after the other and compares. */
export class MemoryCheck {
  readonly #cells: readonly Cells[];
  readonly #at: Readonly<Record<Names, Cell>>;
  readonly #wrong: readonly Cell[];
  readonly #memories: readonly CheckedMemory[];
  readonly #expected: readonly number[];
  // Of this clock.
  #given = false;
  #data = 0;
  damaged = false;

  constructor(file: RegisterFile, memories: readonly CheckedMemory[]) {
    this.#memories = memories;
    this.#expected = memories.map(({ rows, sumOf }) => {
      let checksum = START;
      for (let row = 0; row < rows; row += 1) checksum = next(checksum, sumOf(row));
      return checksum;
    });
    const { cells, at } = Cells.declare(file, {
      state: ['check_state', 2],
      memory: ['check_memory', bitsFor(memories.length - 1)],
      word: ['check_word', bitsFor(Math.max(1, ...memories.map(({ rows }) => rows - 1)))],
      arrived: ['check_arrived', 1],
      checksum: ['checksum', 32, START],
      forever: ['check_forever', 1, 1],
      checks: ['checks', 16],
    });
    const wrong = memories.map((_, i) => Cells.declare(file, { wrong: [`wrong_${i}`, 1] }));
    this.#at = at;
    this.#wrong = wrong.map((one) => one.at.wrong);
    this.#cells = [cells, ...wrong.map((one) => one.cells)];
  }

  /** All of its registers. */
  get registers(): readonly Registers[] {
    return this.#cells;
  }

  /** After engines and neurons know what they do in this clock. */
  combine(): void {
    const memory = this.#memories[this.#at.memory.now]!;
    this.#given = this.#at.state.now === READ && memory.isFree();
    if (this.#given) memory.read(this.#at.word.now);
    this.#data = this.#at.arrived.now === 1 ? memory.data() : 0;
    this.damaged = this.#at.state.now === COMPARE && this.#at.checksum.now !== this.#expected[this.#at.memory.now]!;
  }

  /** The edge; `write` may follow, then `tick`. */
  update(): void {
    const { state, memory, word, arrived, checksum, forever, checks } = this.#at;
    const which = memory.now;
    arrived.next = this.#given ? 1 : 0;
    if (arrived.now === 1) checksum.next = next(checksum.now, this.#data);
    if (state.now === REST && forever.now === 1) state.next = READ;
    else if (state.now === READ && this.#given) {
      const { rows } = this.#memories[which]!;
      if (word.now === rows - 1) state.next = SETTLE;
      word.next = word.now + 1;
    } else if (state.now === SETTLE) state.next = COMPARE;
    else if (state.now === COMPARE) {
      this.#wrong[which]!.next = this.damaged ? 1 : 0;
      checksum.next = START;
      word.next = 0;
      const isLast = which === this.#memories.length - 1;
      memory.next = isLast ? 0 : which + 1;
      state.next = isLast ? REST : READ;
      if (isLast) checks.next = (checks.now + 1) & 0xffff;
    }
  }

  /** The host writes CHECK in this clock. */
  write(data: number): void {
    const { state, memory, word, arrived, checksum, forever } = this.#at;
    forever.next = (data >>> 1) & 1;
    if ((data & 1) === 0) return;
    state.next = READ;
    arrived.next = 0;
    checksum.next = START;
    word.next = 0;
    memory.next = 0;
  }

  tick(): void {
    for (const cells of this.#cells) cells.tick();
  }

  read(address: number): number {
    if (address === 39) return (this.#at.forever.now << 1) | (this.#at.state.now === REST ? 0 : 1);
    if (address === 40) return this.#at.checks.now;
    return this.#wrong.reduce((bits, { now }, i) => bits | (now << Math.min(i, 31)), 0) >>> 0;
  }
}
