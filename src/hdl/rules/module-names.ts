/** HDL005 beyond single declarations: modules, files of contents, and the localparams of enumerations. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { sameType, stateName } from '../ir/types.ts';
import { isInLoop, isState, type LoweredModule, type Net } from '../lower/netlist.ts';
import type { Origin } from '../origin.ts';

export function moduleNames(design: Design): Diagnostic[] {
  const found: Diagnostic[] = design.modules.flatMap((module) => [...stateNames(module), ...loopNames(module)]);
  const modules = new Map<string, Origin>();
  const files = new Map<string, Origin>();
  for (const module of design.modules) {
    const earlier = modules.get(module.name);
    if (earlier !== undefined) {
      found.push({
        rule: 'HDL005',
        summary: `two different modules are named '${module.name}'`,
        label: 'this one',
        notes: [{ text: 'the other is defined', origin: earlier }],
        help: 'define the module once and instantiate it twice, or give one of them another name',
        origin: module.origin,
      });
    }
    modules.set(module.name, module.origin);
    for (const memory of module.memories) {
      const file = memory.contentsFile;
      if (file === undefined) continue;
      const other = files.get(file);
      if (other !== undefined) {
        found.push({
          rule: 'HDL005',
          summary: `two memories keep their contents in '${file}'`,
          label: `memory '${memory.name}'`,
          notes: [{ text: 'the other is declared', origin: other }],
          help: 'give contentsFile another name',
          origin: memory.origin,
        });
      }
      files.set(file, memory.origin);
    }
  }
  return found;
}

/** What stands in a loop is found by its name there: around it nothing else has it. */
function loopNames(module: LoweredModule): Diagnostic[] {
  const { nets, memories, instances, constants } = module;
  const outside = new Map<string, Origin>(
    [...nets, ...memories, ...instances, ...constants].map(({ name, origin }) => [name, origin]),
  );
  return instances.filter(isInLoop).flatMap(({ name: label, definition }) => {
    const inside = [...definition.nets.filter(isState), ...definition.memories, ...definition.instances];
    return inside.flatMap(({ name, origin }): Diagnostic[] => {
      const other = outside.get(name);
      if (other === undefined) return [];
      return [
        {
          rule: 'HDL005',
          summary: `'${name}' would mean two things in module '${module.name}'`,
          label: `stands in the loop '${label}' of '${definition.name}'`,
          notes: [{ text: 'the other is around the loop, declared', origin: other }],
          help: `give one of them another name, or define '${definition.name}' without loopBody`,
          origin,
        },
      ];
    });
  });
}

function netsInLoops({ instances }: LoweredModule): Net[] {
  return instances.filter(isInLoop).flatMap(({ definition }) => [...definition.nets, ...netsInLoops(definition)]);
}

/** Every state of an enumeration is a localparam of the module. */
function stateNames(module: LoweredModule): Diagnostic[] {
  const found: Diagnostic[] = [];
  const owners = new Map<string, Net>();
  const names = new Map(module.nets.map((net) => [net.name, net]));
  for (const net of [...module.nets, ...netsInLoops(module)]) {
    if (net.type.kind !== 'enum') continue;
    for (const state of net.type.states) {
      const name = stateName(net.type.name, state);
      const owner = owners.get(name) ?? names.get(name);
      const same = owner !== undefined && sameType(owner.type, net.type);
      if (owner === undefined || same) {
        owners.set(name, net);
        continue;
      }
      found.push({
        rule: 'HDL005',
        summary: `'${name}' would mean two things in module '${module.name}'`,
        label: `state '${state}' of '${net.name}'`,
        notes: [{ text: `also of '${owner.name}', declared`, origin: owner.origin }],
        help: 'give one of the enumerations another name',
        origin: net.origin,
      });
      break;
    }
  }
  return found;
}
