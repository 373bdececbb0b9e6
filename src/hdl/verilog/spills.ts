/** Which expressions get a wire of their own, and how it is called. */

import type { Usage } from '../elaborate/usage.ts';
import { type Expr, operands, visitExprs } from '../ir/expr.ts';
import { isSigned } from '../ir/types.ts';

/** Shared expressions with more nodes than this are computed once, in a wire. */
const sharedNodes = 3;

/**
 * Expressions below `roots` that need a wire: Verilog can't take bits of them, or they are used more than once.
 *
 * @param indices those of the roots that are addresses of memories
 */
export function spilledExprs(roots: readonly Expr[], indices: readonly Expr[], usage: Usage): Set<Expr> {
  const spilled = new Set(indices.filter((index) => !keepsWidth(index)));
  visitExprs(roots, (expr) => {
    if (expr.kind === 'slice' && expr.operand.kind !== 'ref') spilled.add(expr.operand);
    if (expr.kind === 'extend' && expr.signed && !hasSignBit(expr.operand)) spilled.add(expr.operand);
    if (expr.kind === 'select') spilled.add(expr);
    if (expr.kind === 'read' && !keepsWidth(expr.address)) spilled.add(expr.address);
    if ((usage.uses.get(expr) ?? 0) > 1 && nodes(expr, sharedNodes + 1) > sharedNodes) spilled.add(expr);
  });
  return spilled;
}

/** Icarus 11 computes an index without wrapping: `mem[a + b]` of two bits that are 1 is word 2 there, not word 0. */
function keepsWidth(expr: Expr): boolean {
  switch (expr.kind) {
    case 'binary':
      return ['and', 'or', 'xor'].includes(expr.op) && keepsWidth(expr.left) && keepsWidth(expr.right);
    case 'mux':
      return keepsWidth(expr.whenTrue) && keepsWidth(expr.whenFalse);
    case 'unary':
      return expr.width === 1;
    case 'shift':
      return false;
    default:
      return true;
  }
}

function hasSignBit(expr: Expr): boolean {
  return expr.width === 1 || expr.kind === 'ref' || (expr.kind === 'slice' && expr.operand.kind === 'ref');
}

/** Number of nodes, counted up to `limit`. */
function nodes(expr: Expr, limit: number): number {
  let count = 0;
  const visit = (node: Expr) => {
    count += 1;
    if (count >= limit) return;
    for (const operand of operandsOf(node)) visit(operand);
  };
  visit(expr);
  return count;
}

/** A negated signal is as simple as the signal. */
function operandsOf(expr: Expr): readonly Expr[] {
  return expr.kind === 'unary' && expr.op === 'not' && expr.width === 1 ? operandsOf(expr.operand) : operands(expr);
}

/** What an expression is, as the last word of its wire's name. */
export function spillSuffix(expr: Expr): string {
  switch (expr.kind) {
    case 'binary':
      return { add: 'sum', sub: 'difference', mul: 'product', and: 'and', or: 'or', xor: 'xor' }[expr.op];
    case 'unary':
      return { not: 'inverse', reduceOr: 'any', reduceAnd: 'all', reduceXor: 'parity' }[expr.op];
    case 'compare':
      return expr.op === 'eq' || expr.op === 'ne' ? 'match' : 'order';
    case 'shift':
      return 'shifted';
    case 'mux':
      return 'choice';
    case 'concat':
      return 'packed';
    case 'extend':
      return 'wide';
    case 'select':
      return 'selected';
    case 'read':
      return 'word';
    case 'slice':
      return 'part';
    case 'const':
      return 'constant';
    case 'ref':
      return 'copy';
  }
}

/** Whether the value of an expression is a signed number, for the declaration of its wire. */
export function isSignedValue(expr: Expr): boolean {
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
