/** The monitors in a core. */
import type { ModuleBuilder } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { CoreIo } from '../ports.ts';
import { monitorBlock } from './block.ts';
import type { CheckedMemory } from './check.ts';
import { watchShapes } from './links.ts';

/** What watches over a core, and what is watched; undefined where nothing is. */
export type Monitors = ReturnType<typeof placeMonitors>;

export function placeMonitors(m: ModuleBuilder, plan: Plan, memories: readonly CheckedMemory[], io: CoreIo) {
  const { wb, alarm, closed } = io;
  if (!plan.monitors || !wb || !alarm) return undefined;
  m.section('Monitors');
  const block = m.place('monitor', monitorBlock(plan, plan.monitors, memories), { wb });
  m.assign(alarm, block.alarm);
  if (closed && block.closed) m.assign(closed, block.closed);
  return { ...block, shapes: watchShapes(plan, plan.monitors) };
}
