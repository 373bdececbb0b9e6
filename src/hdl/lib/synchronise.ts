/** The way of one bit into another clock domain, or from a pin. */
import type { ModuleBuilder } from '../builder/builder.ts';
import type { Clock } from '../builder/options.ts';
import { bool } from '../ir/types.ts';
import type { Bool } from '../values/signals.ts';

/** What a synchroniser's registers begin with. */
export interface SynchroniserOptions {
  /** Their reset value, by the module's first reset; without it they have none. */
  readonly reset?: 0 | 1;
}

/** Two registers in a row in the domain of `clock`, `<name>_meta` and `<name>`: the second one is safe to use. */
export function synchronise(
  m: ModuleBuilder,
  name: string,
  signal: Bool,
  clock: Clock,
  { reset }: SynchroniserOptions = {},
): Bool {
  const start = reset === undefined ? ({ resetless: true } as const) : { reset };
  const [meta, safe] = [`${name}_meta`, name].map((own) =>
    m.register(own, bool(), { ...start, clock, isSynchroniser: true }),
  ) as [Bool, Bool];
  m.next(meta, signal);
  m.next(safe, meta);
  m.waive('HDL014', meta, 'first register of a synchroniser');
  return safe;
}
