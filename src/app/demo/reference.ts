/** The reference core, whose Verilog is kept in generated/digits. */
import { join } from 'node:path';
import { planCore } from '../../core/index.ts';
import type { Plan } from '../../plan/index.ts';
import { loadDesign } from '../design.ts';

/** Name of the reference core. */
export const demoName = 'digits';

/** The plan of generated/digits, or of the same core with another readout or seed. */
export async function demoPlan(
  root: string,
  options: { readonly readout?: 'count'; readonly seed?: number } = {},
): Promise<Plan> {
  const design = await loadDesign(join(root, 'models', 'digits-cnn.onnx'), options, { cwd: root });
  return planCore({ ...design, name: demoName });
}
