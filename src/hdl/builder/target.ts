/** What m.assign and m.next may drive. */
import { designError } from '../diagnostics.ts';
import type { Entity, EntityRole, ModuleIr } from '../ir/module.ts';
import { describeType } from '../ir/types.ts';
import type { Signal } from '../values/signals.ts';

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
