/** What m.assign and m.next may drive. */
import { type DiagnosticInput, designError } from '../diagnostics.ts';
import type { Entity, EntityRole, ModuleIr } from '../ir/module.ts';
import { describeType } from '../ir/types.ts';
import type { Signal } from '../values/signals.ts';
import type { BuildContext } from './context.ts';

/** The entity that a target stands for, if this operation may drive it. */
export function assignable(target: Signal, operation: string, module: ModuleIr): Entity {
  const { expr } = target;
  if (expr.kind !== 'ref') {
    throw designError({
      rule: 'HDL016',
      summary: `${operation}: the target is an expression of type ${describeType(target.type)}, not a declared signal`,
      help: 'assign the whole signal; parts are put together with concat',
    });
  }
  const { entity } = expr;
  const roles: readonly EntityRole[] = operation === 'm.next' ? ['register'] : ['wire', 'output'];
  if (roles.includes(entity.role) && entity.module === module) return entity;
  const help =
    entity.module !== module
      ? `'${entity.name}' belongs to module '${entity.module.name}': drive it there`
      : entity.role === 'register'
        ? 'a register gets its value by m.next'
        : operation === 'm.next'
          ? `'${entity.name}' is no register: use m.assign`
          : 'only wires and outputs can be assigned';
  throw designError({
    rule: 'HDL016',
    summary: `${operation}: '${entity.name}' is ${article(entity.role)}`,
    notes: [{ text: `'${entity.name}' is declared`, origin: entity.origin }],
    help,
  });
}

/** What a register has beside its name and type. */
export type ClockedPart = Pick<Entity, 'reset' | 'clock' | 'resetSignal' | 'isSynchroniser'>;

/** Turns an output port into a register under the port's name. */
export function makeRegister(
  context: BuildContext,
  { expr, type }: Signal,
  operation: string,
  clocked: (name: string) => ClockedPart,
): void {
  const refuse = (what: string, help: string, notes: DiagnosticInput['notes'] = []) =>
    context.report({ rule: 'HDL016', summary: `${operation}: ${what}`, notes, help });
  if (expr.kind !== 'ref') {
    refuse(`an expression of type ${describeType(type)}, not an output port`, 'give the port itself');
    return;
  }
  const { entity } = expr;
  const notes = [{ text: `'${entity.name}' is declared`, origin: entity.origin }];
  if (entity.role !== 'output' || entity.module !== context.module)
    refuse(
      `'${entity.name}' is ${article(entity.role)}${elsewhere(entity, context.module)}`,
      'give an output port of this module; m.register for others',
      notes,
    );
  else if (context.driven.has(entity))
    refuse(`'${entity.name}' is driven already`, 'before anything drives it; then m.next instead of m.assign', notes);
  else if (entity.defaultValue !== undefined)
    refuse(
      `'${entity.name}' has a default value, which a register has no use for`,
      'declare the port without a default',
      notes,
    );
  else Object.assign(entity, { role: 'register', isOutput: true, ...clocked(entity.name) } satisfies Partial<Entity>);
}

const elsewhere = ({ module }: Entity, here: ModuleIr) => (module === here ? '' : ` of module '${module.name}'`);

function article(role: EntityRole): string {
  const words: Record<EntityRole, string> = {
    clock: 'a clock',
    reset: 'a reset',
    input: 'an input',
    output: 'an output',
    wire: 'a wire',
    register: 'a register',
    named: 'a named value',
    parameter: 'a parameter',
    memoryRead: "a memory's read port",
    instanceOutput: 'an output of an instance',
  };
  return words[role];
}
