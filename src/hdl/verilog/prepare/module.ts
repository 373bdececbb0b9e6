/**
 * A netlist as a tree of Verilog, in the author's order: here it is decided what has a name and a wire, what stands in which always
 * block, and which conditions are one. Nothing is left to decide for the printer.
 */

import { mask } from '../../ir/expr.ts';
import { copyName, isPacked } from '../../ir/module.ts';
import { type EnumType, isSigned, stateName } from '../../ir/types.ts';
import {
  type ClockNet,
  type InstanceOutputNet,
  isInput,
  isPort,
  isState,
  type LoweredInstance,
  type LoweredMemory,
  type LoweredMemoryRead,
  type LoweredMemoryWrite,
  type LoweredModule,
  type NamedNet,
  type Net,
  type Process,
  type Statement,
  startsWithZeros,
  type Target,
} from '../../lower/netlist.ts';
import { type Node, operands, visitNodes } from '../../lower/nodes.ts';
import { combinationalSwitch, splitByTarget } from '../../lower/processes.ts';
import { rootsOf, type Usage, usageOf } from '../../lower/usage.ts';
import { formatPlace, type Place } from '../../place.ts';
import type { LiteralExpr, VBranch, VDeclaration, VExpr, VItem, VModule, VPort, VStatement } from '../syntax.ts';
import {
  attachedComments,
  type ClockedBlock,
  clockedBlocks,
  continuousAssigns,
  directConnections,
  firstTarget,
  linkAliases,
  placeOf,
  readsItself,
  sectionNumbers,
} from './blocks.ts';
import { ExpressionWriter, literal } from './expressions.ts';
import { mergeConditions } from './merge.ts';
import { spilledNodes, spillSuffix } from './spills.ts';

/** Longer port expressions get a wire, so that the port list stays a list. */
const portSize = 12;

/** Words in Verilog: a memory of one word has two, so that its address has a bit. */
export function verilogDepth(memory: Pick<LoweredMemory, 'depth'>): number {
  return Math.max(2, memory.depth);
}

export function prepareModule(module: LoweredModule): VModule {
  return new Preparation(module).prepare();
}

class Preparation {
  readonly #module: LoweredModule;
  readonly #usage: Usage;
  readonly #writer: ExpressionWriter;
  readonly #processes: readonly Process[];
  readonly #taken: Set<string>;
  readonly #spilled: ReadonlySet<Node>;
  readonly #wires = new Map<Node, { name: string; signed: boolean }>();
  readonly #direct: ReadonlyMap<unknown, Target>;
  readonly #aliases: ReadonlyMap<Net, Net>;
  /** Wires and outputs that an always block drives. */
  readonly #procedural = new Set<Net>();
  readonly #items: VItem[] = [];
  #genvar: string | undefined;
  #integer: string | undefined;

