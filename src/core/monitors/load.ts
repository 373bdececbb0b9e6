/** The host's way into memories of weights and tables (docs/microarchitecture.md, "Monitors"). */
import { type Bool, bool, concat, lit, type ModuleBuilder, mux, type UInt, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { fitted } from '../parts/fit.ts';
import type { BusAccess } from '../registers/bus.ts';
import type { CheckedMemory } from './check.ts';
import { checksumBits, checksumOf } from './checksum.ts';
import type { CheckOut } from './links.ts';
import { busBits, monitorAddresses, pageBits, wordStride } from './map.ts';

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
  /** Of the chosen memory; undefined where every memory has a single page. */
  readonly page: UInt | undefined;
  readonly isWindow: Bool;
  readonly writes: Bool;
}

/** Who has the memories, and which of them is chosen. */
export function hostLoad(
  m: ModuleBuilder,
  bus: BusAccess,
  { memories, write, busy }: { readonly memories: readonly CheckedMemory[]; readonly write: Bool; readonly busy: Bool },
): HostLoad {
  m.section('Memories of the host');
  const wanted = m.register('load_wanted', bool(), { reset: 0, doc: 'the host wants the memories' });
  const loading = m.register('loading', bool(), { reset: 0, doc: 'no image is in the core: it has them' });
  const closed = m.register('core_closed', bool(), { reset: 1, doc: 'no image is taken' });
  const chosen = m.register('chosen_memory', uint(unsignedBits(memories.length - 1)), { reset: 0 });
  const written = m.name('load_written', bus.writes(monitorAddresses.LOAD));
  m.when(written, () => m.next(wanted, bus.data.bit(0)));
  m.next(loading, wanted.and(busy.not()));
  const choice = bus.data.truncate(chosen.width);
  const isMemory = memories.length === 2 ** chosen.width ? lit(1, bool()) : choice.lessThan(memories.length);
  const page = pageOf(m, bus, memories);
  m.when(bus.writes(monitorAddresses.MEMORY).and(isMemory), () => {
    m.next(chosen, choice);
    if (page) m.next(page, 0);
  });
  bus.show(monitorAddresses.LOAD, concat(closed, loading));
  bus.show(monitorAddresses.MEMORY, chosen);
  const isWindow = m.name('is_window', bus.address.bit(bus.address.width - 1).and(loading));
  const begins = m.name('load_begins', written.and(bus.data.bit(0)));
  const writes = m.name('window_written', bus.taken.and(write).and(isWindow));
  return { holds: m.name('holds', wanted.or(loading)), loading, closed, begins, chosen, page, isWindow, writes };
}

/** Which part of a large memory the window shows. */
function pageOf(m: ModuleBuilder, bus: BusAccess, memories: readonly CheckedMemory[]): UInt | undefined {
  const bits = pageBits(memories.filter(({ loadBits }) => loadBits !== undefined));
  if (bits === 0) return undefined;
  const page = m.register('memory_page', uint(bits), { reset: 0, doc: 'of the chosen memory' });
  m.when(bus.writes(monitorAddresses.MEMORY_PAGE), () => m.next(page, bus.data.truncate(bits)));
  bus.show(monitorAddresses.MEMORY_PAGE, page);
  return page;
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

interface WindowAddress {
  readonly row: UInt;
  /** Which 32 bits of the row; undefined where every memory's have a single part. */
  readonly part: UInt | undefined;
}

/** Where in the chosen memory an address of the window is: each memory's words are as far apart as they are wide. */
function windowAddress(
  m: ModuleBuilder,
  bus: BusAccess,
  { chosen, page }: HostLoad,
  memories: readonly CheckedMemory[],
): WindowAddress {
  const offset = bus.address.truncate(bus.address.width - 1);
  const at = page ? concat(page, offset) : offset;
  const byPartBits = new Map<number, Bool[]>();
  for (const [i, memory] of memories.entries()) {
    if (memory.loadBits === undefined) continue;
    const bits = Math.log2(wordStride(memory));
    byPartBits.set(bits, [...(byPartBits.get(bits) ?? []), chosen.equals(i)]);
  }
  const strides = [...byPartBits].toSorted(([a], [b]) => a - b);
  const [least, most] = [strides.at(0)?.[0] ?? 0, strides.at(-1)?.[0] ?? 0];
  const rowBits = at.width - least;
  const choose = (of: (partBits: number) => UInt) =>
    strides.slice(0, -1).reduceRight(
      (others, [bits, any]) =>
        mux(
          any.reduce((a, b) => a.or(b)),
          of(bits),
          others,
        ),
      of(most),
    );
  const row = m.name(
    'window_row',
    choose((bits) => at.slice(at.width - 1, bits).extend(rowBits)),
  );
  if (most === 0) return { row, part: undefined };
  const partOf = (bits: number) => (bits === 0 ? lit(0, uint(most)) : at.truncate(bits).extend(most));
  return { row, part: m.name('window_part', choose(partOf)) };
}

/** The words of the chosen memory, 32 bits at an address. */
export function memoryWindow(
  m: ModuleBuilder,
  bus: BusAccess,
  host: HostLoad,
  memories: readonly CheckedMemory[],
  links: readonly CheckOut[],
): Window {
  const { loading, chosen, isWindow, writes } = host;
  m.section('Words of the chosen memory');
  const { row, part } = windowAddress(m, bus, host, memories);
  const answers = m.register('answers_window', bool(), { reset: 0, doc: 'the last access was to the window' });
  m.when(bus.taken, () => m.next(answers, isWindow));
  const asked = part && m.register('asked_part', part.type, { reset: 0, doc: 'of the last access' });
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
    const { load } = links[i]!;
    if (!load || loadBits === undefined) {
      inside.push(lit(0, bool()));
      continue;
    }
    const isChosen = chosen.equals(i);
    const isRow = words.length === 2 ** row.width ? lit(1, bool()) : row.lessThan(words.length);
    inside.push(isChosen.and(isRow));
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
