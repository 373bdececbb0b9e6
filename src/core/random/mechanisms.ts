/** What random streams are to be made to do. */
import type { Mechanism } from '../mechanism.ts';

export const randomMechanisms: readonly Mechanism[] = [
  {
    name: 'the streams pass over images',
    of: 'without devices, whose histories nothing passes over',
    isPart: ({ neuron }) => neuron.kind !== 'device',
    isReached: ({ passedOver }) => passedOver > 0,
  },
];
