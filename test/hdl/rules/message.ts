import { DesignError, elaborate, type ModuleDefinition } from '../../../src/hdl/index.ts';

/** The whole text that a broken design prints; empty for a good one. */
export function messageOf(definition: ModuleDefinition): string {
  try {
    elaborate(definition);
    return '';
  } catch (error) {
    if (error instanceof DesignError) return error.message;
    throw error;
  }
}
