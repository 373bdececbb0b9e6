/** Components inside modules, and links between them. */
import { ownValue } from '../../errors/index.ts';
import type { BuildContext } from '../builder/context.ts';
import { type CopiesOptions, type InstanceInputs, type InstanceOptions, instantiate } from '../builder/instance.ts';
import type { ModuleDefinition } from '../builder/module.ts';
import { reference, slice } from '../ir/expr.ts';
import type { Entity } from '../ir/module.ts';
import type { Origin } from '../origin.ts';
import { isSignal, type Signal, wrap } from '../values/signals.ts';
import { GivenPorts } from './given.ts';
import { type FlatPort, flatPorts, isLink, isPort, isVector, type PortTree } from './ports.ts';
import { endInfo, endMismatch, portValues } from './tree.ts';

/** Drives a wire or an output of the module. */
type Assign = (target: Signal, value: Signal) => void;

/** Instantiates a component; gives the tree of its outputs and of the ends of its links. */
export function placeComponent(
  context: BuildContext,
  assign: Assign,
  name: string,
  component: ModuleDefinition & { readonly ports: PortTree },
  given: unknown,
  options: InstanceOptions,
  origin: Origin,
): unknown {
  const { ports } = component;
  const found = new GivenPorts(context, name, origin);
  found.take(ports, given);
  const links = found.links;
  const inputs: Record<string, InstanceInputs[string]> = found.inputs;
  const ofLinks = linkPorts(ports);
  for (const flat of ofLinks) {
    if (flat.direction === 'in') inputs[flat.name] = links.get(flat.name) ?? linkWire(context, name, flat, origin);
  }
  const { out } = instantiate(context, name, component, inputs, options, origin);
  for (const { name: port, direction } of ofLinks) {
    const target = links.get(port);
    if (direction === 'out' && target !== undefined) assign(target, out[port]!);
  }
  for (const port of found.refused) {
    const signal = ownValue(out, port) ?? ownValue(inputs, port);
    if (isSignal(signal)) context.refuse(signal.expr);
  }
  const known = new Set(ofLinks.map((flat) => flat.name));
  const leaf = ({ name: port, direction }: FlatPort) =>
    direction === 'out' ? out[port] : known.has(port) ? inputs[port] : undefined;
  return portValues(ports, leaf, (side) => (side === 'gives' ? 'from' : 'to'));
}

/** Instantiates copies of a component; gives the tree of its outputs, an array for each. */
export function placeCopies(
  context: BuildContext,
  name: string,
  copies: number,
  component: ModuleDefinition & { readonly ports: PortTree },
  given: unknown,
  options: CopiesOptions,
  origin: Origin,
): unknown {
  const { ports } = component;
  const found = new GivenPorts(context, name, origin, copies);
  found.take(ports, given);
  const { inputs, eachCopy } = found;
  const { out } = instantiate(context, name, component, inputs, { ...options, repeat: copies, eachCopy }, origin);
  const leaf = ({ name: output, direction, port }: FlatPort) => {
    if (direction === 'in' || !('type' in port)) return undefined;
    const { expr } = out[output]!;
    const { type } = port;
    return Array.from({ length: copies }, (_, i) => wrap(slice(expr, (i + 1) * type.width - 1, i * type.width), type));
  };
  return portValues(ports, leaf, (side) => (side === 'gives' ? 'from' : 'to'));
}

/** Joins the two ends of a link: forward wires one way, the others back. */
export function connectEnds(context: BuildContext, assign: Assign, from: object, to: object, origin: Origin): void {
  const [source, sink] = [endInfo(from), endInfo(to)];
  const problem = endMismatch(source, sink);
  if (problem !== undefined) {
    const help = 'm.connect(from, to) joins two ends of one link, made with the same widths and options';
    context.report({ rule: 'HDL002', summary: `m.connect: ${problem}`, help }, origin);
    context.refuse(...[...source.wires, ...sink.wires].map(({ signal }) => signal.expr));
    return;
  }
  for (const { key, forward, signal } of source.wires) {
    const other = sink.wires.find((wire) => wire.key === key)!.signal;
    if (forward) assign(other, signal);
    else assign(signal, other);
  }
}

/** The ports of a tree that belong to links. */
function linkPorts(tree: PortTree, path: readonly (string | number)[] = []): FlatPort[] {
  if (tree === undefined || isPort(tree)) return [];
  if (isLink(tree)) return flatPorts(tree, path);
  if (isVector(tree)) return Array.from({ length: tree.length }, (_, i) => linkPorts(tree.of, [...path, i])).flat();
  return Object.entries(tree).flatMap(([key, inner]) => linkPorts(inner, [...path, key]));
}

/** Stands for what comes through a link from its other end, until that is connected. */
function linkWire(context: BuildContext, instance: string, { name, port }: FlatPort, origin: Origin) {
  const { module } = context;
  const type = 'type' in port ? port.type : ({ kind: 'bool', width: 1 } as const);
  const entity: Entity = {
    role: 'wire',
    name: `${instance}_${name}`,
    type,
    module,
    origin,
    doc: undefined,
    isLink: true,
  };
  context.declare(entity);
  context.add({ kind: 'declare', entity });
  return wrap(reference(entity), type);
}
