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
import { checkForever, checksBits, monitorAddresses } from './map.ts';

/** A memory and what it should hold. */
export interface CheckedMemory {
  readonly name: string;
  readonly words: readonly bigint[];
}

/** One memory after the other, a word in each clock in which its owner does not read; tells when a checksum is wrong. */
export function checkMemories(
  m: ModuleBuilder,
  memories: readonly CheckedMemory[],
  bus: BusAccess,
  links: Readonly<Record<string, CheckOut>>,
): Bool {
  m.section('Checksums of memories');
  const depth = Math.max(...memories.map(({ words }) => words.length));
  const state = m.register('check_state', enumeration('check', ['rest', 'read', 'settle', 'compare']), {
    reset: 'rest',
  });
  const memory = counter(m, 'check_memory', memories.length);
  const word = m.register('check_word', uint(unsignedBits(depth - 1)), { reset: 0 });
  const arrived = m.register('check_arrived', bool(), { reset: 0, doc: 'a word has been read' });
  const checksum = m.register('checksum', uint(checksumBits), { reset: checksumStart });
  const forever = m.register('check_forever', bool(), { reset: checkForever >> 1, doc: 'one check after the other' });
  const checks = m.register('checks', uint(checksBits), { reset: 0 });

  const chosen = memories.map((_, i) => memory.value.equals(i));
  const reading = m.name('check_reading', state.is('read'));
  const ends = memories.map(({ name }) => ownValue(links, name)!);
  for (const [i, link] of ends.entries()) {
    m.assign(link.asked, reading.and(chosen[i]!));
    m.assign(link.address, word.truncate(link.address.width));
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
  const expected = ofChosen(
    checksum.type,
    memories.map(({ words }) => checksumOf(words)),
  );
  const differs = m.name('checksum_differs', checksum.notEquals(expected));
  const compares = m.name('compares', state.is('compare'));

  m.next(arrived, given);
  m.when(arrived, () => m.next(checksum, checksumAfter(checksum, data)));
  m.switch(state, {
    rest: () => m.when(forever, () => m.next(state, 'read')),
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

  hostBegins(m, bus, forever, () => {
    m.next(state, 'read');
    m.next(arrived, 0);
    m.next(checksum, checksumStart);
    m.next(word, 0);
    memory.clear();
  });
  const running = state.is('rest').not();
  bus.show(monitorAddresses.CHECK, concat(forever, running));
  bus.show(monitorAddresses.CHECKS, checks);
  bus.show(monitorAddresses.WRONG_MEMORIES, wrongMemories(m, chosen, compares, differs));
  return m.name('memory_damaged', compares.and(differs));
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
function wrongMemories(m: ModuleBuilder, chosen: readonly Bool[], compares: Bool, differs: Bool): UInt {
  const bits = chosen.map((isChosen, i) => {
    const wrong = m.register(`wrong_${i}`, bool(), { reset: 0 });
    m.when(compares.and(isChosen), () => m.next(wrong, differs));
    return wrong;
  });
  const shown = bits.slice(0, 31);
  const others = bits.slice(31).reduce<Bool | undefined>((any, one) => any?.or(one) ?? one, undefined);
  return concat(...(others ? [...shown, others] : shown).toReversed());
}
