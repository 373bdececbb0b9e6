/** HDL022, a warning: a memory that leaves open what a read gives of a word that is written says why that does not matter. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';

export function undefinedCollision(design: Design): Diagnostic[] {
  return design.modules.flatMap((module) =>
    module.memories.flatMap((memory): Diagnostic[] => {
      if (memory.collision !== 'undefined' || memory.writes.length === 0) return [];
      return memory.reads.flatMap(({ output, origin }): Diagnostic[] => {
        const waived = module.waivers.some(({ rule, net }) => rule === 'HDL022' && net === output);
        if (waived || module.unused.has(output)) return [];
        return [
          {
            rule: 'HDL022',
            summary: `'${output.name}' may be anything when memory '${memory.name}' of module '${module.name}' is written at the address it reads`,
            label: 'the word is read here',
            notes: memory.writes.map((write) => ({ text: 'it is written', origin: write.origin })),
            help: `collision: 'old' or 'new', or m.waive('HDL022', ${output.name}, 'why such a word is never used')`,
            origin,
          },
        ];
      });
    }),
  );
}
