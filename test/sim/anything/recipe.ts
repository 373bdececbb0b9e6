/**
 * Any network with any options, as numbers that fast-check chooses and makes smaller when something is wrong. Every recipe is one that a person
 * could ask for: sizes fit; whether its options go together is the table's business.
 */
import fc from 'fast-check';
import { type CoreDesign, type CoreOptions, defineCore, type MtjNeuron, telegraph } from '../../../src/core/index.ts';
import { logisticCurve } from '../../../src/device/index.ts';
import type { FloatLayer, FloatNetwork } from '../../../src/network/index.ts';
import type { LayerFold } from '../../../src/plan/index.ts';
import { noise } from '../temporary.ts';

export interface LayerRecipe {
  readonly dense: boolean;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly pool: number;
  /** Which of the folds that suit the layer. */
  readonly fold: number;
  /** Inputs that it hands on: 0 none; how many and which. */
  readonly carry: number;
}

export interface Recipe {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly layers: readonly LayerRecipe[];
  readonly encoding: 'bernoulli' | 'direct';
  readonly readout: 'potential' | 'count';
  readonly neuron: 'ideal' | 'device' | 'telegraph' | 'integer';
  /** Bits 0..6: which parts of the device's behaviour. */
  readonly device: number;
  readonly weights: number;
  readonly weightBits: number;
  /** Each channel has its own power of two. */
  readonly perChannel: boolean;
  readonly seed: number;
  readonly maxTimeSteps: number;
  readonly timeSteps: number;
  readonly timeLanes: number;
  /** The planner chooses the folds. */
  readonly planned: boolean;
  readonly draw: boolean;
  readonly oneBank: boolean;
  readonly wide: boolean;
  readonly earlyExit: boolean;
  readonly images: number;
  readonly stall: number;
  readonly margin: number;
  readonly mishap: number;
}

const rarely = fc.nat(7).map((value) => value === 7);

const layer: fc.Arbitrary<LayerRecipe> = fc.record({
  ...{ dense: fc.boolean(), channels: fc.integer({ min: 1, max: 5 }), kernel: fc.nat(2), stride: fc.nat(1) },
  ...{ padding: fc.nat(2), pool: fc.nat(2), fold: fc.nat(999) },
  carry: fc.oneof(fc.constant(0), fc.nat(99)),
});

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  ...{ height: fc.integer({ min: 1, max: 7 }), width: fc.integer({ min: 1, max: 7 }) },
  channels: fc.integer({ min: 1, max: 2 }),
  layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
  encoding: fc.constantFrom('bernoulli' as const, 'direct' as const),
  readout: fc.constantFrom('potential' as const, 'count' as const),
  neuron: fc.constantFrom(
    'ideal' as const,
    'ideal' as const,
    'device' as const,
    'telegraph' as const,
    'integer' as const,
  ),
  ...{ device: fc.integer({ min: 1, max: 127 }), weights: fc.nat(0xffff), weightBits: fc.integer({ min: 2, max: 16 }) },
  perChannel: fc.boolean(),
  seed: fc.oneof(fc.constant(0), fc.constant(0xffffffff), fc.nat(0xffffffff)),
  ...{ maxTimeSteps: fc.integer({ min: 1, max: 12 }), timeSteps: fc.nat(11), timeLanes: fc.nat(7) },
  ...{ planned: rarely, draw: rarely, oneBank: rarely, wide: rarely, earlyExit: fc.boolean() },
  ...{ images: fc.integer({ min: 1, max: 4 }), stall: fc.nat(0xffff), margin: fc.nat(0xffff), mishap: fc.nat(7) },
});

const curve = logisticCurve(70e-6, 12e-6);
const dwells = [40e-6, 60e-6, 80e-6, 100e-6].map((drive, i) => ({
  drive,
  silentS: 4e-9 / 2 ** i,
  spikeS: 0.5e-9 * 2 ** i,
}));

