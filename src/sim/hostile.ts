/**
 * A stimulus made to reach what a row of ordinary images never does: pauses on both streams, another number of time steps for each image (one
 * pass, a full one, a partly filled last one, the most, too few and too many), images that are too short, too long or marked as bad, blank and
 * white ones, and such as put probabilities next to the random words that they meet. What a core can be made to do its blocks declare themselves (src/core/mechanisms.ts); what no run has reached is a hole, and is printed.
 */
import { coreMechanisms, skipClocks } from '../core/index.ts';
import { classifyImages, nearDraws, nearImage, type PlacedImage } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import type { BusOperation } from './bus.ts';
import { type ImageResult, mostFills, type Stimulus, type StreamEvents } from './stimulus.ts';
import { hostTraffic, randomFrom } from './traffic.ts';

export interface HostileStimulus {
  /** Image after image. */
  readonly images: Uint8Array;
  /** One for each image. */
  readonly timeSteps: readonly number[];
  readonly stall: number;
  readonly fill?: number;
  readonly meet?: boolean;
  readonly wrongLast: readonly number[];
  readonly bad: readonly number[];
  readonly exitMargin?: number;
  /** The streams pass over images first. */
  readonly skip?: NonNullable<Stimulus['skip']>;
  /** Of a core with a register bus. */
  readonly bus?: readonly BusOperation[];
}

/** A mechanism of the core, and whether a run has reached it. */
export interface MechanismSeen {
  readonly name: string;
  readonly seen: boolean;
}

/** Images of the person's that take part. */
const ordinaryImages = 6;

/** Images from one mishap to the next, where they are rare. */
const rareMishap = 11;

/** Answers after which the core is filled up. */
const fillAfter = 9;

/** Images while which the host reads and writes registers, one after the other. */
const hostImages = 20;

/**
 * @param images of the person, image after image; at least one
 * @param seed with 1 a few mishaps at the end, in front of a good image; with any other they are all over, with an even one in every third image, with
 *   an odd one in every ninth, the core is filled up from time to time, and the streams pass over some images first
 */
export function hostileStimulus(plan: Plan, images: Uint8Array, seed = 1): HostileStimulus {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const count = Math.min(ordinaryImages, images.length / imageSize);
  const constant = (value: number) => new Uint8Array(imageSize).fill(value);
  const noise = (round: number) =>
    Uint8Array.from({ length: imageSize }, (_, i) => Math.imul(i + 131 * round + seed, 0x9e3779b1) >>> 24);
  const own = Array.from({ length: count }, (_, i) => images.subarray(i * imageSize, (i + 1) * imageSize));
  // The frames that go wrong lie between good ones, and the last is good: a core that has lost its place shows it.
  const beats = imageSize / plan.pixelLanes;
  const good = (round: number) => [own[0]!, constant(0), noise(round), ...own.slice(1), constant(255)];
  const perRound = count + 3;
  // Pauses come in bursts of up to 2,048 clocks: small images are sent several times, so that some are hit.
  // Small cores are quick, and have few sums: more images, so that some of them tie.
  const enough = plan.neuron.kind !== 'device' && beats < 100 ? 24_000 : 6000;
  const rounds = Math.min(48, Math.max(1, Math.ceil(enough / (beats * perRound))));
  const last = [1, 2, 3, 4].map(noise);
  const all = [...Array.from({ length: rounds }, (_, round) => good(round)).flat(), ...last, own[0]!];
  const first = all.length - 5;
  const spoilt = seed === 1 ? mishaps(first, beats) : manyMishaps(seed, all.length, beats);
  // The noise of each round, and in every other round the ordinary images, too: words are chosen among those that an image meets, so that many must.
  const near = Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: round % 2 === 1 ? count : 1 }, (_, i) => round * perRound + 2 + i),
  ).flat();
  const timeSteps = timeStepsFor(plan, all.length, seed, near);
  // Devices have histories that nothing passes over.
  const skip = seed === 1 || plan.neuron.kind === 'device' ? undefined : { images: seed, clocks: skipClocks(plan) };
  const taken = takenAfter(all.length, beats, spoilt);
  const places = near.map((image) => ({
    number: (skip?.images ?? 0) + taken[image - 1]!.ended,
    timeSteps: Math.min(plan.timeSteps.max, Math.max(1, timeSteps[image]!)),
  }));
  for (const [index, image] of nearImages(plan, places, seed).entries()) all[near[index]!] = image;
  return {
    images: Uint8Array.from(all.flatMap((image) => [...image])),
    timeSteps,
    stall: seed,
    ...spoilt,
    ...(seed === 1 ? {} : { fill: fillAfter }),
    // Where mishaps are rare, many images are on their way when one leaves in the clock of a mishap.
    ...(seed > 1 && seed % 2 === 1 ? { meet: true } : {}),
    ...(skip ? { skip } : {}),
    ...(plan.earlyExit === 'margin' ? { exitMargin: 1 } : {}),
    ...(plan.neuron.kind === 'device'
      ? {
          bus: hostTraffic(
            plan,
            seed,
            taken.slice(0, Math.min(first, hostImages)).map(({ answered }) => answered),
          ),
        }
      : {}),
  };
}

