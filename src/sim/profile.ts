/** Where the clock cycles go: what each engine does in every clock, and when it works for which image. */
import { addersOf, additions } from '../core/index.ts';
import { createCycleModel } from '../golden/index.ts';
import type { LayerPlan, Plan } from '../plan/index.ts';
import { beatOf } from './beats.ts';

/** Shares of an engine's clocks; they add up to 1. */
export interface LayerProfile {
  readonly layer: string;
  /** Adding a weight in the lanes. */
  readonly busy: number;
  /** Between positions: handing sums over, filling the pipeline, ending a pass. */
  readonly overhead: number;
  /** Idle because no input frame waits. */
  readonly starved: number;
  /** Idle or waiting because the neurons or the next layer can't take more. */
  readonly blocked: number;
  /** Inputs that an event engine skipped for being silent, as a share of all inputs. */
  readonly skipped: number;
  /** Lanes of the engine, and additions / (lanes x clocks) while it works on a pass (not idle), over the images of the profile. */
  readonly lanes: number;
  readonly utilisation: number;
}

/** A stretch of work of one block. */
export interface WorkSpan {
  readonly block: string;
  /** Position since reset of the image it belongs to. */
  readonly image: number;
  readonly fromCycle: number;
  readonly toCycle: number;
}

/** Where the clock cycles of each layer go. */
export interface Profile {
  readonly cycles: number;
  readonly images: number;
  /** Throughput: clocks between two results when the pipeline is full; of one image alone its way through. */
  readonly cyclesPerImage: number;
  /** Latency: clocks from the first image's first pixel, and from its last one, to its class in an empty pipeline. */
  readonly latency: { readonly fromFirstPixel: number; readonly fromLastPixel: number };
  readonly layers: readonly LayerProfile[];
  readonly spans: readonly WorkSpan[];
}

interface ProfileOptions {
  readonly plan: Plan;
  /** Image after image; they arrive without gaps, and results are taken at once. */
  readonly images: Uint8Array;
  readonly timeSteps: number;
}

/** Register values of the idle state and of the one that works, in every engine and in the encoder. */
const idleState = 0;
const runState = 1;

/** Runs the golden model over the images and watches its engines. */
export function profileCore({ plan, images, timeSteps }: ProfileOptions): Profile {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const count = images.length / imageSize;
  const pixelLanes = plan.pixelLanes;
  const imageBeats = imageSize / pixelLanes;
  const model = createCycleModel(plan);
  const offsets = sampleOffsets(model.signals);
  const words = new Uint32Array(model.sampleWords);
  const read = (path: string): number => words[offsets.get(path) ?? -1] ?? 0;
  const watched = plan.layers.map((layer) => new EngineWatch(layer, plan.timeSteps.lanes, read));
  const blocks = [
    ...(plan.encoding.kind === 'bernoulli'
      ? [new BlockWatch('encoder', () => read('encoder.state') !== idleState)]
      : []),
    ...plan.layers.map(({ name }) => new BlockWatch(name, () => read(`${name}.state`) !== idleState)),
  ];
  const image = (block: string) => model.work(`${block}.state`).image ?? 0;

  model.reset();
  let beat = 0;
  const results: number[] = [];
  let lastPixelCycle = 0;
  let cycle = 0;
  for (; results.length < count; cycle += 1) {
    const { sAxisTready, mAxisTvalid, mAxisTlast } = model.outputs;
    const sAxisTvalid = beat < count * imageBeats;
    if (mAxisTvalid && mAxisTlast) results.push(cycle);
    model.sample(words);
    for (const engine of watched) engine.count();
    for (const block of blocks) block.count(cycle, image);
    model.step({
      timeSteps,
      sAxisTdata: beatOf(images, beat, pixelLanes),
      sAxisTvalid,
      sAxisTlast: sAxisTvalid && (beat + 1) % imageBeats === 0,
      mAxisTready: true,
    });
    if (sAxisTvalid && sAxisTready) {
      beat += 1;
      if (beat === imageBeats) lastPixelCycle = cycle;
    }
  }
  return {
    cycles: cycle,
    images: count,
    cyclesPerImage: count === 1 ? cycle : (results.at(-1)! - results[0]!) / (count - 1),
    latency: { fromFirstPixel: results[0]! + 1, fromLastPixel: results[0]! - lastPixelCycle },
    layers: watched.map((engine) => engine.profile(cycle, count * timeSteps)),
    spans: blocks.flatMap((block) => block.end(cycle)),
  };
}