function neuronOf({ neuron, weights }: Recipe): MtjNeuron {
  if (neuron !== 'telegraph') return { curve };
  return telegraph({ dwells, intervalS: 1e-9, start: weights % 2 === 0 ? 'stationary' : 'silent' });
}

/** The parts of the device that the bits name. */
function deviceOf({ device, seed }: Recipe): NonNullable<CoreOptions['device']> {
  const has = (bit: number) => ((device >> bit) & 1) === 1;
  const number = (below: number, shift: number) => (seed >>> shift) % below;
  return {
    ...(has(0)
      ? { phases: { write: number(4, 0), read: number(3, 2), reset: number(4, 4), fast: number(3, 6) === 0 } }
      : {}),
    ...{ counters: has(1), trim: has(2), loadTable: has(3), selfTest: has(4) },
    ...(has(5) ? { faults: { missed: number(9, 8) / 8, falseRead: 0.1, failedReset: number(5, 11) / 16 } } : {}),
    ...(has(6)
      ? {
          variation: {
            thresholdSpread: 0.1,
            slopeSpread: 0.1,
            stuckAtSpike: 0.1,
            stuckSilent: 0.1,
            seed: number(99, 3),
          },
        }
      : {}),
  };
}

/** Weights between -1.5 and 1.5, those of each further channel half as large, up to an eighth. */
function numbers(channels: number, taps: number, seed: number): number[] {
  return Array.from(
    noise(channels * taps, seed + 1),
    (byte, i) => (byte - 127.5) / 85 / 2 ** (Math.floor(i / taps) % 4),
  );
}

const cap = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** The design that the recipe means. */
export function designOf(recipe: Recipe): CoreDesign {
  const isInteger = recipe.neuron === 'integer';
  const neuron = neuronOf(recipe);
  const folds: LayerFold[] = [];
  const maxTimeSteps = isInteger && recipe.mishap !== 0 ? 1 : recipe.maxTimeSteps;
  const timeLanes = 1 + (recipe.timeLanes % Math.min(5, maxTimeSteps));
  const encoding = isInteger && recipe.mishap !== 1 ? 'direct' : recipe.encoding;
  let pixelLanes = 1;
  const describe: Parameters<typeof defineCore>[1] = (core) => {
    let spikes = core.input.image(recipe.height, recipe.width, recipe.channels, { encoding });
    recipe.layers.forEach((one, index) => {
      const isLast = index === recipe.layers.length - 1;
      const { height, width, channels } = spikes.shape;
      const kernel = 1 + (one.kernel % Math.min(3, height, width));
      const taps = one.dense ? height * width * channels : kernel * kernel * channels;
      const seed = recipe.weights + 100 * index;
      const weights = { weights: numbers(one.channels, taps, seed), bias: numbers(one.channels, 1, seed + 50) };
      const potentials = one.dense
        ? spikes.dense(weights)
        : spikes.conv(weights, { kernel, stride: 1 + one.stride, padding: one.padding % kernel });
      // A readout takes single neurons.
      const pool = isLast ? 1 : 1 + (one.pool % Math.min(3, potentials.shape.height, potentials.shape.width));
      const direct = encoding === 'direct' && index === 0;
      const inputs = height * width * channels;
      folds.push(foldOf(recipe, one, { direct, pool, inputs, index }));
      const { engine } = folds.at(-1)!;
      if (index === 0 && engine.kind === 'wide') pixelLanes = engine.inputLanes;
      spikes = potentials.neurons(neuron);
      if (pool > 1) spikes = spikes.averagePool(pool);
      if (isLast) core.readout.count(spikes);
    });
  };
  const described = defineCore('anything', describe);
  const own: CoreOptions = {
    ...{ folds, timeLanes, pixelLanes },
    ...(recipe.draw && timeLanes === 1 ? { seeding: 'none' as const } : {}),
    ...(recipe.oneBank ? { imageBanks: 1 as const } : {}),
  };
  const options: CoreOptions = {
    ...{ weightBits: recipe.weightBits, seed: recipe.seed, maxTimeSteps },
    timeSteps: 1 + (recipe.timeSteps % maxTimeSteps),
    ...(recipe.perChannel ? { weightScale: 'channel' as const } : {}),
    ...(recipe.earlyExit ? { earlyExit: true } : {}),
    ...(isInteger ? { activation: 'integer' as const } : {}),
    ...(recipe.neuron === 'device' ? { device: deviceOf(recipe) } : {}),
    ...(recipe.planned ? {} : own),
  };
  const design = { ...described, options, network: withCarries(described.network, recipe) };
  return recipe.readout === 'count' ? design : withoutLastNeurons(design);
}

