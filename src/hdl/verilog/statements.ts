/** The author's `if` and `case`, inside an always block. */
import { combinationalSwitch } from '../elaborate/processes.ts';
import type { Expr } from '../ir/expr.ts';
import type { Statement } from '../ir/module.ts';
import { isSigned } from '../ir/types.ts';
import type { Place } from '../place.ts';
import { firstTarget } from './blocks.ts';
import { type Doc, flat, indent } from './doc.ts';
import { constantText, valueText } from './literals.ts';
import type { ModuleEmitter } from './module-emitter.ts';

type Operator = '=' | '<=';

export class StatementWriter {
  readonly #emitter: ModuleEmitter;

  constructor(emitter: ModuleEmitter) {
    this.#emitter = emitter;
  }

  /** Wires for the expressions inside an always block stand before it. */
  prepare(statements: readonly Statement[], context?: string): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'assign':
          this.#emitter.prepare(statement.value, statement.target.name, statement.place);
          break;
        case 'if': {
          const name = context ?? firstTarget([statement]);
          for (const { condition, body, place } of statement.branches) {
            this.#emitter.prepare(condition, firstTarget(body) ?? name ?? 'condition', place);
            this.prepare(body, name);
          }
          this.prepare(statement.otherwise ?? [], name);
          break;
        }
        case 'switch':
          this.#emitter.prepare(statement.subject, firstTarget([statement]) ?? 'subject', statement.place);
          for (const { body } of statement.cases) this.prepare(body, context);
          this.prepare(statement.otherwise ?? [], context);
          break;
        case 'comment':
          break;
      }
    }
  }

  write(statements: readonly Statement[], operator: Operator): void {
    const { writer } = this.#emitter;
    for (const statement of statements) {
      switch (statement.kind) {
        case 'assign':
          writer.write(this.#assignment(statement, operator), statement.place);
          break;
        case 'comment':
          writer.write(`// ${statement.text}`);
          break;
        case 'if':
          this.chain(statement, operator, '');
          break;
        case 'switch':
          this.#switch(statement, operator);
          break;
      }
    }
  }

  /** `if` and `else if` branches; `before` closes what the chain continues. */
  chain(statement: Statement & { kind: 'if' }, operator: Operator, before: string): void {
    const { writer } = this.#emitter;
    statement.branches.forEach(({ condition, body, place }, index) => {
      const head = index === 0 ? `${before}if (` : 'end else if (';
      writer.write([head, indent(this.#emitter.printer.print(condition)), ') begin'], place);
      writer.indented(() => this.write(body, operator));
    });
    if (statement.otherwise !== undefined) {
      writer.write('end else begin', statement.place);
      writer.indented(() => this.write(statement.otherwise ?? [], operator));
    }
    writer.write('end', statement.place);
  }

  #assignment({ target, value }: Statement & { kind: 'assign' }, operator: Operator): Doc {
    const text =
      value.kind === 'const' && isSigned(target.type)
        ? valueText(target, value.value)
        : this.#emitter.printer.print(value);
    return [`${target.name} ${operator} `, indent(text), ';'];
  }

  #switch(given: Statement & { kind: 'switch' }, operator: Operator): void {
    const { writer, printer } = this.#emitter;
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

  #branch(label: string, body: readonly Statement[], operator: Operator, place: Place, note?: string): void {
    const [only] = body;
    if (only === undefined) {
      this.#emitter.writer.write(`${label}: ;`, place, note);
      return;
    }
    if (body.length === 1 && only.kind === 'assign') {
      this.#emitter.writer.write([`${label}: `, this.#assignment(only, operator)], only.place, note);
      return;
    }
    this.#emitter.writer.write(`${label}: begin`, place, note);
    this.#emitter.writer.indented(() => this.write(body, operator));
    this.#emitter.writer.write('end', place);
  }
}
