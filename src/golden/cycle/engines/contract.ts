/** What a kind of engine is to the cycle model. */
import type { CheckedMemory } from '../monitors/check.ts';
import type { Registers } from '../registers.ts';
import type { EngineWork } from '../work.ts';

/** The engine of a layer, between its input frames and its neurons. In a clock `combine`, then `update`. */
export interface Engine {
  /** Its own registers and those of its lanes. */
  readonly registers: Registers;
  /** Its weights, for their checksum. */
  readonly check: CheckedMemory;
  /** What it works on, for messages. */
  readonly work: EngineWork;
  /** Neurons of this pass that have left the drain; for messages. */
  readonly drawn: number;
  /** It works on no pass, and none is on its way to the neurons. */
  readonly idle: boolean;
  combine(): void;
  update(): void;
}
