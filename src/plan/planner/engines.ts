/** What the engines of a layer are made of (docs/microarchitecture.md). */
import { inputLanesOf } from '../maker/folds.ts';
import type { LayerFold } from '../maker/options.ts';
import { unsignedBits } from '../maker/widths.ts';
import { isDense, type LayerFacts } from './facts.ts';
import type { MemoryShape } from './ram.ts';
import { bits, ones, type Terms } from './terms.ts';

export interface EngineParts {
  readonly terms: Terms;
  readonly memories: readonly MemoryShape[];
}

/** The time steps of a pass, and how many accumulators a neuron has for them. */
export interface PassContext {
  readonly passSteps: number;
  readonly timeLanes: number;
}

export function engineParts(facts: LayerFacts, fold: LayerFold, context: PassContext): EngineParts {
  const parts = { event: eventEngine, window: windowEngine, wide: wideEngine }[fold.engine.kind](facts, fold, context);
  return { ...parts, terms: { ...laneTerms(facts, fold, context), ...parts.terms } };
}

/** The accumulators, and the products that are added to them. */
function laneTerms({ layer, width, valueBits }: LayerFacts, fold: LayerFold, { timeLanes }: PassContext): Terms {
  const { weightBits, inputMax } = layer;
  const spatialLanes = fold.outputLanes * fold.positionLanes;
  const accumulators = spatialLanes * timeLanes;
  const own = { accumulatorBit: accumulators * width, accumulator: accumulators };
  if (valueBits === 1) return own;
  if (inputMax === 4) return { ...own, chosenBit: accumulators * width, tripleBit: spatialLanes * width };
  const products = accumulators * inputLanesOf(fold);
  return { ...own, multiplierBit: products * multiplierRows(weightBits, valueBits) * (weightBits + valueBits) };
}

/** Additions of a signed weight times an unsigned value: one less than the bits of the narrower one, the value's sign included. */
function multiplierRows(weightBits: number, valueBits: number): number {
  return Math.min(weightBits, valueBits + 1) - 1;
}

function eventEngine(facts: LayerFacts, fold: LayerFold, { passSteps }: PassContext): EngineParts {
  const { inputs, biasTaps, valueBits } = facts;
  const groups = groupsOf(facts, fold);
  const addressBits = unsignedBits(frameElements(facts) - 1);
  const weights = weightMemory(facts, fold, inputs + biasTaps);
  const adders = groups === 1 ? 0 : ones(groups);
  return {
    terms: {
      eventEngine: 1,
      groupBit: adders * bits(weights.depth),
      counterBit: sharedCounters(inputs + biasTaps, facts, fold) + bits(groups) + 5 * addressBits,
    },
    memories: [weights, { depth: 2 ** (addressBits + 1), width: passSteps * valueBits + addressBits, isRom: false }],
  };
}

function windowEngine(facts: LayerFacts, fold: LayerFold, { passSteps }: PassContext): EngineParts {
  const { layer, inputs, biasTaps, valueBits, direct } = facts;
  const { positionLanes } = fold;
  const addressBits = unsignedBits(frameElements(facts) - 1);
  const weights = weightMemory(facts, fold, inputs + biasTaps);
  const walk = isDense(layer) ? [] : positionCounts(facts, positionLanes);
  const banks = fold.engine.kind === 'window' ? fold.engine.inputBanks : 2;
  const buffer = { depth: banks * 2 ** addressBits, width: passSteps * valueBits, isRom: false };
  return {
    terms: {
      windowEngine: 1,
      counterBit:
        sharedCounters(inputs + biasTaps, facts, fold) +
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

function wideEngine(facts: LayerFacts, fold: LayerFold, { passSteps, timeLanes }: PassContext): EngineParts {
  const { layer, inputs, biasTaps, valueBits, direct } = facts;
  const inputLanes = inputLanesOf(fold);
  const elements = inputs / inputLanes;
  const taps = elements + Math.ceil(biasTaps / inputLanes);
  const addressBits = unsignedBits(elements - 1);
  const weights = weightMemory(facts, fold, taps);
  const buffer = { depth: 2 * 2 ** addressBits, width: inputLanes * passSteps * valueBits, isRom: false };
  const termBits = layer.weightBits + (valueBits === 1 ? 0 : valueBits);
  return {
    terms: {
      wideEngine: 1,
      treeBit: fold.outputLanes * timeLanes * treeBits(inputLanes, termBits),
      gateBit: valueBits === 1 ? fold.outputLanes * timeLanes * inputLanes * layer.weightBits : 0,
      counterBit: sharedCounters(taps, facts, fold) + bits(weights.depth) + addressBits,
      ...(direct ? {} : { frameBuffer: 1, secondBank: 1 }),
    },
    memories: [weights, ...(direct ? [] : [buffer])],
  };
}

/** Lanes beyond the last output hold 0 in the last group's rows. */
function weightMemory(facts: LayerFacts, fold: LayerFold, taps: number): MemoryShape {
  const { layer } = facts;
  const groups = groupsOf(facts, fold);
  return {
    depth: groups * taps,
    width: fold.outputLanes * inputLanesOf(fold) * layer.weightBits,
    isRom: true,
    filled: layer.output.channels / (groups * fold.outputLanes),
  };
}

/** Bits of all adders of a balanced tree over so many terms; each level is a bit wider. */
function treeBits(terms: number, termBits: number): number {
  let sum = 0;
  for (let left = terms, width = termBits + 1; left > 1; left = Math.ceil(left / 2), width += 1)
    sum += Math.floor(left / 2) * width;
  return sum;
}

function groupsOf({ layer }: LayerFacts, { outputLanes }: LayerFold): number {
  return Math.ceil(layer.output.channels / outputLanes);
}

/** With the padding around it. */
function frameElements({ layer }: LayerFacts): number {
  const height = layer.input.height + layer.padTop + layer.padBottom;
  const width = layer.input.width + layer.padLeft + layer.padRight;
  return height * width * layer.input.channels;
}

/** Of taps, groups and what is left in the drain. */
function sharedCounters(taps: number, facts: LayerFacts, fold: LayerFold): number {
  return bits(taps + 1) + bits(groupsOf(facts, fold)) + bits(fold.outputLanes * fold.positionLanes + 1);
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
