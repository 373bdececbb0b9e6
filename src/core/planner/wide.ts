/** Folds that take several pixels a beat: a wide engine in front (docs/microarchitecture.md, "Wide engine"). */
import type { QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../plan/index.ts';
import { type Cost, type CostModel, layerCost } from './cost.ts';
import { isDense, type LayerFacts } from './facts.ts';
import { type MemoryShape, placeMemory } from './ram.ts';
import type { LayerContext } from './terms.ts';

/** Most pixels a beat that the planner looks at: more make the adder tree deep. */
const mostPixelLanes = 16;
/** Clocks from one hand-over to the next beside loading the seeds and the drain itself. */
const drainOverhead = 2;

/** Pixels a beat that a network can take at all; 1 is always among them. */
export function possiblePixelLanes(network: QuantisedNetwork): number[] {
  const { height, width, channels } = network.input;
  const pixels = height * width * channels;
  const first = network.layers[0]!;
  if (!isDense(first) || first.pool) return [1];
  return Array.from({ length: mostPixelLanes }, (_, i) => i + 1).filter((lanes) => pixels % lanes === 0);
}

/** Cycles of one pass: the next one is added up while the potentials of this one leave. */
export function widePassCycles({ layer, inputs }: LayerFacts, fold: LayerFold, passSteps: number): number {
  const inputLanes = fold.inputLanes ?? 1;
  const groups = Math.ceil(layer.output.channels / fold.outputLanes);
  const biasTaps = layer.bias.some((value) => value !== 0) ? 1 : 0;
  const taps = biasTaps + inputs / inputLanes;
  const drain = layer.output.channels + passSteps + drainOverhead;
  return Math.max(groups * (taps + 1) + 1, drain);
}

/**
 * The window engine's price, and in each lane a tree of adders with its register and the gates of its inputs. Not fitted to yosys: rough,
 * for comparing folds among themselves.
 */
export function wideCost(facts: LayerFacts, fold: LayerFold, context: LayerContext, model: CostModel): Cost {
  const { layer, inputs } = facts;
  const inputLanes = fold.inputLanes ?? 1;
  const narrow: LayerFold = { engine: 'window', outputLanes: fold.outputLanes, positionLanes: 1 };
  const window = layerCost(facts, narrow, context, model);
  const treeBits = inputLanes * (layer.weightBits + 2) * fold.outputLanes * context.timeLanes;
  const groups = Math.ceil(layer.output.channels / fold.outputLanes);
  const weights = (lanes: number): MemoryShape => ({
    depth: groups * (inputs / lanes + 1),
    width: fold.outputLanes * lanes * layer.weightBits,
    isRom: true,
  });
  const rams = window.rams - blocks(model, weights(1)) + blocks(model, weights(inputLanes));
  return { luts: Math.round(window.luts + lutsOfTreeBit * treeBits), rams };
}

/** A full adder, half of its gate; the register hides behind it. */
const lutsOfTreeBit = 1.7;

function blocks({ ram }: CostModel, memory: MemoryShape): number {
  const place = placeMemory(ram, memory);
  return place.kind === 'blocks' ? place.blocks : 0;
}

/** What the encoder needs more for each further pixel: a comparator and its words, in each time lane. */
export function widePixelLuts(pixelLanes: number, timeLanes: number): number {
  return (pixelLanes - 1) * timeLanes * lutsOfPixel;
}

/** 17 bits compared, 16 bits of a word that are XORs of up to a dozen state bits. */
const lutsOfPixel = 70;
