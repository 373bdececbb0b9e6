/** What to write instead of each JavaScript operator. */

/** The operands' texts go in, the line of help comes out. */
type BinaryHelp = (left: string, right: string) => string;

export interface Cure {
  /** `asks`: wants true or false of its left operand only. */
  readonly verb: 'asks' | 'compares' | 'computes with' | 'wants a text of';
  readonly kind: 'logic' | 'equality' | 'number';
  readonly help: BinaryHelp;
}

const method =
  (...names: readonly string[]): BinaryHelp =>
  (left, right) =>
    names.map((name) => `${typed(left, right)}.${name}(${right})`).join(' or ');

/** A literal on the left takes the type of the signal on the right. */
function typed(left: string, right: string): string {
  return /^-?\d\w*$/.test(left) ? `lit(${left}, ${receiver(right)}.type)` : receiver(left);
}

/** A call binds tighter than any operator, so compound operands get parentheses. */
function receiver(text: string): string {
  return /^[\w$.[\]]+$|^[\w$.]*\([^()]*\)$/.test(text) ? text : `(${text})`;
}

function cure(verb: Cure['verb'], kind: Cure['kind'], help: BinaryHelp): Cure {
  return { verb, kind, help };
}

const equals = cure('compares', 'equality', method('equals'));
const notEquals = cure('compares', 'equality', method('notEquals'));
const and = cure('asks', 'logic', method('and'));
const or = cure('asks', 'logic', method('or'));
const number = (...names: readonly string[]) => cure('computes with', 'number', method(...names));
const noDivision = cure('computes with', 'number', (left) => `${receiver(left)}.shiftRight(n) for a power of two`);
const remainder = cure('computes with', 'number', (left) => `${receiver(left)}.truncate(n) for a power of two`);
const power = cure('computes with', 'number', () => 'multiply with mulFull, or keep a table in a memory');
const exclusiveOr = number('xor');
const bitAnd = number('and');
const bitOr = number('or');
const plus = number('addGrow', 'addWrap');
const minus = number('subGrow', 'subWrap');
const times = number('mulFull');
const left = number('shiftLeft', 'shiftLeftBy');
const right = number('shiftRight', 'shiftRightBy');

export const binaryCures: ReadonlyMap<string, Cure> = new Map([
  ['===', equals],
  ['==', equals],
  ['!==', notEquals],
  ['!=', notEquals],
  ['&&', and],
  ['&&=', and],
  ['||', or],
  ['||=', or],
  ['<', cure('computes with', 'number', method('lessThan'))],
  ['<=', cure('computes with', 'number', method('lessOrEqual'))],
  ['>', cure('computes with', 'number', method('greaterThan'))],
  ['>=', cure('computes with', 'number', method('greaterOrEqual'))],
  ...operator('+', plus),
  ...operator('-', minus),
  ...operator('*', times),
  ...operator('/', noDivision),
  ...operator('%', remainder),
  ...operator('**', power),
  ...operator('&', bitAnd),
  ...operator('|', bitOr),
  ...operator('^', exclusiveOr),
  ...operator('<<', left),
  ...operator('>>', right),
  ...operator('>>>', right),
]);

/** An operator and its assigning form. */
function operator(symbol: string, its: Cure): [string, Cure][] {
  return [
    [symbol, its],
    [`${symbol}=`, its],
  ];
}

export const unaryCures: ReadonlyMap<string, (operand: string) => string> = new Map([
  ['-', (operand: string) => `${receiver(operand)}.negateGrow() of an SInt; toSInt() makes one`],
  ['+', (operand: string) => `${receiver(operand)} itself`],
  ['~', (operand: string) => `${receiver(operand)}.not()`],
  ['++', (operand: string) => `m.next(${operand}, ${receiver(operand)}.addWrap(1))`],
  ['--', (operand: string) => `m.next(${operand}, ${receiver(operand)}.subWrap(1))`],
]);

export const conditionCures = {
  if: (condition: string) => `m.when(${condition}, () => { ... })`,
  while: () => 'hardware repeats with every clock: hold the loop in a register and m.when',
  '!': (condition: string) => `${receiver(condition)}.not()`,
} as const;

export const predicateHelp =
  'mux, select or m.when choose in hardware; reduce((any, each) => any.or(each)) asks them all';
