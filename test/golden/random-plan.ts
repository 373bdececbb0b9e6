/** Small random plans for tests: sound by construction, the same for the same seed. */
import type { EnginePlan, IdealNeuron, LayerPlan, Plan, PlanShape, Seeding, StreamPlan } from '../../src/plan/index.ts';

export type Random = (below: number) => number;

/** mulberry32: whole numbers 0..below-1. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const between = (random: Random, low: number, high: number): number => low + random(high - low + 1);
const pick = <T>(random: Random, choices: readonly T[]): T => choices[random(choices.length)]!;
const bitsOf = (largest: number): number => largest.toString(2).length;

/** Recurrences whose polynomials are primitive: shown so by stream.test.ts. */
export const primitiveTaps: readonly (readonly number[])[] = [
  [0, 2, 3, 9],
  [0, 2, 5, 11],
  [0, 3, 4, 13],
  [0, 5, 7, 12],
  [0, 11, 12, 13],
  [0, 1, 2, 3, 4, 13],
];

/**
 * The plan with a wide engine in front that takes several pixels at once, where its first layer is a dense one without pool:
 * the same network, the same words.
 */
export function widened(plan: Plan, seed: number): Plan {
  const random = randomFrom(seed ^ 0x71de);
  const [first, ...others] = plan.layers;
  const pixels = plan.input.height * plan.input.width * plan.input.channels;
  if (first === undefined || first.kind !== 'dense' || first.pool !== null) return plan;
  const divisors = Array.from({ length: pixels }, (_, i) => i + 1).filter((k) => pixels % k === 0);
  const lanes = plan.seeding === 'none' && plan.encoding.kind === 'bernoulli' ? 1 : pick(random, divisors);
  return {
    ...plan,
    // Its passes overlap, so there is no early exit.
    earlyExit: 'none',
    pixelLanes: lanes,
    layers: [{ ...first, engine: { kind: 'wide', inputLanes: lanes }, positionLanes: 1 }, ...others],
  };
}

/**
 * The plan with layers that hand inputs on: any taps of their windows, from any layer that may. The next layer has weights for them, too; the words
 * and what came before are the same.
 */
export function carrying(plan: Plan, seed: number): Plan {
  const random = randomFrom(seed ^ 0xca221);
  const layers: LayerPlan[] = [];
  /** [channel of the frame in front of the layer] */
  let maxima: number[] = new Array<number>(plan.input.channels).fill(plan.layers[0]!.inputMax);
  let handedOn = 0;
  for (const [index, given] of plan.layers.entries()) {
    const layer = index === 0 ? given : withMoreInputs(random, given, handedOn, maxima);
    const isLast = index === plan.layers.length - 1;
    const direct = index === 0 && plan.encoding.kind === 'direct';
    const { input, pool, output } = layer;
    const taps = layer.kernelHeight * layer.kernelWidth * input.channels;
    const isWide = layer.engine.kind === 'wide';
    handedOn = isLast || direct || isWide || random(4) === 0 ? 0 : between(random, 1, Math.min(taps, 7));
    const tap = random(taps - handedOn + 1);
    const carried = Array.from({ length: handedOn }, (_, i) => maxima[(tap + i) % input.channels]!);
    const carry = { tap, count: handedOn, max: Math.max(...carried) };
    layers.push(handedOn === 0 ? layer : { ...layer, engine: window, positionLanes: 1, carry });
    const area = (pool?.height ?? 1) * (pool?.width ?? 1);
    maxima = [...carried, ...new Array<number>(output.channels).fill(1)].map((most) => most * area);
  }
  const { kind, scoreBits } = plan.readout;
  const needed = layers.at(-1)!.accumulatorBits + bitsOf(plan.timeSteps.max);
  return { ...plan, layers, readout: { ...plan.readout, scoreBits: kind === 'count' ? scoreBits : needed } };
}

