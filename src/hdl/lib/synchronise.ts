/** The way of one bit into another clock domain. */
import type { ModuleBuilder } from '../builder/builder.ts';
import type { Clock } from '../builder/options.ts';
import { bool } from '../ir/types.ts';
import type { Bool } from '../values/signals.ts';

/** Two registers in a row in the domain of `clock`, `<name>_meta` and `<name>`: the second one is safe to use. */
export function synchronise(m: ModuleBuilder, name: string, signal: Bool, clock: Clock): Bool {
  const meta = m.register(`${name}_meta`, bool(), { resetless: true, clock });
  const safe = m.register(name, bool(), { resetless: true, clock });
  m.next(meta, signal);
  m.next(safe, meta);
  m.waive('HDL014', meta, 'first register of a synchroniser');
  return safe;
}
