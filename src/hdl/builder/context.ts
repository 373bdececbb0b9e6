/** What the parts of a builder share: the module being built and its bookkeeping. */
import { DesignError, type Diagnostic, type DiagnosticInput } from '../diagnostics.ts';
import { type Expr, visitExprs } from '../ir/expr.ts';
import type { BodyItem, ConstantIr, Entity, ModuleIr, Statement } from '../ir/module.ts';
import { maxWidth } from '../ir/types.ts';
import { captureOrigin, type Origin } from '../origin.ts';
import { checkedLiteral, NamedConstant } from '../values/literals.ts';
import { nameProblem } from './names.ts';
import type { Clock, Reset } from './options.ts';

export class BuildContext {
  readonly #origins = new Map<string, Origin>();
  #statements: Statement[] | undefined;
  readonly #checkedExprs = new Set<Expr>();
  readonly #clocks: Entity[] = [];
  readonly #resets: Entity[] = [];
  /** What statements have given a value so far. */
  readonly driven = new Set<Entity>();

  constructor(readonly module: ModuleIr) {}

  report(input: DiagnosticInput, origin: Origin = captureOrigin()): void {
    this.module.diagnostics.push({ ...input, origin });
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
  claim(name: string, what: string, origin: Origin): void {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      this.report({ rule: 'HDL004', summary: `${what} '${name}' ${problem}`, help: 'give it another name' }, origin);
    }
    const earlier = this.#origins.get(name);
    if (earlier !== undefined) {
      this.report(
        {
          rule: 'HDL005',
          summary: `'${name}' is used twice in module '${this.module.name}'`,
          label: `${what} '${name}'`,
          notes: [{ text: 'the first is', origin: earlier }],
          help: 'give one of them another name',
        },
        origin,
      );
      return;
    }
    this.#origins.set(name, origin);
  }

  /** Takes the wanted name or one like it that is free; for things that the author does not name. */
  claimFresh(wanted: string, origin: Origin): string {
    let name = wanted;
    for (let n = 2; this.#origins.has(name); n++) name = `${wanted}_${n}`;
    this.#origins.set(name, origin);
    return name;
  }

  constant(name: string, value: number | bigint, doc: string | undefined, origin: Origin): NamedConstant {
    this.claim(name, 'constant', origin);
    const number = this.attempt(() => checkedLiteral(value, { kind: 'sint', width: maxWidth }), 0n);
    const ir: ConstantIr = { name, value: number, module: this.module, origin, doc };
    this.module.constants.push(ir);
    return new NamedConstant(ir);
  }

  declare(entity: Entity): Entity {
    this.claim(entity.name, entity.role === 'named' ? 'value' : entity.role, entity.origin);
    this.module.entities.push(entity);
    return entity;
  }

  /** A clock input; the first one is the module's default. */
  declareClock(name: string, doc: string | undefined, origin: Origin): Clock {
    const entity = this.#clockingPort('clock', name, doc, origin);
    this.#clocks.push(entity);
    return { kind: 'clock', name, entity };
  }

  /** A reset input; the first one is the module's default. */
  declareReset(name: string, doc: string | undefined, origin: Origin): Reset {
    const entity = this.#clockingPort('reset', name, doc, origin);
    this.#resets.push(entity);
    return { kind: 'reset', name, entity };
  }

  /** A clock that a black box in the module makes. */
  declareLocalClock(name: string, doc: string | undefined, origin: Origin): Clock {
    const type = { kind: 'bool', width: 1 } as const;
    const entity = this.declare({ role: 'clock', name, type, module: this.module, origin, doc, isLocalClock: true });
    this.#clocks.push(entity);
    this.add({ kind: 'declare', entity });
    return { kind: 'clock', name, entity };
  }

  /** A reset that a signal of the module asserts. */
  localReset(entity: Entity): Reset {
    this.#resets.push(entity);
    return { kind: 'reset', name: entity.name, entity };
  }

  #clockingPort(role: 'clock' | 'reset', name: string, doc: string | undefined, origin: Origin): Entity {
    return this.declare({ role, name, type: { kind: 'bool', width: 1 }, module: this.module, origin, doc });
  }

  /**
   * The clock or reset of this module that something in it gets: the wanted one, which must be this module's own, otherwise the one of
   * the preferred name or the module's first. Nowhere else are clocks and resets looked up.
   */
  clocking(
    role: 'clock' | 'reset',
    wanted: Clock | Reset | undefined,
    origin: Origin,
    like?: string,
  ): Entity | undefined {
    const own = role === 'clock' ? this.#clocks : this.#resets;
    const fallback = own.find(({ name }) => name === like) ?? own[0];
    if (wanted === undefined) return fallback;
    const { entity } = wanted;
    if (wanted.kind !== role) {
      const summary = `${wanted.kind} '${entity.name}' stands where a ${role} is needed`;
      const notes = [{ text: `'${entity.name}' is declared`, origin: entity.origin }];
      this.report({ rule: 'HDL002', summary, notes, help: `give a ${role} of module '${this.module.name}'` }, origin);
      return fallback;
    }
    if (entity.module === this.module) return entity;
    this.#foreign(entity, `give this module a ${role} of its own, which its parent connects`, origin);
    return fallback ?? entity;
  }

  #foreign(owner: Pick<Entity, 'name' | 'module' | 'origin'>, help: string, origin: Origin): void {
    this.report(
      {
        rule: 'HDL017',
        summary: `'${owner.name}' belongs to module '${owner.module.name}' and is used in '${this.module.name}'`,
        notes: [{ text: `'${owner.name}' is declared`, origin: owner.origin }],
        help,
      },
      origin,
    );
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
  own(expr: Expr, origin: Origin = captureOrigin()): Expr {
    visitExprs(
      [expr],
      (node) => {
        const owner = ownerOf(node);
        if (owner === undefined || owner.module === this.module) return;
        this.#foreign(owner, 'pass it through a port: an input here, connected by m.place', origin);
      },
      this.#checkedExprs,
    );
    return expr;
  }
}

/** What belongs to one module in a node. */
function ownerOf(node: Expr): Pick<Entity, 'name' | 'module' | 'origin'> | undefined {
  if (node.kind === 'ref') return node.entity;
  if (node.kind === 'read') return node.memory;
  return node.kind === 'const' ? node.named : undefined;
}
