/** One module as Verilog-2001, in the author's order. */
import { combinationalSwitch, type Process, processesOf, splitByTarget } from '../elaborate/processes.ts';
import { rootsOf, statementRoots, type Usage, usageOf } from '../elaborate/usage.ts';
import { type Expr, mask, operands, visitExprs } from '../ir/expr.ts';
import type { BodyItem, Entity, InstanceIr, ModuleIr, Statement } from '../ir/module.ts';
import { isPort } from '../ir/module.ts';
import { isSigned, type ScalarType } from '../ir/types.ts';
import type { Place } from '../place.ts';
import { directConnections } from './connections.ts';
import { type Doc, flat, indent } from './doc.ts';
import { ExpressionPrinter } from './expressions.ts';
import { constantText, declared, literal } from './literals.ts';
import { writeMemory, writeMemoryPorts } from './memories.ts';
import { stateLines, writePorts } from './ports.ts';
import { spilledExprs, spillSuffix } from './spills.ts';
import { Writer } from './writer.ts';

/** Longer port expressions get a wire, so that the port list stays a list. */
const portColumns = 60;

export class ModuleEmitter {
  readonly writer = new Writer();
  readonly usage: Usage;
  readonly printer: ExpressionPrinter;
  readonly #module: ModuleIr;
  readonly #taken: Set<string>;
  readonly #spilled: ReadonlySet<Expr>;
  readonly #wires = new Map<Expr, { name: string; signed: boolean }>();
  readonly #direct: ReadonlyMap<Entity, Entity>;
  /** Wires and outputs that an always block drives. */
  readonly #procedural = new Set<Entity>();

