/** Inputs of a circuit for each clock, and what its outputs are then by the laws. */
import { type Circuit, inputsOf } from './circuit.ts';
import { Model } from './model.ts';
import { numberOf } from './types.ts';

export interface Cycle {
  readonly reset: boolean;
  /** Clock 1 has an edge. */
  readonly tick: boolean;
  readonly inputs: readonly bigint[];
  readonly outputs: readonly bigint[];
}

/** In the first ones state may be unknown: reset and `init` are active, outputs don't count before the second. */
export const settlingCycles = 2;
export const firstComparedCycle = 1;

export function runByLaws(circuit: Circuit, cycles: number): Cycle[] {
  const model = new Model(circuit);
  const random = generator(circuit.seed);
  return Array.from({ length: cycles }, (_, cycle) => {
    const settling = cycle < settlingCycles;
    const reset = settling || random() % 11 === 0;
    const inputs = inputsOf(circuit).map(({ type }, id) =>
      id === 0 ? BigInt(settling || random() % 13 === 0) : numberOf(type, random()),
    );
    const tick = settling || random() % 3 !== 0;
    const outputs = model.settle(inputs);
    model.clock(reset, [true, tick]);
    return { reset, tick, inputs, outputs };
  });
}

/** Numbers below 2^28 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xfff_ffff;
  };
}