/** A layer whose input has so many more channels in front. */
function withMoreInputs(random: Random, layer: LayerPlan, more: number, maxima: readonly number[]): LayerPlan {
  const inputMax = Math.max(...maxima);
  const { channels } = layer.input;
  const weights = layer.weights.map((row, output) =>
    Array.from({ length: (row.length / channels) * (channels + more) }, (_, tap) => {
      const channel = tap % (channels + more);
      if (channel < more) return signed(random, layer.weightBits) * 2 ** (layer.channelShifts?.[output] ?? 0);
      return row[Math.floor(tap / (channels + more)) * channels + channel - more]!;
    }),
  );
  const needed = accumulatorBitsFor(weights, layer.biasRows, inputMax, layer.biasValue);
  return {
    ...layer,
    input: { ...layer.input, channels: channels + more },
    weights,
    inputMax,
    valueBits: bitsOf(inputMax),
    accumulatorBits: Math.max(layer.accumulatorBits, needed),
  };
}

export interface PlanOptions {
  readonly encoding?: Plan['encoding']['kind'];
  readonly readout?: Plan['readout']['kind'];
}

/** A network of 1 to 3 layers on an image of a few pixels. */
export function randomPlan(seed: number, options: PlanOptions = {}): Plan {
  const random = randomFrom(seed);
  const encoding = options.encoding ?? pick(random, ['bernoulli', 'bernoulli', 'direct'] as const);
  const readout = options.readout ?? pick(random, ['potential', 'count'] as const);
  const max = between(random, 1, 9);
  const lanes = between(random, 1, Math.min(max, 5));
  const input = { height: between(random, 1, 6), width: between(random, 1, 6), channels: between(random, 1, 2) };
  // What came later draws from numbers of its own: the plans of before stay as they were.
  const extra = randomFrom(seed ^ 0x5eed1);
  const layers: LayerPlan[] = [];
  let shape: PlanShape = input;
  let inputMax = encoding === 'direct' ? 255 : 1;
  const count = between(random, 1, 3);
  for (let index = 0; index < count; index += 1) {
    const last = index === count - 1;
    const direct = encoding === 'direct' && index === 0;
    const timeLanes = direct ? 1 : lanes;
    const layer = randomLayer(random, { name: `layer${index + 1}`, shape, inputMax, timeLanes, direct, last });
    const banked =
      layer.engine.kind === 'window' && !direct && extra(4) === 0
        ? { ...layer, engine: { kind: 'window' as const, inputBanks: 1 as const } }
        : layer;
    layers.push(last && readout === 'potential' ? { ...banked, neuron: { kind: 'none' } } : banked);
    const pool = layer.pool ?? { height: 1, width: 1 };
    shape = {
      height: Math.floor(layer.output.height / pool.height),
      width: Math.floor(layer.output.width / pool.width),
      channels: layer.output.channels,
    };
    inputMax = pool.height * pool.width;
  }
  const classes = shape.height * shape.width * shape.channels;
  const pixels = input.height * input.width * input.channels;
  return {
    version: 2,
    name: `random_${seed}`,
    input,
    pixelLanes: 1,
    imageBanks: extra(3) === 0 ? 1 : 2,
    encoding: encoding === 'bernoulli' ? { kind: encoding, stream: randomStream(random, pixels) } : { kind: encoding },
    timeSteps: { max, lanes, default: between(random, 1, max) },
    seeding: seedingFor(extra, lanes),
    earlyExit: lanes < max && extra(3) === 0 ? 'margin' : 'none',
    neuron: { kind: 'ideal' },
    layers,
    readout: {
      kind: readout,
      classes,
      scoreBits: readout === 'count' ? bitsOf(max) + 1 : layers.at(-1)!.accumulatorBits + bitsOf(max),
    },
    seed,
  };
}

/** Cores with one time lane can do without a seeder. */
function seedingFor(random: Random, lanes: number): Seeding {
  return lanes === 1 && random(2) === 0 ? 'none' : 'seeder';
}

const window: EnginePlan = { kind: 'window', inputBanks: 2 };
const event: EnginePlan = { kind: 'event' };

interface LayerRequest {
  readonly name: string;
  readonly shape: PlanShape;
  readonly inputMax: number;
  readonly timeLanes: number;
  readonly direct: boolean;
  readonly last: boolean;
}

