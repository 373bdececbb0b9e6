/** Whether a network was trained on other values than those that it is given: normalised ones, say. */
import { extname, resolve } from 'node:path';
import { type FloatNetwork, forwardFloat, type InputOptions, openModel } from '../network/index.ts';
import { type Plan, realNetwork } from '../plan/index.ts';
import { countCorrect, spreadOver } from './accuracy.ts';
import type { Surroundings } from './context.ts';
import type { LoadedImages } from './images.ts';
import { type InputWords, inputOptionsOf } from './input.ts';
import { programEndings } from './person-module.ts';

/** Right answers of the float network, of some of the images. */
export interface InputHint {
  readonly images: number;
  /** With the values that it is given. */
  readonly right: number;
  /** With other ones. */
  readonly better: number;
  /** Options that give it those, as one types them; empty where some were given that are better left out. */
  readonly options: string;
}

/** What the training may have made of pixels. */
interface Candidate {
  readonly options: string;
  readonly words: Words;
}

/** Without the order of dimensions. */
type Words = Pick<InputOptions, 'low' | 'high' | 'mean' | 'deviation'>;

/** Images that are tried, spread over all of them, those that decide at least, and multiplications that all may take together. */
const tried = 100;
const fewest = 20;
const mostProducts = 4e9;
/** More right ones, of the tried images, than chance gives. */
const clearGain = 5;

/**
 * Tries a network of a file, in floats, on the usual normalisations of pixels: -1 to 1, those of well-known collections, one by these images' own mean and
 * deviation, bytes as they are. Undefined where none is clearly better than what it is given, without labels, and where nothing is known of what it could be given.
 *
 * @throws badInput when the file can't be read as a network
 */
export async function inputHint(
  model: string,
  given: InputWords & { readonly imageRange?: string | undefined },
  data: LoadedImages,
  io: Pick<Surroundings, 'cwd'>,
): Promise<InputHint | undefined> {
  const { labels, count } = data;
  const file = resolve(io.cwd, model);
  const isDesign = programEndings.some((ending) => ending === extname(file));
  // Else numbers were scaled by the range that the network was said to take, and mean something else with another one.
  const isScaled = data.areBytes === true || given.imageRange !== undefined;
  if (isDesign || labels === undefined || count < fewest || !(isScaled || given.inputRange === undefined)) return;
  const { network } = await openModel(file, model, { layout: given.layout });
  // A file that takes bytes says what it wants.
  if (network.inputRange !== undefined) return;
  const { layout: _, ...own } = inputOptionsOf(given, io.cwd);
  return betterInput({ network, own, folded: {} }, { ...data, labels }, isScaled);
}

/** The same of a core that was built: what it was told is in its weights, and in its plan. */
export function coreInputHint(plan: Plan, imageRange: string | undefined, data: LoadedImages): InputHint | undefined {
  const { labels, count } = data;
  const { inputValues } = plan;
  const isScaled = data.areBytes === true || imageRange !== undefined;
  if (labels === undefined || count < fewest || !(isScaled || inputValues === undefined)) return undefined;
  const { low, high, ones } = inputValues ?? { low: [0], high: [1], ones: false };
  const network = { ...realNetwork(plan), ...(ones ? { inputOnes: true as const } : {}) };
  return betterInput({ network, own: { low, high }, folded: { low, high } }, { ...data, labels }, isScaled);
}

/** A network, what it is told that pixels stand for, and what of that is in its weights already. */
interface Told {
  readonly network: FloatNetwork;
  readonly own: Words;
  readonly folded: Words;
}

function betterInput(
  { network, own, folded }: Told,
  data: LoadedImages & { readonly labels: Uint8Array },
  isScaled: boolean,
): InputHint | undefined {
  const { labels, count } = data;
  const others = candidates(network, data, isScaled).filter(({ words }) => !isSame(words, own));
  const images = Math.min(
    count,
    tried,
    Math.max(fewest, Math.floor(mostProducts / (products(network) * others.length))),
  );
  const numbers = spreadOver(images, count);
  const answers = Uint8Array.from(numbers, (image) => labels[image]!);
  const rightWith = (words: Words) => {
    const classOf = classifier(network, data, words, folded);
    return countCorrect(numbers.map(classOf), answers);
  };
  const right = rightWith(own);
  const enough = right + clearGain;
  let best = { better: right, options: '' };
  // Of two that are about as good the usual one, which comes first.
  for (const { words, options } of others) {
    if (enough > images || best.better === images) break;
    const better = rightWith(words);
    if (better >= best.better + (best.better >= enough ? clearGain / 2 : 1)) best = { better, options };
  }
  return best.better >= enough && best.better >= images / 2 ? { images, right, ...best } : undefined;
}

