/** The terms and memories of a layer, and of what surrounds the layers. */
import { channelsBehind, type QuantisedNetwork } from '../../network/index.ts';
import { engineParts, type PassContext } from '../engines/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { firstTaps, streamDegree, streamLeap, wordBits } from '../maker/streams.ts';
import { signedBits, unsignedBits } from '../maker/widths.ts';
import { neuronParts, streamTerms } from '../neurons/index.ts';
import type { Plan } from '../schema/index.ts';
import { type Equipment, hasDevices, loadsMemories } from './equipment.ts';
import type { LayerFacts } from './facts.ts';
import { coreEquipmentParts, layerMonitorTerms } from './monitor-parts.ts';
import { type PlannedMemory, placeMemory, type RamFamily } from './ram.ts';
import { bits, ones, sumOfTerms, type Terms } from './terms.ts';

export interface Parts {
  readonly terms: Terms;
  /** Block RAMs. */
  readonly rams: number;
}

/** What all layers of a core share, as far as it costs hardware. */
export interface CoreContext {
  readonly timeLanes: number;
  readonly readout: 'potential' | 'count';
  readonly maxTimeSteps: number;
  /** Absent: nothing. */
  readonly equipment?: Equipment | undefined;
}

export interface LayerContext extends PassContext {
  readonly isLast: boolean;
  readonly readout: 'potential' | 'count';
  readonly maxTimeSteps: number;
  readonly seeding: Plan['seeding'];
  readonly equipment: Equipment;
}

/** The core as one of its layers sees it. */
export function layerContext(
  { direct }: LayerFacts,
  isLast: boolean,
  { timeLanes, readout, maxTimeSteps, equipment = {} }: CoreContext,
  { seeding }: Pick<Variant, 'seeding'>,
): LayerContext {
  const lanes = { passLanes: timeLanes, timeLanes: direct ? 1 : timeLanes };
  return { ...lanes, isLast, readout, maxTimeSteps, seeding, equipment };
}

/** What holds for the whole core: what it does without to be small, or how much it takes at once to be fast. */
export interface Variant {
  /** `draw`: streams without a seeder; wants one time lane. */
  readonly seeding: Plan['seeding'];
  /** 1: one image at a time. */
  readonly imageBanks: Plan['imageBanks'];
  /** Pixels a beat; with more than one the first layer has a wide engine of so many input lanes. */
  readonly pixelLanes: number;
}

/** A layer under a fold, with its neurons, its pool and the buffer in front of it; the last one with the readout. */
export function layerParts(facts: LayerFacts, fold: LayerFold, context: LayerContext, ram: RamFamily): Parts {
  const engine = engineParts(facts, fold, context);
  const countBits = poolCountBits(facts, context);
  const neurons = facts.hasNeurons ? neuronParts(facts, context) : { terms: {}, memories: [], checked: undefined };
  const checked = [...engine.memories.filter(({ isRom }) => isRom), ...(neurons.checked ? [neurons.checked] : [])];
  const placed = placeMemories(
    [...neurons.memories, ...loadable(engine.memories, context), ...turnMemories(facts, context)],
    ram,
  );
  return {
    terms: sumOfTerms([
      engine.terms,
      neurons.terms,
      layerMonitorTerms(facts, context, checked),
      countBits > 0 ? { pool: 1, poolBit: countBits } : {},
      context.isLast ? readoutTerms(facts, context) : {},
      placed.terms,
    ]),
    rams: placed.rams,
  };
}

/** An engine's memories; of those the host may write its weights. */
function loadable(memories: readonly PlannedMemory[], { equipment }: LayerContext): readonly PlannedMemory[] {
  return loadsMemories(equipment) ? memories.map((memory) => ({ ...memory, isRom: false })) : memories;
}

/** Memories with a word for each channel, of which one after the other has its turn: counts of a pool, scores. One word alone is a register. */
function turnMemories(
  facts: LayerFacts,
  context: Pick<LayerContext, 'isLast' | 'readout' | 'passLanes' | 'maxTimeSteps'>,
): PlannedMemory[] {
  const { channels } = facts.layer.output;
  const turns = channelsBehind(facts.layer);
  const scoreBits = context.isLast ? scoreBitsOf(facts, context) : 0;
  const words = [
    { depth: turns, width: poolCountBits(facts, context) },
    { depth: channels, width: scoreBits },
  ];
  return words.filter(({ depth, width }) => depth > 1 && width > 0).map((word) => ({ ...word, isRom: false }));
}

/** Bits of a score over all time steps. */
function scoreBitsOf(
  { sums }: LayerFacts,
  { readout, maxTimeSteps }: Pick<LayerContext, 'readout' | 'maxTimeSteps'>,
): number {
  const { min, max } = readout === 'count' ? { min: 0, max: 1 } : sums;
  return signedBits(min * maxTimeSteps, max * maxTimeSteps);
}

