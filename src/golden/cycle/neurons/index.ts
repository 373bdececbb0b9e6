/** The kinds of neuron in the cycle model. */
import type { LayerPlan, Plan } from '../../../plan/schema/index.ts';
import type { Consumer } from '../buffer.ts';
import type { RegisterFile } from '../registers.ts';
import type { LayerNeurons } from './contract.ts';
import { DeviceNeurons } from './device/bank.ts';
import { Neurons } from './ideal/neurons.ts';
import { IntegerNeurons } from './integer/neurons.ts';
import { TelegraphNeurons } from './telegraph/neurons.ts';

/** What takes the layer's potentials; undefined where they go to the readout. */
export function layerNeurons(
  file: RegisterFile,
  plan: Plan,
  layer: LayerPlan,
  consumer: Consumer,
): LayerNeurons | undefined {
  const { neuron } = layer;
  switch (neuron.kind) {
    case 'none':
      return undefined;
    case 'integer':
      return new IntegerNeurons(file, neuron, consumer);
    case 'ideal':
      return new Neurons(file, plan, neuron, consumer);
    case 'telegraph':
      if (plan.neuron.kind !== 'telegraph') return undefined;
      return new TelegraphNeurons(file, plan, neuron, plan.neuron.start, consumer);
    case 'device':
      if (plan.neuron.kind !== 'device') return undefined;
      return new DeviceNeurons(file, plan, plan.neuron, layer, neuron, consumer);
  }
}
