/** Neurons that behave like their devices, as a kind. */
import type { NeuronKind } from '../contract.ts';
import { deviceBank } from './bank.ts';

export const deviceKind: NeuronKind = {
  outputBits: 1,
  isRandom: true,
  place: (m, stage, potentials, inputs) => {
    const { neuron: shared, layer } = stage;
    const { neuron, name } = layer;
    if (neuron.kind !== 'device' || shared.kind !== 'device') {
      throw new TypeError(`layer ${name} has ${neuron.kind} neurons in a core of ${shared.kind} ones`);
    }
    return m.place(`${name}_neurons`, deviceBank(stage, neuron, shared), { potentials, ...inputs }).spikes;
  },
};
