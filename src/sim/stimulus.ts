/**
 * The stimulus of a run: which pixels go in when, and when results are taken. It reacts to the core's handshakes, so it exists
 * twice with the same rules: here, in front of the golden model, and in sim/stimulus.h, in front of the Verilog.
 */
import { badInput } from '../errors/index.ts';
import { beatOf, repeatedByte } from './beats.ts';
import { type BusCycle, type BusOperation, BusScript } from './bus.ts';

/** Images, time steps and gaps: what happens at a core's ports. */
export interface Stimulus {
  /** Image after image, pixels in the order of the input stream, 0..255. */
  readonly pixels: Uint8Array;
  readonly imageSize: number;
  /** Pixels a beat, a divisor of imageSize; absent: 1. */
  readonly pixelLanes?: number | undefined;
  /** Time steps of each image: one number for all, or one for each image (the last one goes on). */
  readonly timeSteps: number | readonly number[];
  /** With early exit: the margin that answers an image; absent: never before its last time step. */
  readonly exitMargin?: number;
  /** Seed of random gaps on both streams, 1..2^32-1; absent or 0: never a gap. */
  readonly stall?: number;
  /** Each image waits for the result of the one before: the core is empty when it comes. */
  readonly alone?: boolean;
  /**
   * After so many answers, and again sixteen times, the output is shut until the core is full: nothing has gone in for twice the longest time between two
   * answers.
   */
  readonly fill?: number;
  /**
   * The last pixel of an image that goes wrong with it waits until the last beat of an answer waits, too; both go in one clock, every other time the answer
   * a clock later. Not when the core stands still for as long as with `fill`.
   */
  readonly meet?: boolean;
  /** Beats (counted from the first image's first pixel) whose tlast is sent wrong. */
  readonly wrongLast?: readonly number[];
  /** Beats that are marked as bad; only a last one is looked at. */
  readonly bad?: readonly number[];
  /**
   * Before the run proper, once for each number: so many clocks of it, and a reset. No trace of that may be seen at
   * the ports.
   */
  readonly before?: readonly number[];
  /** Before the first image the random streams pass over so many, one each `clocks` clocks. */
  readonly skip?: { readonly images: number; readonly clocks: number };
  /** What the host does on the register bus; the pixels wait where the script says so. */
  readonly bus?: readonly BusOperation[];
}

/** The core's inputs during one clock cycle. */
export interface CycleInputs {
  timeSteps: number;
  /** Pixels of the beat, 8 bits each; a BigInt when there are several. */
  sAxisTdata: number | bigint;
  sAxisTvalid: boolean;
  sAxisTlast: boolean;
  sAxisTuser?: boolean;
  skipImage?: boolean;
  mAxisTready: boolean;
  /** Looked at by cores with early exit only. */
  exitMargin?: number;
  /** The register bus in this cycle; absent on a core without one, or when nothing is asked. */
  bus?: BusCycle;
}

/** The core's outputs during one clock cycle, for the inputs of that cycle. */
export interface CycleOutputs {
  readonly sAxisTready: boolean;
  readonly mAxisTvalid: boolean;
  readonly mAxisTdata: number;
  readonly mAxisTlast: boolean;
  /** Absent on a core that drops nothing. */
  readonly imageDropped?: boolean;
  /** Of the register bus; absent on a core without one. */
  readonly busAck?: boolean;
  readonly busData?: number;
}

/** One image's result packet and when it happened (clock cycles after reset). */
export interface ImageResult {
  readonly image: number;
  readonly class: number;
  /** Time steps that the core took, where it says so (early exit); otherwise 0. */
  readonly stepsUsed: number;
  /** The core says that the lead is too small, where it watches it; otherwise false. */
  readonly abstains: boolean;
  readonly scores: readonly number[];
  readonly firstPixelCycle: number;
  readonly lastPixelCycle: number;
  readonly resultCycle: number;
}

