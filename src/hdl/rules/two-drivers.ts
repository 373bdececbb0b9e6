/** HDL006: a signal has one source of values. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import type { LoweredModule, Statement, Target } from '../lower/netlist.ts';
import { targetsOf } from '../lower/processes.ts';
import type { Origin } from '../origin.ts';
import { assignsAlways } from './paths.ts';

export function twoDrivers(design: Design): Diagnostic[] {
  return design.modules.flatMap((module) => [
    ...separateStatements(module),
    ...overwritten(module),
    ...clocksTwice(module),
  ]);
}

/** A wire or output is driven by one statement (with all its branches). */
function separateStatements(module: LoweredModule): Diagnostic[] {
  const found: Diagnostic[] = [];
  const first = new Map<Target, Origin>();
  for (const item of module.statements) {
    for (const target of targetsOf(item)) {
      if (target.role === 'register') continue;
      const origin = originOfTarget([item], target) ?? target.origin;
      const earlier = first.get(target);
      if (earlier === undefined) {
        first.set(target, origin);
        continue;
      }
      found.push({
        rule: 'HDL006',
        summary: `'${target.name}' is driven twice in module '${module.name}'`,
        label: 'driven here',
        notes: [{ text: 'and driven', origin: earlier }],
        help: 'join the two with mux, or in one m.when with elseWhen and otherwise',
        origin,
      });
    }
  }
  return found;
}

/** A local clock is made by one instance. */
function clocksTwice(module: LoweredModule): Diagnostic[] {
  const makers = module.instances.flatMap(({ clocks, origin, name }) =>
    [...clocks].map(([port, clock]) => ({ clock, origin, port: `${name}.${port}` })),
  );
  return makers.flatMap(({ clock, origin, port }, index) => {
    const earlier = makers.slice(0, index).find((maker) => maker.clock === clock);
    if (earlier === undefined) return [];
    return [
      {
        rule: 'HDL006',
        summary: `clock '${clock.name}' is driven twice in module '${module.name}'`,
        label: `driven here, by ${port}`,
        notes: [{ text: `and by ${earlier.port}, driven`, origin: earlier.origin }],
        help: 'give each its own m.localClock',
        origin,
      },
    ];
  });
}

/** An assignment that another one in the same block replaces in every case can only be a mistake. */
function overwritten(module: LoweredModule): Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (statements: readonly Statement[], top: boolean) => {
    statements.forEach((statement, index) => {
      for (const target of targetsOf(statement)) {
        // Separate drivers of wires at the top are reported above.
        if (top && target.role !== 'register') continue;
        const later = statements.slice(index + 1).find((other) => assignsAlways([other], target));
        if (later === undefined) continue;
        found.push({
          rule: 'HDL006',
          summary: `'${target.name}' is driven twice in module '${module.name}'`,
          label: 'this has no effect',
          notes: [{ text: 'it is replaced', origin: originOfTarget([later], target) }],
          help: 'remove one of them, or put each into a branch of its own',
          origin: originOfTarget([statement], target)!,
        });
      }
      for (const body of bodiesOf(statement)) visit(body, false);
    });
  };
  visit(module.statements, true);
  return found;
}

function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind === 'if') return [...statement.branches.map(({ body }) => body), statement.otherwise ?? []];
  if (statement.kind === 'switch') return [...statement.cases.map(({ body }) => body), statement.otherwise ?? []];
  return [];
}

function originOfTarget(statements: readonly Statement[], target: Target): Origin | undefined {
  for (const statement of statements) {
    if (statement.kind === 'assign' && statement.target === target) return statement.origin;
    for (const body of bodiesOf(statement)) {
      const found = originOfTarget(body, target);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
