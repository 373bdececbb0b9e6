/** Statements as closures. */
import type { Net, Statement } from '../lower/netlist.ts';
import { combinationalSwitch } from '../lower/processes.ts';
import type { ExpressionCompiler, Values } from './expressions.ts';

/** Runs statements: reads from the first, writes into the second. */
export type Run = (values: Values, into: Values) => void;

/** The module that statements stand in. */
interface Own {
  readonly slot: (net: Net) => number;
  readonly expressions: ExpressionCompiler;
}

export function compileStatements(own: Own, statements: readonly Statement[], combinational: boolean): Run {
  const runs = statements.map((statement) => compileStatement(own, statement, combinational));
  return (values, into) => {
    for (const run of runs) run(values, into);
  };
}

function compileStatement(own: Own, statement: Statement, combinational: boolean): Run {
  const { slot: slotOf, expressions } = own;
  const body = (statements: readonly Statement[]) => compileStatements(own, statements, combinational);
  switch (statement.kind) {
    case 'comment':
      return () => {};
    case 'assign': {
      const slot = slotOf(statement.target);
      const compute = expressions.compute(statement.value);
      return (values, into) => {
        into[slot] = compute(values);
      };
    }
    case 'if': {
      const branches = statement.branches.map((branch) => ({
        holds: expressions.compute(branch.condition),
        run: body(branch.body),
      }));
      const otherwise = body(statement.otherwise ?? []);
      return (values, into) => {
        const taken = branches.find(({ holds }) => holds(values) === 1n);
        (taken?.run ?? otherwise)(values, into);
      };
    }
    case 'switch': {
      const { subject, cases, otherwise } = combinational ? combinationalSwitch(statement) : statement;
      const of = expressions.compute(subject);
      const branches = new Map<bigint, Run>();
      for (const { value, body: taken } of cases) {
        if (value.kind === 'const') branches.set(value.value, body(taken));
      }
      const fallback = body(otherwise ?? []);
      return (values, into) => (branches.get(of(values)) ?? fallback)(values, into);
    }
  }
}
