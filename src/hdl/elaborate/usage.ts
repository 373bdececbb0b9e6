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
  /** Expressions of the named values that are alive. */
  readonly named: ReadonlySet<Expr>;
}

/**
 * The expressions a module is made of; named values are reached through their uses.
 *
 * @param statements in place of all those of the module's body
 */
export function rootsOf(module: ModuleIr, statements: readonly Statement[] = bodyStatements(module)): Expr[] {
  const roots: Expr[] = [];
  for (const statement of statements) statementRoots(statement, roots);
  for (const { inputs } of module.instances) roots.push(...inputs.values());
  for (const memory of module.memories) {
    for (const read of memory.reads) roots.push(read.address, ...(read.enable ? [read.enable] : []));
    for (const write of memory.writes) roots.push(write.address, write.data, write.enable);
  }
  return roots;
}

function bodyStatements(module: ModuleIr): Statement[] {
  return module.body.filter((item) => item.kind === 'assign' || item.kind === 'if' || item.kind === 'switch');
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

export function usageOf(module: ModuleIr, roots: readonly Expr[] = rootsOf(module)): Usage {
  const bits = new Map<Entity, bigint>();
  const exprBits = new Map<Expr, bigint>();
  const uses = new Map<Expr, number>();
  const named = new Set<Expr>();
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
    if (before !== undefined || entity.value === undefined) return;
    named.add(entity.value);
    // The name is a use of the expression, but which of its bits are read is up to those who use the name.
    use(entity.value, entity.value.kind === 'ref' ? mask(entity.type.width) : 0n);
  };

  for (const root of roots) use(root, mask(root.width));
  for (let expr = pending.pop(); expr !== undefined; expr = pending.pop()) {
    for (const operand of operands(expr)) {
      use(operand, expr.kind === 'slice' ? mask(expr.width) << BigInt(expr.low) : mask(operand.width));
    }
  }
  return { bits, exprBits, uses, named };
}
