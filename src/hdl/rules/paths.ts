/** On which paths through a block a signal is assigned. */
import type { Statement, Target } from '../lower/netlist.ts';

/** Whether `target` is assigned whatever the conditions are. */
export function assignsAlways(statements: readonly Statement[], target: Target): boolean {
  return missingPath(statements, target) === undefined;
}

/** A path on which `target` is not assigned, in words; undefined if there is none. */
export function missingPath(statements: readonly Statement[], target: Target): string | undefined {
  let missing = 'nothing assigns it';
  for (const statement of statements) {
    const here = missingInStatement(statement, target);
    if (here === undefined) return undefined;
    if (here !== '') missing = here;
  }
  return missing;
}

/** Undefined: always assigned. Empty: the statement has nothing to do with it. */
function missingInStatement(statement: Statement, target: Target): string | undefined {
  switch (statement.kind) {
    case 'comment':
      return '';
    case 'assign':
      return statement.target === target ? undefined : '';
    case 'if': {
      const bodies = statement.branches.map(({ body }) => body);
      if (![...bodies, statement.otherwise ?? []].some((body) => mentions(body, target))) return '';
      const open = bodies.findIndex((body) => !assignsAlways(body, target));
      if (open >= 0) return open === 0 ? 'the m.when branch does not' : `elseWhen number ${open} does not`;
      if (statement.otherwise === undefined) return 'there is no otherwise';
      return assignsAlways(statement.otherwise, target) ? undefined : 'the otherwise branch does not';
    }
    case 'switch': {
      const bodies = statement.cases.map(({ body }) => body);
      if (![...bodies, statement.otherwise ?? []].some((body) => mentions(body, target))) return '';
      const open = statement.cases.find(({ body }) => !assignsAlways(body, target));
      if (open !== undefined) {
        const { value } = open;
        const label = value.kind === 'const' ? (value.state?.state ?? `${value.value}`) : '';
        return `the branch '${label}' does not`;
      }
      if (statement.otherwise !== undefined) {
        return assignsAlways(statement.otherwise, target) ? undefined : 'the default branch does not';
      }
      return statement.complete ? undefined : 'there is no default branch';
    }
  }
}

function mentions(statements: readonly Statement[], target: Target): boolean {
  return statements.some((statement) => missingInStatement(statement, target) !== '');
}
