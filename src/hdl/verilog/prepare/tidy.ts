/** What is put in order when the body of a module is known. */
import { type EnumType, stateName } from '../../ir/types.ts';
import type { LoweredModule } from '../../lower/netlist.ts';
import { formatOrigin } from '../../origin.ts';
import type { VDeclaration, VItem, VModule } from '../syntax.ts';
import { literal } from './expressions.ts';

/** Localparams for the states of every enumeration of the module; those that the body does not name are comments. */
export function statesOf(module: LoweredModule, items: readonly VItem[]): VModule['states'] {
  const types = new Map<string, EnumType>();
  for (const { type } of module.nets) if (type.kind === 'enum') types.set(type.name, type);
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) collect(each);
    else if (typeof value === 'object' && value !== null && !('source' in value)) {
      const { kind, name } = value as { kind?: unknown; name?: unknown };
      if (kind === 'name' && typeof name === 'string') names.add(name);
      for (const each of Object.values(value)) collect(each);
    }
  };
  collect(items);
  return [...types.values()].map((type) =>
    type.states.map((state, index) => {
      const name = stateName(type.name, state);
      return { name, literal: literal(BigInt(index), type.width), used: names.has(name) };
    }),
  );
}

/** Plain declarations of one type that one line of TypeScript made, with nothing but such between them, are one. */
export function joinDeclarations(items: readonly VItem[]): VItem[] {
  const joined: VItem[] = [];
  let run: VDeclaration[] = [];
  const flush = () => {
    joined.push(...run);
    run = [];
  };
  for (const item of items) {
    if (item.kind !== 'declare' || !isPlain(item)) {
      flush();
      joined.push(item);
      continue;
    }
    const at = run.findIndex((each) => alike(each, item));
    const before = run[at];
    if (before === undefined) run.push(item);
    else run[at] = { ...before, also: [...(before.also ?? []), item.name] };
  }
  flush();
  return joined;
}

function isPlain({ value, doc, depth, attributes = [], partlyUnused }: VDeclaration): boolean {
  const isBare = value === undefined && doc === undefined && depth === undefined;
  return isBare && attributes.length === 0 && !partlyUnused;
}

function alike(a: VDeclaration, b: VDeclaration): boolean {
  const same = a.net === b.net && a.signed === b.signed && a.width === b.width;
  return same && formatOrigin(a.origin) === formatOrigin(b.origin);
}