function randomLayer(random: Random, request: LayerRequest): LayerPlan {
  const { shape, inputMax, timeLanes, direct } = request;
  const dense = random(2) === 0;
  const kernel = dense ? denseWindow(shape) : randomWindow(random, shape);
  const channels = between(random, 1, 5);
  const output = {
    height: Math.floor((shape.height + kernel.padTop + kernel.padBottom - kernel.kernelHeight) / kernel.strideY) + 1,
    width: Math.floor((shape.width + kernel.padLeft + kernel.padRight - kernel.kernelWidth) / kernel.strideX) + 1,
    channels,
  };
  const pool =
    !request.last && random(2) === 0
      ? { height: between(random, 1, Math.min(2, output.height)), width: between(random, 1, Math.min(3, output.width)) }
      : null;
  const poolArea = (pool?.height ?? 1) * (pool?.width ?? 1);
  const neuronsInMap =
    Math.floor(output.height / (pool?.height ?? 1)) * Math.floor(output.width / (pool?.width ?? 1)) * poolArea;
  const lanes = randomLanes(random, channels, pool);
  const engine = dense && !direct && random(2) === 0 ? event : window;
  const weightBits = between(random, 2, 8);
  const taps = kernel.kernelHeight * kernel.kernelWidth * shape.channels;
  const own = randomFrom(taps + 100 * channels + weightBits);
  const channelShifts = own(2) === 0 ? undefined : Array.from({ length: channels }, () => own(4));
  const factor = (channel: number) => 2 ** (channelShifts?.[channel] ?? 0);
  const weights = table(channels, taps, () => signed(random, weightBits)).map((row, c) =>
    row.map((w) => w * factor(c)),
  );
  const biasRows = table(between(random, 0, 3), channels, () => signed(random, weightBits)).map((row) =>
    row.map((value, c) => value * factor(c)),
  );
  const biasValue = inputMax === 255 && random(2) === 0 ? 255 : 1;
  const bias = Array.from({ length: channels }, (_, c) => biasRows.reduce((sum, row) => sum + row[c]! * biasValue, 0));
  const needed = Math.max(
    weightBits + Math.max(0, ...(channelShifts ?? [])),
    accumulatorBitsFor(weights, biasRows, inputMax, biasValue),
  );
  // Now and then too wide for two sums in one word of the functional model.
  const accumulatorBits = random(4) === 0 ? Math.max(17, needed) : needed;
  return {
    name: request.name,
    kind: dense ? 'dense' : 'convolution',
    engine,
    input: shape,
    output,
    ...kernel,
    pool,
    inputMax,
    valueBits: bitsOf(inputMax),
    weightBits,
    ...(channelShifts ? { channelShifts } : {}),
    fractionBits: 4,
    weights,
    bias,
    biasRows,
    biasValue,
    accumulatorBits,
    outputLanes: engine.kind === 'event' ? between(random, 1, channels) : lanes.outputLanes,
    positionLanes: engine.kind === 'event' ? 1 : lanes.positionLanes,
    timeLanes,
    neuron: randomNeurons(random, neuronsInMap * channels, accumulatorBits),
  };
}

function denseWindow(shape: PlanShape) {
  return {
    kernelHeight: shape.height,
    kernelWidth: shape.width,
    strideY: 1,
    strideX: 1,
    padTop: 0,
    padLeft: 0,
    padBottom: 0,
    padRight: 0,
  };
}

function randomWindow(random: Random, shape: PlanShape) {
  const pads = { padTop: random(3), padLeft: random(3), padBottom: random(3), padRight: random(3) };
  return {
    kernelHeight: between(random, 1, Math.min(3, shape.height + pads.padTop + pads.padBottom)),
    kernelWidth: between(random, 1, Math.min(3, shape.width + pads.padLeft + pads.padRight)),
    strideY: between(random, 1, 2),
    strideX: between(random, 1, 2),
    ...pads,
  };
}

/** Position lanes want an output lane for each channel. */
function randomLanes(random: Random, channels: number, pool: LayerPlan['pool']) {
  const positionLanes = pool === null ? 1 : pick(random, [1, pool.width, pool.height * pool.width]);
  return { positionLanes, outputLanes: positionLanes > 1 ? channels : between(random, 1, channels) };
}

