/** The cycle-accurate model: every register and output port of the core on every clock. */
import type { Plan } from '../../plan/schema/index.ts';
import { Core, type CycleInputs, type CycleOutputs } from './model.ts';
import { layoutOf, RegisterFile, type RegisterLayout, type Signal } from './registers.ts';
import { type SignalWork, workOf } from './signal-work.ts';

export type { CycleInputs, CycleOutputs } from './model.ts';
export type { Signal } from './registers.ts';
export type { SignalWork } from './signal-work.ts';

/** The core, clock by clock: inputs in, outputs and every named register out. */
export interface CycleModel {
  /** Registers and output ports, in the order of a sample. */
  readonly signals: readonly Signal[];
  /** 32-bit words of a sample: ceil(width / 32) for each signal, low word first. */
  readonly sampleWords: number;
  /** Output ports in the current cycle; they depend on registers only, not on this cycle's inputs. */
  readonly outputs: CycleOutputs;
  /** Back to the state after a reset of at least two clocks. From now on the registers live in `words`, if given: layout.words of them, always as they are before the next edge. */
  reset(words?: Int32Array): void;
  /** One rising edge of the clock with these inputs. */
  step(inputs: CycleInputs): void;
  /** Writes all signals as they are before the next edge; `into` holds at least `sampleWords` words. */
  sample(into: Uint32Array): void;
  /** What each of the words that were given to `reset` means. */
  readonly layout: RegisterLayout;
  /** What a signal holds or works on in the current cycle, for messages. */
  work(path: string): SignalWork;
}

/** Throws badInput when the plan contradicts itself or docs/microarchitecture.md. */
export function createCycleModel(plan: Plan): CycleModel {
  return new Model(plan);
}

class Model implements CycleModel {
  readonly signals: readonly Signal[];
  readonly sampleWords: number;
  readonly layout: RegisterLayout;
  readonly #plan: Plan;
  #words: Int32Array;
  #core: Core;

  constructor(plan: Plan) {
    this.#plan = plan;
    const file = new RegisterFile();
    const { signals, sampleWords, layout } = layoutOf(file, new Core(plan, file).registers());
    this.signals = signals;
    this.sampleWords = sampleWords;
    this.layout = layout;
    this.#words = new Int32Array(layout.words);
    this.#core = new Core(plan, new RegisterFile(this.#words));
  }

  get outputs(): CycleOutputs {
    return this.#core.outputs;
  }

  reset(words?: Int32Array): void {
    if (words !== undefined) this.#words = words;
    this.#core = new Core(this.#plan, new RegisterFile(this.#words));
  }

  step(inputs: CycleInputs): void {
    this.#core.step(inputs);
  }

  sample(into: Uint32Array): void {
    const { words, masks, places } = this.layout;
    for (let i = 0; i < words; i += 1) if (places[i]! >= 0) into[places[i]!] = this.#words[i]! & masks[i]!;
  }

  work(path: string): SignalWork {
    return workOf(this.#core, this.#plan.timeSteps.lanes, path);
  }
}
