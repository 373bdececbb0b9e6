/** HDL005 across modules: two different modules can't share a name, nor two files of contents. */
import type { Diagnostic } from '../diagnostics.ts';
import { contentsFileOf, type Design } from '../elaborate/design.ts';
import type { Place } from '../place.ts';

export function moduleNames(design: Design): Diagnostic[] {
  const found: Diagnostic[] = [];
  const modules = new Map<string, Place>();
  const files = new Map<string, Place>();
  for (const module of design.modules) {
    const earlier = modules.get(module.name);
    if (earlier !== undefined) {
      found.push({
        rule: 'HDL005',
        summary: `two different modules are named '${module.name}'`,
        label: 'this one',
        notes: [{ text: 'the other is defined', place: earlier }],
        help: 'define the module once and instantiate it twice, or give one of them another name',
        place: module.place,
      });
    }
    modules.set(module.name, module.place);
    for (const memory of module.memories) {
      const file = contentsFileOf(memory);
      if (file === undefined) continue;
      const other = files.get(file);
      if (other !== undefined) {
        found.push({
          rule: 'HDL005',
          summary: `two memories keep their contents in '${file}'`,
          label: `memory '${memory.name}'`,
          notes: [{ text: 'the other is declared', place: other }],
          help: 'give contentsFile another name',
          place: memory.place,
        });
      }
      files.set(file, memory.place);
    }
  }
  return found;
}