function accumulatorBitsFor(
  weights: readonly (readonly number[])[],
  biasRows: LayerPlan['biasRows'],
  inputMax: number,
  biasValue: number,
): number {
  // The sum of magnitudes is a bound that no partial sum exceeds.
  const bounds = weights.map(
    (row, c) =>
      row.reduce((sum, w) => sum + Math.abs(w) * inputMax, 0) +
      biasRows.reduce((sum, biasRow) => sum + Math.abs(biasRow[c]!) * biasValue, 0),
  );
  return bitsOf(Math.max(1, ...bounds)) + 1;
}

function randomNeurons(random: Random, neurons: number, accumulatorBits: number): IdealNeuron {
  const tableBits = between(random, 0, 5);
  const entries = 2 ** tableBits;
  const codes = Array.from({ length: entries }, () => pick(random, [0, 65535, random(65536), random(65536)]));
  codes.sort((a, b) => a - b);
  return {
    kind: 'ideal',
    stream: randomStream(random, neurons),
    table: codes,
    // From finer than a potential's unit to the whole range in one entry.
    tableShift: between(random, -2, Math.max(-2, accumulatorBits - tableBits)),
    tableOffset: between(random, -2, entries + 2),
  };
}

function randomStream(random: Random, wordsPerTimeStep: number): StreamPlan {
  return {
    taps: pick(random, primitiveTaps),
    leap: between(random, 16, 19),
    seed: 1 + random(2 ** 32 - 2),
    wordsPerTimeStep,
  };
}

function table(rows: number, columns: number, value: () => number): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, value));
}

function signed(random: Random, bits: number): number {
  return random(2 ** bits) - 2 ** (bits - 1);
}

/** Images with many 0 and 255 pixels. */
export function randomImages(seed: number, plan: Plan, count: number): Uint8Array {
  const random = randomFrom(seed ^ 0x5eed);
  const pixels = plan.input.height * plan.input.width * plan.input.channels;
  return Uint8Array.from({ length: pixels * count }, () => pick(random, [0, 0, 255, random(256), random(256)]));
}

/** The same network folded in another way: other output, position and time lanes, other engines. */
export function refold(plan: Plan, seed: number): Plan {
  const random = randomFrom(seed ^ 0xf01d);
  const lanes = between(random, 1, Math.min(6, plan.timeSteps.max));
  return {
    ...plan,
    earlyExit: lanes < plan.timeSteps.max ? plan.earlyExit : 'none',
    timeSteps: { ...plan.timeSteps, lanes },
    seeding: seedingFor(random, lanes),
    layers: plan.layers.map((layer, index) => {
      const direct = plan.encoding.kind === 'direct' && index === 0;
      const channels = layer.output.channels;
      const engine = layer.kind === 'dense' && !direct ? pick(random, [window, event]) : window;
      const pool = engine.kind === 'window' ? layer.pool : null;
      if (layer.carry) return { ...layer, outputLanes: between(random, 1, channels), timeLanes: lanes };
      const { positionLanes, outputLanes } = randomLanes(random, channels, pool);
      return { ...layer, engine, positionLanes, outputLanes, timeLanes: direct ? 1 : lanes };
    }),
  };
}

/** A margin for early exit: 0 answers after the first pass, all ones (undefined) never, those between now and then. */
export function randomMargin(plan: Plan, seed: number): { exitMargin?: number } {
  if (plan.earlyExit === 'none') return {};
  const random = randomFrom(seed ^ 0xe817);
  const bits = plan.readout.kind === 'count' ? between(random, 0, 1) : between(random, 0, plan.readout.scoreBits - 1);
  return pick(random, [{}, { exitMargin: 0 }, ...Array(6).fill({ exitMargin: random(2 ** bits) })]);
}

/** The first seeds from `from` on that are wanted. */
export function seedsOf(from: number, count: number, isWanted: (seed: number) => boolean): number[] {
  const found: number[] = [];
  for (let seed = from; found.length < count; seed += 1) if (isWanted(seed)) found.push(seed);
  return found;
}
