/** HDL015 in the source: JavaScript operators on signals, by the types of their operands. */
import type { CallExpression, Expression, Node, SourceFile } from 'ts-morph';
import { tsMorph } from '../../lazy/index.ts';
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts';
import { originAt } from '../origin.ts';
import { binaryCures, type Cure, conditionCures, predicateHelp, unaryCures } from './cures.ts';
import { openSources } from './project.ts';
import { SignalTypes, type TypeParts } from './signal-types.ts';

export function checkOperators(files: readonly string[]): Diagnostic[] {
  const sources = openSources(files);
  const types = new SignalTypes(sources.project);
  return sortDiagnostics(sources.files.flatMap((file) => new FileCheck(file, types).run()));
}

/** Callbacks whose answer these methods of arrays take as true or false. */
const predicateMethods: ReadonlySet<string> = new Set(
  'every filter find findIndex findLast findLastIndex some'.split(' '),
);

class FileCheck {
  readonly #found: Diagnostic[] = [];
  readonly #kind: typeof Node = tsMorph().Node;

  constructor(
    readonly file: SourceFile,
    readonly types: SignalTypes,
  ) {}

  run(): Diagnostic[] {
    this.file.forEachDescendant((node) => this.#visit(node));
    return this.#found;
  }

  #visit(node: Node): void {
    if (this.#kind.isBinaryExpression(node))
      this.#binary(node.getLeft(), node.getOperatorToken().getText(), node.getRight());
    else if (this.#kind.isPrefixUnaryExpression(node) || this.#kind.isPostfixUnaryExpression(node)) this.#unary(node);
    else if (this.#kind.isConditionalExpression(node)) {
      const texts = [node.getWhenTrue(), node.getWhenFalse()].map(shortText);
      this.#condition(node.getCondition(), '? :', (condition) => `mux(${[condition, ...texts].join(', ')})`);
    } else if (this.#kind.isIfStatement(node) || this.#kind.isWhileStatement(node) || this.#kind.isDoStatement(node)) {
      const keyword = this.#kind.isIfStatement(node) ? 'if' : 'while';
      this.#condition(node.getExpression(), keyword, conditionCures[keyword]);
    } else if (this.#kind.isForStatement(node)) {
      const condition = node.getCondition();
      if (condition !== undefined) this.#condition(condition, 'for', conditionCures.while);
    } else if (this.#kind.isSwitchStatement(node)) this.#switch(node.getExpression());
    else if (this.#kind.isCaseClause(node)) this.#case(node.getExpression());
    else if (this.#kind.isTemplateSpan(node)) this.#template(node.getExpression());
    else if (this.#kind.isCallExpression(node)) this.#call(node);
  }

  #binary(left: Expression, operator: string, right: Expression): void {
    const cure = binaryCures.get(operator);
    if (cure === undefined) return;
    if (cure.kind === 'logic') {
      this.#condition(left, operator, (text) => cure.help(text, shortText(right)));
      return;
    }
    const [a, b] = [this.types.parts(left), this.types.parts(right)];
    const [on, parts] = a.signals.length > 0 ? [left, a] : [right, b];
    if (parts.signals.length === 0) return;
    // `port === undefined` and, for a `UInt | 'none'`, `port === 'none'` compare no signals.
    if (cure.kind === 'equality' && !meansEquality(a, b) && !meansEquality(b, a)) return;
    this.#report(on, operator, parts, cure.verb, cure.help(shortText(left), shortText(right)));
  }

  #unary(node: Node & { getOperand(): Expression; getOperatorToken(): number }): void {
    const operand = node.getOperand();
    const operator = node.getText().replace(operand.getText(), '').trim();
    if (operator === '!') {
      this.#condition(operand, operator, conditionCures['!']);
      return;
    }
    const parts = this.types.parts(operand);
    const help = unaryCures.get(operator);
    if (help !== undefined && parts.signals.length > 0) {
      this.#report(operand, operator, parts, 'computes with', help(shortText(operand)));
    }
  }

  /** Where JavaScript wants true or false. */
  #condition(condition: Expression, operator: string, help: (condition: string) => string): void {
    const parts = this.types.parts(condition);
    if (isAlwaysTrue(parts)) this.#report(condition, operator, parts, 'asks', help(shortText(condition)));
  }

  #switch(subject: Expression): void {
    const parts = this.types.parts(subject);
    if (parts.signals.length === 0 || parts.other) return;
    const text = shortText(subject);
    const enumeration = parts.signals.includes('EnumValue');
    const help = enumeration
      ? `m.switch(${text}, { idle: () => { ... } })`
      : `m.switchValue(${text}, [[0, () => { ... }]])`;
    this.#report(subject, 'switch', parts, 'compares', help);
  }

  #case(value: Expression): void {
    const parts = this.types.parts(value);
    if (parts.signals.length === 0 || parts.other) return;
    this.#report(value, 'case', parts, 'compares', `m.switch or m.when(...equals(${shortText(value)}), () => { ... })`);
  }

  #template(value: Expression): void {
    const parts = this.types.parts(value);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the operator's spelling
    const operator = '`${}`';
    if (parts.signals.length > 0) {
      this.#report(value, operator, parts, 'wants a text of', 'give the name that the text should hold');
    }
  }

