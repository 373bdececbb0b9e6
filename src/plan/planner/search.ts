/** The search: which folds give which speed for which area. */
import { badInput } from '../../errors/index.ts';
import type { QuantisedNetwork } from '../../network/index.ts';
import { coveredPositions, inputHeld, passCycles, possibleFolds, possiblePixelLanes } from '../engines/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { type CoreFold, type Cost, type CostModel, layerCost, surroundingCost } from './cost.ts';
import { addersOf, additions } from './cycles.ts';
import { type Equipment, wantsSeeders, wantsSinglePixels } from './equipment.ts';
import { type LayerFacts, layerFacts } from './facts.ts';
import { layerContext, type Variant } from './parts.ts';
import { clocksPerImage, type Stage } from './pipeline.ts';

/** One way to build the whole core. */
export interface Candidate extends Variant {
  readonly timeLanes: number;
  readonly folds: readonly LayerFold[];
  /** Cycles an image takes in the slowest block, which is what the pipeline's throughput is. */
  readonly cyclesPerImage: number;
  /** Cycles from an image's last pixel to its class in an empty pipeline. */
  readonly latencyCycles: number;
  readonly cost: Cost;
  /** Adders: accumulators, times the inputs that a wide engine takes at once. */
  readonly lanes: number;
  /** Additions that the network asks for / (lanes x cycles); more than 1 where silent inputs are skipped. */
  readonly utilisation: number;
}

/** What the search for folds may choose from, and what it counts with. */
export interface SearchOptions {
  readonly timeSteps: number;
  readonly maxTimeSteps: number;
  readonly readout: 'potential' | 'count';
  readonly model: CostModel;
  /** Time lanes to try. */
  readonly timeLanes?: readonly number[];
  /** What the core has beside; absent: nothing. With early exit most images leave time steps unused: streams that draw and throw away all of their words are no choice then. */
  readonly equipment?: Equipment | undefined;
  /** Pixels a beat to try; those that the network can't take are left out. Absent: 1. */
  readonly pixelLanes?: readonly number[];
  /** Absent: 1, which holds for any image. */
  readonly activity?: Activity;
}

/**
 * Share of a layer's inputs that are not silent in a pass: one number for all layers, or for each layer by time lanes (a power of two; for
 * a number between, that of the next one).
 */
export type Activity = number | readonly Readonly<Record<number, number>>[];

function activityAt(activity: Activity, layer: number, timeLanes: number): number {
  if (typeof activity === 'number') return activity;
  const measured = activity[layer] ?? {};
  return measured[timeLanes] ?? measured[2 ** Math.ceil(Math.log2(timeLanes))] ?? 1;
}

interface LayerChoice {
  readonly fold: LayerFold;
  readonly stage: Stage;
  /** Cycles of an image, with what it waits for unused words. */
  readonly cycles: number;
  readonly cost: Cost;
  readonly lanes: number;
  /** Synaptic additions of a time step. */
  readonly additions: number;
}

/** What all layers of a candidate share. */
interface Frame {
  readonly network: QuantisedNetwork;
  readonly facts: readonly LayerFacts[];
  readonly timeLanes: number;
  readonly passes: number;
  readonly variant: Variant;
  readonly options: SearchOptions;
}

/** For one time lane; dense layers may then be as small as a window engine, which takes the silent inputs too. */
const frugal: Variant = { seeding: 'none', imageBanks: 1, pixelLanes: 1 };
const usualVariant: Variant = { seeding: 'seeder', imageBanks: 2, pixelLanes: 1 };

/** All candidates that no other beats in cycles, LUTs and RAMs at once, fastest first. */
export function searchFolds(network: QuantisedNetwork, options: SearchOptions): Candidate[] {
  const { timeSteps, maxTimeSteps } = options;
  // Early exit wants a second pass; lanes that somebody asks for are for the plan to refuse.
  const usual = [1, 2, 4, 8].filter(
    (lanes) => lanes === 1 || lanes < maxTimeSteps + (options.equipment?.earlyExit ? 0 : 1),
  );
  const timeLanesToTry = (options.timeLanes ?? usual).filter((lanes) => lanes <= maxTimeSteps);
  if (timeLanesToTry.length === 0)
    throw badInput('there are more time lanes than time steps', {
      where: `network ${network.name}`,
      found: `${options.timeLanes?.join(', ')} time lanes`,
      expected: `at most ${maxTimeSteps}`,
    });
  const facts = layerFacts(network, options);
  const found = timeLanesToTry.flatMap((timeLanes) =>
    variants(network, timeLanes, options).flatMap((variant) => {
      const frame = { network, facts, timeLanes, passes: passesOf(timeSteps, timeLanes), variant, options };
      const choices = facts.map((layer, index) => layerChoices(frame, layer, index));
      const floor = inputCycles(frame);
      const targets = new Set(choices.flat().map((choice) => Math.max(choice.cycles, floor)));
      return [...targets].flatMap((target) => cheapest(frame, choices, target, floor));
    }),
  );
  return paretoFront(found).sort((a, b) => a.cyclesPerImage - b.cyclesPerImage || a.cost.luts - b.cost.luts);
}

