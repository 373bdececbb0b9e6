/** The cycle-accurate model: every register and output port of the core on every clock. */
import type { Plan } from '../../plan/index.ts';
import { Core, type CycleInputs, type CycleOutputs } from './model.ts';
import { placeOf, type SignalPlace } from './place.ts';
import { Probe, type Signal, sampleWords } from './probe.ts';

export type { CycleInputs, CycleOutputs } from './model.ts';
export type { SignalPlace } from './place.ts';
export type { Signal } from './probe.ts';

export interface CycleModel {
  /** Registers and output ports, in the order of a sample. */
  readonly signals: readonly Signal[];
  /** 32-bit words of a sample: ceil(width / 32) for each signal, low word first. */
  readonly sampleWords: number;
  /** Output ports in the current cycle; they depend on registers only, not on this cycle's inputs. */
  readonly outputs: CycleOutputs;
  /** Back to the state after a reset of at least two clocks. */
  reset(): void;
  /** One rising edge of the clock with these inputs. */
  step(inputs: CycleInputs): void;
  /** Writes all signals as they are before the next edge; `into` holds at least `sampleWords` words. */
  sample(into: Uint32Array): void;
  /** What a signal holds or works on in the current cycle, for messages. */
  place(path: string): SignalPlace;
}

/** Throws badInput when the plan contradicts itself or docs/microarchitecture.md. */
export function createCycleModel(plan: Plan): CycleModel {
  return new Model(plan);
}

class Model implements CycleModel {
  readonly signals: readonly Signal[];
  readonly sampleWords: number;
  readonly #plan: Plan;
  readonly #probe = new Probe();
  #core: Core;
  #blocks: ReturnType<Core['blocks']>;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#core = new Core(plan);
    this.#blocks = this.#core.blocks();
    for (const { name, block } of this.#blocks) this.#probe.list(name, block);
    this.signals = this.#probe.signals;
    this.sampleWords = sampleWords(this.signals);
  }

  get outputs(): CycleOutputs {
    return this.#core.outputs;
  }

  reset(): void {
    this.#core = new Core(this.#plan);
    this.#blocks = this.#core.blocks();
  }

  step(inputs: CycleInputs): void {
    this.#core.step(inputs);
  }

  sample(into: Uint32Array): void {
    this.#probe.sample(this.#blocks, into);
  }

  place(path: string): SignalPlace {
    return placeOf(this.#core, this.#plan.timeSteps.lanes, path);
  }
}
