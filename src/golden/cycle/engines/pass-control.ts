/** How an engine that holds a pass until its neurons have taken all of it goes from one pass to the next: idle, run, flush. */
import type { Plan } from '../../../plan/schema/index.ts';
import type { Source } from '../buffer.ts';
import { type Decision, ImageTag } from '../early-exit.ts';
import type { Lanes } from '../lanes.ts';
import type { PassState } from '../pass.ts';
import type { Registers } from '../registers.ts';
import { EngineWork } from '../work.ts';

const IDLE = 0;
const RUN = 1;
const FLUSH = 2;

/** The frames that an engine takes, one a pass. */
export type FrameSource = Pick<Source, 'ready' | 'active' | 'last' | 'image' | 'release'>;

/** What the frames of a layer come from, where its potentials go, and whose answer ends an image early. */
export interface PassLinks {
  readonly source: FrameSource;
  readonly lanes: Lanes;
  readonly decision: Decision;
}

/** In a clock `combine`, then, unless the engine runs, `update`. */
export class PassControl implements PassState {
  readonly work = new EngineWork();
  readonly #r;
  readonly #image: ImageTag;
  readonly #source: FrameSource;
  readonly #lanes: Lanes;
  readonly #passLanes: number;
  // Of this clock.
  #starting = false;
  #committed = false;

  /** Its registers are among `registers`. */
  constructor(registers: Registers, plan: Plan, { source, lanes, decision }: PassLinks) {
    this.#source = source;
    this.#lanes = lanes;
    this.#passLanes = plan.timeSteps.lanes;
    this.#r = {
      state: registers.word('state', 2, IDLE),
      active: registers.word('potentials_active', this.#passLanes),
      last: registers.word('potentials_last', 1),
    };
    this.#image = new ImageTag(registers, plan, decision);
  }

  get running(): boolean {
    return this.#r.state.now === RUN;
  }

  get idle(): boolean {
    return this.#r.state.now === IDLE;
  }

  get active(): number {
    return this.#r.active.now;
  }

  get last(): number {
    return this.#r.last.now;
  }

  get image(): number {
    return this.#image.tag;
  }

  /** Takes the neurons' spikes on, and the waiting frame if its turn has come; drops a frame whose image has its answer. */
  combine(): void {
    const source = this.#source;
    this.#committed = this.#lanes.combine(this);
    const waits = this.#r.state.now === IDLE && source.ready;
    this.#image.look(waits, source);
    if (this.#image.newImage) this.#lanes.announce();
    this.#starting = waits && !this.#image.dropping && this.#lanes.sinkFree;
    if (this.#starting) this.#lanes.startSink(source.last);
    if (this.#image.dropping) source.release();
  }

  /** The last capture is on its way to the drain. */
  flush(): void {
    this.#r.state.now = FLUSH;
  }

  update(): void {
    const { state, active, last } = this.#r;
    if (this.#starting) {
      this.work.begin(last.now, this.#passLanes);
      state.now = RUN;
      active.now = this.#source.active;
      last.now = this.#source.last;
      this.#image.tag = this.#source.image;
    } else if (state.now === FLUSH && this.#committed) state.now = IDLE;
  }
}
