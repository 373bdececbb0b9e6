/** Counters that wrap. */
import type { ModuleBuilder } from '../builder/builder.ts';
import { addressWidth } from '../builder/memory.ts';
import type { DeclareOptions } from '../builder/options.ts';
import { bool, uint } from '../ir/types.ts';
import { lit, mux } from '../values/functions.ts';
import type { Bool, UInt } from '../values/signals.ts';

/** Doc of a counter, the name of its `atLast`, and whether one value has a register too. */
export interface CounterOptions extends DeclareOptions {
  /** Name of `atLast`, `<name>_at_last` unless given. */
  readonly last?: string;
  /** Name of `following`; without one it is written out where it is used. */
  readonly next?: string;
  /** There is a register, of one bit, even where there is one value only: for addresses, which others look for. */
  readonly always?: boolean;
  /** Bits of the register, as few as the values need unless given. */
  readonly width?: number;
  /** The last value under a name. */
  readonly constant?: string;
}

/** Counts 0 to `count - 1` and begins again. One value needs no register unless asked for: it is the constant 0, always the last. */
export interface Counter {
  readonly count: number;
  readonly value: UInt;
  /** The value is the last one. */
  readonly atLast: Bool;
  /** The value is the first one. */
  readonly atFirst: Bool;
  /** The value after the current one. */
  readonly following: () => UInt;
  /** Counts on at the next clock edge, where the statement stands. */
  readonly step: () => void;
  /** Begins again at the next clock edge. */
  readonly clear: () => void;
}

/** A counter 0 to count - 1 that wraps and knows its last value; one value is a constant without a register, unless `always`. */
export function counter(m: ModuleBuilder, name: string, count: number, options: CounterOptions = {}): Counter {
  const { last = `${name}_at_last`, next, width, always = width !== undefined, constant, ...declare } = options;
  if (count === 1 && !always) {
    const [yes, zero] = [lit(1, bool()), lit(0, uint(1))];
    const none = () => undefined;
    return { count, value: zero, atLast: yes, atFirst: yes, following: () => zero, step: none, clear: none };
  }
  const value = m.register(name, uint(width ?? addressWidth(count)), { ...declare, reset: 0 });
  const atLast = m.name(last, value.equals(constant === undefined ? count - 1 : m.constant(constant, count - 1)));
  const isPower = 2 ** value.width === count;
  const clear = () => m.next(value, 0);
  const following = () => (isPower ? value.addWrap(1) : mux(atLast, 0, value.addWrap(1)));
  const named = next === undefined ? undefined : m.name(next, following());
  return {
    count,
    value,
    atLast,
    get atFirst() {
      return value.equals(0);
    },
    following: () => named ?? following(),
    step: () => {
      if (named) m.next(value, named);
      else m.when(atLast, clear).otherwise(() => m.next(value, value.addWrap(1)));
    },
    clear,
  };
}