/** What happened on the streams, counted in clock cycles, and images that the core dropped. */
export interface StreamEvents {
  readonly inputPauses: number;
  readonly inputWaits: number;
  readonly outputWaits: number;
  /** Times that the output was shut until nothing more went in. */
  readonly fills: number;
  readonly dropped: number;
  /** Of those, images with others behind them in the core. */
  readonly droppedAmongOthers: number;
  /** How the first image went wrong: its last pixel came too early, was not the last, or was marked as bad. */
  readonly firstWrong: 'short' | 'long' | 'marked' | undefined;
}

/** Cycles that a run goes on after the last result. */
export const tailCycles = 64;

/** Clock cycles that count as the time between two answers at least. */
const shortestFill = 64;

/** Times that a core is filled. */
export const mostFills = 16;

const gapLimits = [0, 64, 192, 256];

/** Gaps in bursts: for 16..2048 cycles at a time the stream is free, a quarter blocked, three quarters blocked or shut. */
class Gaps {
  private state: number;
  private density = 0;
  private left = 0;

  constructor(seed: number) {
    this.state = seed >>> 0 || 1;
  }

  /** The next number of Marsaglia's xorshift32. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }

  gap(): boolean {
    if (this.left === 0) {
      const choice = this.next();
      this.density = choice & 3;
      this.left = 16 << ((choice >>> 2) & 7);
    }
    this.left--;
    return (this.next() & 0xff) < gapLimits[this.density]!;
  }
}

export function imageCount(stimulus: Stimulus): number {
  const count = stimulus.pixels.length / stimulus.imageSize;
  if (!Number.isInteger(count) || count < 1)
    throw badInput('the pixels are not a whole number of images', {
      found: `${stimulus.pixels.length} bytes`,
      expected: `a multiple of ${stimulus.imageSize}, at least one image`,
    });
  return count;
}

/** Drives one core: `drive` gives the inputs of a cycle, `observe` takes the outputs that the core had in it. */
export class StimulusDriver {
  readonly inputs: CycleInputs = {
    timeSteps: 0,
    sAxisTdata: 0,
    sAxisTvalid: false,
    sAxisTlast: false,
    mAxisTready: true,
  };
  readonly results: ImageResult[] = [];
  get events(): StreamEvents {
    return {
      inputPauses: this.inputPauses,
      inputWaits: this.inputWaits,
      outputWaits: this.outputWaits,
      fills: this.fills,
      dropped: this.dropped,
      droppedAmongOthers: this.droppedAmongOthers,
      firstWrong: this.firstWrong,
    };
  }
  private inputPauses = 0;
  private inputWaits = 0;
  private outputWaits = 0;
  private fills = 0;
  private firstWrong: StreamEvents['firstWrong'];
  /** Clock cycles observed. */
  cycle = 0;
  /** Images whose last pixel has been accepted. */
  imagesSent = 0;
  /** Answers of the script's reads, in its order. */
  get busReads(): readonly number[] {
    return this.script?.reads ?? [];
  }
  private readonly script: BusScript | undefined;
  private readonly images: number;
  private readonly validGaps: Gaps | undefined;
  private readonly readyGaps: Gaps | undefined;
  private readonly pixelLanes: number;
  /** Beats of an image. */
  private readonly imageBeats: number;
  private readonly stepsMask: number;
  private readonly wrong: ReadonlySet<number>;
  private readonly bad: ReadonlySet<number>;
  /** Images that the core must answer or drop: frames that ended. */
  private ended = 0;
  private dropped = 0;
  private droppedAmongOthers = 0;
  private sentBeats = 0;
  private held = false;
  private firstPixel = 0;
  private sent: { first: number; last: number }[] = [];
  private beats: number[] = [];
  private isShut = false;
  /** Clock cycles since a beat went in, and since the last answer; the most between two answers. */
  private quiet = 0;
  private sinceAnswer = 0;
  private longest = shortestFill;
  private tail = tailCycles;
  /** What the output had in the clock before, and nobody took. */
  private waiting: 'none' | 'beat' | 'last' = 'none';
  private isMet = false;
  private meetings = 0;
  /** The image whose last pixel waits for no answer any more. */
  private missed = -1;

