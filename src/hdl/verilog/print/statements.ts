/** Always blocks and what stands in them. */
import type { VBranch, VIf, VItem, VStatement } from '../syntax.ts';
import { type Doc, flat, indent } from './doc.ts';
import { expressionDoc } from './expressions.ts';
import { maxColumns, type Writer } from './writer.ts';

export class StatementPrinter {
  readonly #writer: Writer;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  always({ clock, atOnce, body, origin }: VItem & { kind: 'always' }): void {
    const writer = this.#writer;
    const [only, ...others] = body;
    writer.blank();
    const trigger =
      clock === undefined
        ? 'always @(*)'
        : `always @(posedge ${[clock, ...(atOnce ? [atOnce] : [])].join(' or posedge ')})`;
    const isOne = only !== undefined && others.length === 0 && only.kind !== 'comment';
    if (isOne && (only.kind !== 'if' || shortLines(only, writer.column + 2) !== undefined)) {
      writer.writeAt(trigger, origin);
      writer.indented(() => this.#statement(only));
    } else {
      writer.writeAt(`${trigger} begin`, origin);
      writer.indented(() => this.#statements(body));
      writer.write('end');
    }
    writer.blank();
  }

  #statements(statements: readonly VStatement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(statement: VStatement): void {
    const writer = this.#writer;
    switch (statement.kind) {
      case 'comment':
        writer.comment(statement.text);
        break;
      case 'assign':
        writer.write(assignment(statement), statement.origin);
        break;
      case 'if':
        this.#if(statement);
        break;
      case 'case':
        writer.write(['case (', expressionDoc(statement.subject), ')'], statement.origin);
        writer.indented(() => {
          for (const branch of statement.branches) this.#branch(branch);
        });
        writer.write('endcase', statement.origin);
        break;
    }
  }

  /** Short branches stand beside their conditions, all or none of a chain. */
  #if(statement: VIf): void {
    const writer = this.#writer;
    const { branches, otherwise, origin } = statement;
    const lines = shortLines(statement, writer.column);
    if (lines !== undefined) {
      for (const { text, at } of lines) writer.write(text, at);
      return;
    }
    branches.forEach(({ condition, body, origin: at }, index) => {
      const head = index === 0 ? 'if (' : 'end else if (';
      writer.write([head, indent(expressionDoc(condition)), ') begin'], at);
      writer.indented(() => this.#statements(body));
    });
    if (otherwise !== undefined) {
      writer.write('end else begin', origin);
      writer.indented(() => this.#statements(otherwise));
    }
    writer.write('end', origin);
  }

  #branch({ label, body, origin, note }: VBranch): void {
    const writer = this.#writer;
    const head = label === undefined ? 'default' : flat(expressionDoc(label));
    const [only, ...others] = body;
    if (only === undefined) {
      writer.write(`${head}: ;`, origin, note);
      return;
    }
    const short = others.length === 0 ? oneLine(only) : undefined;
    if (short !== undefined && head.length + 2 + flat(short).length <= maxColumns - writer.column) {
      writer.write([`${head}: `, short], only.kind === 'comment' ? origin : only.origin, note);
      return;
    }
    writer.write(`${head}: begin`, origin, note);
    writer.indented(() => this.#statements(body));
    writer.write('end', origin);
  }
}

/** The branches of an `if`, each on the line of its condition, if all of them fit so. */
function shortLines({ branches, otherwise }: VIf, column: number) {
  const bodies = [...branches.map(({ body }) => body), ...(otherwise ? [otherwise] : [])];
  const lines = bodies.map((body, index) => {
    const [only, ...others] = body;
    if (only?.kind !== 'assign' || others.length > 0) return undefined;
    const branch = branches[index];
    const head = branch ? [index === 0 ? 'if (' : 'else if (', indent(expressionDoc(branch.condition)), ') '] : 'else ';
    return { text: [head, assignment(only)], at: only.origin };
  });
  const fit = lines.flatMap((each) => (each && flat(each.text).length <= maxColumns - column ? [each] : []));
  return fit.length === lines.length ? fit : undefined;
}

function assignment({ target, operator, value }: VStatement & { kind: 'assign' }): Doc {
  return [expressionDoc(target), ` ${operator} `, indent(expressionDoc(value)), ';'];
}

/** A statement that may stand on the line of its label. */
function oneLine(statement: VStatement): Doc | undefined {
  if (statement.kind === 'assign') return assignment(statement);
  if (statement.kind !== 'if' || statement.branches.length > 1 || statement.otherwise !== undefined) return undefined;
  const [{ condition, body }] = statement.branches as [VIf['branches'][number]];
  const [only, ...others] = body;
  if (only?.kind !== 'assign' || others.length > 0) return undefined;
  return ['if (', expressionDoc(condition), ') ', assignment(only)];
}