/** Bits of the counts of a pool, all time lanes together; 0 where windows have one position. */
function poolCountBits({ layer, largestOut }: LayerFacts, { passLanes }: Pick<LayerContext, 'passLanes'>): number {
  const area = layer.pool ? layer.pool.height * layer.pool.width : 1;
  return area > 1 ? passLanes * unsignedBits(area * largestOut) : 0;
}

function readoutTerms({ width }: LayerFacts, { readout, passLanes, maxTimeSteps }: LayerContext): Terms {
  if (readout === 'count') return { countReadout: 1, readoutBit: bits(maxTimeSteps + 1) + 1, readoutSumBit: passLanes };
  return {
    readout: 1,
    readoutBit: width + bits(maxTimeSteps),
    // One potential for all time steps (direct encoding) is added as often as steps are active.
    readoutSumBit: passLanes * width,
  };
}

/** What surrounds the layers: image buffer, encoder, top, registers. */
export function coreParts(
  network: QuantisedNetwork,
  facts: readonly LayerFacts[],
  context: CoreContext,
  variant: Variant,
  ram: RamFamily,
  positionLanes: number,
): Parts {
  const encoded = network.encoding === 'bernoulli';
  const { pixelLanes, imageBanks: banks } = variant;
  const { timeLanes, equipment = {} } = context;
  const frame = encoded ? network.input : paddedInput(network);
  const addressBits = unsignedBits((frame.height * frame.width * frame.channels) / pixelLanes - 1);
  // Under direct encoding the first layer's position lanes read the image, each a copy of its own.
  const copies = encoded ? 1 : positionLanes;
  const image = { depth: banks * 2 ** addressBits, width: 8 * pixelLanes, isRom: false };
  const tables = hasDevices(equipment) ? 0 : facts.filter(({ hasNeurons }) => hasNeurons).length;
  const beside = coreEquipmentParts(network, {
    ...{ equipment, pixelLanes, passLanes: timeLanes, scoreBits: scoreBitsOf(facts.at(-1)!, context) },
    memories: facts.length + tables,
  });
  const placed = placeMemories([...Array.from({ length: copies }, () => image), ...beside.memories], ram);
  return {
    terms: sumOfTerms([
      {
        image: 1,
        guardBit: 8 * pixelLanes,
        imageBank: banks - 1,
        shiftedLane: copies - 1,
        counterBit: 2 * addressBits,
      },
      encoded ? encoderTerms(timeLanes, variant) : { direct: 1 },
      beside.terms,
      placed.terms,
    ]),
    rams: placed.rams,
  };
}

function encoderTerms(timeLanes: number, { seeding, pixelLanes }: Variant): Terms {
  return {
    ...streamTerms(timeLanes, seeding),
    // The encoder counts its words by its pixels.
    unseededStream: 0,
    encoder: 1,
    encoderLane: timeLanes,
    encoderPixel: timeLanes * (pixelLanes - 1),
    jumpLut: timeLanes * jumpLuts(pixelLanes),
  };
}

/**
 * LUTs of four inputs, in one time lane, for the words of the further pixels and for the state behind them all, as XORs of bits of the
 * state before. A single pixel's leap counts as part of the lane.
 */
function jumpLuts(pixelLanes: number): number {
  if (pixelLanes === 1) return 0;
  // For each bit of the sequence, a mask of the state's bits that are XORed.
  const masks = Array.from({ length: streamDegree }, (_, bit) => 1 << bit);
  for (let n = streamDegree; n < streamLeap * pixelLanes + streamDegree; n += 1)
    masks.push(firstTaps.reduce((mask, tap) => mask ^ masks[n - streamDegree + tap]!, 0));
  const luts = (from: number, bits: number) =>
    masks.slice(from, from + bits).reduce((sum, mask) => sum + Math.ceil((ones(mask) - 1) / 3), 0);
  const words = Array.from({ length: pixelLanes - 1 }, (_, i) => luts(streamLeap * (i + 1), wordBits));
  return words.reduce((sum, word) => sum + word, luts(streamLeap * pixelLanes, streamDegree));
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
function placeMemories(memories: readonly PlannedMemory[], ram: RamFamily): Parts {
  let rams = 0;
  let romColumn = 0;
  let romBit = 0;
  let distributedRam = 0;
  let flipFlopRamBit = 0;
  let ramMultiplexerBit = 0;
  for (const memory of memories) {
    const { depth, width, isRom, filled = 1 } = memory;
    const place = placeMemory(ram, memory);
    if (place.kind === 'blocks') {
      rams += place.blocks;
      ramMultiplexerBit += (place.rows - 1) * width + (isRom || place.rows === 1 ? 0 : place.rows);
    } else if (place.kind === 'distributed') {
      distributedRam += place.cells;
      ramMultiplexerBit += (Math.ceil(depth / 16) - 1) * (width + 1);
    } else if (isRom) {
      romColumn += filled * width;
      romBit += filled * (Math.max(0, depth - 16) / 16) * width;
    } else flipFlopRamBit += depth * width;
  }
  return { terms: { romColumn, romBit, distributedRam, flipFlopRamBit, ramMultiplexerBit }, rams };
}
