/** What a kind of neuron is to the core. */
import type { Bool, ModuleBuilder } from '../../hdl/index.ts';
import type { PassIn, PotentialsIn } from '../links/index.ts';
import type { CheckIn, LockupIn } from '../monitors/links.ts';
import type { Stage } from '../stage.ts';
import type { RegistersIn } from './device/registers.ts';

/** What reaches the neurons of all layers. */
export interface NeuronInputs {
  /** Their random words pass over an image. */
  readonly skipImage: Bool;
  /** What the bus has for them. */
  readonly registers: RegistersIn | undefined;
  /** Who is told when their random words stand still. */
  readonly lockup: LockupIn | undefined;
  /** Who reads their tables for their checksums. */
  readonly check: CheckIn | undefined;
}

export interface NeuronKind {
  /** Bits of what a neuron hands to the next layer in a time step: 1 for spikes. */
  readonly outputBits: number;
  /** What their tables hold, address by address, as a check reads them: all lanes side by side. */
  readonly tableWords?: (stage: Stage) => bigint[];
  /** Bits of a word of the table that the host may load; absent: its tables are not the host's. */
  readonly loadBits?: number;
  /** They draw random words. */
  readonly isRandom: boolean;
  /** Places the neurons of a layer behind its engine. */
  readonly place: (m: ModuleBuilder, stage: Stage, potentials: PotentialsIn, inputs: NeuronInputs) => PassIn;
}
