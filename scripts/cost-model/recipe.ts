/** A small core as a few numbers: enough to build it again, to synthesise it, and to ask the cost model about it. */
import type { CoreFold, Equipment, LayerFold, SearchOptions } from '../../src/core/index.ts';
import { channelsBehind, type QuantisedLayer, type QuantisedNetwork, type Shape } from '../../src/network/index.ts';

export interface LayerRecipe {
  /** Side of a square kernel; absent on a dense layer. */
  readonly kernel?: number;
  readonly stride?: number;
  readonly pad?: number;
  readonly outputs: number;
  /** Hands its inputs on to the next layer, beside its own spikes: a convolution over as many positions as there are inputs. */
  readonly handsOn?: true;
  /** Height and width of the average pool. */
  readonly pool?: readonly [number, number];
  readonly fold: LayerFold;
}

export interface Recipe {
  readonly name: string;
  /** Of the weights and the streams. */
  readonly seed: number;
  readonly input: readonly [height: number, width: number, channels: number];
  readonly encoding: 'bernoulli' | 'direct';
  readonly readout: SearchOptions['readout'];
  readonly weightBits: number;
  readonly maxTimeSteps: number;
  readonly timeLanes: number;
  readonly seeding?: 'none';
  readonly imageBanks?: 1;
  /** Pixels a beat, where there are several; the first layer then has a wide engine. */
  readonly pixelLanes?: number;
  readonly activation?: 'integer';
  /** What it has beside its engines and plain neurons. */
  readonly equipment?: Equipment;
  readonly layers: readonly LayerRecipe[];
}

export type Random = () => number;

/** mulberry32: numbers 0 <= x < 1. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The network of a recipe, with weights spread like trained ones: a bell that just fits their width. */
export function recipeNetwork(recipe: Recipe): QuantisedNetwork {
  const random = randomFrom(recipe.seed);
  const [height, width, channels] = recipe.input;
  let input: Shape = { height, width, channels };
  let inputMax = recipe.encoding === 'direct' ? 255 : 1;
  const layers = recipe.layers.map((layer, index) => {
    const made = recipeLayer(recipe, layer, { index, input, inputMax }, random);
    const pool = made.pool ?? { height: 1, width: 1 };
    input = {
      height: Math.floor(made.output.height / pool.height),
      width: Math.floor(made.output.width / pool.width),
      channels: channelsBehind(made),
    };
    inputMax = pool.height * pool.width * (recipe.activation === 'integer' ? 255 : 1);
    return made;
  });
  const { name, encoding, activation } = recipe;
  return { name, input: { height, width, channels }, encoding, ...(activation ? { activation } : {}), layers };
}

function recipeLayer(
  { weightBits, layers }: Recipe,
  { kernel, stride = 1, pad = 0, outputs, pool, handsOn }: LayerRecipe,
  { index, input, inputMax }: { readonly index: number; readonly input: Shape; readonly inputMax: number },
  random: Random,
): QuantisedLayer {
  const kernelHeight = kernel ?? input.height;
  const kernelWidth = kernel ?? input.width;
  const high = 2 ** (weightBits - 1) - 1;
  const bell = (spread: number) => Math.round((random() + random() + random() + random() - 2) * spread);
  const clamped = (value: number) => Math.max(-high, Math.min(high, value));
  const taps = kernelHeight * kernelWidth * input.channels;
  return {
    name: kernel === undefined ? `dense${index}` : `conv${index}`,
    kind: kernel === undefined ? 'dense' : 'convolution',
    input,
    output: {
      height: Math.floor((input.height + 2 * pad - kernelHeight) / stride) + 1,
      width: Math.floor((input.width + 2 * pad - kernelWidth) / stride) + 1,
      channels: outputs,
    },
    ...{ kernelHeight, kernelWidth, strideY: stride, strideX: stride },
    ...{ padTop: pad, padLeft: pad, padBottom: pad, padRight: pad },
    ...{ inputMax, inputScale: 1 / inputMax, weightBits, fractionBits: weightBits - 2 },
    weights: Int32Array.from({ length: outputs * taps }, () => clamped(bell(high))),
    bias: Int32Array.from({ length: outputs }, () => bell(high * (inputMax >= 255 ? 255 : 1))),
    sigmoid: index < layers.length - 1,
    ...(handsOn
      ? { carry: { tap: Math.floor(taps / 2 / input.channels) * input.channels, count: input.channels } }
      : {}),
    ...(pool === undefined ? {} : { pool: { height: pool[0], width: pool[1] } }),
  };
}

/** How the recipe folds its network. */
export function recipeFolds(recipe: Recipe): CoreFold {
  const { timeLanes, layers, seeding = 'seeder', imageBanks = 2, pixelLanes = 1 } = recipe;
  return { timeLanes, folds: layers.map(({ fold }) => fold), seeding, imageBanks, pixelLanes };
}
