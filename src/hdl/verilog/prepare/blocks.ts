/** How a module's processes are put into always blocks. */

import { sameType } from '../../ir/types.ts';
import type { ClockNet, ResetOf } from '../../lower/netlist.ts';
import {
  isPort,
  type LoweredModule,
  type Net,
  type Process,
  type Statement,
  type Target,
} from '../../lower/netlist.ts';
import { type Node, visitNodes } from '../../lower/nodes.ts';
import { statementRoots } from '../../lower/usage.ts';
import type { Origin } from '../../origin.ts';
import { matrixOf } from './matrix.ts';

export interface ClockedBlock {
  readonly clock: ClockNet;
  readonly reset: ResetOf | undefined;
  readonly targets: Set<Target>;
  readonly statements: (readonly [Statement, number])[];
  position: number;
}

/** Clocked processes of one section, clock and reset share an always block, where the last of them stands. */
export function clockedBlocks(processes: readonly Process[], sections: readonly number[]): ClockedBlock[] {
  const blocks = new Map<string, ClockedBlock>();
  for (const process of processes) {
    if (process.kind !== 'clocked') continue;
    const { position, clock, reset } = process;
    const key = `${sections[position]}/${clock.name}/${reset?.signal.name ?? ''}/${reset?.atOnce ?? ''}`;
    const block = blocks.get(key) ?? { clock, reset, targets: new Set<Target>(), statements: [], position };
    for (const target of process.targets) block.targets.add(target);
    process.statements.forEach((statement, index) => {
      block.statements.push([statement, process.positions[index]!]);
    });
    block.position = Math.max(block.position, position);
    blocks.set(key, block);
  }
  for (const block of blocks.values()) block.statements.sort((a, b) => a[1] - b[1]);
  return [...blocks.values()];
}

/** For each statement of a module the number of its section. */
export function sectionNumbers({ layout }: LoweredModule): number[] {
  let section = 0;
  const numbers: number[] = [];
  for (const item of layout) {
    if (item.kind === 'section') section += 1;
    if (item.kind === 'statement') numbers[item.index] = section;
  }
  return numbers;
}

/** Comments that stand right above a statement that goes into an always block and travel with it, by the statement's number. */
export function attachedComments({ layout, statements }: LoweredModule): {
  readonly byStatement: ReadonlyMap<number, readonly string[]>;
  readonly items: ReadonlySet<number>;
} {
  const byStatement = new Map<number, string[]>();
  const items = new Set<number>();
  let pending: number[] = [];
  layout.forEach((item, index) => {
    if (item.kind === 'comment') {
      pending.push(index);
      return;
    }
    if (item.kind === 'statement') {
      const statement = statements[item.index]!;
      const clocked = statement.kind !== 'assign' || statement.target.role === 'register';
      if (clocked && pending.length > 0) {
        for (const each of pending) items.add(each);
        const texts = pending.flatMap((each) => {
          const comment = layout[each]!;
          return comment.kind === 'comment' ? [comment.text] : [];
        });
        byStatement.set(item.index, texts);
      }
    }
    pending = [];
  });
  return { byStatement, items };
}

/** A block that reads one of its own results would run on an old value of it. */
export function readsItself(process: Process): boolean {
  if (process.kind === 'clocked') return false;
  let found = false;
  visitNodes(
    process.statements.flatMap((statement) => statementRoots(statement)),
    (node) => {
      found ||= node.kind === 'net' && process.targets.has(node.net as Target);
    },
  );
  return found;
}

export interface ContinuousAssign {
  readonly target: Target;
  /** Undefined: the target's default. */
  readonly value: Node | undefined;
  readonly origin: Origin;
}

/**
 * A combinational process as continuous assignments, if it has no branches left. One that constants have emptied must be written so:
 * an `always @(*)` that reads nothing never runs.
 */
export function continuousAssigns(process: Process): ContinuousAssign[] | undefined {
  if (process.kind === 'clocked') return undefined;
  const last = new Map<Target, ContinuousAssign>();
  for (const statement of process.statements) {
    if (statement.kind === 'if' || statement.kind === 'switch') return undefined;
    if (statement.kind === 'assign') last.set(statement.target, statement);
  }
  return [...process.targets].map((target) => last.get(target) ?? { target, value: undefined, origin: target.origin });
}

/** Where the first of the statements stands, or the first target when constants have ruled all of them out. */
export function originOf(statements: readonly Statement[], targets: ReadonlySet<Target>): Origin {
  const first = statements.find((statement) => statement.kind !== 'comment') ?? [...targets][0];
  if (first === undefined || !('origin' in first)) throw new Error('a process has targets');
  return first.origin;
}

