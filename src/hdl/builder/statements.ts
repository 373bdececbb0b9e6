/** `when` and `switch`: the author's structure, kept for Verilog. */
import { designError } from '../diagnostics.ts';
import type { IfStatement, Statement, SwitchCase } from '../ir/module.ts';
import { describeType } from '../ir/types.ts';
import { captureOrigin } from '../origin.ts';
import { checkCondition } from '../values/functions.ts';
import { type Literal, literalExpr } from '../values/literals.ts';
import type { Bool, EnumValue, UInt } from '../values/signals.ts';
import type { BuildContext } from './context.ts';

export type Otherwise = () => void;

/** All states, or some of them and `default`. */
export type CaseBranches<S extends string> =
  | Readonly<Record<S, () => void>>
  | (Readonly<Partial<Record<S, () => void>>> & { readonly default: () => void });

/** The continuation of `m.when`. */
export class WhenChain {
  readonly #context: BuildContext;
  readonly #statement: IfStatement;

  private constructor(context: BuildContext, statement: IfStatement) {
    this.#context = context;
    this.#statement = statement;
  }

  static start(context: BuildContext, condition: Bool, then: () => void): WhenChain {
    const statement: IfStatement = { kind: 'if', branches: [], otherwise: undefined, origin: captureOrigin() };
    context.add(statement);
    return new WhenChain(context, statement).elseWhen(condition, then);
  }

  elseWhen(condition: Bool, then: () => void): WhenChain {
    const origin = captureOrigin();
    if (this.#statement.otherwise !== undefined) throw chainEnded('elseWhen');
    const expr = this.#context.own(checkCondition(condition, 'm.when'), origin);
    this.#statement.branches.push({ condition: expr, body: this.#context.block(then), origin });
    return this;
  }

  otherwise(write: Otherwise): void {
    if (this.#statement.otherwise !== undefined) throw chainEnded('otherwise');
    this.#statement.otherwise = this.#context.block(write);
  }
}

export function switchOnEnum(
  context: BuildContext,
  subject: EnumValue,
  branches: Readonly<Record<string, () => void>>,
): void {
  const origin = captureOrigin();
  const { type } = subject;
  const missing = type.states.filter((state) => !(state in branches));
  if (missing.length > 0 && !('default' in branches)) {
    context.report(
      {
        rule: 'HDL011',
        summary: `m.switch on ${describeType(type)} has no branch for ${missing.map((state) => `'${state}'`).join(', ')}`,
        label: 'the switch is here',
        help: `add the missing ${missing.length === 1 ? 'state' : 'states'}, or default: () => {}`,
      },
      origin,
    );
  }
  const cases: SwitchCase[] = [];
  for (const [state, write] of Object.entries(branches)) {
    if (state === 'default' && !type.states.includes(state)) continue;
    const value = context.attempt(() => literalExpr(state, type), undefined);
    const body = context.block(write);
    if (value !== undefined) cases.push({ value, body });
  }
  const fallback = type.states.includes('default') ? undefined : branches.default;
  const otherwise = fallback === undefined ? undefined : context.block(fallback);
  const complete = missing.length === 0;
  context.add({ kind: 'switch', subject: context.own(subject.expr, origin), cases, otherwise, complete, origin });
}

export function switchOnValue(
  context: BuildContext,
  subject: UInt,
  branches: readonly (readonly [Literal, () => void])[],
  otherwise: Otherwise | undefined,
): void {
  const origin = captureOrigin();
  const complete = BigInt(branches.length) === 1n << BigInt(subject.width);
  if (!complete && otherwise === undefined) {
    context.report(
      {
        rule: 'HDL011',
        summary: `m.switchValue on ${describeType(subject.type)} has ${branches.length} of ${1n << BigInt(subject.width)} branches and no default`,
        label: 'the switch is here',
        help: 'add the missing numbers, or a default as the third argument',
      },
      origin,
    );
  }
  const seen = new Set<bigint>();
  const cases: SwitchCase[] = [];
  for (const [number, write] of branches) {
    const value = context.attempt(() => literalExpr(number, subject.type), undefined);
    const body: Statement[] = context.block(write);
    if (value === undefined) continue;
    if (seen.has(value.value)) {
      context.report({
        rule: 'HDL011',
        summary: `m.switchValue has two branches for ${number}`,
        help: 'the second can never be taken: remove it',
      });
    }
    seen.add(value.value);
    cases.push({ value, body });
  }
  const fallback = otherwise === undefined ? undefined : context.block(otherwise);
  context.add({
    kind: 'switch',
    subject: context.own(subject.expr, origin),
    cases,
    otherwise: fallback,
    complete,
    origin,
  });
}

function chainEnded(method: string) {
  return designError({
    rule: 'HDL016',
    summary: `${method} after otherwise: the chain has ended`,
    help: 'put otherwise last',
  });
}