  constructor(
    private readonly stimulus: Stimulus,
    maxTimeSteps: number,
  ) {
    this.images = imageCount(stimulus);
    if (stimulus.exitMargin !== undefined) this.inputs.exitMargin = stimulus.exitMargin;
    this.pixelLanes = stimulus.pixelLanes ?? 1;
    this.imageBeats = stimulus.imageSize / this.pixelLanes;
    this.stepsMask = 2 ** maxTimeSteps.toString(2).length - 1;
    this.wrong = new Set(stimulus.wrongLast);
    this.bad = new Set(stimulus.bad);
    if (stimulus.bus?.length) this.script = new BusScript(stimulus.bus);
    if (stimulus.stall) {
      this.validGaps = new Gaps(stimulus.stall ^ 0x9e3779b9);
      this.readyGaps = new Gaps(stimulus.stall ^ 0x85ebca6b);
    }
  }

  /** True when all results are in and the tail is over. */
  get done(): boolean {
    return this.tail === 0;
  }

  drive(): CycleInputs {
    const { inputs, stimulus } = this;
    const meets = this.meets();
    const gap = this.validGaps?.gap() ?? false;
    const junk = this.validGaps?.next() ?? 0;
    const { images: skipped, clocks } = stimulus.skip ?? { images: 0, clocks: 1 };
    const skips = this.cycle < skipped * clocks;
    inputs.skipImage = skips && this.cycle % clocks === 0;
    const answered = this.results.length + this.dropped;
    const sendable = skips ? 0 : stimulus.alone ? Math.min(this.images, answered + 1) : this.images;
    const lastPixel = this.isAtLastPixel();
    const pauses = meets && lastPixel ? !this.isMet : gap;
    const valid = this.held || (this.imagesSent < Math.min(sendable, this.script?.sendable ?? sendable) && !pauses);
    if (valid) {
      const beat = this.imagesSent * this.imageBeats + this.sentBeats;
      inputs.sAxisTdata = beatOf(stimulus.pixels, beat, this.pixelLanes);
      inputs.sAxisTlast = lastPixel !== this.wrong.has(beat);
      inputs.sAxisTuser = this.bad.has(beat);
    } else {
      inputs.sAxisTdata = repeatedByte((junk >>> 8) & 0xff, this.pixelLanes);
      inputs.sAxisTlast = (junk & 1) === 1;
      inputs.sAxisTuser = (junk & 2) === 2;
    }
    inputs.timeSteps =
      (valid && this.sentBeats === 0) || !this.validGaps ? this.steps() : (junk >>> 16) & this.stepsMask;
    inputs.sAxisTvalid = valid;
    const readyGap = this.readyGaps?.gap() ?? false;
    inputs.mAxisTready = meets ? this.takesWhileMeeting() : !readyGap && !this.isShut;
    if (this.script) inputs.bus = this.script.drive(this.results.length);
    return inputs;
  }

