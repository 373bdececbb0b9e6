/**
 * A stimulus made to reach what a row of ordinary images never does: pauses on both streams, another number of time steps for each image (one
 * pass, a full one, a partly filled last one, the most, too few and too many), images that are too short, too long or marked as bad, blank and
 * white ones. Each mechanism says itself whether a run has reached it; those that it has not are holes, and are printed.
 */
import type { Plan } from '../plan/index.ts';
import type { ImageResult, StreamEvents } from './stimulus.ts';

export interface HostileStimulus {
  /** Image after image. */
  readonly images: Uint8Array;
  /** One for each image. */
  readonly timeSteps: readonly number[];
  readonly stall: number;
  readonly wrongLast: readonly number[];
  readonly bad: readonly number[];
  readonly exitMargin?: number;
}

export interface Mechanism {
  readonly name: string;
  readonly seen: boolean;
}

/** Images of the person's that take part. */
const ordinaryImages = 6;

/** @param images of the person, image after image; at least one */
export function hostileStimulus(plan: Plan, images: Uint8Array, seed = 1): HostileStimulus {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const count = Math.min(ordinaryImages, images.length / imageSize);
  const constant = (value: number) => new Uint8Array(imageSize).fill(value);
  const noise = Uint8Array.from({ length: imageSize }, (_, i) => Math.imul(i + seed, 0x9e3779b1) >>> 24);
  const own = Array.from({ length: count }, (_, i) => images.subarray(i * imageSize, (i + 1) * imageSize));
  // The frames that go wrong lie between good ones, and the last is good: a core that has lost its place shows it.
  const beats = imageSize / plan.pixelLanes;
  const good = [own[0]!, constant(0), noise, ...own.slice(1), constant(255)];
  // Pauses come in bursts of up to 2,048 clocks: small images are sent several times, so that some are hit.
  const rounds = Math.min(24, Math.max(1, Math.ceil(6000 / (beats * good.length))));
  const all = [...Array.from({ length: rounds }, () => good).flat(), noise, noise, noise, noise, own[0]!];
  const first = all.length - 5;
  const lastBeat = (image: number) => (image + 1) * beats - 1;
  return {
    images: Uint8Array.from(all.flatMap((image) => [...image])),
    timeSteps: timeStepsFor(plan, all.length),
    stall: seed,
    // A short image (and the rest of it, another); one that runs on into the next.
    wrongLast: [...(beats > 1 ? [first * beats + Math.floor(beats / 2)] : []), lastBeat(first + 1)],
    bad: [lastBeat(first + 3)],
    ...(plan.earlyExit === 'margin' ? { exitMargin: 1 } : {}),
  };
}

/** Every kind of number that the port can carry, one after the other; the most only once, as it is the longest. */
function timeStepsFor({ timeSteps: { lanes, max, default: usual } }: Plan, images: number): number[] {
  const portMost = 2 ** max.toString(2).length - 1;
  const kinds = [usual, 1, lanes, lanes + 1, max, 0, 2 * lanes - 1, ...(portMost > max ? [portMost] : [])].map(
    (steps) => Math.min(steps, portMost),
  );
  return Array.from({ length: images }, (_, i) => (i < kinds.length ? kinds[i]! : Math.min(max, (i % 2) * lanes + 1)));
}

/** What a hostile run has reached. */
export function mechanisms(
  plan: Plan,
  stimulus: HostileStimulus,
  results: readonly ImageResult[],
  events: StreamEvents,
): Mechanism[] {
  const { lanes, max } = plan.timeSteps;
  const steps = (test: (count: number) => boolean) => stimulus.timeSteps.some(test);
  const passes = (count: number) => Math.ceil(Math.max(1, Math.min(count, max)) / lanes);
  const tied = results.some(({ scores }) => {
    const [best, second] = [...scores].sort((a, b) => b - a);
    return best !== undefined && best === second;
  });
  const list: [string, boolean][] = [
    ['the source pauses inside an image', events.inputPauses > 0],
    ['a pixel waits for the core', events.inputWaits > 0],
    ['a result waits for its reader', events.outputWaits > 0],
    ['a single time step', steps((count) => count === 1)],
    ['no time step asked for', steps((count) => count === 0)],
    ['images of different numbers of time steps follow each other', new Set(stimulus.timeSteps).size > 1],
    ['two classes tie at the top', tied],
  ];
  if (max > lanes) {
    list.push(['several passes', steps((count) => passes(count) > 1)]);
    list.push(['the most passes', steps((count) => count === max)]);
    list.push(['a last pass that is partly filled', steps((count) => count > lanes && count % lanes !== 0)]);
  }
  if (2 ** max.toString(2).length - 1 > max)
    list.push(['more time steps than there are', steps((count) => count > max)]);
  list.push(['an image is dropped: short, long, marked as bad', events.dropped >= 3]);
  if (plan.earlyExit === 'margin')
    list.push(['an answer before the last time step', results.some((one) => one.stepsUsed < max)]);
  if (plan.neuron.kind === 'device') list.push(['the host on the register bus', false]);
  return list.map(([name, seen]) => ({ name, seen }));
}
