/** How a wide engine takes its inputs. */
import type { LayerPlan } from '../../../plan/index.ts';

/** Inputs at once. */
export function inputLanesOf({ engine }: LayerPlan): number {
  return engine.kind === 'wide' ? engine.inputLanes : 1;
}

/** Elements of a wide engine's frame, each of all its input lanes. */
export function wideElements(layer: LayerPlan): number {
  return layer.weights[0]!.length / inputLanesOf(layer);
}