/** Words of neurons that are drawn beforehand in search of those that miss a probability by little, and images that are tried for one place. */
const mostDraws = 3_000_000;
const mostTries = 40;

/**
 * For each place (a number in the random streams, and time steps) an image whose random words lie next to the probabilities: of its pixels, and of
 * neurons by search. None under direct encoding.
 */
function nearImages(plan: Plan, places: readonly Omit<PlacedImage, 'pixels'>[], seed: number): Uint8Array[] {
  if (plan.encoding.kind !== 'bernoulli') return [];
  const random = randomFrom(seed);
  const perStep = plan.layers.reduce(
    (sum, { neuron }) => sum + (neuron.kind === 'ideal' ? neuron.stream.wordsPerTimeStep : 0),
    0,
  );
  const draws = perStep * places.reduce((sum, { timeSteps }) => sum + timeSteps, 0);
  const tries = draws === 0 ? 1 : Math.min(mostTries, Math.max(1, Math.floor(mostDraws / draws)));
  const tried = Array.from({ length: tries }, () => {
    const images = places.map((place) => ({
      ...place,
      pixels: nearImage(plan, place.number, place.timeSteps, random)!,
    }));
    const met = tries > 1 ? nearDraws(plan, images) : [];
    return images.map(({ pixels }, index) => ({ pixels, met: met[index] ?? new Set<number>() }));
  });
  const soFar = new Map<number, number>();
  const seldom = new Map<number, number>();
  for (const { met } of tried.flat()) for (const draw of met) seldom.set(draw, (seldom.get(draw) ?? 0) + 1);
  // What is met seldom counts most, and what was met least so far.
  const worth = ({ met }: { readonly met: Set<number> }) =>
    [...met].reduce((sum, draw) => sum + 1 / (seldom.get(draw)! * (1 + (soFar.get(draw) ?? 0))), 0);
  return tried[0]!.map((first, index) => {
    let best = first;
    for (const images of tried) if (worth(images[index]!) > worth(best)) best = images[index]!;
    for (const draw of best.met) soFar.set(draw, (soFar.get(draw) ?? 0) + 1);
    return best.pixels;
  });
}

/** Three of the last images go wrong, each in its way. */
function mishaps(first: number, beats: number): Pick<HostileStimulus, 'wrongLast' | 'bad'> {
  const lastBeat = (image: number) => (image + 1) * beats - 1;
  // A short image (and the rest of it, another); one that runs on into the next; one that is marked.
  const [short, long, marked] = [first, first + 1, first + 3] as const;
  return {
    wrongLast: [...(beats > 1 ? [short * beats + Math.floor(beats / 2)] : []), lastBeat(long)].sort((a, b) => a - b),
    bad: [lastBeat(marked)],
  };
}

/**
 * Any image goes wrong in any way, so that some do while many others are on their way, or in the very clock in which one leaves. The first ones stay
 * good, and so does the last.
 */
function manyMishaps(seed: number, images: number, beats: number): Pick<HostileStimulus, 'wrongLast' | 'bad'> {
  const random = randomFrom(seed);
  const [wrongLast, bad]: [number[], number[]] = [[], []];
  // The first one leaves a mark for good, so that its kind is another with each seed.
  let first: number | undefined = (seed + 2) % 3;
  for (let image = 2; image < images - 2; image += 1) {
    const last = (image + 1) * beats - 1;
    // A core that waits for an image to be dropped takes no other one: it is full only where they are rare. A step that goes into no number of answers
    // between two fillings puts them at every place of a full core.
    const drawn = seed % 2 === 0 ? random(9) : image % rareMishap === 0 ? random(3) : 3;
    const kind = drawn < 3 ? (first ?? drawn) : drawn;
    if (kind === 0) wrongLast.push(image * beats + random(Math.max(1, beats - 1)));
    else if (kind === 1) wrongLast.push(last);
    else if (kind === 2) bad.push(last);
    if (drawn < 3) first = undefined;
  }
  return { wrongLast, bad };
}

/** What the core has made of a stream after one image, two, ... */
interface Taken {
  readonly answered: number;
  /** Answered or dropped: each has used up a place in the random streams. */
  readonly ended: number;
}

/** Of a stream in which some images go wrong: what is short is two, the rest of it too; what is long takes the next one with it. */
function takenAfter(
  images: number,
  beats: number,
  { wrongLast, bad }: Pick<HostileStimulus, 'wrongLast' | 'bad'>,
): Taken[] {
  const [wrong, marked] = [new Set(wrongLast), new Set(bad)];
  const after: Taken[] = [];
  let [taken, answered, ended, isSkimming] = [0, 0, 0, false];
  for (let beat = 0; beat < images * beats; beat += 1) {
    const isLast = beat % beats === beats - 1;
    const tlast = isLast !== wrong.has(beat);
    if (isSkimming) isSkimming = !tlast;
    else {
      taken += 1;
      const isWhole = taken === beats;
      if (isWhole && tlast && !marked.has(beat)) answered += 1;
      if (isWhole || tlast) [taken, ended] = [0, ended + 1];
      isSkimming = isWhole && !tlast;
    }
    if (isLast) after.push({ answered, ended });
  }
  return after;
}

