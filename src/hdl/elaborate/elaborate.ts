/** From a module definition to a checked design. */
import type { ModuleDefinition } from '../builder/module.ts';
import { DesignError, type Diagnostic, sortDiagnostics } from '../diagnostics.ts';
import { rules } from '../rules/index.ts';
import { Design, modulesUnder } from './design.ts';

/**
 * Describes the modules under `top` and holds them against all design rules.
 * @throws {DesignError} listing every broken rule
 */
export function elaborate(top: ModuleDefinition): Design {
  const module = top.ir();
  const design = new Design(module, modulesUnder(module));
  const diagnostics: Diagnostic[] = design.modules.flatMap((each) => each.diagnostics);
  // The rules follow signals through their module; a foreign one leads nowhere.
  const whole = diagnostics.every(({ rule }) => rule !== 'HDL017');
  if (whole) for (const rule of rules) diagnostics.push(...rule(design));
  if (diagnostics.length > 0) throw new DesignError(sortDiagnostics(diagnostics));
  return design;
}
