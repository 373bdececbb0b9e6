/** HDL010: what is declared as a port is used, or said to be unused. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { usageOf } from '../elaborate/usage.ts';
import { type Entity, isInput, type ModuleIr } from '../ir/module.ts';

export function unusedPort(design: Design): Diagnostic[] {
  return design.modules.flatMap((module) => (module.blackBox === undefined ? inModule(module) : []));
}

function inModule(module: ModuleIr): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { bits } = usageOf(module);
  const clocking = new Set<Entity>();
  for (const { clock, resetSignal } of module.entities) {
    if (clock !== undefined) clocking.add(clock);
    if (resetSignal !== undefined) clocking.add(resetSignal);
  }
  for (const { writes } of module.memories) for (const { clock } of writes) clocking.add(clock);
  for (const entity of module.entities) {
    if (module.unused.has(entity) || module.refused.has(entity) || bits.has(entity) || clocking.has(entity)) continue;
    if (isInput(entity)) {
      found.push({
        rule: 'HDL010',
        summary: `${entity.role} '${entity.name}' of module '${module.name}' is never read`,
        label: `'${entity.name}' is declared here`,
        help:
          entity.role === 'input'
            ? `remove the port, or m.unused(${entity.name}, 'why')`
            : 'remove it: nothing in the module is clocked or reset by it',
        place: entity.place,
      });
    } else if (entity.role === 'instanceOutput') {
      found.push({
        rule: 'HDL010',
        summary: `output '${entity.port}' of instance '${entity.instance?.name}' is never read in module '${module.name}'`,
        label: `${entity.instance?.name} is instantiated here`,
        help: `read it, or m.unused(${entity.instance?.name}.out.${entity.port}, 'why')`,
        place: entity.place,
      });
    }
  }
  return found;
}
