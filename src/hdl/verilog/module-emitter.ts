/** One module as Verilog-2001, in the author's order. */
import { type Process, processesOf, splitByTarget } from '../elaborate/processes.ts';
import { rootsOf, type Usage, usageOf } from '../elaborate/usage.ts';
import { type Expr, mask, operands } from '../ir/expr.ts';
import type { BodyItem, Entity, ModuleIr } from '../ir/module.ts';
import { isSigned, type ScalarType } from '../ir/types.ts';
import type { Place } from '../place.ts';
import {
  attachedComments,
  type ClockedBlock,
  clockedBlocks,
  continuousAssigns,
  placeOf,
  readsItself,
  sectionNumbers,
} from './blocks.ts';
import { directConnections } from './connections.ts';
import { type Doc, indent } from './doc.ts';
import { ExpressionPrinter } from './expressions.ts';
import { writeInstance } from './instances.ts';
import { declared, literal, valueText } from './literals.ts';
import { writeMemory, writeMemoryPorts } from './memories.ts';
import { stateLines, writePorts } from './ports.ts';
import { isSignedValue, spilledExprs, spillSuffix } from './spills.ts';
import { StatementWriter } from './statements.ts';
import { Writer } from './writer.ts';

export class ModuleEmitter {
  readonly writer = new Writer();
  readonly usage: Usage;
  readonly printer: ExpressionPrinter;
  readonly #statements = new StatementWriter(this);
  readonly #module: ModuleIr;
  readonly #processes: readonly Process[];
  readonly #taken: Set<string>;
  readonly #spilled: ReadonlySet<Expr>;
  readonly #wires = new Map<Expr, { name: string; signed: boolean }>();
  readonly #direct: ReadonlyMap<Entity, Entity>;
  #genvar: string | undefined;
  /** Wires and outputs that an always block drives. */
  readonly #procedural = new Set<Entity>();

