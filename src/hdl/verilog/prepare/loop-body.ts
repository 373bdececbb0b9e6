/** Copies whose module is the body of a generate loop: its items, with what its ports are connected to instead of them. */
import { isState, type LoweredInstance } from '../../lower/netlist.ts';
import type { Origin } from '../../origin.ts';
import {
  allItems,
  type VDeclaration,
  type VExpr,
  type VItem,
  type VLoop,
  type VModule,
  type VPort,
} from '../syntax.ts';
import { literal } from './expressions.ts';
import { exprsIn, Renaming } from './renaming.ts';
import type { Scope } from './scope.ts';

/** What an instance would have been, and its module as it was prepared. */
export interface Copies {
  readonly instance: LoweredInstance;
  readonly module: VModule;
  readonly connections: ReadonlyMap<string, VExpr>;
  readonly variable: string;
}

/** The loop, and what of its body stands in front of it because all copies share it. */
export function loopBody(scope: Scope, { instance, module, connections, variable }: Copies): VItem[] {
  const { name: label, origin, repeat } = instance;
  const renaming = new Renaming();
  const uses = usesIn(module.items);
  const [before, after]: [VItem[], VItem[]] = [[], []];
  for (const port of module.ports) {
    const outside = connections.get(port.name);
    const use = uses.get(port.name) ?? { whole: 0, named: 0 };
    if (outside === undefined || stands(port, outside, use)) {
      if (outside !== undefined) renaming.put(port.name, outside);
      continue;
    }
    const name = scope.freeName(port.name, label);
    renaming.put(port.name, { kind: 'name', name, signed: port.signed });
    const isInput = port.direction === 'input';
    before.push(declared(port, name, isInput ? outside : undefined, origin));
    if (!isInput)
      after.push({ kind: 'assign', target: outside, value: { kind: 'name', name, signed: port.signed }, origin });
  }
  const fixed = keptNames(instance);
  for (const name of namesDeclared(module.items)) {
    const own = fixed.has(name) ? name : scope.freeName(name, label);
    if (own !== name) renaming.rename(name, own);
  }
  const shared: VItem[] = parametersOf(instance).map((item) => renaming.item(item));
  const inside: VItem[] = [];
  for (const item of module.items) {
    const isShared = item.kind === 'localparam' || item.kind === 'genvar';
    (isShared ? shared : inside).push(renaming.item(item));
  }
  const items = [...before, ...inside, ...after];
  scope.takeNames(namesDeclared([...shared, ...items]));
  scope.states.push(...module.states);
  const loop: VLoop = { kind: 'loop', label, variable, count: repeat!, docs: module.docs, items, origin };
  return [...shared, loop];
}

interface Use {
  /** As an expression of its own. */
  whole: number;
  /** Where only a name can stand: bits of it, a clock. */
  named: number;
}

/** Expressions that are as wide as they are wherever they stand. */
const fixedWidth: ReadonlySet<VExpr['kind']> = new Set(['name', 'literal', 'slice', 'copy', 'concat', 'replicate']);

/** Whether what a port is connected to can stand wherever the port is named. */
function stands({ direction, net, signed }: VPort, outside: VExpr, { whole, named }: Use): boolean {
  if (direction === 'output') return net === 'wire' && whole === 1 && named === 0;
  if (whole + named === 0) return true;
  if (outside.signed !== signed || !fixedWidth.has(outside.kind)) return false;
  return outside.kind === 'name' || (whole === 1 && named === 0);
}

function declared(port: VPort, name: string, value: VExpr | undefined, origin: Origin): VDeclaration {
  const { net, signed, width, doc, partlyUnused } = port;
  return { kind: 'declare', net, signed, width, name, value, doc, origin, partlyUnused };
}

/** Values of the module's parameters here, as constants. */
function parametersOf({ definition, parameters }: LoweredInstance): VItem[] {
  return definition.nets.flatMap((net): VItem[] => {
    if (net.role !== 'parameter') return [];
    const { name, origin, doc, type } = net;
    const signed = type.kind === 'sint';
    const value = literal(parameters.get(name) ?? net.value, type.width, signed);
    return [{ kind: 'localparam', name, signed, width: type.width, value, doc, origin }];
  });
}

/** Names that lead to what is inside: rules see to it that they are no others' around the loop. */
function keptNames({ definition }: LoweredInstance): Set<string> {
  const { nets, memories, instances } = definition;
  return new Set([...nets.filter(isState), ...memories, ...instances].map(({ name }) => name));
}

function namesDeclared(items: readonly VItem[]): string[] {
  return allItems(items).flatMap((item) => {
    if (item.kind === 'declare') return [item.name, ...(item.also ?? [])];
    if (item.kind === 'loop') return [item.label];
    if (item.kind === 'localparam' || item.kind === 'genvar' || item.kind === 'integer') return [item.name];
    return item.kind === 'instance' ? [item.loop?.label ?? item.name] : [];
  });
}

function usesIn(items: readonly VItem[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const { name, whole } of exprsIn(items)) {
    const use = uses.get(name) ?? { whole: 0, named: 0 };
    uses.set(name, use);
    if (whole) use.whole += 1;
    else use.named += 1;
  }
  return uses;
}
