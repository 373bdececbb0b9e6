/** The statements of a module sorted into processes: combinational ones and, for each clock and reset, clocked ones. */
import type { Branch, Process, Statement, SwitchCase, Target } from './netlist.ts';

/** All nets that a statement drives, at any depth. */
export function targetsOf(statement: Statement, into: Set<Target> = new Set()): Set<Target> {
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

/** Key of the process kind that drives a net. */
function domainOf(net: Target): string {
  if (net.role !== 'register') return 'combinational';
  return `${net.clock.name}/${net.reset?.signal.name ?? ''}/${net.reset?.atOnce ?? ''}`;
}

/** The processes of a module's statements, in the order of their last statements. */
export function processesOf(statements: readonly Statement[]): Process[] {
  interface Group {
    readonly sequence: number;
    readonly targets: Set<Target>;
    parts: [Statement, number][];
  }
  const groups = new Set<Group>();
  /** A target belongs to one domain, so its group does. */
  const groupOf = new Map<Target, Group>();
  let sequence = 0;
  statements.forEach((item, position) => {
    const all = targetsOf(item);
    for (const domain of new Set([...all].map(domainOf))) {
      const targets = new Set([...all].filter((net) => domainOf(net) === domain));
      const part = targets.size === all.size ? item : project(item, targets);
      if (part === undefined) continue;
      const touched = new Set([...targets].map((target) => groupOf.get(target)).filter((group) => group !== undefined));
      const merged: Group = { sequence, targets, parts: [[part, position]] };
      sequence += 1;
      for (const group of [...touched].sort((a, b) => a.sequence - b.sequence)) {
        for (const target of group.targets) merged.targets.add(target);
        merged.parts = [...group.parts, ...merged.parts];
        groups.delete(group);
      }
      merged.parts.sort((a, b) => a[1] - b[1]);
      for (const target of merged.targets) groupOf.set(target, merged);
      groups.add(merged);
    }
  });
  return [...groups].map(({ targets, parts }) => {
    const [first] = targets;
    const kept = parts.flatMap(([part, position]) => simplify(part).map((each) => [each, position] as const));
    const base = {
      targets,
      statements: kept.map(([statement]) => statement),
      positions: kept.map(([, position]) => position),
      position: parts.at(-1)![1],
    };
    if (first?.role !== 'register') return { kind: 'combinational', ...base };
    return { kind: 'clocked', clock: first.clock, reset: first.reset, ...base };
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
function project(statement: Statement, targets: ReadonlySet<Target>): Statement | undefined {
  const list = (body: readonly Statement[]): Statement[] =>
    body.map((inner) => project(inner, targets)).filter((inner) => inner !== undefined);
  const drives = [...targetsOf(statement)].some((net) => targets.has(net));
  switch (statement.kind) {
    case 'comment':
      return statement;
    case 'assign':
      return drives ? statement : undefined;
    case 'if': {
      if (!drives) return undefined;
      const branches: Branch[] = statement.branches.map((branch) => ({ ...branch, body: list(branch.body) }));
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
  const branches: Branch[] = [];
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
