/** A network's numbers fitted to its device on images: what the device's curve and the noise change is folded into weights and biases. */
import { type CoreDesign, planCore } from '../../core/index.ts';
import { calibrate, curveFunction } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import { classifyImages, type WatchedLayer, watchPotentials } from '../../golden/index.ts';
import { type FloatLayer, forwardLayers, ownValues } from '../../network/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { Report } from '../context.ts';
import type { LoadedImages } from '../images.ts';
import { plainPlan } from '../plain-plan.ts';
import { fitCountReadout } from './count-readout.ts';
import { fitGainOffset, type GainOffset, type Sample } from './gain-offset.ts';
import { fitThreshold } from './threshold.ts';

/** A design whose weights and biases were scaled to the device's curve, and how much nearer it is to the float network. */
export interface CurveFit {
  readonly design: CoreDesign;
  readonly images: number;
  /** Share of images with the float network's class, before and after; on images that the fit did not see. */
  readonly agreement: { readonly before: number; readonly after: number };
  /** Share of right answers, where there are labels. */
  readonly accuracy?: { readonly float: number; readonly before: number; readonly after: number };
  readonly layers: readonly {
    readonly name: string;
    /** Root of the mean squared difference of the neurons' spike rates from the float network's activations; absent without neurons. */
    readonly rms?: { readonly before: number; readonly after: number };
    /** Smallest and largest of the gains and offsets of its channels. */
    readonly gain: readonly [number, number];
    readonly offset: readonly [number, number];
  }[];
}

/** Images that a fit looks at and those by which it is judged, potentials that are kept at once, and samples of a channel. */
const mostImages = 400;
const mostJudged = 1000;
const mostPotentials = 12_000_000;
const mostSamples = 1200;
const fitSteps = 8;

/** Fits a design on images; labels, where there are any, are what a count readout is fitted to. */
export function fitToCurve(design: CoreDesign, data: LoadedImages, report: Report = () => {}): CurveFit {
  if (design.options.activation === 'integer' || design.law !== undefined)
    throw badInput('only stochastic neurons without memory are fitted to their curve', { where: design.name });
  const size = data.pixels.length / data.count;
  const count = Math.min(data.count, mostImages);
  const pixels = data.pixels.subarray(0, count * size);
  const reference = Array.from({ length: count }, (_, image) =>
    referenceOf(design, pixels.subarray(image * size, (image + 1) * size)),
  );
  const weighted = design.network.layers.flatMap(({ kind }, index) => (kind === 'averagePool' ? [] : [index]));
  const calibration = calibrate(design.curve);
  const at = curveFunction(design.curve);
  const probability = (z: number) => at(calibration.i50A + z * calibration.slopeA);
  let fitted = design;
  const layers: CurveFit['layers'][number][] = [];
  for (const [number, index] of weighted.entries()) {
    report(number / weighted.length, design.network.layers[index]!.name);
    const plan = plainPlan(fitted);
    const own = plan.layers[number]!;
    const isLast = number === weighted.length - 1;
    const steps = isLast ? plan.timeSteps.default : Math.min(fitSteps, plan.timeSteps.max);
    const { height, width, channels } = own.output;
    const images = Math.max(1, Math.min(count, Math.floor(mostPotentials / (steps * height * width * channels))));
    const watched = watchPotentials(plan, pixels.subarray(0, images * size), steps, number);
    const floatLayer = design.network.layers[index]!;
    const targets = reference.slice(0, images).map(({ values }) => ownValues(floatLayer, values[index]!));
    const context = { watched, steps, targets, probability, channels };
    if (isLast) {
      const classes = Array.from({ length: images }, (_, i) => data.labels?.[i] ?? reference[i]!.answer);
      const numbers =
        design.readout === 'count'
          ? new Array<GainOffset>(channels).fill(
              fitCountReadout(
                { potentials: watched.potentials, timeSteps: steps, classes: channels, targets: classes },
                probability,
              ),
            )
          : data.labels !== undefined && channels === 2
            ? thresholdOf(context, data.labels)
            : offsetsOf(context, design.network.layers[index]!);
      fitted = withNumbers(fitted, index, numbers);
      layers.push({ name: own.name, ...rangeOf(numbers) });
      continue;
    }
    const samples = samplesOf(context);
    const numbers = samples.map((ownSamples) => fitGainOffset(ownSamples, probability));
    const unchanged = numbers.map(() => ({ gain: 1, offset: 0 }));
    const rms = { before: rmsOf(samples, unchanged, probability), after: rmsOf(samples, numbers, probability) };
    fitted = withNumbers(fitted, index, numbers);
    layers.push({ name: own.name, rms, ...rangeOf(numbers) });
  }
  return { design: fitted, images: count, layers, agreement: { before: 0, after: 0 } };
}

/** What the float network says of an image: the values behind each layer, and its class. */
function referenceOf({ network }: CoreDesign, pixels: Uint8Array) {
  const values = forwardLayers(
    network,
    Float64Array.from(pixels, (pixel) => pixel / 255),
  );
  const scores = values.at(-1)!;
  return { values, answer: scores.indexOf(Math.max(...scores)) };
}

