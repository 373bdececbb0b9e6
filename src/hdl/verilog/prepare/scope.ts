/** What a module's names, wires and items are while it is prepared: all parts of the preparation write into one of these. */
import { mask } from '../../ir/expr.ts';
import { isSigned, stateName } from '../../ir/types.ts';
import {
  type InstanceOutputNet,
  isInLoop,
  type LoweredModule,
  type Net,
  type Process,
  type Target,
} from '../../lower/netlist.ts';
import { type Node, operands, visitNodes } from '../../lower/nodes.ts';
import { splitByTarget } from '../../lower/processes.ts';
import { rootsOf, type Usage, usageOf } from '../../lower/usage.ts';
import type { Origin } from '../../origin.ts';
import type { VBranch, VDeclaration, VExpr, VItem, VModule, VStatement } from '../syntax.ts';
import { continuousAssigns, directConnections, linkAliases, namedOutputs, readsItself } from './blocks.ts';
import { ExpressionWriter, literal } from './expressions.ts';
import { type Matrix, matrixOf } from './matrix.ts';
import { spilledNodes, spillSuffix } from './spills.ts';

export class Scope {
  readonly module: LoweredModule;
  readonly usage: Usage;
  readonly writer: ExpressionWriter;
  readonly processes: readonly Process[];
  /** Outputs of instances that are other nets of the module. */
  readonly direct: ReadonlyMap<Net, Target>;
  /** Nets that are read by the name of another: such outputs, wires of links, named values. */
  readonly aliases: ReadonlyMap<Net, Net>;
  /** Named values that are outputs, by their names. */
  readonly namedOutputs: ReadonlyMap<Net, Target>;
  /** Targets of both: they need no assignment. */
  readonly connected: ReadonlySet<Target>;
  /** Wires and outputs that an always block drives. */
  readonly procedural: ReadonlySet<Net>;
  /** The module's text so far. */
  readonly items: VItem[] = [];
  /** States of enumerations in its loops. */
  readonly states: VModule['states'][number][] = [];
  /** Nodes that have a wire. */
  readonly wires = new Map<Node, { name: string; signed: boolean }>();
  /** The module's own names, and those and all that stand in its loops. */
  readonly #own: Set<string>;
  readonly #taken: Set<string>;
  readonly #around: ReadonlySet<string>;
  readonly #spilled: ReadonlySet<Node>;
  readonly #outputs = new Map<InstanceOutputNet, string>();
  #genvar: string | undefined;
  #integer: string | undefined;

  /** @param around names that are taken around the module, which stands in a loop there */
  constructor(module: LoweredModule, around: ReadonlySet<string> = new Set()) {
    this.module = module;
    this.#around = around;
    this.processes = module.processes.flatMap((each) => (readsItself(each) ? splitByTarget(each) : [each]));
    // Branches that constants rule out are not emitted and read nothing.
    const roots = rootsOf(
      module,
      this.processes.flatMap(({ statements }) => statements),
    );
    this.usage = usageOf(module, roots);
    const named = module.nets.flatMap((net) => (net.role === 'named' ? [net.value] : []));
    this.#spilled = spilledNodes(module, [...roots, ...named], this.usage);
    const constantWidths = constantWidthsIn(module);
    this.writer = new ExpressionWriter(
      (node) => this.wires.get(node),
      (net) => this.aliases.get(net) ?? net,
      (name) => constantWidths.get(name) ?? 0,
    );
    this.#own = new Set([module.name, ...namesOf(module)]);
    this.#taken = new Set([...this.#own, ...namesInLoops(module)]);
    this.direct = directConnections(module, this.usage.uses, this.usage.bits);
    this.namedOutputs = namedOutputs(module);
    this.connected = new Set([...this.direct.values(), ...this.namedOutputs.values()]);
    this.aliases = new Map([...this.direct, ...linkAliases(module, this.direct), ...this.namedOutputs]);
    this.procedural = proceduralNets(this.processes);
    for (const { name, value, doc, origin } of module.constants) {
      const width = constantWidths.get(name);
      if (width === undefined) continue;
      this.items.push({ kind: 'localparam', name, signed: false, width, value: literal(value, width), doc, origin });
    }
  }

