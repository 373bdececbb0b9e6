/** From a module definition to a checked design. */
import type { ModuleDefinition } from '../builder/module.ts';
import { DesignError, type Diagnostic, severityOf, sortDiagnostics } from '../diagnostics.ts';
import { lowerModules } from '../lower/lower.ts';
import { rules } from '../rules/index.ts';
import { Design, modulesUnder } from './design.ts';

/**
 * Describes the modules under `top`, lowers them to netlists and holds those against all design rules. Warnings are in the design.
 * @throws {DesignError} listing every broken rule; an unfinished design draws no warnings
 */
export function elaborate(top: ModuleDefinition): Design {
  const modules = modulesUnder(top.ir());
  const found: Diagnostic[] = modules.flatMap((each) => each.diagnostics);
  // The rules follow signals through their module; a foreign one leads nowhere.
  if (found.some(({ rule }) => rule === 'HDL017')) throw new DesignError(sortDiagnostics(found));
  const lowered = lowerModules(modules);
  const design = new Design(lowered.at(-1)!, lowered);
  for (const rule of rules) found.push(...rule(design));
  const sorted = sortDiagnostics(found);
  const errors = sorted.filter(({ rule }) => severityOf(rule) === 'error');
  if (errors.length > 0) throw new DesignError(errors);
  return new Design(lowered.at(-1)!, lowered, sorted);
}