/** The first net that statements assign, which their wires are named after. */
export function firstTarget(statements: readonly Statement[]): string | undefined {
  for (const statement of statements) {
    if (statement.kind === 'assign') return statement.target.name;
    if (statement.kind === 'comment') continue;
    const bodies = (statement.kind === 'if' ? statement.branches : statement.cases).flatMap(({ body }) => body);
    const found = firstTarget([...bodies, ...(statement.otherwise ?? [])]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Outputs of instances that drive one signal and nothing else are connected to that signal itself, and to an output of the module also
 * where more is made of them: it is read there by the output's name.
 */
export function directConnections(
  module: LoweredModule,
  uses: ReadonlyMap<Node, number>,
  bits: ReadonlyMap<Net, bigint>,
): Map<Net, Target> {
  const drivers = new Map<Target, number>();
  for (const item of module.statements) {
    if (item.kind === 'assign') drivers.set(item.target, (drivers.get(item.target) ?? 0) + 1);
  }
  const direct = new Map<Net, Target>();
  const places = placesOf(module);
  for (const item of module.statements) {
    if (item.kind !== 'assign' || item.target.role === 'register') continue;
    const value = item.value.kind === 'cast' ? item.value.operand : item.value;
    if (value.kind !== 'net' || value.net.role !== 'instanceOutput') continue;
    const single = uses.get(value) === 1 && (value === item.value || uses.get(item.value) === 1);
    const isOutput = item.target.role === 'output' && value === item.value && !direct.has(value.net);
    const plain = drivers.get(item.target) === 1 && item.target.defaultValue === undefined;
    if (!(single || isOutput) || !plain || !places.isBefore(item.target, value.net.instance)) continue;
    // A wire of which not all bits are read must not hide that from the linter.
    if (bits.get(value.net) === (1n << BigInt(value.width)) - 1n) direct.set(value.net, item.target);
  }
  return direct;
}

/** Where nets and instances stand in the module's text. */
function placesOf(module: LoweredModule) {
  const nets = new Map<Target, number>();
  const instances = new Map<string, number>();
  for (const [place, item] of module.layout.entries()) {
    if (item.kind === 'declare' && !nets.has(item.net as Target)) nets.set(item.net as Target, place);
    if (item.kind === 'instance' && !instances.has(item.instance.name)) instances.set(item.instance.name, place);
  }
  return {
    /** Whether a net stands above an instance; ports always do. */
    isBefore: (target: Target, instance: string): boolean =>
      isPort(target) ||
      (nets.get(target) ?? Number.POSITIVE_INFINITY) < (instances.get(instance) ?? Number.POSITIVE_INFINITY),
  };
}

/**
 * Named values that are an output of the module and nothing else beside: the output is their name. One with a comment of its own keeps
 * both.
 */
export function namedOutputs(module: LoweredModule): Map<Net, Target> {
  const drivers = new Map<Target, number>();
  for (const { targets } of module.processes)
    for (const target of targets) drivers.set(target, (drivers.get(target) ?? 0) + 1);
  const found = new Map<Net, Target>();
  for (const item of module.statements) {
    if (item.kind !== 'assign' || item.target.role !== 'output' || item.value.kind !== 'net') continue;
    const { target } = item;
    const { net } = item.value;
    if (net.role !== 'named' || net.doc !== undefined || found.has(net)) continue;
    const written = ['binary', 'unary', 'compare', 'mux', 'concat'].includes(net.value.kind) && !matrixOf(net.value);
    const alone = drivers.get(target) === 1 && target.defaultValue === undefined;
    if (written && alone && sameType(net.type, target.type)) found.set(net, target);
  }
  return found;
}

/**
 * Wires of links that only pass another net on, with that net, where it is declared above, or is an output of an instance: then its wire is
 * declared where the first of them would stand.
 */
export function linkAliases(module: LoweredModule, direct: ReadonlyMap<Net, Target>): Map<Net, Net> {
  /** Place in the text from which on a net is there. */
  const since = new Map<Net, number>();
  const add = (net: Net, place: number) => since.set(net, Math.min(place, since.get(net) ?? place));
  for (const net of module.nets) if (isPort(net)) add(net, -1);
  const links = new Map<Net, number>();
  for (const [place, item] of module.layout.entries()) {
    if (item.kind === 'declare') {
      if (item.net.role === 'wire' && item.net.isLink) links.set(item.net, place);
      add(item.net, place);
    }
    if (item.kind === 'instance') for (const output of item.instance.outputs.values()) add(output, place);
  }
  const isEarlier = (source: Net, link: Net) =>
    source.role === 'instanceOutput' ||
    (since.get(source) ?? Number.POSITIVE_INFINITY) < (links.get(link) ?? Number.NEGATIVE_INFINITY);
  const taken = new Set<Net>(direct.values());
  const aliases = new Map<Net, Net>();
  for (const item of module.statements) {
    if (item.kind !== 'assign' || item.target.role !== 'wire' || !item.target.isLink || taken.has(item.target))
      continue;
    if (item.value.kind !== 'net' || item.value.net.role === 'named') continue;
    const source = direct.get(item.value.net) ?? aliases.get(item.value.net) ?? item.value.net;
    if (isEarlier(source, item.target)) aliases.set(item.target, source);
  }
  return aliases;
}
