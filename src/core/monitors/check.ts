/** Memories of weights and tables, read while nobody else does and held against their checksums (docs/microarchitecture.md, "Monitors"). */
import { ownValue } from '../../errors/index.ts';
import {
  type Bool,
  bool,
  concat,
  counter,
  enumeration,
  lit,
  type ModuleBuilder,
  mux,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import type { BusAccess } from '../registers/bus.ts';
import { checksumAfter, checksumBits, checksumOf, checksumStart } from './checksum.ts';
import type { CheckOut } from './links.ts';
import { expectedSums, type HostLoad, hostLoad, memoryWindow } from './load.ts';
import { checkForever, checksBits, monitorAddresses } from './map.ts';

/** A memory and what it should hold. */
export interface CheckedMemory {
  readonly name: string;
  readonly words: readonly bigint[];
  /** Bits of a word that the host may replace; undefined: it may not. */
  readonly loadBits?: number | undefined;
}

/** What a core whose memories the host may have brings along. */
export interface LoadInputs {
  /** Name of the core. */
  readonly name: string;
  readonly write: Bool;
  readonly busy: Bool;
}

/** What the watch over memories tells. */
export interface MemoryWatch {
  /** One clock: a checksum was wrong. */
  readonly damaged: Bool;
  /** No image is taken, and what the bus reads where it asked for words of a memory. */
  readonly load: { readonly closed: Bool; readonly data: UInt; readonly answers: Bool } | undefined;
}

/** One memory after the other, a word in each clock in which its owner does not read; tells when a checksum is wrong. */
export function checkMemories(
  m: ModuleBuilder,
  memories: readonly CheckedMemory[],
  bus: BusAccess,
  links: Readonly<Record<string, CheckOut>>,
  load?: LoadInputs | undefined,
): MemoryWatch {
  const host = load && hostLoad(m, bus, { memories, ...load });
  m.section('Checksums of memories');
  const registers = checkRegisters(m, memories);
  const { state, memory, word, arrived, checksum, forever, checks } = registers;

  const chosen = memories.map((_, i) => memory.value.equals(i));
  const reading = m.name('check_reading', state.is('read'));
  const ends = memories.map(({ name }) => ownValue(links, name)!);
  const window = host && memoryWindow(m, bus, host, memories, ends);
  for (const [i, link] of ends.entries()) {
    const own = { asked: reading.and(chosen[i]!), address: word.truncate(link.address.width) };
    const { asked, address } = window?.shared(i, own) ?? own;
    m.assign(link.asked, asked);
    m.assign(link.address, address);
  }
  const given = m.name(
    'word_given',
    ends.map(({ given: has }) => has).reduce((any, one) => any.or(one)),
  );
  const ofChosen = (type: UInt['type'], values: readonly (UInt | number)[]) => chosenOf(chosen, type, values);
  const lastWord = ofChosen(
    word.type,
    memories.map(({ words }) => words.length - 1),
  );
  const data = ofChosen(
    checksum.type,
    ends.map((link) => link.data),
  );
  const expected =
    load && host
      ? expectedSums(m, bus, host, { name: load.name, memories, checked: memory.value })
      : ofChosen(
          checksum.type,
          memories.map(({ words }) => checksumOf(words)),
        );
  const differs = m.name('checksum_differs', checksum.notEquals(expected));
  const compares = m.name('compares', state.is('compare'));

  walk(m, registers, { given, data, lastWord, closed: host?.closed });
  const restart = () => {
    m.next(arrived, 0);
    m.next(checksum, checksumStart);
    m.next(word, 0);
    memory.clear();
  };
  hostBegins(m, bus, forever, () => {
    m.next(state, 'read');
    restart();
  });
  bus.show(monitorAddresses.CHECK, concat(forever, state.is('rest').not()));
  bus.show(monitorAddresses.CHECKS, checks);
  bus.show(monitorAddresses.WRONG_MEMORIES, wrongMemories(m, { chosen, compares, differs, holds: host?.holds }));
  const damaged = m.name('memory_damaged', compares.and(differs));
  if (!host || !window) return { damaged, load: undefined };
  opens(m, bus, host, { compares, differs, atLast: memory.atLast });
  m.comment('While the host has the memories the check waits at its beginning.');
  m.when(host.holds, () => {
    m.next(state, 'rest');
    restart();
  });
  return { damaged, load: { closed: host.closed, ...window } };
}

type CheckRegisters = ReturnType<typeof checkRegisters>;

function checkRegisters(m: ModuleBuilder, memories: readonly CheckedMemory[]) {
  const depths = memories.map(({ words }) => words.length);
  const state = m.register('check_state', enumeration('check', ['rest', 'read', 'settle', 'compare']), {
    reset: 'rest',
  });
  const memory = counter(m, 'check_memory', memories.length);
  const word = m.register('check_word', uint(unsignedBits(Math.max(...depths) - 1)), { reset: 0 });
  const arrived = m.register('check_arrived', bool(), { reset: 0, doc: 'a word has been read' });
  const checksum = m.register('checksum', uint(checksumBits), { reset: checksumStart });
  const forever = m.register('check_forever', bool(), { reset: checkForever >> 1, doc: 'one check after the other' });
  const checks = m.register('checks', uint(checksBits), { reset: 0 });
  return { state, memory, word, arrived, checksum, forever, checks };
}

interface WordGiven {
  /** A word is read in this clock. */
  readonly given: Bool;
  /** The word that was asked for a clock ago, and the number of the memory's last one. */
  readonly data: UInt;
  readonly lastWord: UInt;
  readonly closed: Bool | undefined;
}

/** Word by word through a memory, then on to the next one. */
function walk(
  m: ModuleBuilder,
  { state, memory, word, arrived, checksum, forever, checks }: CheckRegisters,
  { given, data, lastWord, closed }: WordGiven,
): void {
  m.next(arrived, given);
  m.when(arrived, () => m.next(checksum, checksumAfter(checksum, data)));
  m.switch(state, {
    rest: () => m.when(closed ? forever.or(closed) : forever, () => m.next(state, 'read')),
    read: () =>
      m.when(given, () => {
        m.next(word, word.addWrap(1));
        m.when(m.name('at_last_word', word.equals(lastWord)), () => m.next(state, 'settle'));
      }),
    settle: () => m.next(state, 'compare'),
    compare: () => {
      m.next(checksum, checksumStart);
      m.next(word, 0);
      memory.step();
      m.when(memory.atLast, () => {
        m.next(checks, checks.addWrap(1));
        m.next(state, 'rest');
      }).otherwise(() => m.next(state, 'read'));
    },
  });
}

/** The core takes images again once a whole check has found nothing wrong. */
function opens(
  m: ModuleBuilder,
  bus: BusAccess,
  { holds, closed, begins }: HostLoad,
  { compares, differs, atLast }: { readonly compares: Bool; readonly differs: Bool; readonly atLast: Bool },
): void {
  const right = m.register('all_right', bool(), { reset: 1, doc: 'no memory of this check was wrong' });
  m.when(compares, () => m.next(right, atLast.or(right.and(differs.not()))));
  m.when(holds.or(bus.writes(monitorAddresses.CHECK).and(bus.data.bit(0))), () => m.next(right, 1));
  m.when(compares.and(atLast).and(right).and(differs.not()).and(holds.not()), () => m.next(closed, 0));
  m.when(begins, () => m.next(closed, 1));
}

/** The value of the memory that is chosen. */
function chosenOf(chosen: readonly Bool[], type: UInt['type'], values: readonly (UInt | number)[]): UInt {
  return values.reduceRight<UInt>(
    (others, value, i) => {
      const own = typeof value === 'number' ? lit(value, type) : value;
      return i === values.length - 1 ? own : mux(chosen[i]!, own, others);
    },
    lit(0, type),
  );
}

/** The host begins a check by CHECK's bit 0, and lets them go on by bit 1. */
function hostBegins(m: ModuleBuilder, bus: BusAccess, forever: Bool, begin: () => void): void {
  m.comment('The host begins a check, or says whether they go on by themselves.');
  const written = m.name('check_written', bus.writes(monitorAddresses.CHECK));
  m.when(written, () => {
    m.next(forever, bus.data.bit(1));
    m.when(bus.data.bit(0), begin);
  });
}

/** A bit for each memory whose last checksum was wrong; the 32nd bit is of all from there on. */
function wrongMemories(
  m: ModuleBuilder,
  {
    chosen,
    compares,
    differs,
    holds,
  }: {
    readonly chosen: readonly Bool[];
    readonly compares: Bool;
    readonly differs: Bool;
    readonly holds: Bool | undefined;
  },
): UInt {
  const bits = chosen.map((isChosen, i) => {
    const wrong = m.register(`wrong_${i}`, bool(), { reset: 0 });
    m.when(compares.and(isChosen), () => m.next(wrong, differs));
    if (holds) m.when(holds, () => m.next(wrong, 0));
    return wrong;
  });
  const shown = bits.slice(0, 31);
  const others = bits.slice(31).reduce<Bool | undefined>((any, one) => any?.or(one) ?? one, undefined);
  return concat(...(others ? [...shown, others] : shown).toReversed());
}
