/** What a core has beside its engines and neurons of one draw: monitors, early exit, neurons of other kinds. */
import type { DeviceOptions } from '../maker/device.ts';
import type { NeuronOptions } from '../maker/neurons.ts';
import type { MonitorOptions } from '../maker/options.ts';

/** What a plan is asked for, as far as it costs hardware; a field that is absent costs none. */
export interface Equipment {
  readonly monitors?: MonitorOptions | undefined;
  readonly device?: DeviceOptions | undefined;
  /** Neurons that are more than one draw. */
  readonly neuron?: Pick<NeuronOptions, 'kind' | 'start'> | undefined;
  readonly earlyExit?: boolean | undefined;
}

/** Whether anything watches over the core. */
export function hasMonitors({ monitors = {} }: Equipment): boolean {
  return Object.values(monitors).some((value) => value !== undefined && value !== false);
}

/** Whether neurons behave like devices in anything. */
export function hasDevices({ device = {} }: Equipment): boolean {
  return Object.values(device).some(Boolean);
}

/** Weights and tables are read for their checksums; the host that replaces them wants that, too. */
export function checksMemories({ monitors }: Equipment): boolean {
  return monitors?.checksum === true || monitors?.load === true;
}

/** The host replaces weights and tables. */
export function loadsMemories({ monitors }: Equipment): boolean {
  return monitors?.load === true;
}

/** Beside it no engine takes several inputs at once: a wide one waits for no phases, and drops no pass (src/plan/schema/features.ts). */
export function wantsSinglePixels(equipment: Equipment): boolean {
  return equipment.earlyExit === true || hasDevices(equipment);
}

/** Streams have a seeder beside it: its start states are what a stream begins anew from, and steps over what an image leaves unused. */
export function wantsSeeders({ earlyExit, monitors }: Equipment): boolean {
  return earlyExit === true || monitors?.lockup === true;
}
