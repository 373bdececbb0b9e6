/** Resets that a module makes of signals. */
import { reference } from '../ir/expr.ts';
import type { Entity } from '../ir/module.ts';
import { bool, uint } from '../ir/types.ts';
import type { Origin } from '../origin.ts';
import { Bool, type UInt, wrap } from '../values/signals.ts';
import type { ModuleBuilder } from './builder.ts';
import type { BuildContext } from './context.ts';
import type { Clock, DeclareOptions, Reset } from './options.ts';

/** Clock of a reset that is released in step with it, and for how long it is held. */
export interface SynchronisedResetOptions extends DeclareOptions {
  /** The module's first clock unless given. */
  readonly clock?: Clock;
  /** Clocks from the end of the last source to the release, 2 at least (default). */
  readonly holdClocks?: number;
}

export function declareLocalReset(
  context: BuildContext,
  name: string,
  sources: readonly (Bool | Reset)[],
  doc: string | undefined,
  origin: Origin,
): Reset {
  const signals = sources.map((source) => {
    if (source instanceof Bool) return source;
    return wrap(reference(context.clocking('reset', source, origin) ?? source.entity), bool()) as Bool;
  });
  return context.localReset(namedEntity(context, name, anyOf(context, signals, name, origin), doc, origin));
}

interface Wish extends SynchronisedResetOptions {
  readonly name: string;
  readonly sources: readonly Bool[];
  readonly origin: Origin;
}

export function declareSynchronisedReset(m: ModuleBuilder, context: BuildContext, wish: Wish): Reset {
  const { name, sources, origin, doc, holdClocks = 2 } = wish;
  if (!Number.isInteger(holdClocks) || holdClocks < 2) {
    const summary = `reset '${name}' is held for ${holdClocks} clocks`;
    context.report({ rule: 'HDL019', summary, help: 'a whole number from 2: that many flip-flops are needed' }, origin);
  }
  const clock = context.clocking('clock', wish.clock, origin);
  if (clock === undefined) {
    const summary = `'${name}' has no clock: module '${context.module.name}' declares none before it`;
    context.report({ rule: 'HDL018', summary, help: 'm.clock or m.localClock before it' }, origin);
  }
  const asserted = namedEntity(context, `${name}_asserted`, anyOf(context, sources, name, origin), undefined, origin);
  const register = (own: string, isSynchroniser: boolean, text?: string): Entity => {
    const base = { role: 'register', name: own, type: bool(), module: context.module, origin, doc: text } as const;
    const entity = context.declare({
      ...{ ...base, reset: 1n, resetSignal: asserted, resetsAtOnce: true, isSynchroniser, isOutput: false },
      clock: clock ?? asserted,
    });
    context.add({ kind: 'declare', entity });
    return entity;
  };
  const meta = register(`${name}_meta`, true);
  const extra = Math.max(0, Math.floor(holdClocks) - 2);
  const seen = extra === 0 ? undefined : register(`${name}_seen`, true);
  const final = register(name, extra === 0, doc);
  const value = (entity: Entity) => wrap(reference(entity), bool()) as Bool;
  m.next(value(meta), 0);
  if (seen === undefined) m.next(value(final), value(meta));
  else {
    m.next(value(seen), value(meta));
    // The count is released in step with the clock: all of its bits see the same end.
    const type = uint(Math.max(1, extra.toString(2).length));
    const resetSignal = { kind: 'reset', name: seen.name, entity: seen } as const;
    const options = { reset: 0, resetSignal, ...(wish.clock ? { clock: wish.clock } : {}) };
    const count: UInt = m.register(`${name}_count`, type, options);
    const running = m.name(`${name}_running`, count.notEquals(extra - 1));
    m.when(running, () => m.next(count, count.addWrap(1)));
    m.next(value(final), value(seen).or(running));
  }
  return context.localReset(final);
}

function namedEntity(
  context: BuildContext,
  name: string,
  value: Bool,
  doc: string | undefined,
  origin: Origin,
): Entity {
  const expr = context.own(value.expr, origin);
  const entity: Entity = { role: 'named', name, type: bool(), module: context.module, origin, doc, value: expr };
  context.declare(entity);
  context.add({ kind: 'declare', entity });
  return entity;
}

function anyOf(context: BuildContext, sources: readonly Bool[], name: string, origin: Origin): Bool {
  const [first, ...others] = sources;
  if (first !== undefined) return others.reduce((all, each) => all.or(each), first);
  context.report(
    { rule: 'HDL007', summary: `reset '${name}' has no source`, help: 'give a signal that asserts it' },
    origin,
  );
  return wrap(
    reference({ role: 'input', name, type: bool(), module: context.module, origin, doc: undefined }),
    bool(),
  ) as Bool;
}
