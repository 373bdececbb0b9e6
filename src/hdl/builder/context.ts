/** What the parts of a builder share: the module being built and its bookkeeping. */
import { DesignError, type Diagnostic, type DiagnosticInput } from '../diagnostics.ts';
import { type Expr, visitExprs } from '../ir/expr.ts';
import type { BodyItem, ConstantIr, Entity, ModuleIr, Statement } from '../ir/module.ts';
import { capturePlace, type Place } from '../place.ts';
import { checkedLiteral, NamedConstant } from '../values/literals.ts';
import { nameProblem } from './names.ts';

export class BuildContext {
  readonly #places = new Map<string, Place>();
  #statements: Statement[] | undefined;
  readonly #checkedExprs = new Set<Expr>();
  readonly clocks: Entity[] = [];
  readonly resets: Entity[] = [];

  constructor(readonly module: ModuleIr) {}

  report(input: DiagnosticInput, place: Place = capturePlace()): void {
    this.module.diagnostics.push({ ...input, place });
  }

  /** Runs a check or conversion; a broken rule is recorded and building goes on with `fallback`. */
  attempt<T>(action: () => T, fallback: T): T {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof DesignError)) throw error;
      this.module.diagnostics.push(...(error.diagnostics as Diagnostic[]));
      return fallback;
    }
  }

  /** Remembers the signals of a refused statement. */
  refuse(...exprs: readonly Expr[]): void {
    visitExprs(exprs, (expr) => {
      if (expr.kind === 'ref') this.module.refused.add(expr.entity);
    });
  }

  /** Takes a name of the module. Everything in it shares one space of names, as in Verilog. */
  claim(name: string, what: string, place: Place): void {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      this.report({ rule: 'HDL004', summary: `${what} '${name}' ${problem}`, help: 'give it another name' }, place);
    }
    const earlier = this.#places.get(name);
    if (earlier !== undefined) {
      this.report(
        {
          rule: 'HDL005',
          summary: `'${name}' is used twice in module '${this.module.name}'`,
          label: `${what} '${name}'`,
          notes: [{ text: 'the first is', place: earlier }],
          help: 'give one of them another name',
        },
        place,
      );
      return;
    }
    this.#places.set(name, place);
  }

  /** Takes the wanted name or one like it that is free; for things that the author does not name. */
  claimFresh(wanted: string, place: Place): string {
    let name = wanted;
    for (let n = 2; this.#places.has(name); n++) name = `${wanted}_${n}`;
    this.#places.set(name, place);
    return name;
  }

  constant(name: string, value: number | bigint, doc: string | undefined, place: Place): NamedConstant {
    this.claim(name, 'constant', place);
    const number = this.attempt(() => checkedLiteral(value, { kind: 'sint', width: 65 }), 0n);
    const ir: ConstantIr = { name, value: number, module: this.module, place, doc };
    this.module.constants.push(ir);
    return new NamedConstant(ir);
  }

  declare(entity: Entity): Entity {
    this.claim(entity.name, entity.role === 'named' ? 'value' : entity.role, entity.place);
    this.module.entities.push(entity);
    return entity;
  }

  /**
   * Adds to the body. A statement goes into the open `when` or `switch`; anything else goes before the outermost one, so that what
   * is declared inside stands above its use.
   */
  add(item: BodyItem): void {
    const { body } = this.module;
    if (this.#statements === undefined) body.push(item);
    else if (item.kind === 'assign' || item.kind === 'if' || item.kind === 'switch' || item.kind === 'comment') {
      this.#statements.push(item);
    } else if (body.at(-1)?.kind === 'if') body.splice(body.length - 1, 0, item);
    else body.push(item);
  }

  /** The statements that `write` adds. */
  block(write: () => void): Statement[] {
    const outer = this.#statements;
    const inner: Statement[] = [];
    this.#statements = inner;
    try {
      write();
    } finally {
      this.#statements = outer;
    }
    return inner;
  }

  /** An expression may only be made of this module's signals. */
  own(expr: Expr, place: Place = capturePlace()): Expr {
    visitExprs(
      [expr],
      (node) => {
        const owner = ownerOf(node);
        if (owner === undefined || owner.module === this.module) return;
        this.report(
          {
            rule: 'HDL017',
            summary: `'${owner.name}' belongs to module '${owner.module.name}' and is used in '${this.module.name}'`,
            notes: [{ text: `'${owner.name}' is declared`, place: owner.place }],
            help: 'pass it through a port: an input here, connected by m.instance',
          },
          place,
        );
      },
      this.#checkedExprs,
    );
    return expr;
  }
}

/** What belongs to one module in a node. */
function ownerOf(node: Expr): Pick<Entity, 'name' | 'module' | 'place'> | undefined {
  if (node.kind === 'ref') return node.entity;
  if (node.kind === 'read') return node.memory;
  return node.kind === 'const' ? node.named : undefined;
}
