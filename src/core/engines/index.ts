/** The kinds of engine. */
import type { LayerPlan } from '../../plan/index.ts';
import type { EngineKind } from './contract.ts';
import { eventKind } from './event/index.ts';
import { wideKind } from './wide/index.ts';
import { windowKind } from './window/index.ts';

/** By the plan's word for each. */
const engineKinds: Readonly<Record<LayerPlan['engine']['kind'], EngineKind>> = {
  window: windowKind,
  event: eventKind,
  wide: wideKind,
};

export function engineKindOf({ engine }: Pick<LayerPlan, 'engine'>): EngineKind {
  return engineKinds[engine.kind];
}
