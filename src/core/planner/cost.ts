/**
 * What a fold costs in LUTs and block RAMs: sums of plain terms (adder bits, multiplexer bits, address bits), whose prices are
 * fitted to yosys results (bench/cost-model.ts) and kept as data.
 */
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../plan/index.ts';
import { accumulatorBounds, signedBits, splitBias, unsignedBits } from '../plan/widths.ts';
import { type RamFamily, ramBlocks } from './ram.ts';

export interface Cost {
  readonly luts: number;
  readonly rams: number;
}

/** LUTs for one unit of each term. */
export interface LutPrices {
  /** One bit of an accumulator with its drain register. */
  readonly accumulatorBit: number;
  /** One bit of choosing 0, w, 2w, 3w or 4w for a pooled count, or of a multiplier for pixels, in each lane. */
  readonly productBit: number;
  /** One bit of 3w, once for all time lanes. */
  readonly tripleBit: number;
  /** One MTJ neuron, or one encoder lane, and what it takes more to be loaded with a start state. */
  readonly neuron: number;
  readonly encoderLane: number;
  readonly loadedLane: number;
  /** The seeder of a stream; or what counts its words where there is none. */
  readonly seeder: number;
  readonly drawnStream: number;
  /** Control, addresses and the input buffer of an engine: constant and for each address bit. */
  readonly windowEngine: number;
  /** A window engine with one position. */
  readonly denseEngine: number;
  readonly eventEngine: number;
  readonly addressBit: number;
  /** A weight bit that is kept in LUTs. */
  readonly romBit: number;
  readonly pool: number;
  /** Readout: for each score bit and class, and for each time step whose potential it adds. */
  readonly readoutBit: number;
  readonly readoutLane: number;
  /** Image buffer with the top, its second bank, encoder without lanes and streams. */
  readonly image: number;
  readonly imageBank: number;
  readonly encoder: number;
}

export interface CostModel {
  readonly family: string;
  readonly prices: LutPrices;
  readonly ram: RamFamily;
  /** Which yosys the prices were fitted to, and the largest relative error seen in the fit. */
  readonly source: string;
}

export interface LayerContext {
  readonly timeLanes: number;
  readonly passSteps: number;
  readonly isLast: boolean;
  readonly readout: 'potential' | 'count';
  readonly seeding?: 'draw' | undefined;
}

/** What the whole core does without, to be small. */
export interface Savings {
  /** Streams without a seeder; wants one time lane. */
  readonly seeding?: 'draw' | undefined;
  /** One image at a time. */
  readonly imageBanks?: 1 | undefined;
}

/** Quantities that prices multiply; also what the fit uses. */
export type Terms = { readonly [Term in keyof LutPrices]: number };

const noTerms: Terms = {
  accumulatorBit: 0,
  productBit: 0,
  tripleBit: 0,
  neuron: 0,
  encoderLane: 0,
  loadedLane: 0,
  seeder: 0,
  drawnStream: 0,
  windowEngine: 0,
  denseEngine: 0,
  eventEngine: 0,
  addressBit: 0,
  romBit: 0,
  pool: 0,
  readoutBit: 0,
  readoutLane: 0,
  image: 0,
  imageBank: 0,
  encoder: 0,
};