  constructor(module: LoweredModule) {
    this.#module = module;
    this.#processes = module.processes.flatMap((each) => (readsItself(each) ? splitByTarget(each) : [each]));
    // Branches that constants rule out are not emitted and read nothing.
    const roots = rootsOf(
      module,
      this.#processes.flatMap(({ statements }) => statements),
    );
    this.#usage = usageOf(module, roots);
    const named = module.nets.flatMap((net) => (net.role === 'named' ? [net.value] : []));
    this.#spilled = spilledNodes(module, [...roots, ...named], this.#usage);
    const constantWidths = constantWidthsIn(module);
    this.#writer = new ExpressionWriter(
      (node) => this.#wires.get(node),
      (net) => this.#aliases.get(net) ?? net,
      (name) => constantWidths.get(name) ?? 0,
    );
    this.#taken = new Set([
      ...module.nets.map((net) => net.name),
      ...module.memories.map((memory) => memory.name),
      ...module.instances.map((instance) => instance.name),
      ...module.constants.map(({ name }) => name),
    ]);
    this.#direct = directConnections(module, this.#usage.uses, this.#usage.bits);
    this.#aliases = linkAliases(module, this.#direct);
    for (const { name, value, doc, place } of module.constants) {
      const width = constantWidths.get(name);
      if (width === undefined) continue;
      this.#items.push({ kind: 'localparam', name, signed: false, width, value: literal(value, width), doc, place });
    }
  }

  prepare(): VModule {
    const { name, docs, place, nets } = this.#module;
    for (const process of this.#processes) {
      if (process.kind === 'clocked') for (const target of process.targets) this.#procedural.add(target);
      else if (continuousAssigns(process) === undefined)
        for (const target of process.targets) this.#procedural.add(target);
    }
    this.#body();
    const driven = new Set<Net>(this.#processes.flatMap(({ targets }) => [...targets]));
    this.#undriven(nets.filter((net) => !driven.has(net)));
    const parameters = nets.flatMap((net) => {
      if (net.role !== 'parameter') return [];
      const { width } = net.type;
      const signed = isSigned(net.type);
      return [
        { name: net.name, width, signed, value: literal(net.value, width, signed), doc: net.doc, place: net.place },
      ];
    });
    return {
      name,
      docs,
      place,
      parameters,
      ports: this.#ports(),
      states: statesOf(this.#module, this.#items),
      items: joinDeclarations(this.#items),
    };
  }

  // ---- Names and wires ----

  /** A name of its own, close to the wanted one. */
  #freshName(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#taken.has(name); n++) name = `${wanted}_${n}`;
    this.#taken.add(name);
    return name;
  }

  #readBits(net: Net): bigint {
    return this.#usage.bits.get(net) ?? 0n;
  }

  /** The text of a node; wires that it needs are declared first, named after `context`. */
  #text(node: Node, context: string, place: Place): VExpr {
    this.#need(node, context, place);
    return this.#writer.write(node);
  }

  /** Declares the wires that a node needs, if they are not there yet. */
  #need(node: Node, context: string, place: Place, seen: Set<Node> = new Set()): void {
    if (seen.has(node) || this.#wires.has(node)) return;
    seen.add(node);
    for (const operand of operands(node)) this.#need(operand, context, place, seen);
    if (this.#spilled.has(node)) this.#spill(node, context, place);
  }

  #spill(node: Node, context: string, place: Place): void {
    const suffix = spillSuffix(node);
    const name = this.#freshName(context.endsWith(`_${suffix}`) ? context : `${context}_${suffix}`);
    const read = this.#usage.named.has(node) ? mask(node.width) : (this.#usage.nodeBits.get(node) ?? 0n);
    this.#wire(name, node, node.signed, read, place, undefined);
    this.#wires.set(node, { name, signed: node.signed });
  }

  /** A wire that holds a node; a choice by number is an always block. */
  #wire(name: string, node: Node, signed: boolean, read: bigint, place: Place, doc: string | undefined): void {
    const { width } = node;
    const base = { kind: 'declare', signed, width, name, doc, place, partlyUnused: read !== mask(width) } as const;
    const matrix = this.#wires.has(node) ? undefined : matrixOf(node);
    if (matrix !== undefined) {
      const rows = this.#freshName(`${name}_rows`.toUpperCase());
      const bits = matrix.rows.length * matrix.source.width;
      const value = literal(
        matrix.rows.reduce((all, row, i) => all | (row << BigInt(i * matrix.source.width)), 0n),
        bits,
      );
      const text = `row i makes bit i of ${name}`;
      this.#items.push({ kind: 'localparam', name: rows, signed: false, width: bits, value, doc: text, place });
      const variable = this.#genvarName(place);
      this.#items.push({ ...base, net: 'wire' });
      this.#items.push({
        ...{ kind: 'matrix', target: name, source: this.#writer.write(matrix.source), rows, variable, place },
        ...{ width: matrix.source.width, count: matrix.rows.length },
      });
      return;
    }
    if (node.kind !== 'select' || this.#wires.has(node)) {
      this.#items.push({ ...base, net: 'wire', value: this.#writer.write(node) });
      return;
    }
    this.#items.push({ ...base, net: 'reg' });
    const target: VExpr = { kind: 'name', name, signed };
    const branches = node.values.map((value, index): VBranch => {
      const last = index === node.values.length - 1;
      const assign = { kind: 'assign', target, operator: '=', value: this.#writer.write(value), place } as const;
      return { label: last ? undefined : literal(BigInt(index), node.index.width), body: [assign], place };
    });
    const body: VStatement = { kind: 'case', subject: this.#writer.write(node.index), branches, place };
    this.#items.push({ kind: 'always', clock: undefined, body: [body], place });
  }

  #name(net: Net): VExpr {
    return { kind: 'name', name: net.name, signed: isSigned(net.type) };
  }

  #value(net: Net, value: bigint): VExpr {
    const { type } = net;
    const state = type.kind === 'enum' ? type.states[Number(value)] : undefined;
    if (type.kind === 'enum' && state !== undefined)
      return { kind: 'name', name: stateName(type.name, state), signed: false };
    return literal(value, type.width, isSigned(type));
  }

  // ---- Head ----

  #ports(): VPort[] {
    const clocking = new Set<Net>();
    for (const net of this.#module.nets) {
      if (isState(net)) clocking.add(net.clock);
      if (net.role === 'register' && net.reset !== undefined) clocking.add(net.reset.signal);
    }
    for (const { writes } of this.#module.memories) for (const { clock } of writes) clocking.add(clock);
    return this.#module.nets.filter(isPort).map((net): VPort => {
      const { name, doc, place, type } = net;
      const incoming = isInput(net);
      return {
        ...{ name, doc, place, signed: isSigned(type), width: type.width },
        direction: incoming ? 'input' : 'output',
        net: this.#procedural.has(net) ? 'reg' : 'wire',
        partlyUnused: incoming && this.#readBits(net) !== mask(type.width) && !clocking.has(net),
      };
    });
  }

  // ---- Body ----

  #body(): void {
    const sections = sectionNumbers(this.#module);
    const blocks = clockedBlocks(this.#processes, sections);
    const comments = attachedComments(this.#module);
    this.#module.layout.forEach((item, index) => {
      switch (item.kind) {
        case 'section':
          this.#items.push(item);
          break;
        case 'comment':
          if (!comments.items.has(index)) this.#items.push(item);
          break;
        case 'declare':
          this.#declare(item.net);
          break;
        case 'memory':
          this.#memory(item.memory);
          break;
        case 'memoryPorts':
          this.#memoryPorts(item.memory);
          break;
        case 'instance':
          this.#instance(item.instance);
          break;
        case 'statement':
          for (const process of this.#processes) {
            if (process.kind === 'combinational' && process.position === item.index) this.#combinational(process);
          }
          for (const block of blocks) {
            if (block.position === item.index) this.#clocked(block, comments.byStatement);
          }
          break;
      }
    });
  }

  #declare(net: Net): void {
    if (net.role === 'named') {
      if (this.#usage.bits.has(net)) this.#named(net);
      return;
    }
    if (this.#aliases.has(net)) return;
    this.#items.push(this.#declaration(net, this.#procedural.has(net) ? 'reg' : 'wire', net.name, this.#readBits(net)));
  }

  #declaration(net: Net, kind: 'reg' | 'wire', name: string, read: bigint): VDeclaration {
    const { type, place, doc } = net;
    const partlyUnused = read !== mask(type.width);
    return { kind: 'declare', net: kind, signed: isSigned(type), width: type.width, name, doc, place, partlyUnused };
  }

  /** A value with a name: whatever else uses the same node uses this wire. */
  #named(net: NamedNet): void {
    const { name, type, place, doc, value } = net;
    const shared = !this.#wires.has(value) && !['const', 'net', 'slice', 'cast'].includes(value.kind);
    const read = this.#readBits(net) | (shared ? (this.#usage.nodeBits.get(value) ?? 0n) : 0n);
    for (const operand of operands(value)) this.#need(operand, name, place);
    this.#wire(name, value, isSigned(type), read, place, doc);
    if (shared) this.#wires.set(value, { name, signed: isSigned(type) });
  }

  /** What no statement drives has its default all the time. */
  #undriven(nets: readonly Net[]): void {
    for (const net of nets) {
      if ((net.role !== 'wire' && net.role !== 'output') || net.defaultValue === undefined) continue;
      this.#items.push({
        kind: 'assign',
        target: net.name,
        value: this.#value(net, net.defaultValue),
        place: net.place,
      });
    }
  }

  #combinational(process: Process): void {
    const direct = new Set(this.#direct.values());
    const assigns = continuousAssigns(process);
    if (assigns !== undefined) {
      for (const { target, value, place } of assigns) {
        if (direct.has(target) || this.#aliases.has(target)) continue;
        const text = value === undefined ? this.#defaultOf(target) : this.#text(value, target.name, place);
        this.#items.push({ kind: 'assign', target: target.name, value: text, place });
      }
      return;
    }
    const place = placeOf(process.statements, process.targets);
    const statements = mergeConditions(process.statements);
    this.#needAll(statements);
    const defaults = [...process.targets].flatMap((target): VStatement[] =>
      target.role === 'register' || target.defaultValue === undefined
        ? []
        : [
            {
              kind: 'assign',
              target: this.#name(target),
              operator: '=',
              value: this.#defaultOf(target),
              place: target.place,
            },
          ],
    );
    this.#items.push({
      kind: 'always',
      clock: undefined,
      body: [...defaults, ...this.#statements(statements, '=')],
      place,
    });
  }

  #defaultOf(target: Target): VExpr {
    const value = target.role === 'register' ? target.reset?.value : target.defaultValue;
    return this.#value(target, value!);
  }

  #clocked(block: ClockedBlock, comments: ReadonlyMap<number, readonly string[]>): void {
    const { clock, reset } = block;
    // Registers without a reset that constants keep from ever being assigned.
    if (block.statements.length === 0 && reset === undefined) return;
    const commented = block.statements.flatMap(([statement, position]): Statement[] => [
      ...(comments.get(position) ?? []).map((text) => ({ kind: 'comment', text }) as const),
      statement,
    ]);
    const statements = mergeConditions(commented);
    this.#needAll(statements);
    const place = placeOf(statements, block.targets);
    const body = this.#statements(statements, '<=');
    this.#items.push({ kind: 'always', clock: clock.name, body: this.#withReset(block, body, place), place });
  }

  #withReset({ reset, targets }: ClockedBlock, body: readonly VStatement[], place: Place): readonly VStatement[] {
    if (reset === undefined) return body;
    const resets = this.#module.nets.flatMap((net): VStatement[] => {
      if (net.role !== 'register' || net.reset === undefined || !targets.has(net)) return [];
      return [
        {
          kind: 'assign',
          target: this.#name(net),
          operator: '<=',
          value: this.#value(net, net.reset.value),
          place: net.place,
        },
      ];
    });
    const first = { condition: this.#name(reset), body: resets, place };
    const [only, ...others] = body;
    if (only?.kind === 'if' && others.length === 0) return [{ ...only, branches: [first, ...only.branches], place }];
    return [{ kind: 'if', branches: [first], otherwise: body.length === 0 ? undefined : body, place }];
  }

  // ---- Statements ----

  /** Wires for the nodes inside an always block stand before it. */
  #needAll(statements: readonly Statement[], context?: string): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'assign':
          this.#need(statement.value, statement.target.name, statement.place);
          break;
        case 'if': {
          const name = context ?? firstTarget([statement]);
          for (const { condition, body, place } of statement.branches) {
            this.#need(condition, firstTarget(body) ?? name ?? 'condition', place);
            this.#needAll(body, name);
          }
          this.#needAll(statement.otherwise ?? [], name);
          break;
        }
        case 'switch':
          this.#need(statement.subject, firstTarget([statement]) ?? 'subject', statement.place);
          for (const { body } of statement.cases) this.#needAll(body, context);
          this.#needAll(statement.otherwise ?? [], context);
          break;
        case 'comment':
          break;
      }
    }
  }

  #statements(statements: readonly Statement[], operator: '=' | '<='): VStatement[] {
    return statements.map((statement) => this.#statement(statement, operator));
  }

  #statement(statement: Statement, operator: '=' | '<='): VStatement {
    switch (statement.kind) {
      case 'comment':
        return statement;
      case 'assign': {
        const { target, value, place } = statement;
        return { kind: 'assign', target: this.#name(target), operator, value: this.#writer.write(value), place };
      }
      case 'if':
        return {
          kind: 'if',
          branches: statement.branches.map(({ condition, body, place }) => ({
            condition: this.#writer.write(condition),
            body: this.#statements(body, operator),
            place,
          })),
          otherwise: statement.otherwise && this.#statements(statement.otherwise, operator),
          place: statement.place,
        };
      case 'switch':
        return this.#switch(statement, operator);
    }
  }

  #switch(given: Statement & { kind: 'switch' }, operator: '=' | '<='): VStatement {
    const statement = operator === '=' ? combinationalSwitch(given) : given;
    const { place } = statement;
    const branches = statement.cases.map(
      ({ value, body }): VBranch => ({
        label: this.#writer.write(value),
        body: this.#statements(body, operator),
        place,
      }),
    );
    const last = statement.cases.length < given.cases.length ? given.cases.at(-1) : undefined;
    const label = last && this.#writer.write(last.value);
    const note = label?.kind === 'name' ? label.name : label?.kind === 'literal' ? `${label.value}` : undefined;
    branches.push({ label: undefined, body: this.#statements(statement.otherwise ?? [], operator), place, note });
    return { kind: 'case', subject: this.#writer.write(statement.subject), branches, place };
  }

  // ---- Memories ----

  #memory(memory: LoweredMemory): void {
    const { name, type, place, doc, reads, style, collision } = memory;
    const read =
      reads.length > 0 ||
      [...this.#usage.nodeBits.keys()].some((node) => node.kind === 'read' && node.memory === memory);
    const attributes = [
      ...(style === 'auto' ? [] : [`ram_style = "${style}"`]),
      // Without it yosys builds logic around the block RAM that keeps the old value in a collision.
      ...(collision === 'undefined' && memory.writes.length > 0 ? ['no_rw_check'] : []),
    ];
    const depth = verilogDepth(memory);
    const base = { kind: 'declare', net: 'reg', signed: isSigned(type), width: type.width, name, doc, place } as const;
    this.#items.push({ ...base, depth, attributes, partlyUnused: !read });
    for (const { output } of reads)
      this.#items.push(this.#declaration(output, 'reg', output.name, this.#readBits(output)));
    if (startsWithZeros(memory)) {
      const word = literal(0n, type.width, isSigned(type));
      this.#items.push({ kind: 'zeros', memory: name, depth, variable: this.#integerName(place), word, place });
    } else if (memory.contentsFile !== undefined) {
      this.#items.push({ kind: 'readmemh', memory: name, depth, file: memory.contentsFile, place });
    }
  }

  #memoryPorts(memory: LoweredMemory): void {
    interface Block {
      clock: ClockNet;
      reads: LoweredMemoryRead[];
      writes: LoweredMemoryWrite[];
    }
    const blocks = new Map<string, Block>();
    const blockOf = (port: string | undefined, clock: ClockNet) => {
      const key = `${port ?? ''}/${clock.name}`;
      const block = blocks.get(key) ?? { clock, reads: [], writes: [] };
      blocks.set(key, block);
      return block;
    };
    for (const write of memory.writes) blockOf(write.port, write.clock).writes.push(write);
    for (const read of memory.reads) blockOf(read.port, read.clock).reads.push(read);
    for (const { clock, reads, writes } of blocks.values()) {
      // Reads that give new data name what the other port writes, too.
      for (const write of memory.collision === 'new' ? memory.writes : writes) {
        this.#need(write.address, `${memory.name}_wr_addr`, write.place);
        this.#need(write.data, `${memory.name}_wr_data`, write.place);
        this.#need(write.enable, `${memory.name}_wr_enable`, write.place);
      }
      for (const read of reads) {
        this.#need(read.address, `${read.output.name}_addr`, read.place);
        if (read.enable) this.#need(read.enable, `${read.output.name}_enable`, read.place);
      }
      const { place } = [...writes, ...reads][0]!;
      const body = [
        ...writes.map((write) => this.#store(memory, write)),
        ...reads.flatMap((read) => this.#load(memory, read)),
      ];
      this.#items.push({ kind: 'always', clock: clock.name, body, place });
    }
  }

  #word(memory: LoweredMemory, address: Node): VExpr {
    return { kind: 'word', memory: memory.name, index: this.#writer.index(address), signed: isSigned(memory.type) };
  }

  #store(memory: LoweredMemory, { address, data, enable, place }: LoweredMemoryWrite): VStatement {
    const target = this.#word(memory, address);
    const store: VAssign = { kind: 'assign', target, operator: '<=', value: this.#writer.write(data), place };
    return guarded(
      [enable].map((node) => this.#writer.write(node)),
      store,
    );
  }

  #load(memory: LoweredMemory, { output, address, enable, place }: LoweredMemoryRead): VStatement[] {
    const target = this.#name(output);
    const load = (value: VExpr): VAssign => ({ kind: 'assign', target, operator: '<=', value, place });
    const enables = enable === undefined ? [] : [this.#writer.write(enable)];
    const loads: VStatement[] = [guarded(enables, load(this.#word(memory, address)))];
    if (memory.collision !== 'new') return loads;
    for (const write of memory.writes) {
      const terms = [write.address, address].map((node) => this.#writer.write(node));
      const hit: VExpr = { kind: 'binary', operator: '==', terms, signed: false };
      const conditions = [...enables, this.#writer.write(write.enable), hit];
      loads.push(guarded(conditions, load(this.#writer.write(write.data))));
    }
    return loads;
  }

  // ---- Instances ----

  #instance(instance: LoweredInstance): void {
    const { definition, name, place, doc, repeat } = instance;
    const variable = repeat === undefined ? undefined : this.#genvarName(place);
    const connections: [string, VExpr][] = [];
    for (const port of definition.nets) {
      const { width } = port.type;
      const input = instance.inputs.get(port.name);
      const output = instance.outputs.get(port.name);
      if (input !== undefined) {
        const packed = variable !== undefined && isPacked(instance, input.width, width);
        const text = this.#portText(input, `${name}_${port.name}`, place, packed);
        connections.push([port.name, packed ? copyOf(text, width, variable) : text]);
      } else if (output !== undefined) {
        const net = this.#outputNet(output);
        const split = variable !== undefined && repeat! > 1;
        connections.push([port.name, split ? copyOf(net, width, variable) : net]);
      }
    }
    this.#items.push({
      kind: 'instance',
      module: definition.name,
      name: variable === undefined ? name : copyName,
      doc,
      parameters: parametersOf(instance),
      connections,
      loop: variable === undefined ? undefined : { label: name, variable, count: repeat! },
      place,
    });
  }

  /** The expression of a port: a name where bits of it are taken, or where it would be long. */
  #portText(node: Node, wireName: string, place: Place, needsName: boolean): VExpr {
    const text = this.#text(node, wireName, place);
    if (text.kind === 'name') return text;
    if (!needsName && nodesOf(text) <= portSize) return text;
    const name = this.#freshName(wireName);
    const { signed, width } = node;
    this.#items.push({
      ...{ kind: 'declare', net: 'wire', signed, width, name, value: text },
      ...{ doc: undefined, place, partlyUnused: false },
    });
    return { kind: 'name', name, signed };
  }

  /** The net on an output of an instance: the signal it drives, or a wire of its own. */
  #outputNet(output: InstanceOutputNet): VExpr {
    const direct = this.#direct.get(output);
    if (direct !== undefined) return this.#name(direct);
    const read = this.#readBits(output);
    // The linter lets signals with the word `unused` in their names be.
    const name = read === 0n ? this.#freshName(`unused_${output.name}`) : output.name;
    this.#items.push(this.#declaration(output, 'wire', name, read === 0n ? mask(output.type.width) : read));
    return { kind: 'name', name, signed: isSigned(output.type) };
  }

  #genvarName(place: Place): string {
    if (this.#genvar === undefined) {
      this.#genvar = this.#freshName('i');
      this.#items.push({ kind: 'genvar', name: this.#genvar, place });
    }
    return this.#genvar;
  }

  #integerName(place: Place): string {
    if (this.#integer === undefined) {
      this.#integer = this.#freshName('word_index');
      this.#items.push({ kind: 'integer', name: this.#integer, place });
    }
    return this.#integer;
  }
}

function copyOf(text: VExpr, width: number, index: string): VExpr {
  if (text.kind !== 'name') throw new Error('copies are bits of a name');
  return { kind: 'copy', name: text.name, index, width, signed: false };
}

type VAssign = VStatement & { readonly kind: 'assign' };

function guarded(conditions: readonly VExpr[], statement: VAssign): VStatement {
  const [first, ...others] = conditions;
  if (first === undefined) return statement;
  const condition: VExpr =
    others.length === 0 ? first : { kind: 'binary', operator: '&&', terms: conditions, signed: false };
  const { place } = statement;
  return { kind: 'if', branches: [{ condition, body: [statement], place }], otherwise: undefined, place };
}

function parametersOf({ definition, parameters }: LoweredInstance): [string, bigint | string | LiteralExpr][] {
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

/** Localparams for the states of every enumeration of the module; those that the body does not name are comments. */
function statesOf(module: LoweredModule, items: readonly VItem[]): VModule['states'] {
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

/** Plain declarations of one type that one line of TypeScript made are one. */
function joinDeclarations(items: readonly VItem[]): VItem[] {
  const joined: VItem[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.kind !== 'declare' || last?.kind !== 'declare' || !isPlain(item) || !isPlain(last) || !alike(item, last)) {
      joined.push(item);
      continue;
    }
    joined[joined.length - 1] = { ...last, also: [...(last.also ?? []), item.name] };
  }
  return joined;
}

function isPlain({ value, doc, depth, partlyUnused }: VDeclaration): boolean {
  return value === undefined && doc === undefined && depth === undefined && !partlyUnused;
}

function alike(a: VDeclaration, b: VDeclaration): boolean {
  const same = a.net === b.net && a.signed === b.signed && a.width === b.width;
  return same && formatPlace(a.place) === formatPlace(b.place);
}

/** Fewer rows are written out. */
const leastRows = 8;

/** A node that is a constant matrix over GF(2) times another. */
function matrixOf(node: Node): { readonly source: Node; readonly rows: readonly bigint[] } | undefined {
  if (node.kind !== 'concat' || node.parts.length < leastRows) return undefined;
  const rows: bigint[] = [];
  let source: Node | undefined;
  for (const part of [...node.parts].reverse()) {
    if (part.kind !== 'unary' || part.op !== 'reduceXor') return undefined;
    const { operand } = part;
    const picks = operand.kind === 'binary' && operand.op === 'and' && operand.right.kind === 'const';
    const from = picks ? operand.left : operand;
    if (from.kind !== 'net' || (source !== undefined && source !== from)) return undefined;
    source = from;
    rows.push(picks && operand.right.kind === 'const' ? operand.right.value : mask(from.width));
  }
  return source && { source, rows };
}
