/**
 * A netlist as a tree of Verilog, in the author's order: here it is decided what has a name and a wire, what stands in which always
 * block, and which conditions are one. Nothing is left to decide for the printer.
 */
import { mask } from '../../ir/expr.ts';
import { isSigned } from '../../ir/types.ts';
import { isInput, isPort, isState, type LoweredModule, type NamedNet, type Net } from '../../lower/netlist.ts';
import { operands } from '../../lower/nodes.ts';
import type { VModule, VPort } from '../syntax.ts';
import { clocked, combinational } from './always.ts';
import { attachedComments, clockedBlocks, sectionNumbers } from './blocks.ts';
import { literal } from './expressions.ts';
import { placeInstance } from './instances.ts';
import { declareMemory, memoryPorts } from './memories.ts';
import { Scope } from './scope.ts';
import { joinDeclarations, statesOf } from './tidy.ts';

/** @param around names that are taken around a module that stands in a loop there */
export function prepareModule(module: LoweredModule, around?: ReadonlySet<string>): VModule {
  const { name, docs, origin, nets } = module;
  const scope = new Scope(module, around);
  body(scope);
  const driven = new Set<Net>(scope.processes.flatMap(({ targets }) => [...targets]));
  undriven(
    scope,
    nets.filter((net) => !driven.has(net)),
  );
  return {
    name,
    docs,
    origin,
    parameters: parametersIn(module),
    ports: ports(scope),
    states: distinct([...statesOf(module, scope.items), ...scope.states]),
    items: joinDeclarations(scope.items),
  };
}

/** A module and its loops may have an enumeration in common. */
function distinct(states: VModule['states']): VModule['states'] {
  return states.filter((group, index) => states.findIndex(([first]) => first?.name === group[0]?.name) === index);
}

function parametersIn({ nets }: LoweredModule): VModule['parameters'] {
  return nets.flatMap((net) => {
    if (net.role !== 'parameter') return [];
    const { width } = net.type;
    const signed = isSigned(net.type);
    return [
      { name: net.name, width, signed, value: literal(net.value, width, signed), doc: net.doc, origin: net.origin },
    ];
  });
}

function ports(scope: Scope): VPort[] {
  const clocking = new Set<Net>();
  for (const net of scope.module.nets) {
    if (isState(net)) clocking.add(net.clock);
    if (net.role === 'register' && net.reset !== undefined) clocking.add(net.reset.signal);
  }
  for (const { writes } of scope.module.memories) for (const { clock } of writes) clocking.add(clock);
  return scope.module.nets.filter(isPort).map((net): VPort => {
    const { name, doc, origin, type } = net;
    const incoming = isInput(net);
    return {
      ...{ name, doc, origin, signed: isSigned(type), width: type.width },
      direction: incoming ? 'input' : 'output',
      net: scope.procedural.has(net) || net.role === 'memoryRead' ? 'reg' : 'wire',
      partlyUnused: incoming && scope.readBits(net) !== mask(type.width) && !clocking.has(net),
    };
  });
}

function body(scope: Scope): void {
  const sections = sectionNumbers(scope.module);
  const blocks = clockedBlocks(scope.processes, sections);
  const comments = attachedComments(scope.module);
  scope.module.layout.forEach((item, index) => {
    switch (item.kind) {
      case 'section':
        scope.items.push(item);
        break;
      case 'comment':
        if (!comments.items.has(index)) scope.items.push(item);
        break;
      case 'declare':
        declare(scope, item.net);
        break;
      case 'memory':
        declareMemory(scope, item.memory);
        break;
      case 'memoryPorts':
        memoryPorts(scope, item.memory);
        break;
      case 'instance':
        placeInstance(scope, item.instance, prepareModule);
        break;
      case 'statement':
        for (const process of scope.processes) {
          if (process.kind === 'combinational' && process.position === item.index) combinational(scope, process);
        }
        for (const block of blocks) {
          if (block.position === item.index) clocked(scope, block, comments.byStatement);
        }
        break;
    }
  });
}

function declare(scope: Scope, net: Net): void {
  if (net.role === 'named') {
    if (scope.usage.bits.has(net)) named(scope, net);
    return;
  }
  const other = scope.aliases.get(net);
  if (other !== undefined) {
    if (other.role === 'instanceOutput') scope.declareOutput(other);
    return;
  }
  if (net.role === 'register' && (net.reset?.atOnce || net.isSynchroniser)) {
    const value = net.reset?.atOnce ? scope.value(net, net.reset.value) : undefined;
    const attributes = net.isSynchroniser ? ['async_reg = "true"'] : [];
    scope.items.push({ ...scope.declaration(net, 'reg', net.name, scope.readBits(net)), value, attributes });
    return;
  }
  scope.items.push(scope.declaration(net, scope.procedural.has(net) ? 'reg' : 'wire', net.name, scope.readBits(net)));
}

/** A value with a name: whatever else uses the same node uses this wire. */
function named(scope: Scope, net: NamedNet): void {
  const { name, type, origin, doc, value } = net;
  const shared = !scope.wires.has(value) && !['const', 'net', 'slice', 'cast'].includes(value.kind);
  const read = scope.readBits(net) | (shared ? (scope.usage.nodeBits.get(value) ?? 0n) : 0n);
  for (const operand of operands(value)) scope.need(operand, name, origin);
  const output = scope.namedOutputs.get(net);
  if (output !== undefined) {
    scope.items.push({ kind: 'assign', target: scope.name(output), value: scope.writer.write(value), origin });
    if (!scope.wires.has(value)) scope.wires.set(value, { name: output.name, signed: isSigned(type) });
    return;
  }
  scope.wire(name, value, isSigned(type), read, origin, doc);
  if (shared) scope.wires.set(value, { name, signed: isSigned(type) });
}

/** What no statement drives has its default all the time. */
function undriven(scope: Scope, nets: readonly Net[]): void {
  for (const net of nets) {
    if ((net.role !== 'wire' && net.role !== 'output') || net.defaultValue === undefined) continue;
    scope.items.push({
      kind: 'assign',
      target: scope.name(net),
      value: scope.value(net, net.defaultValue),
      origin: net.origin,
    });
  }
}
