/** Matrices over GF(2), which would be long as expressions. */
import { mask } from '../../ir/expr.ts';
import type { Node } from '../../lower/nodes.ts';

/** Fewer rows are written out. */
const leastRows = 8;

/** A constant matrix and what it is applied to. */
export interface Matrix {
  readonly source: Node;
  readonly rows: readonly bigint[];
}

/** A node that is a constant matrix over GF(2) times another. */
export function matrixOf(node: Node): Matrix | undefined {
  if (node.kind !== 'concat' || node.parts.length < leastRows) return undefined;
  const rows: bigint[] = [];
  let source: Node | undefined;
  for (const part of [...node.parts].reverse()) {
    if (part.kind !== 'unary' || part.op !== 'reduceXor') return undefined;
    const { operand } = part;
    const picks = operand.kind === 'binary' && operand.op === 'and' && operand.right.kind === 'const';
    const from = picks ? operand.left : operand;
    if (from.kind !== 'net' || (source !== undefined && source !== from)) return undefined;
    source = from;
    rows.push(picks && operand.right.kind === 'const' ? operand.right.value : mask(from.width));
  }
  return source && { source, rows };
}
