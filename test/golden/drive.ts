/** Streams images through the cycle model and collects what comes out, with pauses on both sides. */
import type { CycleModel } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { beatOf } from '../../src/sim/index.ts';
import { randomFrom } from './random-plan.ts';

export interface DriveOptions {
  /** Time steps asked for with each image. */
  readonly timeSteps: readonly number[];
  readonly exitMargin?: number;
  /** Percentage of cycles without a valid pixel, and without a ready receiver. */
  readonly inputPauses?: number;
  readonly outputPauses?: number;
  readonly seed?: number;
  /** Called in each cycle before the edge. */
  readonly onCycle?: (cycle: number) => void;
}

export interface Packet {
  readonly scores: number[];
  readonly class: number;
  /** As an early-exit core says. */
  readonly stepsUsed: number;
  /** Cycle of the last beat. */
  readonly cycle: number;
}

export function drive(model: CycleModel, plan: Plan, pixels: Uint8Array, options: DriveOptions): Packet[] {
  const random = randomFrom(options.seed ?? 1);
  const perImage = plan.input.height * plan.input.width * plan.input.channels;
  const images = pixels.length / perImage;
  const packets: Packet[] = [];
  let beats: number[] = [];
  const lanes = plan.pixelLanes;
  const imageBeats = perImage / lanes;
  let beat = 0;
  // A valid beat must stay until it is taken.
  let offered = false;
  for (let cycle = 0; packets.length < images; cycle += 1) {
    if (cycle > 2_000_000) throw new Error(`no result after ${cycle} cycles: ${packets.length} of ${images} images`);
    offered ||= beat < images * imageBeats && random(100) >= (options.inputPauses ?? 0);
    const ready = random(100) >= (options.outputPauses ?? 0);
    const { outputs } = model;
    options.onCycle?.(cycle);
    const image = Math.floor(beat / imageBeats);
    model.step({
      timeSteps: options.timeSteps[image] ?? 1,
      sAxisTdata: offered ? beatOf(pixels, beat, lanes) : random(256),
      sAxisTvalid: offered,
      sAxisTlast: offered ? beat % imageBeats === imageBeats - 1 : random(2) === 1,
      mAxisTready: ready,
      ...(options.exitMargin === undefined ? {} : { exitMargin: options.exitMargin }),
    });
    if (offered && outputs.sAxisTready) {
      beat += 1;
      offered = false;
    }
    if (outputs.mAxisTvalid && ready) {
      if (outputs.mAxisTlast) {
        const [best, stepsUsed] = [outputs.mAxisTdata & 0xffff, outputs.mAxisTdata >>> 16];
        packets.push({ scores: beats.map((beat) => beat | 0), class: best, stepsUsed, cycle });
        beats = [];
      } else beats.push(outputs.mAxisTdata);
    }
  }
  return packets;
}
