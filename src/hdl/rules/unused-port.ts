/** HDL010: what is declared as a port is used, or said to be unused. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { isInput, isState, type LoweredModule, type Net } from '../lower/netlist.ts';
import { usageOf } from '../lower/usage.ts';

export function unusedPort(design: Design): Diagnostic[] {
  return design.modules.flatMap((module) => (module.blackBox === undefined ? inModule(module) : []));
}

function inModule(module: LoweredModule): Diagnostic[] {
  const found: Diagnostic[] = [];
  const { bits } = usageOf(module);
  const clocking = new Set<Net>();
  for (const net of module.nets) {
    if (isState(net)) clocking.add(net.clock);
    if (net.role === 'register' && net.reset !== undefined) clocking.add(net.reset.signal);
  }
  for (const { writes } of module.memories) for (const { clock } of writes) clocking.add(clock);
  for (const net of module.nets) {
    if (module.unused.has(net) || module.refused.has(net) || bits.has(net) || clocking.has(net)) continue;
    if (isInput(net)) {
      found.push({
        rule: 'HDL010',
        summary: `${net.role} '${net.name}' of module '${module.name}' is never read`,
        label: `'${net.name}' is declared here`,
        help:
          net.role === 'input'
            ? `remove the port, or m.unused(${net.name}, 'why')`
            : 'remove it: nothing in the module is clocked or reset by it',
        origin: net.origin,
      });
    } else if (net.role === 'instanceOutput') {
      found.push({
        rule: 'HDL010',
        summary: `output '${net.port}' of instance '${net.instance}' is never read in module '${module.name}'`,
        label: `${net.instance} is instantiated here`,
        help: `read it, or m.unused(${net.instance}.${net.port}, 'why')`,
        origin: net.origin,
      });
    }
  }
  return found;
}
