/** HDL007: wires, outputs and registers get a value from somewhere. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { targetsOf } from '../elaborate/processes.ts';
import type { Entity } from '../ir/module.ts';

export function noDriver(design: Design): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const module of design.modules) {
    if (module.blackBox !== undefined) continue;
    const driven = new Set<Entity>();
    for (const item of module.body) {
      if (item.kind === 'assign' || item.kind === 'if' || item.kind === 'switch') targetsOf(item, driven);
    }
    for (const entity of module.entities) {
      const wants = entity.role === 'wire' || entity.role === 'output' || entity.role === 'register';
      if (!wants || module.refused.has(entity) || driven.has(entity) || entity.defaultValue !== undefined) continue;
      const isRegister = entity.role === 'register';
      found.push({
        rule: 'HDL007',
        summary: isRegister
          ? `register '${entity.name}' of module '${module.name}' never gets a next value`
          : `${entity.role} '${entity.name}' of module '${module.name}' is never assigned`,
        label: `'${entity.name}' is declared here`,
        help: isRegister
          ? `m.next(${entity.name}, ...), or a constant: lit(value, type)`
          : `m.assign(${entity.name}, ...), or remove it`,
        place: entity.place,
      });
    }
  }
  return found;
}