  constructor(module: ModuleIr) {
    this.#module = module;
    this.#processes = processesOf(module).flatMap((each) => (readsItself(each) ? splitByTarget(each) : [each]));
    // Branches that constants rule out are not emitted and read nothing.
    const roots = rootsOf(
      module,
      this.#processes.flatMap(({ statements }) => statements),
    );
    this.usage = { ...usageOf(module, roots), uses: usageOf(module).uses };
    const named = module.entities.flatMap((entity) => (entity.value === undefined ? [] : [entity.value]));
    const indices = module.memories.flatMap(({ reads, writes }) => [...reads, ...writes].map(({ address }) => address));
    this.#spilled = spilledExprs([...roots, ...named], indices, this.usage);
    this.printer = new ExpressionPrinter((expr) => this.#wires.get(expr));
    this.#taken = new Set([
      ...module.entities.map((entity) => entity.name),
      ...module.memories.map((memory) => memory.name),
      ...module.instances.map((instance) => instance.name),
    ]);
    this.#direct = directConnections(module, this.usage);
  }

  emit(): void {
    const { writer } = this;
    const processes = this.#processes;
    for (const process of processes) {
      if (process.kind !== 'combinational' || continuousAssigns(process) !== undefined) continue;
      for (const target of process.targets) this.#procedural.add(target);
    }
    writePorts(this, this.#module, this.#procedural);
    writer.indented(() => {
      const head = writer.lines.length;
      this.#body(processes);
      const driven = new Set(processes.flatMap(({ targets }) => [...targets]));
      this.#undriven(this.#module.entities.filter((each) => each.role !== 'parameter' && !driven.has(each)));
      writer.lines.splice(head, 0, ...stateLines(this.#module, writer.lines.slice(head)));
    });
    writer.write('endmodule');
  }

  /** A name of its own, close to the wanted one. */
  freshName(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.#taken.has(name); n++) name = `${wanted}_${n}`;
    this.#taken.add(name);
    return name;
  }

  /** The variable of generate loops; one serves all of a module. */
  genvar(place: Place): string {
    if (this.#genvar === undefined) {
      this.#genvar = this.freshName('i');
      this.writer.write(`genvar ${this.#genvar};`, place);
    }
    return this.#genvar;
  }

  /** Declares a signal; bits that nothing reads are announced to the linter. */
  declaration(text: Doc, place: Place, doc: string | undefined, read: bigint, width: number): void {
    const partly = read !== mask(width);
    if (partly) this.writer.write('// verilator lint_off UNUSED');
    this.writer.write(text, place, doc);
    if (partly) this.writer.write('// verilator lint_on UNUSED');
  }

  /** The net that an instance's output drives itself. */
  directNet(output: Entity): Entity | undefined {
    return this.#direct.get(output);
  }

  readBits(entity: Entity): bigint {
    return this.usage.bits.get(entity) ?? 0n;
  }

  /** The text of an expression; wires that it needs are written first, named after `context`. */
  text(expr: Expr, context: string, place: Place): Doc {
    this.prepare(expr, context, place);
    return this.printer.print(expr);
  }

  /** Writes the wires that an expression needs, if they are not there yet. */
  prepare(expr: Expr, context: string, place: Place, seen: Set<Expr> = new Set()): void {
    if (seen.has(expr) || this.#wires.has(expr)) return;
    seen.add(expr);
    for (const operand of operands(expr)) this.prepare(operand, context, place, seen);
    if (this.#spilled.has(expr)) this.#spill(expr, context, place);
  }

  #spill(expr: Expr, context: string, place: Place): void {
    const suffix = spillSuffix(expr);
    const name = this.freshName(context.endsWith(`_${suffix}`) ? context : `${context}_${suffix}`);
    const signed = isSignedValue(expr);
    const type: ScalarType = { kind: signed ? 'sint' : 'uint', width: expr.width };
    const read = this.usage.named.has(expr) ? mask(expr.width) : (this.usage.exprBits.get(expr) ?? 0n);
    if (expr.kind === 'select') {
      this.declaration(`${declared('reg', type)} ${name};`, place, undefined, read, expr.width);
      this.#selectBlock(expr, name, place);
    } else {
      const doc = [`${declared('wire', type)} ${name} = `, indent(this.printer.print(expr)), ';'];
      this.declaration(doc, place, undefined, read, expr.width);
    }
    this.#wires.set(expr, { name, signed });
  }

  #selectBlock(expr: Extract<Expr, { kind: 'select' }>, name: string, place: Place): void {
    const { writer } = this;
    writer.blank();
    writer.write('always @(*)', place);
    writer.indented(() => {
      writer.write(['case (', this.printer.print(expr.index), ')'], place);
      writer.indented(() => {
        expr.values.forEach((value, index) => {
          const label = index === expr.values.length - 1 ? 'default' : literal(BigInt(index), expr.index.width);
          writer.write([`${label}: ${name} = `, indent(this.printer.print(value)), ';'], place);
        });
      });
      writer.write('endcase', place);
    });
    writer.blank();
  }

  #body(processes: readonly Process[]): void {
    const { body } = this.#module;
    const sections = sectionNumbers(body);
    const blocks = clockedBlocks(processes, sections);
    const lastPorts = new Map(
      body.flatMap((item, index) => (item.kind === 'memoryPort' ? [[item.memory, index] as const] : [])),
    );
    const attached = attachedComments(body);
    body.forEach((item, index) => {
      switch (item.kind) {
        case 'section':
          this.writer.blank();
          this.writer.write(`// ---- ${item.text} ----`);
          break;
        case 'comment':
          if (!attached.has(index)) this.writer.write(`// ${item.text}`);
          break;
        case 'declare':
          this.#declare(item.entity);
          break;
        case 'memory':
          writeMemory(this, item.memory);
          break;
        case 'memoryPort':
          if (lastPorts.get(item.memory) === index) writeMemoryPorts(this, item.memory);
          break;
        case 'instance':
          writeInstance(this, item.instance);
          break;
        case 'assign':
        case 'if':
        case 'switch':
          for (const process of processes) {
            if (process.kind === 'combinational' && process.position === index) this.#combinational(process);
          }
          for (const block of blocks) if (block.position === index) this.#clocked(block, attached, body);
          break;
      }
    });
  }

  #declare(entity: Entity): void {
    const { name, type, place, doc } = entity;
    const read = this.readBits(entity);
    if (entity.role === 'named') {
      if (this.usage.bits.has(entity)) this.#named(entity, entity.value!);
      return;
    }
    const net = entity.role === 'register' || this.#procedural.has(entity) ? 'reg' : 'wire';
    this.declaration(`${declared(net, type)} ${name};`, place, doc, read, type.width);
  }

  /** A value with a name: whatever else uses the same expression uses this wire. */
  #named(entity: Entity, value: Expr): void {
    const { name, type, place, doc } = entity;
    const known = this.#wires.has(value);
    const shared = !known && value.kind !== 'const' && value.kind !== 'ref' && value.kind !== 'slice';
    const read = this.readBits(entity) | (shared ? (this.usage.exprBits.get(value) ?? 0n) : 0n);
    for (const operand of operands(value)) this.prepare(operand, name, place);
    if (value.kind === 'select' && !known) {
      this.declaration(`${declared('reg', type)} ${name};`, place, doc, read, type.width);
      this.#selectBlock(value, name, place);
    } else {
      const text = indent(this.printer.print(value));
      this.declaration([`${declared('wire', type)} ${name} = `, text, ';'], place, doc, read, type.width);
    }
    if (shared) this.#wires.set(value, { name, signed: isSigned(type) });
  }

  /** What no statement drives has its default all the time. */
  #undriven(entities: readonly Entity[]): void {
    for (const { name, defaultValue, place, ...entity } of entities) {
      if (defaultValue === undefined) continue;
      this.writer.writeAt(`assign ${name} = ${valueText(entity, defaultValue)};`, place);
    }
  }

  #combinational(process: Process): void {
    const { writer } = this;
    const direct = new Set(this.#direct.values());
    const assigns = continuousAssigns(process);
    if (assigns !== undefined) {
      for (const { target, value, place } of assigns) {
        if (direct.has(target)) continue;
        const text =
          value === undefined ? valueText(target, target.defaultValue!) : this.text(value, target.name, place);
        writer.writeAt([`assign ${target.name} = `, indent(text), ';'], place);
      }
      return;
    }
    this.#statements.prepare(process.statements);
    const place = placeOf(process.statements, process.targets);
    writer.blank();
    writer.writeAt('always @(*) begin', place);
    writer.indented(() => {
      for (const target of process.targets) {
        if (target.defaultValue === undefined) continue;
        writer.write(`${target.name} = ${valueText(target, target.defaultValue)};`, target.place);
      }
      this.#statements.write(process.statements, '=');
    });
    writer.write('end');
    writer.blank();
  }

  #clocked(block: ClockedBlock, attached: ReadonlySet<number>, body: readonly BodyItem[]): void {
    const { writer } = this;
    const statements = block.statements.map(([statement]) => statement);
    // Registers without a reset that constants keep from ever being assigned.
    if (statements.length === 0 && block.reset === undefined) return;
    this.#statements.prepare(statements);
    const place = placeOf(statements, block.targets);
    const write = () => {
      for (const [statement, position] of block.statements) {
        for (let at = position - 1; attached.has(at) && body[at]?.kind === 'comment'; at--) {
          writer.write(`// ${(body[at] as BodyItem & { kind: 'comment' }).text}`);
        }
        this.#statements.write([statement], '<=');
      }
    };
    writer.blank();
    writer.writeAt(`always @(posedge ${block.clock.name}) begin`, place);
    writer.indented(() => {
      if (block.reset === undefined) {
        write();
        return;
      }
      writer.write(`if (${block.reset.name}) begin`);
      writer.indented(() => {
        for (const target of this.#module.entities) {
          if (!block.targets.has(target)) continue;
          writer.write(`${target.name} <= ${valueText(target, target.reset!)};`, target.place);
        }
      });
      const [only, ...others] = block.statements;
      if (only === undefined) {
        writer.write('end');
        return;
      }
      if (only[0].kind === 'if' && others.length === 0 && !attached.has(only[1] - 1)) {
        this.#statements.chain(only[0], '<=', 'end else ');
        return;
      }
      writer.write('end else begin');
      writer.indented(write);
      writer.write('end');
    });
    writer.write('end');
    writer.blank();
  }
}
