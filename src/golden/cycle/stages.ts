/** The blocks of the layers, and which of them a clock can change. */
import type { LayerPlan } from '../../plan/schema/index.ts';
import type { Geometry } from '../geometry.ts';
import type { Carry } from './carry.ts';
import type { Engine } from './engines/contract.ts';
import type { EventBuffer } from './engines/event/buffer.ts';
import type { FrameBuffer } from './frame-buffer.ts';
import type { LayerNeurons } from './neurons/contract.ts';
import type { Pool } from './pool.ts';

/** The blocks of one layer. */
export interface Stage {
  readonly plan: LayerPlan;
  readonly geometry: Geometry;
  readonly buffer: FrameBuffer | EventBuffer | undefined;
  readonly engine: Engine;
  readonly neurons: LayerNeurons | undefined;
  readonly carry: Carry | undefined;
  readonly pool: Pool | undefined;
  /** All their registers. */
  readonly registers: Int32Array;
}

/** A stage, and the registers that it had after its last clock without work. */
interface Clocked {
  readonly stage: Stage;
  readonly index: number;
  readonly before: Int32Array;
  /** `before` is of the clock before. */
  wasIdle: boolean;
  asleep: boolean;
}

/**
 * The stages that are clocked. In a core of many layers most wait for a frame, and a clock leaves all that they hold as it is: a stage
 * falls asleep when it has no pass and no frame and a clock has changed none of its registers. What is pushed into its buffer wakes it.
 */
export class ClockedStages {
  readonly #all: readonly Clocked[];
  readonly #maySleep: boolean;
  #clocked: readonly Clocked[];
  #awake: readonly Stage[];

  /** All are awake; they stay so unless `maySleep`, when nothing but its frames reaches a stage. */
  constructor(stages: readonly Stage[], maySleep: boolean) {
    this.#maySleep = maySleep;
    this.#all = stages.map((stage, index) => ({
      ...{ stage, index, wasIdle: false, asleep: false },
      before: new Int32Array(maySleep ? stage.registers.length : 0),
    }));
    this.#clocked = this.#all;
    this.#awake = stages;
  }

  /** In the order of the layers. */
  get awake(): readonly Stage[] {
    return this.#awake;
  }

  /** When all blocks have looked: wakes stages into whose buffers something was pushed. Only one that is awake pushes, into the next one. */
  wake(): void {
    if (this.#clocked.length === this.#all.length) return;
    let woken = false;
    for (const { index } of this.#clocked) {
      const next = this.#all[index + 1];
      if (next?.asleep !== true || next.stage.buffer?.pushed !== true) continue;
      next.asleep = false;
      woken = true;
    }
    if (woken) this.#list();
  }

  wakeAll(): void {
    if (this.#clocked.length === this.#all.length) return;
    for (const clocked of this.#all) clocked.asleep = false;
    this.#list();
  }

  /** When the registers have changed. The first stage, whose source is no buffer of its own, never sleeps. */
  rest(): void {
    if (!this.#maySleep) return;
    let resting = false;
    for (const clocked of this.#clocked) {
      if (clocked.index === 0) continue;
      const { stage, before, wasIdle } = clocked;
      clocked.wasIdle = stage.engine.idle && stage.buffer?.ready === false;
      if (!clocked.wasIdle) continue;
      if (wasIdle && sameWords(before, stage.registers)) {
        clocked.asleep = true;
        clocked.wasIdle = false;
        resting = true;
      } else before.set(stage.registers);
    }
    if (resting) this.#list();
  }

  #list(): void {
    this.#clocked = this.#all.filter(({ asleep }) => !asleep);
    this.#awake = this.#clocked.map(({ stage }) => stage);
  }
}

function sameWords(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
