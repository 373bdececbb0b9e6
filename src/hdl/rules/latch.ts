/** HDL012: a wire has a value on every path; without one it would have to remember, which is a register's work. */
import type { Diagnostic } from '../diagnostics.ts';
import type { Design } from '../elaborate/design.ts';
import { targetsOf } from '../lower/processes.ts';
import { missingPath } from './paths.ts';

export function latch(design: Design): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const module of design.modules) {
    for (const item of module.statements) {
      if (item.kind !== 'if' && item.kind !== 'switch') continue;
      for (const target of targetsOf(item)) {
        if (target.role === 'register' || target.defaultValue !== undefined) continue;
        const missing = missingPath([item], target);
        if (missing === undefined) continue;
        found.push({
          rule: 'HDL012',
          summary: `'${target.name}' in module '${module.name}' is not assigned on every path: ${missing}`,
          label: `${item.kind === 'if' ? 'm.when' : 'm.switch'} is here`,
          notes: [{ text: `'${target.name}' is declared`, origin: target.origin }],
          help: `assign it in every branch, or declare it with { default: ... }`,
          origin: item.origin,
        });
      }
    }
  }
  return found;
}
