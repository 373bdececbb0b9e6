/** What a core is promised to do: clocks for any image, and on somebody's own images clocks, activity, spikes and energy. */
import { type Candidate, type CoreDesign, planCore, rateCore } from '../core/index.ts';
import { checkFailed } from '../errors/index.ts';
import { measureActivity, type NetworkActivity } from '../golden/index.ts';
import { layerAdditions, type Plan } from '../plan/index.ts';
import type { Surroundings } from './context.ts';
import { readAssumptions } from './energy/study.ts';
import { countCyclesPerImage } from './folder/timing.ts';
import { chipEnergy } from './frontier.ts';
import type { LoadedImages } from './images.ts';
import { plainPlan } from './plain-plan.ts';

/** Clocks with every input silent, and with every input active: no image takes more. */
export interface CycleRange {
  readonly least: number;
  readonly most: number;
}

/** A core on somebody's images. */
export interface OnImages {
  readonly images: number;
  readonly timeSteps: number;
  /** Clock cycles between two results in steady state. */
  readonly cyclesPerImage: number;
  /** Images whose clocks the golden model counted; 0: too many clocks, computed from the activity. */
  readonly countedImages: number;
  readonly activity: NetworkActivity;
  /** Energy of an image on a chip of MTJs on paper, its analog part, J; absent where the device's own figures do not tell. */
  readonly chipJ?: number;
}

/** Clock cycles before synthesis, and where images were given, accuracy and energy on them. */
export interface Promised {
  readonly plan: Plan;
  readonly cycles: CycleRange;
  readonly onImages?: OnImages;
}

/** Additions that the activity may take to measure: some seconds. */
const activityAdditions = 3e9;
const mostActivityImages = 200;
/** Clocks that are counted in the golden model, and images that make a steady state. */
const countedClocks = 1_500_000;
const mostCountedImages = 50;
/** How often a wish is tightened when the count turns out above it. */
const mostAttempts = 3;

/** The plan of a design, with the clocks that hold for any image. */
export function promise(design: CoreDesign): Promised {
  const plan = planCore(design);
  return { plan, cycles: rangeOf(design, plan) };
}

/**
 * The plan of a design for images as those: folds by their activity, clocks counted on them. A wish for speed holds on them in the count.
 *
 * @param load called with what the images must fit to
 * @throws checkFailed when the wish is not kept, with the nearest core
 */
export function promiseOnImages(
  design: CoreDesign,
  load: (target: Plan) => LoadedImages,
  io: Pick<Surroundings, 'cwd'>,
): Promised & { readonly onImages: OnImages; readonly data: LoadedImages } {
  const probe = plainPlan(design);
  const data = load(probe);
  const size = data.pixels.length / data.count;
  const timeSteps = probe.timeSteps.default;
  const some = Math.max(
    4,
    Math.min(mostActivityImages, Math.floor(activityAdditions / (additionsOf(probe) * timeSteps))),
  );
  const measured = measureActivity(probe, data.pixels.subarray(0, Math.min(some, data.count) * size), timeSteps);
  const activity = measured.layers.map(({ inputs }) => inputs);
  const wish = design.options.fit?.cyclesPerImage;
  let within = wish;
  for (let attempt = 0; ; attempt += 1) {
    const fit = within === undefined ? design.options.fit : { ...design.options.fit, cyclesPerImage: within };
    const fitted = { ...design, options: { ...design.options, activity, ...(fit === undefined ? {} : { fit }) } };
    const plan = planCore(fitted);
    const rated = rateCore(fitted, plan, activity);
    const counted = countOn(plan, data, rated);
    if (wish !== undefined && counted.cyclesPerImage > wish) {
      if (attempt === mostAttempts) throw missed(counted.cyclesPerImage, wish, data.count);
      within = Math.floor(Math.min(within! * (wish / counted.cyclesPerImage), within! * 0.995));
      continue;
    }
    const chip = chipEnergy(
      plan,
      fitted,
      data.pixels.subarray(0, Math.min(data.count, some, 100) * size),
      timeSteps,
      readAssumptions(undefined, io),
    );
    const onImages = {
      ...{ images: measured.images, timeSteps, ...counted, activity: measured },
      ...(chip === undefined ? {} : { chipJ: chip.joules }),
    };
    return { plan: withExpected(plan, measured), cycles: rangeOf(fitted, plan), onImages, data };
  }
}

function missed(found: number, wish: number, images: number) {
  return checkFailed('the wished number of clocks is not reached on these images', {
    found: `nearest: ${Math.round(found)} clock cycles an image, counted on ${images} images`,
    expected: `at most ${wish}`,
    help: 'ask for a few per cent more clocks, or for a larger part',
  });
}

function countOn(plan: Plan, data: LoadedImages, rated: Candidate) {
  const size = data.pixels.length / data.count;
  const images = Math.min(data.count, mostCountedImages, Math.floor(countedClocks / rated.cyclesPerImage));
  // The first results come while the pipeline fills.
  if (images < 3) return { cyclesPerImage: Math.round(rated.cyclesPerImage), countedImages: 0 };
  return {
    cyclesPerImage: countCyclesPerImage(plan, data.pixels.subarray(0, images * size)),
    countedImages: images,
  };
}

function rangeOf(design: CoreDesign, plan: Plan): CycleRange {
  const at = (activity: number) => Math.round(rateCore(design, plan, activity).cyclesPerImage);
  return { least: at(0), most: at(1) };
}

/** The plan with the spikes that images as those make, for whoever watches them. */
function withExpected(plan: Plan, { images, timeSteps, layers }: NetworkActivity): Plan {
  const expected = layers.map(({ name, spikes }) => ({ layer: name, spikes: spikes ?? null }));
  return { ...plan, expected: { images, timeSteps, layers: expected } };
}

/** Synaptic additions of an image in a time step. */
const additionsOf = ({ layers }: Plan): number => layers.reduce((sum, layer) => sum + layerAdditions(layer), 0);
