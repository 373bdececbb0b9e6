/** A core's network in the plainest folds: it spikes as in any others, and nothing is searched for. */
import { type CoreDesign, planCore } from '../core/index.ts';
import type { Plan } from '../plan/index.ts';

export function plainPlan(design: CoreDesign): Plan {
  const { fit, pixelLanes, timeLanes, seeding, imageBanks, earlyExit, monitors, ...options } = design.options;
  const folds = design.network.layers
    .filter(({ kind }) => kind !== 'averagePool')
    .map(() => ({ engine: { kind: 'window', inputBanks: 2 }, outputLanes: 1, positionLanes: 1 }) as const);
  return planCore({ ...design, options: { ...options, folds, timeLanes: 1, force: true } });
}
