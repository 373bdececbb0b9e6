/** Trees of assignments, `when` and `switch` from choices. */
import { alwaysDrives, drivenBy, type Operation, type Statement, sameTarget, type Target } from '../circuit.ts';
import type { StatementChoice } from '../recipe.ts';
import { range } from '../types.ts';
import type { Scope } from './scope.ts';

/** Statements in a row, without those that the rules refuse: an assignment that a later one always replaces. */
export function statementList(
  choices: readonly StatementChoice[],
  targets: readonly Target[],
  scope: Scope,
  into: Operation[],
): Statement[] {
  const list: Statement[] = [];
  for (const choice of choices) {
    const next = statement(choice, targets, scope, into);
    if (next === undefined) continue;
    const replaces = list.flatMap(drivenBy).some((target) => alwaysDrives(next, target));
    if (!replaces) list.push(next);
  }
  return list;
}

/**
 * One statement. Conditions are computed by operations that go `into` the surrounding block; an assigned value's conversions are
 * written at its place.
 */
export function statement(
  choice: StatementChoice,
  targets: readonly Target[],
  scope: Scope,
  into: Operation[],
): Statement | undefined {
  const { what, bodies } = choice;
  if (what >= 4 && bodies.length > 0) {
    const branching = what < 8 ? when(choice, targets, scope, into) : cases(choice, targets, scope, into);
    if (branching !== undefined) return branching;
  }
  const target = targets[choice.target % targets.length];
  return target && assignment(target, choice, scope);
}

export function assignment(
  target: Target,
  choice: Pick<StatementChoice, 'pick' | 'n'>,
  scope: Scope,
): Statement | undefined {
  const locals: Operation[] = [];
  const wanted = target.type.kind === 'enum' ? 'same' : 'any';
  const from = scope.pick(wanted, target.type, choice.pick, locals);
  const value =
    from === undefined
      ? scope.constant(target.type, choice.n, locals)
      : scope.convert(from, target.type, choice.n, locals);
  if (value === undefined) return undefined;
  scope.use(value);
  return { kind: 'assign', target, locals, value };
}

function when(choice: StatementChoice, targets: readonly Target[], scope: Scope, into: Operation[]) {
  const hasOtherwise = choice.n % 2 === 1 && choice.bodies.length > 1;
  const conditional = hasOtherwise ? choice.bodies.slice(0, -1) : choice.bodies;
  const branches = conditional.flatMap((body, index) => {
    const condition = scope.pick('bool', undefined, choice.pick + index * 7, into);
    if (condition === undefined) return [];
    return [{ condition: scope.use(condition), body: statementList(body, targets, scope, into) }];
  });
  if (branches.length === 0) return undefined;
  const otherwise = hasOtherwise ? statementList(choice.bodies.at(-1)!, targets, scope, into) : undefined;
  return { kind: 'when', branches, otherwise } as const;
}

function cases(choice: StatementChoice, targets: readonly Target[], scope: Scope, into: Operation[]) {
  const isEnum = scope.pool.some((id) => scope.typeOf(id).kind === 'enum') && choice.n % 3 !== 0;
  const subject = scope.pick(isEnum ? 'enum' : 'uint', undefined, choice.pick, into);
  if (subject === undefined) return undefined;
  scope.use(subject);
  const values = Number(range(scope.typeOf(subject))[1] > 7n ? 8n : range(scope.typeOf(subject))[1] + 1n);
  const bodies = choice.bodies.slice(0, values);
  const list = bodies.map((body, index) => ({
    value: (index + choice.n) % values,
    body: statementList(body, targets, scope, into),
  }));
  const complete = BigInt(list.length) === range(scope.typeOf(subject))[1] + 1n;
  if (complete && choice.n % 2 === 0) return { kind: 'switch', subject, cases: list, otherwise: undefined } as const;
  const rest = choice.bodies[values] ?? choice.bodies[choice.n % choice.bodies.length]!;
  return { kind: 'switch', subject, cases: list, otherwise: statementList(rest, targets, scope, into) } as const;
}

/** Drops the parts that drive other targets than those that `keep` accepts. */
export function drives(statements: readonly Statement[], target: Target): boolean {
  return statements.flatMap(drivenBy).some((other) => sameTarget(other, target));
}
