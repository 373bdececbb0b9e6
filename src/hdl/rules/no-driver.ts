/** HDL007: wires, outputs and registers get a value from somewhere. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import type { Net } from '../lower/netlist.ts';
import { targetsOf } from '../lower/processes.ts';

export function noDriver(design: Design): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const module of design.modules) {
    if (module.blackBox !== undefined) continue;
    const driven = new Set<Net>();
    for (const statement of module.statements) for (const target of targetsOf(statement)) driven.add(target);
    const made = new Set(module.instances.flatMap(({ clocks }) => [...clocks.values()]));
    for (const net of module.nets) {
      if (net.role === 'clock' && net.isLocal && !made.has(net))
        found.push({
          rule: 'HDL007',
          summary: `local clock '${net.name}' of module '${module.name}' is made by nothing`,
          label: `'${net.name}' is declared here`,
          help: `m.place(..., { clocks: { PORT: ${net.name} } }) of a black box with a clock output, or m.clock for a port`,
          origin: net.origin,
        });
      if (net.role !== 'wire' && net.role !== 'output' && net.role !== 'register') continue;
      if (module.refused.has(net) || driven.has(net)) continue;
      if (net.role !== 'register' && net.defaultValue !== undefined) continue;
      const isRegister = net.role === 'register';
      found.push({
        rule: 'HDL007',
        summary: isRegister
          ? `register '${net.name}' of module '${module.name}' never gets a next value`
          : `${net.role} '${net.name}' of module '${module.name}' is never assigned`,
        label: `'${net.name}' is declared here`,
        help: isRegister
          ? `m.next(${net.name}, ...), or a constant: lit(value, type)`
          : `m.assign(${net.name}, ...), or remove it`,
        origin: net.origin,
      });
    }
  }
  return found;
}
