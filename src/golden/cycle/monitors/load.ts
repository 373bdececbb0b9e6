/** The host's way into memories of weights and tables (docs/microarchitecture.md, "Monitors"). */
import { bitsFor } from '../../geometry.ts';
import type { BusInputs } from '../neurons/device/control.ts';
import { type Register, type RegisterFile, Registers } from '../registers.ts';
import type { CheckedMemory } from './check.ts';

const WINDOW = 0x8000;

/** Addresses of a page. */
const PAGE = 0x8000;

const partsOf = ({ load }: CheckedMemory) => (load === undefined ? 1 : Math.ceil(load.bits / 32));

/** Words of a memory are as far apart as their parts need, rounded up to a power of two. */
const partBitsOf = (memory: CheckedMemory) => Math.ceil(Math.log2(partsOf(memory)));

export class HostLoad {
  readonly registers: Registers;
  readonly #r;
  readonly #staged: readonly Register[];
  readonly #memories: readonly CheckedMemory[];
  /** What memories should have; no reset changes it. */
  readonly #sums: number[];
  readonly #pageBits: number;
  readonly #mostPartBits: number;
  // Of this clock.
  #busy = false;
  #holds = false;
  #address = 0;
  #access: { readonly row: number; readonly part: number; readonly window: boolean } | undefined;
  #write: BusInputs | undefined;

  constructor(file: RegisterFile, memories: readonly CheckedMemory[], sums: readonly number[]) {
    this.#memories = memories;
    this.#sums = [...sums];
    const most = Math.max(...memories.map(partsOf));
    this.#mostPartBits = Math.max(...memories.map(partBitsOf));
    const pages = memories.map((memory) => (memory.load ? (memory.rows << partBitsOf(memory)) / PAGE : 1));
    this.#pageBits = Math.ceil(Math.log2(Math.max(1, ...pages)));
    const registers = new Registers(file);
    this.registers = registers;
    this.#r = {
      wanted: registers.flag('load_wanted'),
      loading: registers.flag('loading'),
      closed: registers.word('core_closed', 1, 1),
      chosen: registers.word('chosen_memory', bitsFor(memories.length - 1)),
      answers: registers.flag('answers_window'),
      part: registers.word('asked_part', this.#mostPartBits),
      page: registers.word('memory_page', this.#pageBits),
      expected: registers.word('expected_sum', 32, sums[0]!),
      right: registers.word('all_right', 1, 1),
    };
    this.#staged = Array.from({ length: most - 1 }, (_, p) => registers.word(`staged_${p}`, 32));
  }

  /** No image begins. */
  get closed(): boolean {
    return this.#r.closed.now === 1;
  }

  /** At the output of the memory of checksums. */
  get expected(): number {
    return this.#r.expected.now;
  }

  /** What the bus reads of the window; undefined where the last access was to a register. */
  get data(): number | undefined {
    if (!this.#r.answers.now) return undefined;
    const memory = this.#memories[this.#r.chosen.now]!;
    return memory.load?.part(Math.min(this.#r.part.now, partsOf(memory) - 1)) ?? 0;
  }

  /** `checked`: the memory whose turn it is in the check. */
  combine(taken: boolean, bus: BusInputs, busy: boolean, checked: number): void {
    const r = this.#r;
    this.#busy = busy;
    this.#holds = r.wanted.now || r.loading.now;
    this.#address = r.loading.now ? r.chosen.now : checked;
    this.#write = taken && bus.write ? bus : undefined;
    const memory = this.#memories[r.chosen.now]!;
    const partBits = memory.load ? partBitsOf(memory) : this.#mostPartBits;
    const at = r.page.now * PAGE + (bus.address & (PAGE - 1));
    const row = at >>> partBits;
    this.#access = taken
      ? { row, part: at & (2 ** partBits - 1), window: bus.address >= WINDOW && r.loading.now }
      : undefined;
    if (this.#access?.window && memory.load && row < memory.rows && memory.isFree()) memory.read(row);
  }

  /** A memory was compared. */
  compared(damaged: boolean, isLast: boolean): void {
    const r = this.#r;
    if (isLast && r.right.now === 1 && !damaged && !this.#holds) r.closed.now = 0;
    r.right.now = isLast || (r.right.now === 1 && !damaged) ? 1 : 0;
  }

  /** A check begins. */
  restart(): void {
    this.#r.right.now = 1;
  }

  /** The edge; true where the check is held at its beginning. */
  update(): boolean {
    const r = this.#r;
    const [loading, wanted, chosen] = [r.loading.now, r.wanted.now, r.chosen.now];
    r.expected.now = this.#sums[this.#address]!;
    if (this.#access) {
      r.answers.now = this.#access.window;
      r.part.now = this.#access.part;
    }
    r.loading.now = wanted && !this.#busy;
    if (this.#write) this.#take(this.#write, loading, chosen);
    if (this.#holds) r.right.now = 1;
    return this.#holds;
  }

  #take({ address, data }: BusInputs, loading: boolean, chosen: number): void {
    const r = this.#r;
    if (address === 42) {
      r.wanted.now = (data & 1) === 1;
      if (data & 1) r.closed.now = 1;
    }
    const choice = data & (2 ** bitsFor(this.#memories.length - 1) - 1);
    if (address === 43 && choice < this.#memories.length) {
      r.chosen.now = choice;
      r.page.now = 0;
    }
    if (address === 45) r.page.now = data & (2 ** this.#pageBits - 1);
    if (address === 44 && loading) this.#sums[chosen] = data >>> 0;
    if (!this.#access?.window) return;
    const { row, part } = this.#access;
    const memory = this.#memories[chosen]!;
    const last = partsOf(memory) - 1;
    const below = this.#staged.slice(0, last).map(({ now }) => now);
    if (part === last && row < memory.rows) memory.load?.replace(row, [...below, data >>> 0]);
    if (part < this.#staged.length) this.#staged[part]!.now = data >>> 0;
  }

  read(address: number): number {
    const r = this.#r;
    if (address === 42) return (r.closed.now << 1) | (r.loading.now ? 1 : 0);
    if (address === 45) return r.page.now;
    return address === 43 ? r.chosen.now : r.expected.now;
  }
}
