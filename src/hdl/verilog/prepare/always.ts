/** Processes as always blocks and assignments. */
import type { Process, Statement, Target } from '../../lower/netlist.ts';
import type { Origin } from '../../origin.ts';
import type { VExpr, VStatement } from '../syntax.ts';
import { type ClockedBlock, continuousAssigns, originOf } from './blocks.ts';
import { mergeConditions } from './merge.ts';
import type { Scope } from './scope.ts';
import { needAll, prepareStatements } from './statements.ts';

export function combinational(scope: Scope, process: Process): void {
  const direct = scope.connected;
  const assigns = continuousAssigns(process);
  if (assigns !== undefined) {
    for (const { target, value, origin } of assigns) {
      if (direct.has(target) || scope.aliases.has(target)) continue;
      const text = value === undefined ? defaultOf(scope, target) : scope.text(value, target.name, origin);
      scope.items.push({ kind: 'assign', target: scope.name(target), value: text, origin });
    }
    return;
  }
  const origin = originOf(process.statements, process.targets);
  const statements = mergeConditions(process.statements);
  needAll(scope, statements);
  const defaults = [...process.targets].flatMap((target): VStatement[] =>
    target.role === 'register' || target.defaultValue === undefined
      ? []
      : [
          {
            kind: 'assign',
            target: scope.name(target),
            operator: '=',
            value: defaultOf(scope, target),
            origin: target.origin,
          },
        ],
  );
  scope.items.push({
    kind: 'always',
    clock: undefined,
    body: [...defaults, ...prepareStatements(scope, statements, '=')],
    origin,
  });
}

function defaultOf(scope: Scope, target: Target): VExpr {
  const value = target.role === 'register' ? target.reset?.value : target.defaultValue;
  return scope.value(target, value!);
}

export function clocked(scope: Scope, block: ClockedBlock, comments: ReadonlyMap<number, readonly string[]>): void {
  const { clock, reset } = block;
  // Registers without a reset that constants keep from ever being assigned.
  if (block.statements.length === 0 && reset === undefined) return;
  const commented = block.statements.flatMap(([statement, position]): Statement[] => [
    ...(comments.get(position) ?? []).map((text) => ({ kind: 'comment', text }) as const),
    statement,
  ]);
  const statements = mergeConditions(commented);
  needAll(scope, statements);
  const origin = originOf(statements, block.targets);
  const body = prepareStatements(scope, statements, '<=');
  const atOnce = reset?.atOnce ? reset.signal.name : undefined;
  scope.items.push({ kind: 'always', clock: clock.name, atOnce, body: withReset(scope, block, body, origin), origin });
}

function withReset(
  scope: Scope,
  { reset, targets }: ClockedBlock,
  body: readonly VStatement[],
  origin: Origin,
): readonly VStatement[] {
  if (reset === undefined) return body;
  const resets = scope.module.nets.flatMap((net): VStatement[] => {
    if (net.role !== 'register' || net.reset === undefined || !targets.has(net)) return [];
    return [
      {
        kind: 'assign',
        target: scope.name(net),
        operator: '<=',
        value: scope.value(net, net.reset.value),
        origin: net.origin,
      },
    ];
  });
  const first = { condition: scope.name(reset.signal), body: resets, origin };
  const [only, ...others] = body;
  if (only?.kind === 'if' && others.length === 0) return [{ ...only, branches: [first, ...only.branches], origin }];
  return [{ kind: 'if', branches: [first], otherwise: body.length === 0 ? undefined : body, origin }];
}
