/** The host's way into memories of weights and tables (docs/microarchitecture.md, "Monitors"). */
import { type Bool, bool, concat, lit, type ModuleBuilder, mux, type UInt, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { fitted } from '../parts/fit.ts';
import type { BusAccess } from '../registers/bus.ts';
import type { CheckedMemory } from './check.ts';
import { checksumBits, checksumOf } from './checksum.ts';
import type { CheckOut } from './links.ts';
import { monitorAddresses, windowWords } from './map.ts';

const busBits = 32;

/** Addresses of the window that a word of a memory takes, for all memories: a power of two. */
export function wordStride(memories: readonly Pick<CheckedMemory, 'loadBits'>[]): number {
  const parts = memories.map(({ loadBits = 1 }) => Math.ceil(loadBits / busBits));
  return 2 ** Math.ceil(Math.log2(Math.max(1, ...parts)));
}

/** Words that a memory can have, so that all have an address in the window. */
export function mostWords(memories: readonly Pick<CheckedMemory, 'loadBits'>[]): number {
  return windowWords / wordStride(memories);
}

/** What the block knows of the host's way in. */
export interface HostLoad {
  /** Memories are the host's, or will be: no check runs. */
  readonly holds: Bool;
  /** Memories are the host's. */
  readonly loading: Bool;
  /** No image is taken. */
  readonly closed: Bool;
  /** The host asks for the memories in this clock. */
  readonly begins: Bool;
  readonly chosen: UInt;
  readonly isWindow: Bool;
  readonly writes: Bool;
}

/** Who has the memories, and which of them is chosen. */
export function hostLoad(
  m: ModuleBuilder,
  bus: BusAccess,
  { memories, write, busy }: { readonly memories: number; readonly write: Bool; readonly busy: Bool },
): HostLoad {
  m.section('Memories of the host');
  const wanted = m.register('load_wanted', bool(), { reset: 0, doc: 'the host wants the memories' });
  const loading = m.register('loading', bool(), { reset: 0, doc: 'no image is in the core: it has them' });
  const closed = m.register('core_closed', bool(), { reset: 1, doc: 'no image is taken' });
  const chosen = m.register('chosen_memory', uint(unsignedBits(memories - 1)), { reset: 0 });
  const written = m.name('load_written', bus.writes(monitorAddresses.LOAD));
  m.when(written, () => m.next(wanted, bus.data.bit(0)));
  m.next(loading, wanted.and(busy.not()));
  const choice = bus.data.truncate(chosen.width);
  const isMemory = memories === 2 ** chosen.width ? lit(1, bool()) : choice.lessThan(memories);
  m.when(bus.writes(monitorAddresses.MEMORY).and(isMemory), () => m.next(chosen, choice));
  bus.show(monitorAddresses.LOAD, concat(closed, loading));
  bus.show(monitorAddresses.MEMORY, chosen);
  const isWindow = m.name('is_window', bus.address.bit(bus.address.width - 1).and(loading));
  const begins = m.name('load_begins', written.and(bus.data.bit(0)));
  const writes = m.name('window_written', bus.taken.and(write).and(isWindow));
  return { holds: m.name('holds', wanted.or(loading)), loading, closed, begins, chosen, isWindow, writes };
}

/** Checksums that memories should have: in a memory, so that a reset leaves them as it leaves the weights. */
export function expectedSums(
  m: ModuleBuilder,
  bus: BusAccess,
  { loading, chosen }: HostLoad,
  { name, memories, checked }: { name: string; memories: readonly CheckedMemory[]; checked: UInt },
): UInt {
  const sums = m.memory('expected', {
    ...{ depth: memories.length, type: uint(checksumBits), contentsFile: `${name}_expected.mem` },
    contents: memories.map(({ words }) => checksumOf(words)),
  });
  sums.write(chosen, bus.data, bus.writes(monitorAddresses.EXPECTED).and(loading));
  const expected = sums.read('expected_sum', m.name('expected_addr', mux(loading, chosen, checked)));
  bus.show(monitorAddresses.EXPECTED, expected);
  return expected;
}

interface Asked {
  readonly asked: Bool;
  readonly address: UInt;
}

interface Window {
  /** What is asked of memory `index`: by the bus while the host has it, by the check otherwise. */
  readonly shared: (index: number, check: Asked) => Asked;
  /** What the last access to the window reads. */
  readonly data: UInt;
  /** The last access was to the window. */
  readonly answers: Bool;
}

/** The words of the chosen memory, 32 bits at an address. */
export function memoryWindow(
  m: ModuleBuilder,
  bus: BusAccess,
  { loading, chosen, isWindow, writes }: HostLoad,
  memories: readonly CheckedMemory[],
  links: readonly CheckOut[],
): Window {
  m.section('Words of the chosen memory');
  const stride = wordStride(memories);
  const partBits = Math.log2(stride);
  const row = m.name('window_row', bus.address.slice(bus.address.width - 2, partBits));
  const part = partBits === 0 ? undefined : m.name('window_part', bus.address.truncate(partBits));
  const answers = m.register('answers_window', bool(), { reset: 0, doc: 'the last access was to the window' });
  m.when(bus.taken, () => m.next(answers, isWindow));
  const asked = part && m.register('asked_part', uint(partBits), { reset: 0, doc: 'of the last access' });
  if (part && asked) m.when(bus.taken, () => m.next(asked, part));
  const most = Math.max(...memories.map(({ loadBits = 1 }) => Math.ceil(loadBits / busBits)));
  const staged = Array.from({ length: most - 1 }, (_, p) => {
    const word = m.register(`staged_${p}`, uint(busBits), { reset: 0 });
    m.when(writes.and(part!.equals(p)), () => m.next(word, bus.data));
    return word;
  });
  const inside: Bool[] = [];
  let data = lit(0, uint(busBits));
  for (const [i, { words, loadBits }] of memories.entries()) {
    const isChosen = chosen.equals(i);
    const isRow = words.length === 2 ** row.width ? lit(1, bool()) : row.lessThan(words.length);
    inside.push(isChosen.and(isRow));
    const { load } = links[i]!;
    if (!load || loadBits === undefined) continue;
    const last = Math.ceil(loadBits / busBits) - 1;
    const isLast = part ? part.equals(last) : lit(1, bool());
    m.assign(load.write, m.name(`writes_${i}`, writes.and(inside[i]!).and(isLast)));
    const top = bus.data.truncate(loadBits - last * busBits);
    m.assign(load.row, last === 0 ? top : concat(top, ...staged.slice(0, last).toReversed()));
    const parts = Array.from({ length: last + 1 }, (_, p) =>
      load.word.slice(Math.min(loadBits, (p + 1) * busBits) - 1, p * busBits).extend(busBits),
    );
    const word = parts.reduceRight((others, own, p) => (p === last ? own : mux(asked!.equals(p), own, others)));
    data = mux(isChosen, word, data);
  }
  const accessed = m.name('window_accessed', bus.taken.and(isWindow));
  const shared = (index: number, { asked: wanted, address }: Asked): Asked => ({
    asked: wanted.or(accessed.and(inside[index]!)),
    address: mux(loading, fitted(row, address.width), address),
  });
  return { shared, data: m.name('window_data', data), answers };
}