/** Of collections that many networks are trained on, as their users write them. */
const usualGrey = [{ mean: [0.1307], deviation: [0.3081] }];
const usualColour = [
  { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  { mean: [0.4914, 0.4822, 0.4465], deviation: [0.247, 0.2435, 0.2616] },
];
/** Black and white the other way round. */
const inverted = { mean: [1], deviation: [-1] };

function candidates(network: FloatNetwork, data: LoadedImages, isScaled: boolean): readonly Candidate[] {
  const channels = ownChannels(network);
  const usual = channels === 3 ? usualColour : usualGrey;
  const normal = [{}, { mean: [0.5], deviation: [0.5] }, ...usual, measured(network, data), inverted];
  const range = { low: [0], high: [255] };
  return [
    ...normal.map((words) => ({ words, options: optionsOf(words) })),
    ...(isScaled ? [{ words: range, options: '--input-range 0,255' }] : []),
  ];
}

const optionsOf = ({ mean, deviation }: Words) =>
  mean === undefined ? '' : `--mean ${mean.join(',')} --deviation ${deviation!.join(',')}`;

/** Mean and deviation of the images, for each colour; of vectors for all values together. Where nothing varies the deviation is 1. */
function measured(network: FloatNetwork, data: LoadedImages): Words {
  const own = ownChannels(network);
  const stride = channelsOf(data);
  const sums = Array.from({ length: own <= mostColours ? own : 1 }, () => ({ count: 0, sum: 0, squares: 0 }));
  data.pixels.forEach((pixel, i) => {
    if (i % stride >= own) return;
    const group = sums[(i % stride) % sums.length]!;
    group.count += 1;
    group.sum += pixel / 255;
    group.squares += (pixel / 255) ** 2;
  });
  const short = (value: number) => Number(value.toFixed(4));
  const deviation = ({ count, sum, squares }: (typeof sums)[number]) =>
    Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  return {
    mean: sums.map(({ count, sum }) => short(sum / count)),
    deviation: sums.map((group) => short(deviation(group)) || 1),
  };
}

/** Of pictures; more are values of a vector. */
const mostColours = 4;

const ownChannels = ({ input, inputOnes }: FloatNetwork) => input.channels - (inputOnes ? 1 : 0);

const of = (list: readonly number[], channel: number) => list[list.length === 1 ? 0 : channel]!;

/** What the pixels 0 and 255 of a channel stand for. */
function ends({ low = [0], high = [1], mean = [0], deviation = [1] }: Words, channel: number) {
  const normal = (value: number) => (value - of(mean, channel)) / of(deviation, channel);
  return [normal(of(low, channel)), normal(of(high, channel))] as const;
}

function isSame(a: Words, b: Words): boolean {
  const channels = Math.max(...[a, b].flatMap((words) => Object.values(words).map((list) => list?.length ?? 1)), 1);
  const all = (words: Words) => Array.from({ length: channels }, (_, channel) => ends(words, channel)).flat();
  const other = all(b);
  return all(a).every((value, i) => Math.abs(value - other[i]!) < 1e-6);
}

/** Channels of the images as they were loaded: with one of ones, where the network as it was told wants that. */
const channelsOf = ({ pixels, count, rows, columns }: LoadedImages) => pixels.length / (count * rows * columns);

/** The class of an image by its number, with pixels that stand for what `words` say in a network whose weights hold what `folded` says. */
function classifier(network: FloatNetwork, data: LoadedImages, words: Words, folded: Words): (image: number) => number {
  const [channels, own, stride] = [network.input.channels, ownChannels(network), channelsOf(data)];
  const places = data.rows * data.columns;
  const lines = Array.from({ length: own }, (_, c) => {
    const [low, high] = ends(words, c);
    const [from, to] = ends(folded, c);
    return { shift: (low - from) / (to - from), scale: (high - low) / (to - from) / 255 };
  });
  return (image) => {
    const values = Float64Array.from({ length: places * channels }, (_, i) => {
      const [place, c] = [Math.floor(i / channels), i % channels];
      if (c >= own) return 1;
      const { shift, scale } = lines[c]!;
      return data.pixels[(image * places + place) * stride + c]! * scale + shift;
    });
    const scores = forwardFloat(network, values);
    return scores.indexOf(Math.max(...scores));
  };
}

/** Multiplications of an image. */
const products = ({ layers }: FloatNetwork) =>
  layers.reduce((sum, layer) => {
    if (layer.kind === 'averagePool') return sum;
    const places = layer.kind === 'dense' ? 1 : layer.output.height * layer.output.width;
    return sum + layer.weights.length * places;
  }, 1);
