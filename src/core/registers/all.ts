/** The registers that a core has behind its bus. */
import type { Plan } from '../../plan/index.ts';
import { checkedMemories } from '../memories.ts';
import { monitorMap } from '../monitors/map.ts';
import { type BusRegister, deviceRegisters } from './map.ts';

/** All registers of a core, by address; none where neurons are ideal and nothing watches. */
export function registerMap(plan: Plan): BusRegister[] {
  const loadable = plan.monitors?.load ? checkedMemories(plan) : [];
  const monitors = plan.monitors ? monitorMap(plan, plan.monitors, loadable) : { core: {}, layers: [] };
  const watching = [monitors.core, ...monitors.layers].flatMap((registers) => Object.values(registers));
  return [...deviceRegisters(plan), ...watching].sort((a, b) => a.address - b.address);
}