/** Layers of the description hand inputs on, and the next ones have weights for them; nothing else changes. */
function withCarries(network: FloatNetwork, { layers: recipes, weights: seed }: Recipe): FloatNetwork {
  let [index, more] = [0, 0];
  const layers = network.layers.map((layer): FloatLayer => {
    const grown = { ...layer.input, channels: layer.input.channels + more };
    if (layer.kind === 'averagePool') {
      const output = { ...layer.output, channels: layer.output.channels + more };
      return { ...layer, input: grown, output };
    }
    const given = recipes[index]!;
    index += 1;
    const outputs = layer.bias.length;
    const kernel = layer.weights.length / outputs / layer.input.channels;
    const own = layer.input.channels;
    const extra = numbers(outputs, kernel * more, seed + 100 * index + 70);
    const widened = Float32Array.from({ length: outputs * kernel * (own + more) }, (_, i) => {
      const [place, channel] = [Math.floor(i / (own + more)), i % (own + more)];
      return channel < more ? extra[place * more + channel]! : layer.weights[place * own + channel - more]!;
    });
    const taps = kernel * (own + more);
    more = index < recipes.length && given.carry > 0 ? 1 + (given.carry % Math.min(6, taps)) : 0;
    const carry = more === 0 ? {} : { carry: { tap: given.fold % (taps - more + 1), count: more } };
    return { ...layer, input: grown, weights: widened, ...carry };
  });
  return { ...network, layers };
}

/** The same, read out by potentials; a description has no words for a single layer of those, but a file of a network has. */
function withoutLastNeurons(design: CoreDesign): CoreDesign {
  const { layers } = design.network;
  const last = layers.at(-1)!;
  if (last.kind === 'averagePool') throw new Error('a recipe ends with a layer of neurons');
  const bare = { ...last, sigmoid: false };
  return { ...design, readout: 'potential', network: { ...design.network, layers: [...layers.slice(0, -1), bare] } };
}

interface Room {
  readonly direct: boolean;
  readonly pool: number;
  readonly inputs: number;
  readonly index: number;
}

/** One of the folds that suit the layer. */
function foldOf(
  recipe: Recipe,
  { dense, channels, fold, carry }: LayerRecipe,
  { direct, pool, inputs, index }: Room,
): LayerFold {
  const outputLanes = 1 + (fold % channels);
  if (carry > 0 && index < recipe.layers.length - 1)
    return {
      engine: { kind: 'window', inputBanks: !direct && (fold >> 6) % 4 === 0 ? 1 : 2 },
      outputLanes,
      positionLanes: 1,
    };
  const isInteger = recipe.neuron === 'integer';
  if (dense && pool === 1 && recipe.wide && index === 0) {
    const divisors = Array.from({ length: cap(inputs, 1, 8) }, (_, i) => i + 1).filter((lanes) => inputs % lanes === 0);
    return { engine: { kind: 'wide', inputLanes: divisors[fold % divisors.length]! }, outputLanes, positionLanes: 1 };
  }
  if (dense && !direct && !isInteger && (fold >> 3) % 2 === 0)
    return { engine: { kind: 'event' }, outputLanes, positionLanes: 1 };
  const positions = [1, pool, pool * pool][(fold >> 4) % 3]!;
  const banks = !direct && (fold >> 6) % 4 === 0 ? 1 : 2;
  return {
    engine: { kind: 'window', inputBanks: banks },
    outputLanes: positions > 1 ? channels : outputLanes,
    positionLanes: positions,
  };
}
