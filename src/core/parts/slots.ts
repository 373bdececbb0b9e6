/** A word for each value of a counter, such as a sum for each channel: only the one whose turn it is can be seen. */
import type { Bool, Counter, ModuleBuilder, SInt, UInt } from '../../hdl/index.ts';

export interface Slots<S extends SInt | UInt> {
  /** The word of the counter's value. */
  readonly current: S;
  /** Replaces it at the clock edge; where there are more words than one, only as the counter steps. */
  readonly write: (word: S, enable: Bool) => void;
}

interface Names {
  readonly memory: string;
  readonly word: string;
}

/** `steps`: the counter steps. The next word is read meanwhile, so that it is there as its turn begins. */
export function slots<S extends SInt | UInt>(
  m: ModuleBuilder,
  names: Names,
  type: S['type'],
  turn: Counter,
  steps: Bool,
): Slots<S> {
  if (turn.count === 1) {
    const current = m.register<SInt['type'] | UInt['type']>(names.word, type, { reset: 0 }) as S;
    return { current, write: (word, enable) => m.when(enable, () => m.next<SInt | UInt>(current, word)) };
  }
  const memory = m.memory<SInt['type'] | UInt['type']>(names.memory, {
    depth: turn.count,
    type,
    contents: [],
    collision: 'undefined',
    doc: 'a word is read before its turn, written in it',
  });
  const current = memory.read(names.word, turn.following(), { enable: steps });
  m.waive('HDL022', current, 'the word that is read is the next one, the one that is written the current one');
  return { current: current as S, write: (word, enable) => memory.write(turn.value, word, enable) };
}