/** Passes of an image whose words were chosen: what goes wrong in one lane only shows in enough of them. */
const nearPasses = 3;

/** Every kind of number that the port can carry, one after the other; the most only once, as it is the longest. Images in `near` have many words. */
function timeStepsFor({ timeSteps, earlyExit }: Plan, images: number, seed: number, near: readonly number[]): number[] {
  const { lanes, max, default: usual } = timeSteps;
  const portMost = 2 ** max.toString(2).length - 1;
  const kinds = [usual, 1, lanes, lanes + 1, max, 0, 2 * lanes - 1, ...(portMost > max ? [portMost] : [])].map(
    (steps) => Math.min(steps, portMost),
  );
  // Buffers hold passes: the core is full of images where each is a single one. Where mishaps are rare, rows of such images are long enough for that.
  const isFilling = (i: number) => seed > 1 && seed % 2 === 1 && i < mostFills * (fillAfter + 1);
  // With early exit most images are over before their time: those of many passes cost little, and something is left to drop.
  const later = (i: number) => (earlyExit === 'margin' && i % 3 === 0 ? max : Math.min(max, (i % 2) * lanes + 1));
  const isNear = new Set(near);
  const usualOf = (i: number) => (isNear.has(i) ? Math.min(max, nearPasses * lanes) : later(i));
  return Array.from({ length: images }, (_, i) => kinds[i] ?? (isFilling(i) ? 1 : usualOf(i)));
}

/** Images whose number of time steps is chosen so that classes tie, and those that miss it by one. */
const wantedTies = 12;
/** More time steps are not looked at. */
const mostTieSteps = 24;

/**
 * The stimulus with ties: no image's words depend on how long another one takes, so the model says beforehand after how many time steps its best two
 * classes are equal, or one apart, and it gets so many. With early exit the margin becomes the median lead behind the first pass: half of the images are
 * answered there, one with just that lead, and half go on. A core with devices is left alone: its host changes what they do.
 */
export async function withTies(plan: Plan, stimulus: HostileStimulus): Promise<HostileStimulus> {
  // Where streams pass over images, or a frame that went wrong is two, an image has other words than its own.
  if (plan.neuron.kind === 'device' || stimulus.skip !== undefined) return stimulus;
  const { max, lanes } = plan.timeSteps;
  const timeSteps = Math.min(max, mostTieSteps);
  const { scores, classCount, images } = await classifyImages(plan, stimulus.images, { timeSteps, workers: 1 });
  const leadOf = (image: number, steps: number) => {
    const from = (image * timeSteps + steps - 1) * classCount;
    const [best = 0, second = Number.NEGATIVE_INFINITY] = [...scores.subarray(from, from + classCount)].sort(
      (a, b) => b - a,
    );
    return best - second;
  };
  const exits = plan.earlyExit === 'margin' && timeSteps > lanes && classCount > 1;
  const leads = Array.from(exits ? { length: images } : [], (_, image) => leadOf(image, lanes)).sort((a, b) => a - b);
  const margin = exits ? Math.max(1, leads[Math.floor(images / 2)]!) : Number.POSITIVE_INFINITY;
  const chosen = [...stimulus.timeSteps];
  const taken = [0, 0];
  // The first images have every kind of number, the last ones go wrong.
  for (let image = 8; image < images - 5; image++) {
    for (let steps = 1; steps <= timeSteps; steps++) {
      const apart = leadOf(image, steps);
      if (apart <= 1 && taken[apart]! < wantedTies) {
        taken[apart]! += 1;
        chosen[image] = steps;
        break;
      }
      // An early exit comes first.
      if (steps % lanes === 0 && apart >= margin) break;
    }
  }
  return { ...stimulus, timeSteps: chosen, ...(exits ? { exitMargin: margin } : {}) };
}

/** A run of a hostile stimulus, and how often the core was reset before it. */
export interface HostileRun {
  readonly stimulus: HostileStimulus;
  readonly results: readonly ImageResult[];
  readonly events: StreamEvents;
  readonly resets: number;
}

/** What hostile runs have reached together, of all that the core's blocks declare. */
export function mechanisms(plan: Plan, runs: readonly HostileRun[]): MechanismSeen[] {
  const observed = runs.map(({ stimulus: { timeSteps, skip, bus = [] }, results, events, resets }) => ({
    ...{ timeSteps, results, events, resets },
    passedOver: skip?.images ?? 0,
    accesses: bus.filter(({ kind }) => kind === 'read' || kind === 'write').length,
    selfTests: bus.filter(({ kind }) => kind === 'until').length,
  }));
  return coreMechanisms(plan).map(({ name, isReached }) => ({
    name,
    seen: observed.some((one) => isReached(one, plan)),
  }));
}
