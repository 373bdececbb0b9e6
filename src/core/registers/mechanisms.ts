/** What a host on the register bus is to do while images go through. */
import type { Mechanism } from '../mechanism.ts';

export const registerMechanisms: readonly Mechanism[] = [
  {
    name: 'the host reads and writes registers',
    of: 'with devices',
    isPart: ({ neuron }) => neuron.kind === 'device',
    isReached: ({ accesses }) => accesses > 0,
  },
  {
    name: 'a self-test between images',
    of: 'with a self-test',
    isPart: ({ neuron }) => neuron.kind === 'device' && neuron.selfTest,
    isReached: ({ selfTests }) => selfTests > 0,
  },
];