/** The terms of one layer under a fold, and the shapes of its memories. */
export function layerTerms(layer: QuantisedLayer, fold: LayerFold, context: LayerContext, ram: RamFamily) {
  const inputs = layer.kernelHeight * layer.kernelWidth * layer.input.channels;
  const biasRows = splitBias(layer.bias, layer.weightBits);
  const rows = Array.from({ length: layer.output.channels }, (_, o) =>
    layer.weights.subarray(o * inputs, (o + 1) * inputs),
  );
  const bounds = accumulatorBounds(rows, biasRows, layer.inputMax, 1);
  const width = signedBits(bounds.min, bounds.max);
  const valueBits = unsignedBits(layer.inputMax);
  const spatialLanes = fold.outputLanes * fold.positionLanes;
  const groups = Math.ceil(layer.output.channels / fold.outputLanes);
  const frame =
    (layer.input.height + layer.padTop + layer.padBottom) *
    (layer.input.width + layer.padLeft + layer.padRight) *
    layer.input.channels;
  const addressBits = unsignedBits(frame - 1);
  const weightDepth = groups * (inputs + biasRows.length);
  const weightWidth = fold.outputLanes * layer.weightBits;
  const weightsInLuts = weightDepth * weightWidth <= ram.romLutBits;
  const hasNeurons = !context.isLast || context.readout === 'count';
  const isEvent = fold.engine === 'event';

  const memories: { depth: number; width: number }[] = [];
  const elementBits = context.passSteps * valueBits;
  const direct = context.timeLanes !== context.passSteps;
  if (!direct)
    for (let lane = 0; lane < fold.positionLanes; lane++)
      memories.push({ depth: 2 ** (addressBits + 1), width: isEvent ? elementBits + addressBits : elementBits });
  if (!weightsInLuts) memories.push({ depth: weightDepth, width: weightWidth });
  const neuronLanes = hasNeurons ? context.passSteps : 0;
  for (let lane = 0; lane < neuronLanes; lane++) memories.push({ depth: 256, width: 16 });

  const terms: Terms = {
    ...noTerms,
    accumulatorBit: spatialLanes * context.timeLanes * width,
    productBit: valueBits > 1 ? spatialLanes * context.timeLanes * width : 0,
    tripleBit: layer.inputMax === 4 ? spatialLanes * width : 0,
    neuron: neuronLanes,
    ...(hasNeurons ? streamTerms(context.passSteps, context.seeding) : {}),
    windowEngine: isEvent || isDense(layer) ? 0 : 1,
    denseEngine: !isEvent && isDense(layer) ? 1 : 0,
    eventEngine: isEvent ? 1 : 0,
    addressBit: addressBits * (1 + fold.positionLanes) + unsignedBits(weightDepth - 1),
    romBit: weightsInLuts ? weightDepth * weightWidth : 0,
    pool: layer.pool ? 1 : 0,
    readoutBit: context.isLast ? layer.output.channels * (width + 4) : 0,
    readoutLane: context.isLast ? context.passSteps : 0,
  };
  return { terms, memories };
}

/** Whether a kernel covers its whole input, so that there is one position. */
export function isDense(layer: Pick<QuantisedLayer, 'kernelHeight' | 'kernelWidth' | 'input'>): boolean {
  return layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
}

function streamTerms(lanes: number, seeding: 'draw' | undefined) {
  return seeding === 'draw' ? { drawnStream: 1 } : { seeder: 1, loadedLane: lanes };
}

export function layerCost(layer: QuantisedLayer, fold: LayerFold, context: LayerContext, model: CostModel): Cost {
  const { terms, memories } = layerTerms(layer, fold, context, model.ram);
  return {
    luts: priced(terms, model.prices),
    rams: memories.reduce((sum, { depth, width }) => sum + ramBlocks(model.ram, depth, width), 0),
  };
}

/** The terms of what surrounds the layers: image buffer, encoder, top. */
export function coreTerms(network: QuantisedNetwork, timeLanes: number, { seeding, imageBanks }: Savings = {}): Terms {
  const encoded = network.encoding === 'bernoulli';
  return {
    ...noTerms,
    image: 1,
    imageBank: imageBanks === 1 ? 0 : 1,
    // The encoder counts its words by its pixels.
    ...(encoded ? { ...streamTerms(timeLanes, seeding), drawnStream: 0, encoder: 1, encoderLane: timeLanes } : {}),
  };
}

export function coreCost(network: QuantisedNetwork, timeLanes: number, model: CostModel, savings: Savings = {}): Cost {
  const { height, width, channels } = network.input;
  const bankBits = unsignedBits(height * width * channels - 1);
  const depth = 2 ** (savings.imageBanks === 1 ? bankBits : bankBits + 1);
  return {
    luts: priced(coreTerms(network, timeLanes, savings), model.prices),
    rams: ramBlocks(model.ram, depth, 8),
  };
}

function priced(terms: Terms, prices: LutPrices): number {
  let luts = 0;
  for (const term of Object.keys(terms) as (keyof LutPrices)[]) luts += terms[term] * prices[term];
  return Math.round(luts);
}
