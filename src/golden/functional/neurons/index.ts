/** The kinds of neuron in the functional model. */
import type { LayerPlan, Plan } from '../../../plan/schema/index.ts';
import { type LayerDevices, VariedNeurons } from '../../variation.ts';
import type { Thresholds } from './contract.ts';
import { DeviceLayer } from './device/thresholds.ts';
import { type LayerMemory, MemoryLayer } from './memory.ts';
import { TelegraphLayer } from './telegraph/thresholds.ts';

/** What of one layer is not as the plan's own neurons are. */
export interface Departures {
  readonly devices: LayerDevices | undefined;
  readonly memory: LayerMemory | undefined;
}

/** Undefined where potential and word decide by the table alone. */
export function layerThresholds(plan: Plan, layer: LayerPlan, { devices, memory }: Departures): Thresholds | undefined {
  const { neuron } = layer;
  if (!('stream' in neuron)) return undefined;
  if (devices !== undefined) return new VariedNeurons(neuron, devices);
  if (memory !== undefined) return new MemoryLayer(neuron, memory);
  switch (neuron.kind) {
    case 'ideal':
      return undefined;
    case 'telegraph':
      return plan.neuron.kind === 'telegraph' ? new TelegraphLayer(neuron, plan.neuron.start) : undefined;
    case 'device':
      return plan.neuron.kind === 'device' ? new DeviceLayer(plan.neuron, layer, neuron) : undefined;
  }
}