  observe(outputs: CycleOutputs): void {
    const { inputs } = this;
    this.held = inputs.sAxisTvalid && !outputs.sAxisTready;
    this.waiting = !outputs.mAxisTvalid || inputs.mAxisTready ? 'none' : outputs.mAxisTlast ? 'last' : 'beat';
    if (this.waiting === 'last' && this.isAtLastPixel() && this.meets()) this.isMet = true;
    if (this.quiet > 2 * this.longest && this.meets()) this.missed = this.imagesSent;
    if (this.held) this.inputWaits++;
    else if (!inputs.sAxisTvalid && this.sentBeats > 0) this.inputPauses++;
    if (outputs.mAxisTvalid && !inputs.mAxisTready) this.outputWaits++;
    this.sinceAnswer++;
    this.quiet++;
    if (this.isShut && this.quiet > 2 * this.longest) {
      this.isShut = false;
      this.sinceAnswer = 0;
      if (this.imagesSent < this.images) this.fills++;
    }
    if (inputs.sAxisTvalid && outputs.sAxisTready) {
      this.quiet = 0;
      if (this.sentBeats === 0) this.firstPixel = this.cycle;
      this.sentBeats++;
      if (inputs.sAxisTlast) this.ended++;
      this.firstWrong ??= this.wrongness(this.sentBeats === this.imageBeats);
      if (this.sentBeats === this.imageBeats) {
        this.sent.push({ first: this.firstPixel, last: this.cycle });
        this.sentBeats = 0;
        this.imagesSent++;
        if (this.isMet) this.meetings++;
        this.isMet = false;
      }
    }
    this.script?.observe(outputs.busAck ?? false, outputs.busData ?? 0);
    if (outputs.imageDropped) {
      this.dropped++;
      if (this.imagesSent > this.results.length + this.dropped) this.droppedAmongOthers++;
    }
    // A core that drops nothing answers every image that was sent.
    const due =
      outputs.imageDropped === undefined ? this.images : this.imagesSent < this.images ? Infinity : this.ended;
    if (this.results.length + this.dropped >= due && (this.script?.done ?? true)) this.tail--;
    if (outputs.mAxisTvalid && inputs.mAxisTready) {
      this.beats.push(outputs.mAxisTdata | 0);
      if (outputs.mAxisTlast) this.finishPacket();
    }
    this.cycle++;
  }

  private isAtLastPixel(): boolean {
    return this.sentBeats === this.imageBeats - 1;
  }

  /** The image that goes in now goes wrong with its last pixel, and that waits for an answer. */
  private meets(): boolean {
    const last = (this.imagesSent + 1) * this.imageBeats - 1;
    const { meet } = this.stimulus;
    return meet === true && this.missed !== this.imagesSent && (this.wrong.has(last) || this.bad.has(last));
  }

  /** An answer's last beat is taken only when both have met: what waits is looked at before it is taken. */
  private takesWhileMeeting(): boolean {
    return this.waiting === 'beat' || (this.isMet && this.meetings % 2 === 0);
  }

  /** How a beat that was taken spoils its image. */
  private wrongness(isLastPixel: boolean): StreamEvents['firstWrong'] {
    const { sAxisTlast, sAxisTuser } = this.inputs;
    if (!isLastPixel) return sAxisTlast ? 'short' : undefined;
    if (!sAxisTlast) return 'long';
    return sAxisTuser ? 'marked' : undefined;
  }

  private finishPacket(): void {
    const image = this.results.length;
    const sent = this.sent[image];
    this.results.push({
      image,
      class: this.beats.at(-1)! & 0xffff,
      stepsUsed: (this.beats.at(-1)! >>> 16) & 0x7fff,
      abstains: this.beats.at(-1)! < 0,
      scores: this.beats.slice(0, -1),
      firstPixelCycle: sent?.first ?? -1,
      lastPixelCycle: sent?.last ?? -1,
      resultCycle: this.cycle,
    });
    this.beats = [];
    if (this.sinceAnswer > this.longest) this.longest = this.sinceAnswer;
    this.sinceAnswer = 0;
    this.quiet = 0;
    const { fill } = this.stimulus;
    this.isShut = fill !== undefined && this.results.length % fill === 0 && this.results.length <= mostFills * fill;
  }

  private steps(): number {
    const { timeSteps } = this.stimulus;
    if (typeof timeSteps === 'number') return timeSteps & this.stepsMask;
    const index = Math.min(this.imagesSent, timeSteps.length - 1);
    return (timeSteps[index] ?? 0) & this.stepsMask;
  }
}
