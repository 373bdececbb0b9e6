/** What a kind of neuron is to the cycle model. */
import type { CheckedMemory } from '../monitors/check.ts';
import type { PassState } from '../pass.ts';
import type { Registers } from '../registers.ts';

/** The neurons of a layer, between its engine and its pool or consumer. In a clock first all requests, then `combine`, then `update`. */
export interface LayerNeurons {
  /** A pass can begin. */
  readonly resting: boolean;
  /** Words are loaded: no draw. */
  readonly loading: boolean;
  /** Its table, for its checksum; undefined where nobody checks it. */
  readonly check?: CheckedMemory;
  readonly registers: Registers;
  /** Blocks below it with registers of their own. */
  readonly parts: readonly { readonly name: string; readonly registers: Registers }[];
  /** A pass begins in this clock; `last` when it is its image's last. */
  start(last: number): void;
  /** In this clock the first pass of a new image waits. */
  announce(): void;
  /** In this clock the host passes over the next image. */
  skipImage(): void;
  /** The neuron's potential in each time lane (one for all lanes under direct encoding) is drawn in this clock. */
  draw(potentials: Int32Array): void;
  /** Pushes what the neuron that is ready gives; true when it completes the consumer's frame. */
  combine(pass: PassState): boolean;
  update(): void;
}