/** Pixels a beat that the core can take, with what it has beside; 1 is always among them. */
export function pixelLanesOf(
  network: QuantisedNetwork,
  { equipment = {} }: Pick<SearchOptions, 'equipment'>,
): number[] {
  return wantsSinglePixels(equipment) ? [1] : possiblePixelLanes(network);
}

/** Frugal cores have one time lane and take one pixel a beat. */
function variants(network: QuantisedNetwork, timeLanes: number, options: SearchOptions): Variant[] {
  const possible = pixelLanesOf(network, options);
  const asked = options.pixelLanes ?? [1];
  if (!asked.some((lanes) => possible.includes(lanes)))
    throw badInput('the core cannot take so many pixels a beat', {
      where: `network ${network.name}`,
      found: `${asked.join(', ')} pixel lanes`,
      expected: possible.length === 1 ? `${possible[0]}` : `one of ${possible.join(', ')}`,
      help: `several pixels a beat want a dense first layer, whose ${pixels(network)} inputs they divide, and neither early exit nor device behaviour`,
    });
  return asked
    .filter((lanes) => possible.includes(lanes))
    .flatMap((pixelLanes): Variant[] => {
      const usual = { ...usualVariant, pixelLanes };
      return pixelLanes === 1 && timeLanes === 1 && !wantsSeeders(options.equipment ?? {}) ? [usual, frugal] : [usual];
    });
}

function pixels({ input }: QuantisedNetwork): number {
  return input.height * input.width * input.channels;
}

/** Clocks from an image's last pixel to the end of its first encoder pass. */
const encoderTail = 4;

/** Clocks of the encoder for one pass. */
function encoderPass({ network, timeLanes, variant }: Frame): number {
  return network.encoding === 'bernoulli' ? pixels(network) / variant.pixelLanes + timeLanes + 2 : 0;
}

/** The encoder as a block of the pipeline. */
function encoderStage(frame: Frame): Stage {
  const { network, variant } = frame;
  const pass = encoderPass(frame);
  // One bank is not filled again before the image in it is done with.
  return { pass, last: lastPass(frame, pass, pixels(network)) + (variant.imageBanks === 1 ? encoderTail : 0) };
}

/** Clocks of a block's last pass of an image with what it does about words of time steps that are not used: a seeder steps over them, a lane draws them all. */
function lastPass({ variant, options, passes, timeLanes }: Frame, pass: number, wordsInStep: number): number {
  const { maxTimeSteps, timeSteps } = options;
  if (variant.seeding === 'none') return pass + (maxTimeSteps - timeSteps) * wordsInStep;
  return Math.max(pass, timeLanes + maxTimeSteps - Math.min(maxTimeSteps, passes * timeLanes) + seederTurn);
}

/** Clocks in which a seeder ends its way and is started again. */
const seederTurn = 2;

/** Clocks between two images at all inputs silent and outputs free: those of the image itself, and of the encoder alone. */
function inputCycles(frame: Frame): number {
  const { network, passes, variant } = frame;
  // The first pass reads the image as it comes.
  const loading = pixels(network) / variant.pixelLanes;
  if (network.encoding !== 'bernoulli') return loading;
  const { pass, last } = encoderStage(frame);
  return Math.max(loading, (passes - 1) * pass + last);
}

/** Passes in which an image's time steps are done. */
export function passesOf(timeSteps: number, timeLanes: number): number {
  return Math.ceil(timeSteps / timeLanes);
}

/** Clocks of a layer's image in an own pipeline: all passes, and what it does about unused words. */
const imageOf = ({ pass, last }: Stage, passes: number) => (passes - 1) * pass + last;

/** Every place of the last layer's map is one. */
const classes = ({ layer: { output } }: LayerFacts) => output.height * output.width * output.channels;

/** Every sensible fold of a layer: output lanes that divide the outputs evenly, position lanes that suit its pool; or those that are given. */
function layerChoices(frame: Frame, facts: LayerFacts, index: number, given?: readonly LayerFold[]): LayerChoice[] {
  const { network, timeLanes: passLanes, passes, variant, options } = frame;
  const { direct } = facts;
  const { readout } = options;
  const isLast = index === network.layers.length - 1;
  const wordsInStep = coveredPositions(facts.layer) * facts.layer.output.channels;
  const context = layerContext(facts, isLast, { ...options, timeLanes: passLanes }, variant);
  const { pixelLanes } = variant;
  // Where the next layer has hardly more clocks than inputs, a fold that is sought must keep up with images that excite every neuron.
  const isSought = given === undefined;
  const activity = isSought && pixelLanes > 1 ? 1 : activityAt(options.activity ?? 1, index, passLanes);
  const wanted = { seeding: variant.seeding, inputLanes: index === 0 ? pixelLanes : 1 };
  const asked = additions({ ...facts.layer, ...(facts.runs ? { runs: facts.runs } : {}) });
  return (given ?? possibleFolds(facts, wanted)).map((fold) => {
    const pass = passCycles(facts, fold, passLanes, activity);
    const last = facts.hasNeurons ? lastPass(frame, pass, wordsInStep) : pass;
    // One bank of pixels is filled when the layer is done with the image in it.
    const isFilledAfter = direct && index === 0 && variant.imageBanks === 1;
    const filled = isFilledAfter ? Math.max(last, pass + pixels(network)) : last;
    // The readout takes no potential while it sends an image's scores and class.
    const stage = {
      pass,
      last: isLast ? Math.max(filled, pass + classes(facts) + (readout === 'count' ? 1 : 0)) : filled,
      ...inputHeld(facts, fold, pass),
    };
    return {
      fold,
      stage,
      cycles: imageOf(stage, passes),
      cost: layerCost(facts, fold, context, options.model),
      lanes: addersOf(fold, context.timeLanes),
      additions: asked,
    };
  });
}

