/** Expressions as text. */
import { assertUnreachable } from '../../../errors/index.ts';
import type { Formula, LiteralExpr, Size, VExpr } from '../syntax.ts';
import { type Doc, group, indent, join, line, softline } from './doc.ts';

/** Largest value that is printed in decimal. */
const decimalMax = 9999n;

/** What an operand is printed inside of; decides about parentheses. */
type Around = 'none' | 'unary' | 'ternary' | 'operator';

export function expressionDoc(expr: VExpr, around: Around = 'none'): Doc {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'literal':
      return literalDoc(expr);
    case 'slice':
      return sliceText(expr);
    case 'word':
      return [expr.memory, '[', expressionDoc(expr.index), ']'];
    case 'copy':
      return copyText(expr);
    case 'concat':
      return braces(expr.parts.map((part) => expressionDoc(part)));
    case 'replicate': {
      const part = expressionDoc(expr.part);
      if (expr.count === 1) return part;
      const inner = expr.part.kind === 'concat' ? part : ['{', part, '}'];
      return ['{', product(expr.count), inner, '}'];
    }
    case 'unary':
      // `^~a` would be one operator, and Icarus takes no `!|a`.
      return parenthesised(
        [expr.operator, expressionDoc(expr.operand, 'unary')],
        around === 'unary' || (expr.operator === '-' && around !== 'none'),
      );
    case 'binary': {
      const isSum = expr.operator === '+' || expr.operator === '-';
      const [first, ...rest] = expr.terms.map((term, i) =>
        isSum && i > 0 && isPlainOne(term) ? "1'b1" : expressionDoc(term, 'operator'),
      );
      const text = group(first!, indent(...rest.map((term) => [line, `${expr.operator} `, term])));
      return parenthesised(text, around !== 'none');
    }
    case 'choice': {
      const text = [
        expressionDoc(expr.condition, 'ternary'),
        indent(line, '? ', expressionDoc(expr.whenTrue, 'ternary'), line, ': ', expressionDoc(expr.whenFalse)),
      ];
      return around === 'none' ? group(text) : ['(', group(text), ')'];
    }
    case 'cast':
      return [expr.signed ? '$signed(' : '$unsigned(', expressionDoc(expr.operand), ')'];
    default:
      return assertUnreachable(expr);
  }
}

function copyText({ name, index, shared, width }: VExpr & { kind: 'copy' }): string {
  const copy = shared === undefined ? index : `${index} ${shared.operator} ${product(shared.by)}`;
  if (width === 1) return `${name}[${copy}]`;
  return `${name}[${product(width)}*${shared === undefined ? copy : `(${copy})`} +: ${sizeText(width)}]`;
}

function sliceText({ name, high, low }: VExpr & { kind: 'slice' }): string {
  const [top, bottom] = [sizeText(high), sizeText(low)];
  return top === bottom ? `${name}[${top}]` : `${name}[${top}:${bottom}]`;
}

export function sizeText(size: Size): string {
  if (typeof size === 'number') return `${size}`;
  const { parameter, scale, offset } = size;
  const scaled = scale === 1 ? parameter : `${scale}*${parameter}`;
  return offset === 0 ? scaled : `${scaled}${offset < 0 ? '-' : '+'}${Math.abs(offset)}`;
}

/** The highest bit of so many. */
export function highText(width: Size): string {
  return sizeText(typeof width === 'number' ? width - 1 : { ...width, offset: width.offset - 1 });
}

/** A size as a factor or a count. */
function product(size: Size): string {
  const text = sizeText(size);
  return /^\w+$/.test(text) ? text : `(${text})`;
}

/** Bits of a word of long literals. */
const wordBits = 32;

/** Long literals are words side by side. */
export function literalDoc(literal: LiteralExpr): Doc {
  const { width, value } = literal;
  if (typeof width !== 'number' || width <= 4 * wordBits || isFormula(value) || value === 0n)
    return literalText(literal);
  const words: string[] = [];
  for (let low = 0; low < width; low += wordBits) {
    const bits = Math.min(wordBits, width - low);
    const word = BigInt.asUintN(bits, value >> BigInt(low));
    words.unshift(`${bits}'h${word.toString(16).padStart(bits / 4, '0')}`);
  }
  return ['{', indent(softline, ...words.map((word, i) => (i === 0 ? word : group(',', line, word)))), softline, '}'];
}

/** A sized literal; signed ones carry the `s` that makes Verilog compare them as such. */
export function literalText({ width, value, signed }: LiteralExpr): string {
  if (isFormula(value)) return sizeText(value);
  if (width === 0) return `${value}`;
  if (isFormula(width)) return value === 0n ? `{${product(width)}{1'b0}}` : `{{(${highText(width)}){1'b0}}, 1'b1}`;
  if (signed) {
    const number = BigInt.asIntN(width, value);
    if (number === -(1n << BigInt(width - 1))) return `${width}'sh${value.toString(16)}`;
    return number < 0n ? `-${width}'sd${-number}` : `${width}'sd${number}`;
  }
  if (width === 1) return `1'b${value}`;
  return value <= decimalMax ? `${width}'d${value}` : `${width}'h${value.toString(16)}`;
}

export function isFormula(value: unknown): value is Formula {
  return typeof value === 'object' && value !== null && 'parameter' in value;
}

/** A 1 as wide as a parameter says: beside what it is added to its own width does not matter. */
function isPlainOne(term: VExpr): boolean {
  return term.kind === 'literal' && isFormula(term.width) && term.value === 1n && !term.signed;
}

function parenthesised(doc: Doc, needed: boolean): Doc {
  return needed ? ['(', doc, ')'] : doc;
}

/** As many in a line as fit where there are many. */
function braces(parts: readonly Doc[]): Doc {
  if (parts.length <= 6) return group('{', indent(softline, join(parts, [',', line])), softline, '}');
  const filled = parts.map((part, index) => (index === 0 ? part : group(',', line, part)));
  return group('{', indent(softline, ...filled), softline, '}');
}
