/** Signals some clocks later. */
import type { ModuleBuilder } from '../builder/builder.ts';
import type { DeclareOptions, LiteralOf, SignalOf } from '../builder/options.ts';
import type { ScalarType } from '../ir/types.ts';
import type { Bool } from '../values/signals.ts';

/** Enable, reset value and doc of the registers of a delay. */
export interface DelayOptions<T extends ScalarType> extends DeclareOptions {
  /** Without it every stage moves on every clock. */
  readonly enable?: Bool;
  /** Value of all stages after a reset, 0 (the first state of an enumeration) unless given. */
  readonly reset?: LiteralOf<T>;
}

/** `s1_<name>`, `s2_<name>` ...: the signal one clock later, two clocks later and so on. */
export function delayed<S extends SignalOf<ScalarType>>(
  m: ModuleBuilder,
  name: string,
  signal: S,
  stages: number,
  options: DelayOptions<S['type']> = {},
): S[] {
  const { type } = signal;
  const { enable, doc } = options;
  const reset = options.reset ?? (type.kind === 'enum' ? type.states[0] : 0);
  const registers = Array.from({ length: stages }, (_, i) =>
    m.register(`s${i + 1}_${name}`, type, { reset: reset as never, ...(doc === undefined ? {} : { doc }) }),
  );
  const move = () => {
    for (const [i, register] of registers.entries()) m.next(register, registers[i - 1] ?? signal);
  };
  if (enable === undefined) move();
  else m.when(enable, move);
  return registers as S[];
}