  /** A name of its own, close to the wanted one. */
  freshName(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#isTaken(name); n++) name = `${wanted}_${n}`;
    this.#own.add(name);
    return name;
  }

  /** A name for something in a loop: the wanted one, unless this module has it already; then with the loop's name in front. */
  freeName(wanted: string, label: string): string {
    return this.#own.has(wanted) || this.#around.has(wanted) ? this.freshName(`${label}_${wanted}`) : wanted;
  }

  /** Names inside a loop: nothing after it has one of them, which would hide it there. */
  takeNames(names: readonly string[]): void {
    for (const name of names) this.#taken.add(name);
  }

  /** All names that a loop's body must not have. */
  get names(): ReadonlySet<string> {
    return new Set([...this.#around, ...this.#own]);
  }

  #isTaken(name: string): boolean {
    return this.#own.has(name) || this.#taken.has(name) || this.#around.has(name);
  }

  /** Bits of a net that something reads. */
  readBits(net: Net): bigint {
    return this.usage.bits.get(net) ?? 0n;
  }

  /** The text of a node; wires that it needs are declared first, named after `context`. */
  text(node: Node, context: string, origin: Origin): VExpr {
    this.need(node, context, origin);
    return this.writer.write(node);
  }

  /** Declares the wires that a node needs, if they are not there yet. */
  need(node: Node, context: string, origin: Origin, seen: Set<Node> = new Set()): void {
    if (seen.has(node) || this.wires.has(node)) return;
    seen.add(node);
    for (const operand of operands(node)) this.need(operand, context, origin, seen);
    if (this.#spilled.has(node)) this.#spill(node, context, origin);
  }

  #spill(node: Node, context: string, origin: Origin): void {
    const suffix = spillSuffix(node);
    const name = this.freshName(context.endsWith(`_${suffix}`) ? context : `${context}_${suffix}`);
    const read = this.usage.named.has(node) ? mask(node.width) : (this.usage.nodeBits.get(node) ?? 0n);
    this.wire(name, node, node.signed, read, origin, undefined);
    this.wires.set(node, { name, signed: node.signed });
  }

  /** A wire that holds a node; a choice by number is an always block. */
  wire(name: string, node: Node, signed: boolean, read: bigint, origin: Origin, doc: string | undefined): void {
    const { width } = node;
    const base = { kind: 'declare', signed, width, name, doc, origin, partlyUnused: read !== mask(width) } as const;
    const matrix = this.wires.has(node) ? undefined : matrixOf(node);
    if (matrix !== undefined) {
      this.#matrix(base, matrix);
      return;
    }
    if (node.kind !== 'select' || this.wires.has(node)) {
      this.items.push({ ...base, net: 'wire', value: this.writer.write(node) });
      return;
    }
    this.items.push({ ...base, net: 'reg' });
    const target: VExpr = { kind: 'name', name, signed };
    const branches = node.values.map((value, index): VBranch => {
      const last = index === node.values.length - 1;
      const assign = { kind: 'assign', target, operator: '=', value: this.writer.write(value), origin } as const;
      return { label: last ? undefined : literal(BigInt(index), node.index.width), body: [assign], origin };
    });
    const body: VStatement = { kind: 'case', subject: this.writer.write(node.index), branches, origin };
    this.items.push({ kind: 'always', clock: undefined, body: [body], origin });
  }

  #matrix(base: Omit<VDeclaration, 'net'>, matrix: Matrix): void {
    const rows = this.freshName(`${base.name}_rows`.toUpperCase());
    const bits = matrix.rows.length * matrix.source.width;
    const value = literal(
      matrix.rows.reduce((all, row, i) => all | (row << BigInt(i * matrix.source.width)), 0n),
      bits,
    );
    const text = `row i makes bit i of ${base.name}`;
    this.items.push({
      kind: 'localparam',
      name: rows,
      signed: false,
      width: bits,
      value,
      doc: text,
      origin: base.origin,
    });
    const variable = this.genvarName(base.origin);
    this.items.push({ ...base, net: 'wire' });
    this.items.push({
      ...{
        kind: 'matrix',
        target: base.name,
        source: this.writer.write(matrix.source),
        rows,
        variable,
        origin: base.origin,
      },
      ...{ width: matrix.source.width, count: matrix.rows.length },
    });
  }

