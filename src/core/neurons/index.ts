/** The kinds of neuron. */
import type { LayerPlan } from '../../plan/index.ts';
import type { NeuronKind } from './contract.ts';
import { deviceKind } from './device/index.ts';
import { idealKind } from './ideal/index.ts';
import { integerKind } from './integer/index.ts';
import { telegraphKind } from './telegraph/index.ts';

type Kind = Exclude<LayerPlan['neuron']['kind'], 'none'>;

/** By the plan's word for each. */
const neuronKinds: Readonly<Record<Kind, NeuronKind>> = {
  ideal: idealKind,
  device: deviceKind,
  telegraph: telegraphKind,
  integer: integerKind,
};

/** Undefined where the potentials go to the readout. */
export function neuronKindOf({ neuron }: Pick<LayerPlan, 'neuron'>): NeuronKind | undefined {
  return neuron.kind === 'none' ? undefined : neuronKinds[neuron.kind];
}
