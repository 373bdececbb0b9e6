/** The drives of the proof: 64 potentials over the whole table and 64 pixels, and both ends. */
import type { Drive } from './simulate.ts';

export const drives: readonly Drive[] = [
  { address: 0, pixel: 0 },
  ...Array.from({ length: 64 }, (_, i) => ({ address: 4 * i + 2, pixel: Math.round(((i + 0.5) * 255) / 64) })),
  { address: 255, pixel: 255 },
];

/** Passes that give every lane of a source together at least this many samples under each drive. */
export function passesFor(samples: number, drawsOfPass: number, lanes: number): number {
  return Math.ceil(samples / (drawsOfPass * lanes));
}
