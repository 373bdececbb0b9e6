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
  /** Bits of the register, as few as the values need unless given; there is one then, even for one value. */
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

/**
 * A counter 0 to count - 1 that wraps and knows its last value; one value is a constant without a register, unless it has a width or a port.
 * @param where the register's name, or the output port that is the register
 */
export function counter(m: ModuleBuilder, where: string | UInt, count: number, options: CounterOptions = {}): Counter {
  const name = typeof where === 'string' ? where : nameOf(where);
  const { last = `${name}_at_last`, next, width, constant, ...declare } = options;
  if (count === 1 && width === undefined && typeof where === 'string') {
    const [yes, zero] = [lit(1, bool()), lit(0, uint(1))];
    const none = () => undefined;
    return { count, value: zero, atLast: yes, atFirst: yes, following: () => zero, step: none, clear: none };
  }
  const value =
    typeof where === 'string'
      ? m.register(where, uint(width ?? addressWidth(count)), { ...declare, reset: 0 })
      : m.outputRegister(where, { ...declare, reset: 0 });
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

function nameOf({ expr }: UInt): string {
  return expr.kind === 'ref' ? expr.entity.name : 'count';
}