/** Shares of images with the float network's class, and with the right one, before and after a fit. */
export async function judgeFit(
  design: CoreDesign,
  fit: CurveFit,
  data: LoadedImages,
): Promise<Pick<CurveFit, 'images' | 'agreement' | 'accuracy'>> {
  const size = data.pixels.length / data.count;
  const count = Math.min(data.count, mostJudged);
  const pixels = data.pixels.subarray(0, count * size);
  const float = Array.from(
    { length: count },
    (_, i) => referenceOf(design, pixels.subarray(i * size, (i + 1) * size)).answer,
  );
  const [before, after] = [await answersOf(planCore(design), pixels), await answersOf(planCore(fit.design), pixels)];
  const share = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from({ length: count }, (_, i) => Number(a[i] === b[i])).reduce((sum, same) => sum + same, 0) / count;
  const { labels } = data;
  return {
    images: count,
    agreement: { before: share(before, float), after: share(after, float) },
    ...(labels === undefined
      ? {}
      : { accuracy: { float: share(float, labels), before: share(before, labels), after: share(after, labels) } }),
  };
}

/** Whether a fit gains on the images that it was judged by: in right answers, and where these are as many or unknown, in the float network's. */
export function gains({ agreement, accuracy }: Pick<CurveFit, 'agreement' | 'accuracy'>): boolean {
  if (accuracy !== undefined && accuracy.after !== accuracy.before) return accuracy.after > accuracy.before;
  return agreement.after > agreement.before;
}

async function answersOf(plan: Plan, pixels: Uint8Array): Promise<number[]> {
  const timeSteps = plan.timeSteps.default;
  const { images, classes } = await classifyImages(plan, pixels, { timeSteps });
  return Array.from({ length: images }, (_, image) => classes[(image + 1) * timeSteps - 1]!);
}

interface LayerContext {
  readonly watched: WatchedLayer;
  readonly steps: number;
  /** [image]: the float network's values behind the layer. */
  readonly targets: readonly Float64Array[];
  readonly probability: (z: number) => number;
  readonly channels: number;
}

/** By channel, spread evenly over images and positions. */
function samplesOf({ watched, steps, targets, channels }: LayerContext): Sample[][] {
  const { neurons, channel, place, potentials } = watched;
  const samples = Array.from({ length: channels }, (): Sample[] => []);
  const all = (neurons / channels) * targets.length;
  const every = Math.max(1, Math.floor(all / mostSamples));
  const seen = new Int32Array(channels);
  for (let image = 0; image < targets.length; image += 1)
    for (let i = 0; i < neurons; i += 1) {
      const own = channel[i]!;
      seen[own]! += 1;
      if (seen[own]! % every !== 0) continue;
      const over = Float64Array.from({ length: steps }, (_, t) => potentials[(image * steps + t) * neurons + i]!);
      samples[own]!.push({ potentials: over, target: targets[image]![place[i]!]! });
    }
  return samples;
}

/** The last layer's sums are compared with each other: each class gets what it lacks on the average. */
function offsetsOf({ watched, steps, targets, channels }: LayerContext, layer: FloatLayer): GainOffset[] {
  const lacks = new Float64Array(channels);
  const isSigmoid = layer.kind !== 'averagePool' && layer.sigmoid;
  const wanted = (value: number) => (isSigmoid ? Math.log(Math.max(value, 1e-9) / Math.max(1 - value, 1e-9)) : value);
  for (let image = 0; image < targets.length; image += 1)
    for (let c = 0; c < channels; c += 1) {
      let mean = 0;
      for (let t = 0; t < steps; t += 1) mean += watched.potentials[(image * steps + t) * channels + c]! / steps;
      lacks[c]! += (wanted(targets[image]![c]!) - mean) / targets.length;
    }
  return Array.from(lacks, (offset) => ({ gain: 1, offset }));
}

/** Two classes with labels: class 1 gets what makes most answers right. */
function thresholdOf({ watched, steps, channels }: LayerContext, labels: Uint8Array): GainOffset[] {
  const margins = Float64Array.from({ length: watched.potentials.length / (steps * channels) }, (_, image) => {
    let sum = 0;
    for (let t = 0, at = image * steps * channels; t < steps; t += 1, at += channels)
      sum += (watched.potentials[at + 1]! - watched.potentials[at]!) / steps;
    return sum;
  });
  return [
    { gain: 1, offset: 0 },
    { gain: 1, offset: fitThreshold(margins, labels) },
  ];
}

function rmsOf(
  samples: readonly Sample[][],
  numbers: readonly GainOffset[],
  probability: (z: number) => number,
): number {
  let [sum, count] = [0, 0];
  samples.forEach((own, channel) => {
    const { gain, offset } = numbers[channel]!;
    for (const { potentials, target } of own) {
      let mean = 0;
      for (let t = 0; t < potentials.length; t += 1) mean += probability(gain * potentials[t]! + offset);
      sum += (mean / potentials.length - target) ** 2;
      count += 1;
    }
  });
  return Math.sqrt(sum / Math.max(1, count));
}

function rangeOf(numbers: readonly GainOffset[]) {
  const ends = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  return { gain: ends(numbers.map(({ gain }) => gain)), offset: ends(numbers.map(({ offset }) => offset)) };
}

/** Weights and bias of a layer, by output channel: gain times the old ones, plus the offset. */
function withNumbers(design: CoreDesign, index: number, numbers: readonly GainOffset[]): CoreDesign {
  const layers = design.network.layers.map((layer, i) => {
    if (i !== index || layer.kind === 'averagePool') return layer;
    const taps = layer.weights.length / layer.bias.length;
    return {
      ...layer,
      weights: layer.weights.map((weight, at) => weight * numbers[Math.floor(at / taps)]!.gain),
      bias: layer.bias.map((bias, channel) => bias * numbers[channel]!.gain + numbers[channel]!.offset),
    };
  });
  return { ...design, network: { ...design.network, layers } };
}