  constructor(module: ModuleIr) {
    this.#module = module;
    this.usage = usageOf(module);
    const named = module.entities.flatMap((entity) => (entity.value === undefined ? [] : [entity.value]));
    this.#spilled = spilledExprs([...rootsOf(module), ...named], this.usage);
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
    const processes = processesOf(this.#module).flatMap((each) => (readsItself(each) ? splitByTarget(each) : [each]));
    for (const process of processes) {
      if (process.kind !== 'combinational' || isPlainAssign(process)) continue;
      for (const target of process.targets) this.#procedural.add(target);
    }
    writePorts(this, this.#module, this.#procedural);
    writer.indented(() => {
      const head = writer.lines.length;
      this.#body(processes);
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

  /** Declares a signal; bits that nothing reads are announced to the linter. */
  declaration(text: Doc, place: Place, doc: string | undefined, read: bigint, width: number): void {
    const partly = read !== mask(width);
    if (partly) this.writer.write('// verilator lint_off UNUSED');
    this.writer.write(text, place, doc);
    if (partly) this.writer.write('// verilator lint_on UNUSED');
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
    const read = this.usage.exprBits.get(expr) ?? 0n;
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
          this.#instance(item.instance);
          break;
        case 'assign':
        case 'if':
        case 'switch':
          for (const process of processes) {
            if (process.kind === 'combinational' && process.positions.at(-1) === index) this.#combinational(process);
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
      if (!this.usage.bits.has(entity)) return;
      const text = this.text(entity.value!, name, place);
      this.declaration([`${declared('wire', type)} ${name} = `, indent(text), ';'], place, doc, read, type.width);
      const value = entity.value!;
      if (value.kind !== 'const' && value.kind !== 'ref' && value.kind !== 'slice') {
        this.#wires.set(value, { name, signed: isSigned(type) });
      }
      return;
    }
    const net = entity.role === 'register' || this.#procedural.has(entity) ? 'reg' : 'wire';
    this.declaration(`${declared(net, type)} ${name};`, place, doc, read, type.width);
  }

  #combinational(process: Process): void {
    const { writer } = this;
    const [first] = process.statements;
    if (first === undefined) return;
    if (isPlainAssign(process) && first.kind === 'assign') {
      if ([...this.#direct.values()].includes(first.target)) return;
      const text = this.text(first.value, first.target.name, first.place);
      writer.writeAt([`assign ${first.target.name} = `, indent(text), ';'], first.place);
      return;
    }
    this.#prepareStatements(process.statements);
    const place = placeOf(process.statements);
    writer.blank();
    writer.writeAt('always @(*) begin', place);
    writer.indented(() => {
      for (const target of process.targets) {
        if (target.defaultValue === undefined) continue;
        writer.write(`${target.name} = ${valueText(target, target.defaultValue)};`, target.place);
      }
      this.#statements(process.statements, '=');
    });
    writer.write('end');
    writer.blank();
  }

  #clocked(block: ClockedBlock, attached: ReadonlySet<number>, body: readonly BodyItem[]): void {
    const { writer } = this;
    this.#prepareStatements(block.statements.map(([statement]) => statement));
    const place = placeOf(block.statements.map(([statement]) => statement));
    const write = () => {
      for (const [statement, position] of block.statements) {
        for (let at = position - 1; attached.has(at) && body[at]?.kind === 'comment'; at--) {
          writer.write(`// ${(body[at] as BodyItem & { kind: 'comment' }).text}`);
        }
        this.#statements([statement], '<=');
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
      if (only?.[0].kind === 'if' && others.length === 0 && !attached.has(only[1] - 1)) {
        this.#chain(only[0], '<=', 'end else ');
        return;
      }
      writer.write('end else begin');
      writer.indented(write);
      writer.write('end');
    });
    writer.write('end');
    writer.blank();
  }

  /** Wires for the expressions inside an always block stand before it. */
  #prepareStatements(statements: readonly Statement[], context?: string): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'assign':
          this.prepare(statement.value, statement.target.name, statement.place);
          break;
        case 'if': {
          const name = context ?? firstTarget([statement]);
          for (const { condition, body, place } of statement.branches) {
            this.prepare(condition, firstTarget(body) ?? name ?? 'condition', place);
            this.#prepareStatements(body, name);
          }
          this.#prepareStatements(statement.otherwise ?? [], name);
          break;
        }
        case 'switch':
          this.prepare(statement.subject, firstTarget([statement]) ?? 'subject', statement.place);
          for (const { body } of statement.cases) this.#prepareStatements(body, context);
          this.#prepareStatements(statement.otherwise ?? [], context);
          break;
        case 'comment':
          break;
      }
    }
  }

  #statements(statements: readonly Statement[], operator: '=' | '<='): void {
    const { writer } = this;
    for (const statement of statements) {
      switch (statement.kind) {
        case 'assign':
          writer.write(this.#assignment(statement, operator), statement.place);
          break;
        case 'comment':
          writer.write(`// ${statement.text}`);
          break;
        case 'if':
          this.#chain(statement, operator, '');
          break;
        case 'switch':
          this.#switch(statement, operator);
          break;
      }
    }
  }

  /** `if` and `else if` branches; `before` closes what the chain continues. */
  #chain(statement: Statement & { kind: 'if' }, operator: '=' | '<=', before: string): void {
    const { writer } = this;
    statement.branches.forEach(({ condition, body, place }, index) => {
      const head = index === 0 ? `${before}if (` : 'end else if (';
      writer.write([head, indent(this.printer.print(condition)), ') begin'], place);
      writer.indented(() => this.#statements(body, operator));
    });
    if (statement.otherwise !== undefined) {
      writer.write('end else begin', statement.place);
      writer.indented(() => this.#statements(statement.otherwise ?? [], operator));
    }
    writer.write('end', statement.place);
  }

  #assignment({ target, value }: Statement & { kind: 'assign' }, operator: '=' | '<='): Doc {
    const text =
      value.kind === 'const' && isSigned(target.type) ? valueText(target, value.value) : this.printer.print(value);
    return [`${target.name} ${operator} `, indent(text), ';'];
  }

  #switch(given: Statement & { kind: 'switch' }, operator: '=' | '<='): void {
    const { writer, printer } = this;
    const statement = operator === '=' ? combinationalSwitch(given) : given;
    const { place } = statement;
    const label = (value: Expr) => (value.kind === 'const' ? constantText(value, false) : flat(printer.print(value)));
    writer.write(['case (', printer.print(statement.subject), ')'], place);
    writer.indented(() => {
      for (const { value, body } of statement.cases) this.#branch(label(value), body, operator, place);
      const last = statement.cases.length < given.cases.length ? given.cases.at(-1) : undefined;
      this.#branch('default', statement.otherwise ?? [], operator, place, last && label(last.value));
    });
    writer.write('endcase', place);
  }

  #branch(label: string, body: readonly Statement[], operator: '=' | '<=', place: Place, note?: string): void {
    const [only] = body;
    if (only === undefined) {
      this.writer.write(`${label}: ;`, place, note);
      return;
    }
    if (body.length === 1 && only.kind === 'assign') {
      this.writer.write([`${label}: `, this.#assignment(only, operator)], only.place, note);
      return;
    }
    this.writer.write(`${label}: begin`, place, note);
    this.writer.indented(() => this.#statements(body, operator));
    this.writer.write('end', place);
  }

  #instance(instance: InstanceIr): void {
    const { writer } = this;
    const { definition, name, place } = instance;
    const connections: [string, Doc][] = [];
    for (const port of definition.entities) {
      if (!isPort(port)) continue;
      const input = instance.inputs.get(port.name);
      if (input !== undefined) {
        connections.push([port.name, this.#portText(input, `${name}_${port.name}`, place)]);
        continue;
      }
      const output = instance.outputs.get(port.name);
      if (output === undefined) continue;
      connections.push([port.name, this.#outputNet(output)]);
    }
    writer.blank();
    if (instance.doc !== undefined) writer.write(`// ${instance.doc}`);
    const parameters = parameterTexts(instance);
    const head = parameters.length === 0 ? definition.name : `${definition.name} #(${parameters.join(', ')})`;
    writer.writeAt(`${head} ${name} (`, place);
    const column = Math.max(...connections.map(([port]) => port.length));
    writer.indented(() => {
      connections.forEach(([port, text], index) => {
        const comma = index === connections.length - 1 ? '' : ',';
        writer.write([`.${port.padEnd(column)} (`, indent(text), `)${comma}`], place);
      });
    });
    writer.write(');', place);
    writer.blank();
  }

  #portText(expr: Expr, wireName: string, place: Place): Doc {
    this.prepare(expr, wireName, place);
    const text = this.printer.print(expr);
    if (flat(text).length <= portColumns) return text;
    const signed = isSignedValue(expr);
    const name = this.freshName(wireName);
    const type: ScalarType = { kind: signed ? 'sint' : 'uint', width: expr.width };
    this.writer.write([`${declared('wire', type)} ${name} = `, indent(text), ';'], place);
    return name;
  }

  /** The net on an output of an instance: the signal it drives, or a wire of its own. */
  #outputNet(output: Entity): string {
    const direct = this.#direct.get(output);
    if (direct !== undefined) return direct.name;
    const read = this.readBits(output);
    const { type, place } = output;
    if (read === 0n) {
      // The linter lets signals with this word in their names be.
      const name = this.freshName(`unused_${output.name}`);
      this.writer.write(`${declared('wire', type)} ${name};`, place);
      return name;
    }
    this.declaration(`${declared('wire', type)} ${output.name};`, place, undefined, read, type.width);
    return output.name;
  }
}

interface ClockedBlock {
  readonly clock: Entity;
  readonly reset: Entity | undefined;
  readonly targets: Set<Entity>;
  readonly statements: (readonly [Statement, number])[];
  position: number;
}

/** Clocked processes of one section, clock and reset share an always block, at the place of the last of them. */
function clockedBlocks(processes: readonly Process[], sections: readonly number[]): ClockedBlock[] {
  const blocks = new Map<string, ClockedBlock>();
  for (const process of processes) {
    if (process.kind !== 'clocked') continue;
    const position = process.positions.at(-1)!;
    const key = `${sections[position]}/${process.clock!.name}/${process.reset?.name ?? ''}`;
    const block = blocks.get(key) ?? {
      clock: process.clock!,
      reset: process.reset,
      targets: new Set<Entity>(),
      statements: [],
      position,
    };
    for (const target of process.targets) block.targets.add(target);
    process.statements.forEach((statement, index) => {
      block.statements.push([statement, process.positions[index] ?? position]);
    });
    block.position = Math.max(block.position, position);
    blocks.set(key, block);
  }
  for (const block of blocks.values()) block.statements.sort((a, b) => a[1] - b[1]);
  return [...blocks.values()];
}

/** For each body item the number of its section. */
function sectionNumbers(body: readonly BodyItem[]): number[] {
  let section = 0;
  return body.map((item) => {
    if (item.kind === 'section') section += 1;
    return section;
  });
}

/** Comments that stand right above a statement that goes into an always block, and travel with it. */
function attachedComments(body: readonly BodyItem[]): Set<number> {
  const attached = new Set<number>();
  for (let index = body.length - 1; index > 0; index--) {
    if (body[index - 1]?.kind !== 'comment') continue;
    const item = body[index]!;
    const clocked =
      item.kind === 'assign' ? item.target.role === 'register' : item.kind === 'if' || item.kind === 'switch';
    if (clocked || (item.kind === 'comment' && attached.has(index))) attached.add(index - 1);
  }
  return attached;
}

/** A block that reads one of its own results would run on an old value of it. */
function readsItself(process: Process): boolean {
  if (process.kind === 'clocked') return false;
  let found = false;
  visitExprs(
    process.statements.flatMap((statement) => statementRoots(statement)),
    (expr) => {
      found ||= expr.kind === 'ref' && process.targets.has(expr.entity);
    },
  );
  return found;
}

function isPlainAssign(process: Process): boolean {
  const [first] = process.statements;
  return process.statements.length === 1 && first?.kind === 'assign' && first.target.defaultValue === undefined;
}

function placeOf(statements: readonly Statement[]): Place {
  const first = statements.find((statement) => statement.kind !== 'comment');
  if (first === undefined) throw new Error('a process has statements');
  return first.place;
}

function firstTarget(statements: readonly Statement[]): string | undefined {
  for (const statement of statements) {
    if (statement.kind === 'assign') return statement.target.name;
    const inner =
      statement.kind === 'if'
        ? [...statement.branches.flatMap(({ body }) => body), ...(statement.otherwise ?? [])]
        : statement.kind === 'switch'
          ? [...statement.cases.flatMap(({ body }) => body), ...(statement.otherwise ?? [])]
          : [];
    const found = firstTarget(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A constant of an entity's type: states by name, numbers by value. */
function valueText(entity: Entity, value: bigint): string {
  const { type } = entity;
  if (type.kind === 'enum') {
    const state = type.states[Number(value)];
    if (state !== undefined)
      return constantText({ kind: 'const', width: type.width, value, state: { enumeration: type.name, state } }, false);
  }
  return literal(value, type.width, isSigned(type));
}

/** Whether the value of an expression is a signed number, for the declaration of its wire. */
function isSignedValue(expr: Expr): boolean {
  switch (expr.kind) {
    case 'ref':
      return isSigned(expr.entity.type);
    case 'binary':
    case 'extend':
      return expr.signed;
    case 'mux':
      return isSignedValue(expr.whenTrue) && isSignedValue(expr.whenFalse);
    case 'shift':
      return expr.arithmetic;
    case 'select':
      return expr.values.every(isSignedValue);
    default:
      return false;
  }
}

function parameterTexts({ definition, parameters }: InstanceIr): string[] {
  const box = [...(definition.blackBox?.parameters ?? [])].map(([name, value]) => {
    return `.${name}(${typeof value === 'string' ? `"${value}"` : value})`;
  });
  const own = definition.entities.flatMap((entity) => {
    const value = parameters.get(entity.name);
    return value === undefined ? [] : [`.${entity.name}(${valueText(entity, value)})`];
  });
  return [...box, ...own];
}
