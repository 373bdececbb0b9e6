/**
 * What a core is made of, as quantities: adder bits, multiplexer bits, counters. Each has a price in LUTs that scripts/cost-model.ts fits
 * to what yosys makes of a grid of cores (docs/cost-model.md says how to add one).
 */
import type { QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../plan/index.ts';
import { unsignedBits } from '../plan/widths.ts';
import { isDense, type LayerFacts } from './facts.ts';
import { type MemoryShape, placeMemory, type RamFamily } from './ram.ts';

/** Every term, and what one unit of it is. */
export const termTable = {
  accumulatorBit: 'a bit of an accumulator with its drain register',
  accumulator: 'enable and gate of an accumulator',
  chosenBit: 'a bit of choosing 0, w, 2w, 3w or 4w for a pooled count, in each accumulator',
  tripleBit: 'a bit of 3w, once for all time lanes',
  multiplierBit: 'a bit of any other product, for each addition in it',
  windowEngine: 'control of a window engine',
  eventEngine: 'control of an event engine and its list of events',
  groupBit: "a bit of the event engine's product of index and groups",
  counterBit: 'a bit of a counter or address: tap, row, group, position, drain',
  walkBit: "a bit of a window's next address, for each counter of positions",
  frameBuffer: 'a frame buffer in front of a window engine',
  secondBank: 'its second bank',
  shiftedLane: 'a copy of a frame buffer for one more position lane',
  ramMultiplexerBit: 'a bit that is chosen among blocks of one memory, or a block that is chosen for writing',
  romColumn: 'a bit of each of the first 16 words of a ROM in LUTs',
  romBit: '16 more words of it',
  distributedRam: 'a RAM of 16 words of 4 bits in LUTs',
  flipFlopRamBit: 'a bit of a RAM that is too small for anything but flip-flops',
  neuron: 'an MTJ neuron: LFSR, comparator, table address',
  neuronBit: "a bit of its potential above the table's resolution",
  loadedLane: 'what an LFSR takes more to be loaded with a start state',
  seeder: 'the start states of a stream',
  drawnStream: 'what counts the words of a stream that has no seeder',
  pool: 'an average pool',
  poolBit: 'a bit of its counts, in each time lane',
  readout: 'readout of the potentials',
  readoutBit: 'a bit of a score',
  readoutSumBit: 'a bit of the sum over time lanes',
  countReadout: 'readout of spikes',
  image: 'top and image buffer',
  imageBank: 'its second bank',
  encoder: 'encoder of pixels',
  encoderLane: 'a lane of it',
  direct: 'direct input',
} as const;

export type Term = keyof typeof termTable;
export const termNames = Object.keys(termTable) as readonly Term[];
export type Terms = Readonly<Partial<Record<Term, number>>>;

export interface Parts {
  readonly terms: Terms;
  /** Block RAMs. */
  readonly rams: number;
}

interface Engine {
  readonly terms: Terms;
  readonly memories: readonly MemoryShape[];
}

export interface LayerContext {
  readonly timeLanes: number;
  readonly passSteps: number;
  readonly isLast: boolean;
  readonly readout: 'potential' | 'count';
  readonly maxTimeSteps: number;
  readonly seeding?: 'draw' | undefined;
}

/** What the whole core does without, to be small. */
export interface Savings {
  /** Streams without a seeder; wants one time lane. */
  readonly seeding?: 'draw' | undefined;
  /** One image at a time. */
  readonly imageBanks?: 1 | undefined;
}

/** z = v * 2^-fractionBits is looked up in steps of 1/16 (src/device, switchingTable). */
const tableStepBits = 4;
const neuronTable: MemoryShape = { depth: 256, width: 16, isRom: true };

/** A layer under a fold, with its neurons, its pool and the buffer in front of it; the last one with the readout. */
export function layerParts(facts: LayerFacts, fold: LayerFold, context: LayerContext, ram: RamFamily): Parts {
  const { layer, width } = facts;
  const { passSteps } = context;
  const hasNeurons = !context.isLast || context.readout === 'count';
  const engine = engineParts(facts, fold, context);
  const memories = [...(hasNeurons ? Array.from({ length: passSteps }, () => neuronTable) : []), ...engine.memories];
  const placed = placeMemories(memories, ram);
  const poolArea = layer.pool ? layer.pool.height * layer.pool.width : 1;
  return {
    terms: {
      ...engine.terms,
      ...(hasNeurons
        ? {
            neuron: passSteps,
            neuronBit: passSteps * Math.max(1, width - Math.max(0, layer.fractionBits - tableStepBits)),
            ...streamTerms(passSteps, context.seeding),
          }
        : {}),
      ...(layer.pool ? { pool: 1, poolBit: passSteps * unsignedBits(poolArea) } : {}),
      ...(context.isLast ? readoutTerms(facts, context) : {}),
      ...placed.terms,
    },
    rams: placed.rams,
  };
}

function engineParts(facts: LayerFacts, fold: LayerFold, context: LayerContext): Engine {
  const { layer, width, inputs, biasTaps, valueBits, direct } = facts;
  const { passSteps, timeLanes } = context;
  const { outputLanes, positionLanes } = fold;
  const spatialLanes = outputLanes * positionLanes;
  const accumulators = spatialLanes * timeLanes;
  const groups = Math.ceil(layer.output.channels / outputLanes);
  const frame =
    (layer.input.height + layer.padTop + layer.padBottom) *
    (layer.input.width + layer.padLeft + layer.padRight) *
    layer.input.channels;
  const addressBits = unsignedBits(frame - 1);
  const elementBits = passSteps * valueBits;
  const weights = { depth: groups * (inputs + biasTaps), width: outputLanes * layer.weightBits, isRom: true };
  const lanes: Terms = {
    accumulatorBit: accumulators * width,
    accumulator: accumulators,
    ...(valueBits === 1
      ? {}
      : layer.inputMax === 4
        ? { chosenBit: accumulators * width, tripleBit: spatialLanes * width }
        : {
            multiplierBit: accumulators * multiplierRows(layer.weightBits, valueBits) * (layer.weightBits + valueBits),
          }),
  };
  const counters = bits(inputs + biasTaps + 1) + bits(groups) + bits(spatialLanes + 1);
  if (fold.engine === 'event') {
    const adders = groups === 1 ? 0 : ones(groups);
    return {
      terms: {
        ...lanes,
        eventEngine: 1,
        groupBit: adders * bits(weights.depth),
        counterBit: counters + bits(groups) + 5 * addressBits,
      },
      memories: [weights, { depth: 2 ** (addressBits + 1), width: elementBits + addressBits, isRom: false }],
    };
  }
  const walk = isDense(layer) ? [] : positionCounts(facts, positionLanes);
  const banks = fold.inputBanks ?? 2;
  const buffer = { depth: banks * 2 ** addressBits, width: elementBits, isRom: false };
  return {
    terms: {
      ...lanes,
      windowEngine: 1,
      counterBit:
        counters +
        bits(layer.kernelWidth * layer.input.channels) +
        bits(weights.depth) +
        2 * addressBits +
        walk.reduce((sum, count) => sum + bits(count), 0),
      walkBit: walk.length * addressBits,
      ...(direct ? {} : { frameBuffer: 1, secondBank: banks - 1, shiftedLane: positionLanes - 1 }),
    },
    memories: [weights, ...(direct ? [] : Array.from({ length: positionLanes }, () => buffer))],
  };
}

/** Additions of a signed weight times an unsigned value: one less than the bits of the narrower one, the value's sign included. */
function multiplierRows(weightBits: number, valueBits: number): number {
  return Math.min(weightBits, valueBits + 1) - 1;
}

/** The counters over positions that exist. */
function positionCounts({ layer }: LayerFacts, positionLanes: number): number[] {
  const pool = layer.pool ?? { height: 1, width: 1 };
  return [
    positionLanes === 1 ? pool.width : 1,
    positionLanes <= pool.width ? pool.height : 1,
    Math.floor(layer.output.width / pool.width),
    Math.floor(layer.output.height / pool.height),
  ].filter((count) => count > 1);
}

function streamTerms(lanes: number, seeding: 'draw' | undefined): Terms {
  return seeding === 'draw' ? { drawnStream: 1 } : { seeder: 1, loadedLane: lanes };
}

function readoutTerms({ width }: LayerFacts, { readout, passSteps, maxTimeSteps }: LayerContext): Terms {
  if (readout === 'count') return { countReadout: 1, readoutBit: bits(maxTimeSteps + 1) + 1, readoutSumBit: passSteps };
  return {
    readout: 1,
    readoutBit: width + bits(maxTimeSteps),
    // One potential for all time steps (direct encoding) is added as often as steps are active.
    readoutSumBit: passSteps * width,
  };
}

/** What surrounds the layers: image buffer, encoder, top. */
export function coreParts(
  network: QuantisedNetwork,
  timeLanes: number,
  savings: Savings,
  ram: RamFamily,
  positionLanes: number,
): Parts {
  const encoded = network.encoding === 'bernoulli';
  const frame = encoded ? network.input : paddedInput(network);
  const addressBits = unsignedBits(frame.height * frame.width * frame.channels - 1);
  const banks = savings.imageBanks ?? 2;
  // Under direct encoding the first layer's position lanes read the image, each a copy of its own.
  const copies = encoded ? 1 : positionLanes;
  const memories = Array.from({ length: copies }, () => ({
    depth: banks * 2 ** addressBits,
    width: 8,
    isRom: false,
  }));
  const placed = placeMemories(memories, ram);
  return {
    terms: {
      image: 1,
      imageBank: banks - 1,
      shiftedLane: copies - 1,
      counterBit: 2 * addressBits,
      // The encoder counts its words by its pixels.
      ...(encoded
        ? { ...streamTerms(timeLanes, savings.seeding), drawnStream: 0, encoder: 1, encoderLane: timeLanes }
        : { direct: 1 }),
      ...placed.terms,
    },
    rams: placed.rams,
  };
}

function paddedInput({ layers: [first] }: QuantisedNetwork) {
  const { input, padTop, padBottom, padLeft, padRight } = first!;
  return {
    height: input.height + padTop + padBottom,
    width: input.width + padLeft + padRight,
    channels: input.channels,
  };
}

/** Block RAMs, and the LUTs that memories take: small ones whole, large ones to choose among their blocks. */
function placeMemories(memories: readonly MemoryShape[], ram: RamFamily): Parts {
  let rams = 0;
  let romColumn = 0;
  let romBit = 0;
  let distributedRam = 0;
  let flipFlopRamBit = 0;
  let ramMultiplexerBit = 0;
  for (const memory of memories) {
    const { depth, width, isRom } = memory;
    const place = placeMemory(ram, memory);
    if (place.kind === 'blocks') {
      rams += place.blocks;
      ramMultiplexerBit += (place.rows - 1) * width + (isRom || place.rows === 1 ? 0 : place.rows);
    } else if (place.kind === 'distributed') {
      distributedRam += place.cells;
      ramMultiplexerBit += (Math.ceil(depth / 16) - 1) * (width + 1);
    } else if (isRom) {
      romColumn += width;
      romBit += (Math.max(0, depth - 16) / 16) * width;
    } else flipFlopRamBit += depth * width;
  }
  return { terms: { romColumn, romBit, distributedRam, flipFlopRamBit, ramMultiplexerBit }, rams };
}

/** Bits of a counter of so many values; none of one value. */
function bits(values: number): number {
  return values <= 1 ? 0 : unsignedBits(values - 1);
}

/** Ones of a binary number: adders of a product with it. */
function ones(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}

export function addTerms(a: Terms, b: Terms): Terms {
  return Object.fromEntries(termNames.map((term) => [term, (a[term] ?? 0) + (b[term] ?? 0)]));
}
