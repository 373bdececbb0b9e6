/** Other names, or other expressions, for the names in a tree of Verilog. */
import { assertUnreachable } from '../../../errors/index.ts';
import type { VExpr, VItem, VStatement } from '../syntax.ts';

/** A name in a tree; `whole`: as an expression of its own, not where only a name can stand. */
export interface NameUse {
  readonly name: string;
  readonly whole: boolean;
}

/** Every name that expressions, targets and clocks of the items use, as often as it is there. */
export function exprsIn(items: readonly VItem[]): NameUse[] {
  const uses: NameUse[] = [];
  const listener = new Renaming((use) => uses.push(use));
  for (const item of items) listener.item(item);
  return uses;
}

export class Renaming {
  readonly #instead = new Map<string, VExpr>();
  readonly #seen: (use: NameUse) => void;

  /** @param seen is told of every name that is used */
  constructor(seen: (use: NameUse) => void = () => undefined) {
    this.#seen = seen;
  }

  /** The expression stands wherever the name did; where only a name can stand it must be one. */
  put(name: string, expr: VExpr): void {
    this.#instead.set(name, expr);
  }

  rename(from: string, to: string): void {
    this.put(from, { kind: 'name', name: to, signed: false });
  }

  item(item: VItem): VItem {
    switch (item.kind) {
      case 'section':
      case 'comment':
        return item;
      case 'declare': {
        const { value, also } = item;
        const name = this.#own(item.name);
        const others = also && { also: also.map((each) => this.#own(each)) };
        return { ...item, name, ...others, ...(value && { value: this.expr(value) }) };
      }
      case 'genvar':
      case 'integer':
      case 'localparam':
        return { ...item, name: this.#own(item.name) };
      case 'matrix': {
        const { target, rows, variable } = item;
        const names = { target: this.#name(target), rows: this.#name(rows), variable: this.#own(variable) };
        return { ...item, ...names, source: this.expr(item.source) };
      }
      case 'assign':
        return { ...item, target: this.expr(item.target), value: this.expr(item.value) };
      case 'always': {
        const { clock, atOnce } = item;
        const edges = { clock: clock && this.#name(clock), ...(atOnce && { atOnce: this.#name(atOnce) }) };
        return { ...item, ...edges, body: item.body.map((each) => this.#statement(each)) };
      }
      case 'readmemh':
        return { ...item, memory: this.#own(item.memory) };
      case 'zeros':
        return { ...item, memory: this.#own(item.memory), variable: this.#own(item.variable) };
      case 'instance': {
        const connections = item.connections.map(([port, expr]) => [port, this.expr(expr)] as const);
        const loop = item.loop && { ...item.loop, variable: this.#own(item.loop.variable) };
        return { ...item, connections, loop };
      }
      case 'loop': {
        const { variable, items } = item;
        return { ...item, variable: this.#own(variable), items: items.map((each) => this.item(each)) };
      }
      default:
        return assertUnreachable(item);
    }
  }

  expr(expr: VExpr): VExpr {
    switch (expr.kind) {
      case 'name': {
        this.#seen({ name: expr.name, whole: true });
        const instead = this.#instead.get(expr.name);
        return instead?.kind === 'name' ? { ...expr, name: instead.name } : (instead ?? expr);
      }
      case 'literal':
        return expr;
      case 'slice':
        return { ...expr, name: this.#name(expr.name) };
      case 'word':
        return { ...expr, memory: this.#own(expr.memory), index: this.expr(expr.index) };
      case 'copy':
        return { ...expr, name: this.#name(expr.name), index: this.#own(expr.index) };
      case 'concat':
        return { ...expr, parts: this.#all(expr.parts) };
      case 'replicate':
        return { ...expr, part: this.expr(expr.part) };
      case 'unary':
      case 'cast':
        return { ...expr, operand: this.expr(expr.operand) };
      case 'binary':
        return { ...expr, terms: this.#all(expr.terms) };
      case 'choice': {
        const [condition, whenTrue, whenFalse] = this.#all([expr.condition, expr.whenTrue, expr.whenFalse]);
        return { ...expr, condition: condition!, whenTrue: whenTrue!, whenFalse: whenFalse! };
      }
      default:
        return assertUnreachable(expr);
    }
  }

  #all(exprs: readonly VExpr[]): VExpr[] {
    return exprs.map((each) => this.expr(each));
  }

  #statement(statement: VStatement): VStatement {
    const body = (statements: readonly VStatement[]) => statements.map((each) => this.#statement(each));
    switch (statement.kind) {
      case 'comment':
        return statement;
      case 'assign':
        return { ...statement, target: this.expr(statement.target), value: this.expr(statement.value) };
      case 'if': {
        const branches = statement.branches.map((branch) => {
          const condition = this.expr(branch.condition);
          return { ...branch, condition, body: body(branch.body) };
        });
        return { ...statement, branches, otherwise: statement.otherwise && body(statement.otherwise) };
      }
      case 'case': {
        const branches = statement.branches.map((branch) => ({
          ...branch,
          label: branch.label && this.expr(branch.label),
          body: body(branch.body),
        }));
        return { ...statement, subject: this.expr(statement.subject), branches };
      }
      default:
        return assertUnreachable(statement);
    }
  }

  /** Where only a name can stand. */
  #name(name: string): string {
    this.#seen({ name, whole: false });
    return this.#own(name);
  }

  /** What the tree itself declares. */
  #own(name: string): string {
    const instead = this.#instead.get(name);
    if (instead === undefined) return name;
    if (instead.kind !== 'name') throw new Error(`only a name can stand where '${name}' does`);
    return instead.name;
  }
}