/** A core that is already folded, as a candidate: its clocks at the activity of the options, and its cost. */
export function ratedCore(network: QuantisedNetwork, core: CoreFold, options: SearchOptions): Candidate {
  const { timeLanes, folds, ...variant } = core;
  const facts = layerFacts(network, options);
  const frame = { network, facts, timeLanes, passes: passesOf(options.timeSteps, timeLanes), variant, options };
  const picked = facts.flatMap((layer, index) => layerChoices(frame, layer, index, [folds[index]!]));
  return candidate(frame, picked, inputCycles(frame));
}

/** What a core takes of a part, in LUTs: a block RAM counts as many as there are on a part for each of its RAMs. */
export function areaOf({ luts, rams }: Cost, { ram }: CostModel): number {
  return luts + rams * ram.lutsBeside;
}

/** The cheapest core whose every layer keeps the target; one for few LUTs, one for few RAMs, one for little of both. */
function cheapest(frame: Frame, choices: readonly LayerChoice[][], target: number, floor: number): Candidate[] {
  const { model } = frame.options;
  const orders: ((cost: Cost) => number)[] = [
    (c) => c.luts + c.rams / 1e3,
    (c) => c.rams + c.luts / 1e6,
    (c) => areaOf(c, model),
  ];
  return orders.flatMap((order) => {
    const picked: LayerChoice[] = [];
    for (const layer of choices) {
      const fast = layer.filter((choice) => choice.cycles <= target);
      if (fast.length === 0) return [];
      picked.push(fast.reduce((best, choice) => (order(choice.cost) < order(best.cost) ? choice : best)));
    }
    return [candidate(frame, picked, floor)];
  });
}

function candidate(frame: Frame, picked: readonly LayerChoice[], floor: number): Candidate {
  const { network, facts, timeLanes, passes, variant, options } = frame;
  const folds = picked.map(({ fold }) => fold);
  const around = surroundingCost(
    network,
    facts,
    { ...options, timeLanes },
    variant,
    folds[0]!.positionLanes,
    options.model,
  );
  const cost = picked.reduce(
    (sum, { cost: own }) => ({ luts: sum.luts + own.luts, rams: sum.rams + own.rams }),
    around,
  );
  const blocks = picked.map(({ stage }) => stage);
  const isEncoded = network.encoding === 'bernoulli';
  const cyclesPerImage = Math.max(floor, clocksPerImage(isEncoded ? [encoderStage(frame), ...blocks] : blocks, passes));
  const stages = blocks.map(({ pass }) => pass);
  // The encoder's first pass ends with the image itself, and goes through all layers; the other passes follow as fast as the slowest of
  // all; then the scores and the class go out.
  const first = (isEncoded ? encoderTail : 0) + stages.reduce((sum, stage) => sum + stage, 0);
  const through = first + (passes - 1) * Math.max(encoderPass(frame), ...stages);
  const lanes = picked.reduce((sum, choice) => sum + choice.lanes, 0);
  const needed = picked.reduce((sum, choice) => sum + choice.additions, 0) * options.timeSteps;
  return {
    ...variant,
    timeLanes,
    folds,
    cyclesPerImage,
    latencyCycles: through + classes(facts.at(-1)!) + 1,
    cost,
    lanes,
    utilisation: needed / (lanes * cyclesPerImage),
  };
}

function paretoFront(candidates: readonly Candidate[]): Candidate[] {
  const key = (c: Candidate) => `${c.cyclesPerImage} ${c.cost.luts} ${c.cost.rams}`;
  const distinct = [...new Map(candidates.map((one) => [key(one), one])).values()];
  return distinct.filter(
    (a) =>
      !distinct.some(
        (b) =>
          b !== a &&
          b.cyclesPerImage <= a.cyclesPerImage &&
          b.cost.luts <= a.cost.luts &&
          b.cost.rams <= a.cost.rams &&
          (b.cyclesPerImage < a.cyclesPerImage || b.cost.luts < a.cost.luts || b.cost.rams < a.cost.rams),
      ),
  );
}
