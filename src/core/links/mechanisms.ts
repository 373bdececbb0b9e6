/** What streams are to be made to do. */
import type { Mechanism } from '../mechanism.ts';

export const streamMechanisms: readonly Mechanism[] = [
  { name: 'the source pauses inside an image', isReached: ({ events }) => events.inputPauses > 0 },
  { name: 'a pixel waits for the core', isReached: ({ events }) => events.inputWaits > 0 },
  { name: 'a result waits for its reader', isReached: ({ events }) => events.outputWaits > 0 },
  { name: 'the core is full, and nobody takes results', isReached: ({ events }) => events.fills > 0 },
  { name: 'a reset in the middle of the work', isReached: ({ resets }) => resets > 0 },
];
