/** The statements of a module sorted into processes: combinational ones and, for each clock and reset, clocked ones. */
import type { Entity, IfBranch, ModuleIr, Statement, SwitchCase } from '../ir/module.ts';

/** Top-level statements that belong together because they drive the same registers or wires. */
export interface Process {
  readonly kind: 'combinational' | 'clocked';
  readonly clock: Entity | undefined;
  readonly reset: Entity | undefined;
  readonly targets: ReadonlySet<Entity>;
  /** In the author's order. */
  readonly statements: readonly Statement[];
  /** Index in the module's body of each statement. */
  readonly positions: readonly number[];
  /** Index in the module's body of the last statement that was written for it. */
  readonly position: number;
}

/** All entities that a statement drives, at any depth. */
export function targetsOf(statement: Statement, into: Set<Entity> = new Set()): Set<Entity> {
  switch (statement.kind) {
    case 'assign':
      into.add(statement.target);
      break;
    case 'if':
      for (const branch of statement.branches) for (const inner of branch.body) targetsOf(inner, into);
      for (const inner of statement.otherwise ?? []) targetsOf(inner, into);
      break;
    case 'switch':
      for (const { body } of statement.cases) for (const inner of body) targetsOf(inner, into);
      for (const inner of statement.otherwise ?? []) targetsOf(inner, into);
      break;
    case 'comment':
      break;
  }
  return into;
}

/** Key of the process kind that drives an entity. */
function domainOf(entity: Entity): string {
  if (entity.role !== 'register') return 'combinational';
  return `${entity.clock!.name}/${entity.resetSignal?.name ?? ''}`;
}

/** The processes of a module, in the order of their last statements. */
export function processesOf(module: ModuleIr): Process[] {
  const groups: { domain: string; targets: Set<Entity>; parts: [Statement, number][] }[] = [];
  module.body.forEach((item, position) => {
    if (item.kind !== 'assign' && item.kind !== 'if' && item.kind !== 'switch') return;
    const all = targetsOf(item);
    for (const domain of new Set([...all].map(domainOf))) {
      const targets = new Set([...all].filter((entity) => domainOf(entity) === domain));
      const part = targets.size === all.size ? item : project(item, targets);
      if (part === undefined) continue;
      const touched = groups.filter(
        (group) => group.domain === domain && [...targets].some((t) => group.targets.has(t)),
      );
      const merged = { domain, targets, parts: [[part, position] as [Statement, number]] };
      for (const group of touched) {
        for (const target of group.targets) merged.targets.add(target);
        merged.parts = [...group.parts, ...merged.parts];
        groups.splice(groups.indexOf(group), 1);
      }
      merged.parts.sort((a, b) => a[1] - b[1]);
      groups.push(merged);
    }
  });
  return groups.map(({ domain, targets, parts }) => {
    const [first] = targets;
    const kept = parts.flatMap(([part, position]) => simplify(part).map((each) => [each, position] as const));
    return {
      kind: domain === 'combinational' ? 'combinational' : 'clocked',
      clock: first!.role === 'register' ? first!.clock : undefined,
      reset: first!.role === 'register' ? first!.resetSignal : undefined,
      targets,
      statements: kept.map(([statement]) => statement),
      positions: kept.map(([, position]) => position),
      position: parts.at(-1)![1],
    };
  });
}

/**
 * A combinational process as one for each of its targets, so that dependencies are those of single signals; clocked ones too where
 * `clocked` says so.
 */
export function splitByTarget(process: Process, clocked = false): Process[] {
  if ((process.kind === 'clocked' && !clocked) || process.targets.size === 1) return [process];
  return [...process.targets].map((target) => {
    const targets = new Set([target]);
    const kept = process.statements.flatMap((statement, index) => {
      const part = project(statement, targets);
      return part === undefined ? [] : simplify(part).map((each) => [each, process.positions[index]!] as const);
    });
    const statements = kept.map(([statement]) => statement);
    return { ...process, targets, statements, positions: kept.map(([, position]) => position) };
  });
}

/** The part of a statement that drives `targets`; undefined where there is none. */
function project(statement: Statement, targets: ReadonlySet<Entity>): Statement | undefined {
  const list = (body: readonly Statement[]): Statement[] =>
    body.map((inner) => project(inner, targets)).filter((inner) => inner !== undefined);
  const drives = [...targetsOf(statement)].some((entity) => targets.has(entity));
  switch (statement.kind) {
    case 'comment':
      return statement;
    case 'assign':
      return drives ? statement : undefined;
    case 'if': {
      if (!drives) return undefined;
      const branches: IfBranch[] = statement.branches.map((branch) => ({ ...branch, body: list(branch.body) }));
      const otherwise = statement.otherwise && list(statement.otherwise);
      return { ...statement, branches, otherwise: otherwise?.length ? otherwise : undefined };
    }
    case 'switch': {
      if (!drives) return undefined;
      const cases: SwitchCase[] = statement.cases.map(({ value, body }) => ({ value, body: list(body) }));
      return { ...statement, cases, otherwise: statement.otherwise && list(statement.otherwise) };
    }
  }
}

/** Takes branches out that constants decide, and empty ones at the end of a chain. */
function simplify(statement: Statement): Statement[] {
  if (statement.kind === 'switch') {
    const { subject } = statement;
    if (subject.kind === 'const') {
      const taken = statement.cases.find(({ value }) => value.kind === 'const' && value.value === subject.value);
      return (taken?.body ?? statement.otherwise ?? []).flatMap(simplify);
    }
    const cases = statement.cases.map(({ value, body }) => ({ value, body: body.flatMap(simplify) }));
    return [{ ...statement, cases, otherwise: statement.otherwise?.flatMap(simplify) }];
  }
  if (statement.kind !== 'if') return [statement];
  const branches: IfBranch[] = [];
  let otherwise = statement.otherwise?.flatMap(simplify);
  for (const branch of statement.branches) {
    const body = branch.body.flatMap(simplify);
    if (branch.condition.kind !== 'const') {
      branches.push({ ...branch, body });
    } else if (branch.condition.value === 1n) {
      otherwise = body;
      break;
    }
  }
  if (otherwise === undefined || isEmpty(otherwise)) {
    otherwise = undefined;
    while (branches.length > 0 && isEmpty(branches.at(-1)!.body)) branches.pop();
  }
  if (branches.length === 0) return otherwise ?? [];
  return [{ ...statement, branches, otherwise }];
}

function isEmpty(body: readonly Statement[]): boolean {
  return body.every((statement) => statement.kind === 'comment');
}

/** A switch over all states of an enumeration takes its last branch for bits that are no state. */
export function combinationalSwitch(statement: Statement & { kind: 'switch' }): Statement & { kind: 'switch' } {
  if (statement.otherwise !== undefined || !statement.complete) return statement;
  return { ...statement, cases: statement.cases.slice(0, -1), otherwise: statement.cases.at(-1)!.body };
}
