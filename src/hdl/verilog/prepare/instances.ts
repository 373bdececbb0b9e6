/** Instances: their parameters and what their ports are connected to. */
import { copyName, isPacked } from '../../ir/module.ts';
import { isSigned } from '../../ir/types.ts';
import { type InstanceOutputNet, isInLoop, type LoweredInstance, type LoweredModule } from '../../lower/netlist.ts';
import type { ConstNode, Node } from '../../lower/nodes.ts';
import type { Origin } from '../../origin.ts';
import type { LiteralExpr, VExpr, VModule } from '../syntax.ts';
import { literal } from './expressions.ts';
import { loopBody } from './loop-body.ts';
import type { Scope } from './scope.ts';

/** Longer port expressions get a wire, so that the port list stays a list. */
const portSize = 12;

/** @param prepare makes the items of a module that stands in a loop */
export function placeInstance(
  scope: Scope,
  instance: LoweredInstance,
  prepare: (module: LoweredModule, around: ReadonlySet<string>) => VModule,
): void {
  const { definition, name, origin, doc, repeat } = instance;
  const variable = repeat === undefined ? undefined : scope.genvarName(origin);
  const connections: [string, VExpr][] = [];
  for (const port of definition.nets) {
    const { width } = port.type;
    const input = instance.inputs.get(port.name);
    const output = instance.outputs.get(port.name);
    if (input !== undefined) {
      const wire = `${name}_${port.name}`;
      const shared = variable === undefined ? undefined : sharedInput(scope, instance, port.name, variable, origin);
      const packed = variable !== undefined && isPacked(instance, input.width, width);
      if (shared !== undefined) connections.push([port.name, shared]);
      else {
        const text = portText(scope, input, wire, origin, packed);
        connections.push([port.name, packed ? copyOf(text, width, variable) : text]);
      }
    } else if (instance.clocks.has(port.name)) {
      connections.push([port.name, scope.name(instance.clocks.get(port.name)!)]);
    } else if (output !== undefined) {
      const net = outputNet(scope, output);
      const split = variable !== undefined && output.type.width > 1;
      connections.push([port.name, split ? copyOf(net, width, variable) : net]);
    }
  }
  if (variable !== undefined && isInLoop(instance)) {
    const module = prepare(definition, scope.names);
    scope.items.push(...loopBody(scope, { instance, module, connections: new Map(connections), variable }));
    return;
  }
  scope.items.push({
    kind: 'instance',
    module: definition.name,
    name: variable === undefined ? name : copyName,
    doc,
    parameters: parametersOf(instance),
    connections,
    loop: variable === undefined ? undefined : { label: name, variable, count: repeat! },
    origin,
  });
}

/** The expression of a port: a name where bits of it are taken, or where it would be long. */
function portText(scope: Scope, node: Node, wireName: string, origin: Origin, needsName: boolean): VExpr {
  const text = scope.text(node, wireName, origin);
  if (text.kind === 'name') return text;
  if (!needsName && nodesOf(text) <= portSize) return text;
  const name = scope.freshName(wireName);
  const { signed, width } = node;
  scope.items.push({
    ...{ kind: 'declare', net: 'wire', signed, width, name, value: text },
    ...{ doc: undefined, origin, partlyUnused: false },
  });
  return { kind: 'name', name, signed };
}

/** The net on an output of an instance: the signal it drives, or a wire of its own. */
function outputNet(scope: Scope, output: InstanceOutputNet): VExpr {
  const direct = scope.direct.get(output);
  if (direct !== undefined) return scope.name(direct);
  return { kind: 'name', name: scope.declareOutput(output), signed: isSigned(output.type) };
}

/** An input that was given for each copy, as its part of one signal, or as the value that all of them have; otherwise undefined. */
function sharedInput(
  scope: Scope,
  { eachCopy, name, columns }: LoweredInstance,
  port: string,
  variable: string,
  origin: Origin,
): VExpr | undefined {
  const values = eachCopy.get(port);
  if (values === undefined) return undefined;
  const sources = values.map(sourceOf);
  const constants = values.filter((value) => value.kind === 'const');
  const [{ node: whole }] = sources as [Source];
  const { width } = values[0]!;
  const all = (low: (copy: number) => number) =>
    whole.width > 1 && sources.every((source, copy) => source.node === whole && source.low === width * low(copy));
  const part = (shared: Shared) =>
    copyOf(portText(scope, whole, `${name}_${port}`, origin, true), width, variable, shared);
  if (columns !== undefined && all((copy) => Math.floor(copy / columns))) return part({ operator: '/', by: columns });
  if (columns !== undefined && all((copy) => copy % columns)) return part({ operator: '%', by: columns });
  if (values.length > 1 && values.every((value) => value === values[0]))
    return portText(scope, values[0]!, `${name}_${port}`, origin, false);
  if (constants.length === values.length) return constantOf(scope, constants, `${name}_${port}`, variable, origin);
  return all((copy) => copy) ? part(undefined) : undefined;
}

/** Numbers, one for each copy, side by side in a localparam. */
function constantOf(
  scope: Scope,
  values: readonly ConstNode[],
  wanted: string,
  variable: string,
  origin: Origin,
): VExpr {
  const { width } = values[0]!;
  const number = values.reduce((all, { value }, copy) => all | (value << BigInt(copy * width)), 0n);
  const total = values.length * width;
  if (total === 1) return literal(number, 1);
  const name = scope.freshName(wanted.toUpperCase());
  const value = literal(number, total);
  scope.items.push({ kind: 'localparam', name, signed: false, width: total, value, doc: undefined, origin });
  return copyOf({ kind: 'name', name, signed: false }, width, variable);
}

interface Source {
  readonly node: Node;
  readonly low: number;
}

/** Which bits of what a node is; a cast does not change them. */
function sourceOf(node: Node): Source {
  if (node.kind === 'cast') return sourceOf(node.operand);
  return node.kind === 'slice' ? { node: node.operand, low: node.low } : { node, low: 0 };
}

type Shared = (VExpr & { kind: 'copy' })['shared'];

function copyOf(text: VExpr, width: number, index: string, shared?: Shared): VExpr {
  if (text.kind !== 'name') throw new Error('copies are bits of a name');
  return { kind: 'copy', name: text.name, index, shared, width, signed: false };
}

function parametersOf({ definition, parameters }: LoweredInstance): [string, bigint | number | string | LiteralExpr][] {
  const own = definition.nets.flatMap((net): [string, LiteralExpr][] => {
    const value = parameters.get(net.name);
    return value === undefined ? [] : [[net.name, literal(value, net.type.width, isSigned(net.type))]];
  });
  return [...(definition.blackBox?.parameters ?? []), ...own];
}

/** Parts of an expression, as a measure of its length. */
function nodesOf(expr: VExpr): number {
  const children: readonly VExpr[] =
    expr.kind === 'concat'
      ? expr.parts
      : expr.kind === 'binary'
        ? expr.terms
        : expr.kind === 'choice'
          ? [expr.condition, expr.whenTrue, expr.whenFalse]
          : expr.kind === 'unary' || expr.kind === 'cast'
            ? [expr.operand]
            : expr.kind === 'replicate'
              ? [expr.part]
              : [];
  return children.reduce((sum, child) => sum + nodesOf(child), 1);
}
