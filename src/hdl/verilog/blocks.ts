/** How a module's processes are put into always blocks. */
import type { Process } from '../elaborate/processes.ts';
import { statementRoots } from '../elaborate/usage.ts';
import { type Expr, visitExprs } from '../ir/expr.ts';
import type { BodyItem, Entity, Statement } from '../ir/module.ts';
import type { Place } from '../place.ts';

export interface ClockedBlock {
  readonly clock: Entity;
  readonly reset: Entity | undefined;
  readonly targets: Set<Entity>;
  readonly statements: (readonly [Statement, number])[];
  position: number;
}

/** Clocked processes of one section, clock and reset share an always block, at the place of the last of them. */
export function clockedBlocks(processes: readonly Process[], sections: readonly number[]): ClockedBlock[] {
  const blocks = new Map<string, ClockedBlock>();
  for (const process of processes) {
    if (process.kind !== 'clocked') continue;
    const { position } = process;
    const key = `${sections[position]}/${process.clock!.name}/${process.reset?.name ?? ''}`;
    const block = blocks.get(key) ?? {
      clock: process.clock!,
      reset: process.reset,
      targets: new Set<Entity>(),
      statements: [],
      position,
    };
    for (const target of process.targets) block.targets.add(target);
    process.statements.forEach((statement, index) => {
      block.statements.push([statement, process.positions[index]!]);
    });
    block.position = Math.max(block.position, position);
    blocks.set(key, block);
  }
  for (const block of blocks.values()) block.statements.sort((a, b) => a[1] - b[1]);
  return [...blocks.values()];
}

/** For each body item the number of its section. */
export function sectionNumbers(body: readonly BodyItem[]): number[] {
  let section = 0;
  return body.map((item) => {
    if (item.kind === 'section') section += 1;
    return section;
  });
}

/** Comments that stand right above a statement that goes into an always block, and travel with it. */
export function attachedComments(body: readonly BodyItem[]): Set<number> {
  const attached = new Set<number>();
  for (let index = body.length - 1; index > 0; index--) {
    if (body[index - 1]?.kind !== 'comment') continue;
    const item = body[index]!;
    const clocked =
      item.kind === 'assign' ? item.target.role === 'register' : item.kind === 'if' || item.kind === 'switch';
    if (clocked || (item.kind === 'comment' && attached.has(index))) attached.add(index - 1);
  }
  return attached;
}

/** A block that reads one of its own results would run on an old value of it. */
export function readsItself(process: Process): boolean {
  if (process.kind === 'clocked') return false;
  let found = false;
  visitExprs(
    process.statements.flatMap((statement) => statementRoots(statement)),
    (expr) => {
      found ||= expr.kind === 'ref' && process.targets.has(expr.entity);
    },
  );
  return found;
}

export interface ContinuousAssign {
  readonly target: Entity;
  /** Undefined: the target's default. */
  readonly value: Expr | undefined;
  readonly place: Place;
}

/**
 * A combinational process as continuous assignments, if it has no branches left. One that constants have emptied must be written so:
 * an `always @(*)` that reads nothing never runs.
 */
export function continuousAssigns(process: Process): ContinuousAssign[] | undefined {
  if (process.kind === 'clocked') return undefined;
  const last = new Map<Entity, ContinuousAssign>();
  for (const statement of process.statements) {
    if (statement.kind === 'if' || statement.kind === 'switch') return undefined;
    if (statement.kind === 'assign') last.set(statement.target, statement);
  }
  return [...process.targets].map((target) => last.get(target) ?? { target, value: undefined, place: target.place });
}

/** Where the first of the statements stands, or the first target when constants have ruled all of them out. */
export function placeOf(statements: readonly Statement[], targets: ReadonlySet<Entity>): Place {
  const first = statements.find((statement) => statement.kind !== 'comment') ?? [...targets][0];
  if (first === undefined) throw new Error('a process has targets');
  return first.place;
}

/** The first signal that statements assign, which their wires are named after. */
export function firstTarget(statements: readonly Statement[]): string | undefined {
  for (const statement of statements) {
    if (statement.kind === 'assign') return statement.target.name;
    const inner =
      statement.kind === 'if'
        ? [...statement.branches.flatMap(({ body }) => body), ...(statement.otherwise ?? [])]
        : statement.kind === 'switch'
          ? [...statement.cases.flatMap(({ body }) => body), ...(statement.otherwise ?? [])]
          : [];
    const found = firstTarget(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
