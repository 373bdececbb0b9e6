/** Statements inside always blocks. */
import type { Statement } from '../../lower/netlist.ts';
import { combinationalSwitch } from '../../lower/processes.ts';
import type { VBranch, VStatement } from '../syntax.ts';
import { firstTarget } from './blocks.ts';
import type { Scope } from './scope.ts';

/** Wires for the nodes inside an always block stand before it. */
export function needAll(scope: Scope, statements: readonly Statement[], context?: string): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'assign':
        scope.need(statement.value, statement.target.name, statement.origin);
        break;
      case 'if': {
        const name = context ?? firstTarget([statement]);
        for (const { condition, body, origin } of statement.branches) {
          scope.need(condition, firstTarget(body) ?? name ?? 'condition', origin);
          needAll(scope, body, name);
        }
        needAll(scope, statement.otherwise ?? [], name);
        break;
      }
      case 'switch':
        scope.need(statement.subject, firstTarget([statement]) ?? 'subject', statement.origin);
        for (const { body } of statement.cases) needAll(scope, body, context);
        needAll(scope, statement.otherwise ?? [], context);
        break;
      case 'comment':
        break;
    }
  }
}

export function prepareStatements(scope: Scope, statements: readonly Statement[], operator: '=' | '<='): VStatement[] {
  return statements.map((statement) => prepareStatement(scope, statement, operator));
}

function prepareStatement(scope: Scope, statement: Statement, operator: '=' | '<='): VStatement {
  switch (statement.kind) {
    case 'comment':
      return statement;
    case 'assign': {
      const { target, value, origin } = statement;
      return { kind: 'assign', target: scope.name(target), operator, value: scope.writer.write(value), origin };
    }
    case 'if':
      return {
        kind: 'if',
        branches: statement.branches.map(({ condition, body, origin }) => ({
          condition: scope.writer.write(condition),
          body: prepareStatements(scope, body, operator),
          origin,
        })),
        otherwise: statement.otherwise && prepareStatements(scope, statement.otherwise, operator),
        origin: statement.origin,
      };
    case 'switch':
      return switchStatement(scope, statement, operator);
  }
}

function switchStatement(scope: Scope, given: Statement & { kind: 'switch' }, operator: '=' | '<='): VStatement {
  const statement = operator === '=' ? combinationalSwitch(given) : given;
  const { origin } = statement;
  const branches = statement.cases.map(
    ({ value, body }): VBranch => ({
      label: scope.writer.write(value),
      body: prepareStatements(scope, body, operator),
      origin,
    }),
  );
  const last = statement.cases.length < given.cases.length ? given.cases.at(-1) : undefined;
  const label = last && scope.writer.write(last.value);
  const note = label?.kind === 'name' ? label.name : label?.kind === 'literal' ? `${label.value}` : undefined;
  branches.push({
    label: undefined,
    body: prepareStatements(scope, statement.otherwise ?? [], operator),
    origin,
    note,
  });
  return { kind: 'case', subject: scope.writer.write(statement.subject), branches, origin };
}