class EngineWatch {
  #busy = 0;
  #starved = 0;
  #blocked = 0;
  #events = 0;
  #slots = 0;
  #working = 0;
  readonly #layer: LayerPlan;
  readonly #passLanes: number;
  readonly #read: (path: string) => number;

  constructor(layer: LayerPlan, passLanes: number, read: (path: string) => number) {
    this.#layer = layer;
    this.#passLanes = passLanes;
    this.#read = read;
  }

  count(): void {
    const { name, engine, weights } = this.#layer;
    const register = (suffix: string) => this.#read(`${name}.${suffix}`);
    const accumulates = register(engine.kind === 'window' ? 's1_accumulate' : 's2_accumulate') === 1;
    const captures = register('s1_capture') === 1;
    if (register('state') !== idleState) this.#working += 1;
    if (accumulates) this.#busy += 1;
    else if (register('state') === idleState) {
      const bank = this.#read(`${name}_buffer.rd_bank`);
      if (this.#read(`${name}_buffer.full_${bank}`) === 0) this.#starved += 1;
      else this.#blocked += 1;
    } else if (
      register('state') === runState &&
      register('drain_left') > 0 &&
      register('s1_accumulate') === 0 &&
      !captures
    )
      this.#blocked += 1;
    if (engine.kind !== 'event') return;
    if (register('s1_accumulate') === 1 && register('s1_bias') === 0) this.#events += 1;
    if (captures) this.#slots += weights[0]!.length;
  }

  profile(cycles: number, steps: number): LayerProfile {
    const { timeLanes } = this.#layer;
    const lanes = addersOf(this.#layer, timeLanes);
    // One accumulator serves all time steps of a pass under direct encoding: they count once.
    const passes = timeLanes < this.#passLanes ? Math.ceil(steps / this.#passLanes) : steps;
    const overhead = cycles - this.#busy - this.#starved - this.#blocked;
    return {
      layer: this.#layer.name,
      busy: this.#busy / cycles,
      overhead: overhead / cycles,
      starved: this.#starved / cycles,
      blocked: this.#blocked / cycles,
      skipped: this.#slots === 0 ? 0 : 1 - this.#events / this.#slots,
      lanes,
      utilisation: (additions(this.#layer) * passes) / (lanes * Math.max(1, this.#working)),
    };
  }
}

/** Collects the stretches in which a block works. */
class BlockWatch {
  readonly #spans: WorkSpan[] = [];
  #since: { readonly cycle: number; readonly image: number } | undefined;
  readonly #block: string;
  readonly #works: () => boolean;

  constructor(block: string, works: () => boolean) {
    this.#block = block;
    this.#works = works;
  }

  count(cycle: number, imageOf: (block: string) => number): void {
    const works = this.#works();
    if (works && this.#since === undefined) this.#since = { cycle, image: imageOf(this.#block) };
    else if (!works && this.#since !== undefined) this.#finish(cycle);
  }

  end(cycle: number): readonly WorkSpan[] {
    if (this.#since !== undefined) this.#finish(cycle);
    return this.#spans;
  }

  #finish(toCycle: number): void {
    const { cycle: fromCycle, image } = this.#since!;
    this.#spans.push({ block: this.#block, image, fromCycle, toCycle });
    this.#since = undefined;
  }
}

function sampleOffsets(signals: readonly { readonly path: string; readonly width: number }[]): Map<string, number> {
  const offsets = new Map<string, number>();
  let at = 0;
  for (const { path, width } of signals) {
    offsets.set(path, at);
    at += Math.ceil(width / 32);
  }
  return offsets;
}
