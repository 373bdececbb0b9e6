/** One `if` where the author wrote several with the same condition. */
import type { Branch, IfStatement, Statement, Target } from '../../lower/netlist.ts';
import { targetsOf } from '../../lower/processes.ts';

/**
 * Statements that hold the values of their conditions while they run (clocked ones, and combinational ones that read none of their own
 * results), with ifs of equal first conditions joined where nothing between them assigns the same.
 */
export function mergeConditions(statements: readonly Statement[]): Statement[] {
  const merged: Statement[] = [];
  for (const statement of statements) {
    const at = statement.kind === 'if' ? partner(merged, statement) : -1;
    if (at < 0) merged.push(statement);
    else merged[at] = join(merged[at] as IfStatement, statement as IfStatement);
  }
  return merged.map(mergeInside);
}

/** Index of an earlier `if` on the same condition that the statement may be moved to. */
function partner(earlier: readonly Statement[], statement: IfStatement): number {
  const condition = statement.branches[0]!.condition;
  const own = targetsOf(statement);
  for (let at = earlier.length - 1; at >= 0; at--) {
    const other = earlier[at]!;
    if (other.kind === 'if' && other.branches[0]!.condition === condition) return at;
    // A comment leads over to what follows it.
    if (other.kind === 'comment' || overlap(own, targetsOf(other))) return -1;
  }
  return -1;
}

function overlap(a: ReadonlySet<Target>, b: ReadonlySet<Target>): boolean {
  return [...a].some((target) => b.has(target));
}

function join(first: IfStatement, second: IfStatement): IfStatement {
  const [head, ...rest] = first.branches as [Branch, ...Branch[]];
  const [other, ...otherRest] = second.branches as [Branch, ...Branch[]];
  const otherwise = [...elseOf(first, rest), ...elseOf(second, otherRest)];
  return {
    ...first,
    branches: [{ ...head, body: [...head.body, ...other.body] }],
    otherwise: otherwise.length === 0 ? undefined : otherwise,
  };
}

/** What runs when the first condition does not hold. */
function elseOf(statement: IfStatement, rest: readonly Branch[]): readonly Statement[] {
  if (rest.length === 0) return statement.otherwise ?? [];
  return [{ ...statement, branches: rest, origin: rest[0]!.origin }];
}

function mergeInside(statement: Statement): Statement {
  switch (statement.kind) {
    case 'assign':
    case 'comment':
      return statement;
    case 'switch': {
      const cases = statement.cases.map(({ value, body }) => ({ value, body: mergeConditions(body) }));
      return { ...statement, cases, otherwise: statement.otherwise && mergeConditions(statement.otherwise) };
    }
    case 'if': {
      const branches = statement.branches.map((branch) => ({ ...branch, body: mergeConditions(branch.body) }));
      const otherwise = statement.otherwise && mergeConditions(statement.otherwise);
      const [only, ...others] = otherwise ?? [];
      // An `else` that is one `if` continues the chain.
      if (only?.kind === 'if' && others.length === 0)
        return { ...statement, branches: [...branches, ...only.branches], otherwise: only.otherwise };
      return { ...statement, branches, otherwise };
    }
  }
}