  #call(call: CallExpression): void {
    const callee = call.getExpression();
    const [argument] = call.getArguments();
    if (argument === undefined) return;
    if (this.#kind.isIdentifier(callee) && callee.getText() === 'Boolean' && this.#kind.isExpression(argument)) {
      this.#condition(argument, 'Boolean()', conditionCures.if);
      return;
    }
    if (!this.#kind.isPropertyAccessExpression(callee) || !predicateMethods.has(callee.getName())) return;
    if (!this.#kind.isArrowFunction(argument) && !this.#kind.isFunctionExpression(argument)) return;
    const receiver = callee.getExpression().getType();
    if (!receiver.isArray() && !receiver.isReadonlyArray() && !receiver.isTuple()) return;
    const body = argument.getBody();
    const answers = this.#kind.isExpression(body) ? [body] : returned(argument);
    for (const answer of answers) this.#condition(answer, `${callee.getName()}()`, () => predicateHelp);
  }

  #report(node: Node, operator: string, parts: TypeParts, verb: Cure['verb'], help: string): void {
    const kinds = parts.signals.join(' | ');
    const outcome = {
      asks: 'is decided while building, and a signal is always true there',
      compares: 'compares while building, and there a signal equals only itself',
      'computes with': 'computes while building, and a signal has no number there',
      'wants a text of': 'is written while building, and a signal has no value there',
    }[verb];
    this.#found.push({
      rule: 'HDL015',
      summary: `${operator} on '${shortText(node)}' (${kinds}) ${outcome}`,
      help,
      origin: originAt(this.file.getFilePath(), node.getStartLineNumber()),
    });
  }
}

/** What a function returns, functions inside it left out. */
function returned(within: Node): Expression[] {
  const kind = tsMorph().Node;
  const found: Expression[] = [];
  within.forEachDescendant((inner, traversal) => {
    if (kind.isFunctionLikeDeclaration(inner) || kind.isFunctionExpression(inner)) traversal.skip();
    const value = kind.isReturnStatement(inner) ? inner.getExpression() : undefined;
    if (value !== undefined) found.push(value);
  });
  return found;
}

/** Nothing but signals is compared on side a, and with something that may be there. */
function meansEquality(a: TypeParts, b: TypeParts): boolean {
  if (a.signals.length === 0) return false;
  if (b.signals.length > 0) return true;
  return !a.other && !a.falsy && (b.other || b.falsy);
}

/** A test of `UInt | undefined` asks whether there is a signal; that is fine. */
function isAlwaysTrue(parts: TypeParts): boolean {
  if (parts.signals.length === 0 || parts.nullish) return false;
  return parts.other || !parts.falsy;
}

const longestText = 40;

function shortText(node: Node): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > longestText ? `${text.slice(0, longestText - 3)}...` : text;
}
