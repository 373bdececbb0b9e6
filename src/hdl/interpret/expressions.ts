/** Expressions as closures over the values of a module's signals. */
import { rootsOf } from '../elaborate/usage.ts';
import { evaluate } from '../ir/evaluate.ts';
import { type Expr, operands, visitExprs } from '../ir/expr.ts';
import type { Entity, MemoryIr, ModuleIr } from '../ir/module.ts';

/** Values by slot; all are 0 .. 2^width - 1. */
export type Values = bigint[];
export type Compute = (values: Values) => bigint;

/** The instance that expressions are compiled for. */
export interface Surroundings {
  slot(entity: Entity): number;
  /** A word of a memory as it is now. */
  word(memory: MemoryIr, address: bigint): bigint;
  /** Has an expression computed into a slot before all that reads it. */
  share(expr: Expr, compute: Compute): number;
}

export class ExpressionCompiler {
  readonly #surroundings: Surroundings;
  readonly #uses: ReadonlyMap<Expr, number>;
  readonly #computed = new Map<Expr, Compute>();
  readonly #shared = new Map<Expr, number>();

  constructor(module: ModuleIr, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#uses = usesIn(module);
  }

  /** A closure for an expression. Shared ones are computed once into a slot, or a chain of them would take exponential time. */
  compute(expr: Expr): Compute {
    const known = this.#computed.get(expr);
    if (known !== undefined) return known;
    let compute = this.#closure(expr);
    if ((this.#uses.get(expr) ?? 0) > 1 && expr.kind !== 'ref' && expr.kind !== 'const') {
      const slot = this.#surroundings.share(expr, compute);
      compute = (values) => values[slot]!;
      this.#shared.set(expr, slot);
    }
    this.#computed.set(expr, compute);
    return compute;
  }

  /** Slots that expressions depend on, those of shared parts included. */
  reads(roots: readonly Expr[]): Set<number> {
    const reads = new Set<number>();
    visitExprs(roots, (expr) => {
      if (expr.kind === 'ref') reads.add(this.#surroundings.slot(expr.entity));
      const shared = this.#shared.get(expr);
      if (shared !== undefined) reads.add(shared);
    });
    return reads;
  }

  #closure(expr: Expr): Compute {
    switch (expr.kind) {
      case 'const': {
        const { value } = expr;
        return () => value;
      }
      case 'ref': {
        const slot = this.#surroundings.slot(expr.entity);
        return (values) => values[slot]!;
      }
      case 'read': {
        const address = this.compute(expr.address);
        return (values) => this.#surroundings.word(expr.memory, address(values));
      }
      case 'mux': {
        const condition = this.compute(expr.condition);
        const whenTrue = this.compute(expr.whenTrue);
        const whenFalse = this.compute(expr.whenFalse);
        return (values) => (condition(values) === 1n ? whenTrue(values) : whenFalse(values));
      }
      default: {
        const parts = operands(expr).map((operand) => this.compute(operand));
        const [a, b] = parts;
        if (parts.length === 1) return (values) => evaluate(expr, [a!(values)]);
        if (parts.length === 2) return (values) => evaluate(expr, [a!(values), b!(values)]);
        return (values) => {
          const found = parts.map((part) => part(values));
          return evaluate(expr, found);
        };
      }
    }
  }
}

/** How many places use each expression of a module. */
function usesIn(module: ModuleIr): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const count = (expr: Expr) => uses.set(expr, (uses.get(expr) ?? 0) + 1);
  const roots = [...rootsOf(module), ...module.entities.flatMap(({ value }) => (value === undefined ? [] : [value]))];
  for (const root of roots) count(root);
  visitExprs(roots, (expr) => {
    for (const operand of operands(expr)) count(operand);
  });
  return uses;
}
