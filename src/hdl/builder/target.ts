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
  port: Signal,
  operation: string,
  clocked: (name: string) => ClockedPart,
): void {
  const found = undrivenOutput(context, port, operation, 'm.register for others');
  if ('problem' in found) context.report(found.problem);
  else hold(found.entity, { role: 'register', ...clocked(found.entity.name) });
}

/** Turns an output port into the register of a memory's read port. @throws designError for what is none, or driven */
export function makeMemoryRead(context: BuildContext, port: Signal, operation: string, clock: Entity): Entity {
  const found = undrivenOutput(context, port, operation, 'a name for others');
  if ('problem' in found) throw designError(found.problem);
  hold(found.entity, { role: 'memoryRead', clock });
  return found.entity;
}

/** What was declared as an output becomes one that holds its value. */
function hold(entity: Entity, state: Partial<Entity>): void {
  Object.assign(entity, { ...state, isOutput: true });
}

/** The output port that a signal stands for, if nothing drives it yet. */
function undrivenOutput(
  { module, driven }: BuildContext,
  { expr, type }: Signal,
  operation: string,
  others: string,
): { readonly entity: Entity } | { readonly problem: DiagnosticInput } {
  const refused = (what: string, help: string, notes: DiagnosticInput['notes'] = []) => ({
    problem: { rule: 'HDL016' as const, summary: `${operation}: ${what}`, notes, help },
  });
  if (expr.kind !== 'ref')
    return refused(`an expression of type ${describeType(type)}, not an output port`, 'give the port itself');
  const { entity } = expr;
  const { name, origin, role, defaultValue } = entity;
  const notes = [{ text: `'${name}' is declared`, origin }];
  if (role !== 'output' || entity.module !== module) {
    const help = `give an output port of this module; ${others}`;
    return refused(`'${name}' is ${article(role)}${elsewhere(entity, module)}`, help, notes);
  }
  if (driven.has(entity)) {
    const help = 'before anything drives it; then m.next instead of m.assign';
    return refused(`'${name}' is driven already`, help, notes);
  }
  if (defaultValue !== undefined) {
    const what = `'${name}' has a default value, which a register has no use for`;
    return refused(what, 'declare the port without a default', notes);
  }
  return { entity };
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