  /** The net in an expression or as a target. */
  name(net: Net): VExpr {
    return { kind: 'name', name: net.name, signed: isSigned(net.type) };
  }

  /** A number as the net's type writes it. */
  value(net: Net, value: bigint): VExpr {
    const { type } = net;
    const state = type.kind === 'enum' ? type.states[Number(value)] : undefined;
    if (type.kind === 'enum' && state !== undefined)
      return { kind: 'name', name: stateName(type.name, state), signed: false };
    return literal(value, type.width, isSigned(type));
  }

  /** The variable of the module's generate loops, declared before the first. */
  genvarName(origin: Origin): string {
    if (this.#genvar === undefined) {
      this.#genvar = this.freshName(['i', 'j', 'k'].find((name) => !this.#isTaken(name)) ?? 'i');
      this.items.push({ kind: 'genvar', name: this.#genvar, origin });
    }
    return this.#genvar;
  }

  /** The variable of its loops over words. */
  integerName(origin: Origin): string {
    if (this.#integer === undefined) {
      this.#integer = this.freshName('n');
      this.items.push({ kind: 'integer', name: this.#integer, origin });
    }
    return this.#integer;
  }

  /** Declares the wire on an output of an instance, if it is not there yet; its name. */
  declareOutput(output: InstanceOutputNet): string {
    const known = this.#outputs.get(output);
    if (known !== undefined) return known;
    const read = this.readBits(output);
    // The linter lets signals with the word `unused` in their names be.
    const name = read === 0n ? this.freshName(`unused_${output.name}`) : output.name;
    this.items.push(this.declaration(output, 'wire', name, read === 0n ? mask(output.type.width) : read));
    this.#outputs.set(output, name);
    return name;
  }

  /** A net without a value; `read`: the bits of it that something reads. */
  declaration(net: Net, kind: 'reg' | 'wire', name: string, read: bigint): VDeclaration {
    const { type, origin, doc } = net;
    const partlyUnused = read !== mask(type.width);
    return { kind: 'declare', net: kind, signed: isSigned(type), width: type.width, name, doc, origin, partlyUnused };
  }
}

function namesOf({ nets, memories, instances, constants }: LoweredModule): string[] {
  return [...nets, ...memories, ...instances, ...constants].map(({ name }) => name);
}

function namesInLoops({ instances }: LoweredModule): string[] {
  return instances.filter(isInLoop).flatMap(({ definition }) => [...namesOf(definition), ...namesInLoops(definition)]);
}

/** Wires and outputs that an always block drives. */
function proceduralNets(processes: readonly Process[]): ReadonlySet<Net> {
  const always = processes.filter((each) => each.kind === 'clocked' || continuousAssigns(each) === undefined);
  return new Set(always.flatMap(({ targets }) => [...targets]));
}

/** Bits of each named constant: those of its widest use. */
function constantWidthsIn(module: LoweredModule): Map<string, number> {
  const widths = new Map<string, number>();
  const roots = rootsOf(
    module,
    module.processes.flatMap(({ statements }) => statements),
  );
  const named = module.nets.flatMap((net) => (net.role === 'named' ? [net.value] : []));
  visitNodes([...roots, ...named], (node) => {
    if (node.kind !== 'const' || node.named === undefined) return;
    widths.set(node.named.name, Math.max(node.width, widths.get(node.named.name) ?? 0));
  });
  return widths;
}
