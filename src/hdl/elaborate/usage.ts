/** What of a module is read: which named values are alive, which bits of a signal, how often an expression. */
import { type Expr, mask, operands, type RefExpr } from '../ir/expr.ts';
import type { Entity, ModuleIr, Statement } from '../ir/module.ts';

export interface Usage {
  /** Bits of each signal that something reads. */
  readonly bits: ReadonlyMap<Entity, bigint>;
  /** Bits of each expression that something reads (for those that get a wire of their own). */
  readonly exprBits: ReadonlyMap<Expr, bigint>;
  /** Number of places that use an expression. */
  readonly uses: ReadonlyMap<Expr, number>;
}

/** The expressions a module is emitted from, in the order of its body; named values are reached through their uses. */
export function rootsOf(module: ModuleIr): Expr[] {
  const roots: Expr[] = [];
  for (const item of module.body) {
    if (item.kind === 'assign' || item.kind === 'if' || item.kind === 'switch') statementRoots(item, roots);
    if (item.kind === 'instance') roots.push(...item.instance.inputs.values());
  }
  for (const memory of module.memories) {
    for (const read of memory.reads) roots.push(read.address, ...(read.enable ? [read.enable] : []));
    for (const write of memory.writes) roots.push(write.address, write.data, write.enable);
  }
  return roots;
}

export function statementRoots(statement: Statement, into: Expr[] = []): Expr[] {
  switch (statement.kind) {
    case 'assign':
      into.push(statement.value);
      break;
    case 'if':
      for (const branch of statement.branches) {
        into.push(branch.condition);
        for (const inner of branch.body) statementRoots(inner, into);
      }
      for (const inner of statement.otherwise ?? []) statementRoots(inner, into);
      break;
    case 'switch':
      into.push(statement.subject);
      for (const { value, body } of statement.cases) {
        into.push(value);
        for (const inner of body) statementRoots(inner, into);
      }
      for (const inner of statement.otherwise ?? []) statementRoots(inner, into);
      break;
    case 'comment':
      break;
  }
  return into;
}

export function usageOf(module: ModuleIr): Usage {
  const bits = new Map<Entity, bigint>();
  const exprBits = new Map<Expr, bigint>();
  const uses = new Map<Expr, number>();
  const pending: Expr[] = [];

  const use = (expr: Expr, read: bigint) => {
    exprBits.set(expr, (exprBits.get(expr) ?? 0n) | read);
    if (expr.kind === 'ref') useEntity(expr, read);
    const count = uses.get(expr) ?? 0;
    uses.set(expr, count + 1);
    if (count === 0) pending.push(expr);
  };
  const useEntity = ({ entity }: RefExpr, read: bigint) => {
    const before = bits.get(entity);
    bits.set(entity, (before ?? 0n) | read);
    if (before === undefined && entity.value !== undefined) use(entity.value, mask(entity.type.width));
  };

  for (const root of rootsOf(module)) use(root, mask(root.width));
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    for (const operand of operands(expr)) {
      use(operand, expr.kind === 'slice' ? mask(expr.width) << BigInt(expr.low) : mask(operand.width));
    }
  }
  return { bits, exprBits, uses };
}
