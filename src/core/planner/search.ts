/** The search: which folds give which speed for which area. */
import type { QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../plan/index.ts';
import { type Cost, type CostModel, coreCost, isDense, layerCost, type Savings } from './cost.ts';
import { coveredPositions, passCycles } from './cycles.ts';

/** One way to build the whole core. */
export interface Candidate extends Savings {
  readonly timeLanes: number;
  readonly folds: readonly LayerFold[];
  /** Cycles an image takes in the slowest block, which is what the pipeline's throughput is. */
  readonly cyclesPerImage: number;
  readonly cost: Cost;
  readonly lanes: number;
}

export interface SearchOptions {
  readonly timeSteps: number;
  readonly maxTimeSteps: number;
  readonly readout: 'potential' | 'count';
  readonly model: CostModel;
  /** Time lanes to try. */
  readonly timeLanes?: readonly number[];
  /** Fraction of a dense layer's inputs that are not silent in a pass. */
  readonly activity?: number;
}

interface LayerChoice {
  readonly fold: LayerFold;
  readonly cycles: number;
  readonly cost: Cost;
}

/** For one time lane; dense layers may then be as small as a window engine, which takes the silent inputs too. */
const frugal: Savings = { seeding: 'draw', imageBanks: 1 };

/** All candidates that no other beats in cycles, LUTs and RAMs at once, fastest first. */
export function explore(network: QuantisedNetwork, options: SearchOptions): Candidate[] {
  const { timeSteps, maxTimeSteps } = options;
  const timeLanes = (options.timeLanes ?? [1, 2, 4, 8]).filter((lanes) => lanes <= maxTimeSteps);
  const found = timeLanes.flatMap((lanes) =>
    (lanes === 1 ? [{}, frugal] : [{}]).flatMap((savings: Savings) => {
      const passes = Math.ceil(timeSteps / lanes);
      const choices = network.layers.map((_, index) =>
        layerChoices(network, index, { lanes, passes }, savings, options),
      );
      const floor = inputCycles(network, lanes, passes, savings, options);
      const targets = new Set(choices.flat().map((choice) => Math.max(choice.cycles, floor)));
      return [...targets].flatMap((target) => cheapest(network, choices, lanes, target, floor, savings, options));
    }),
  );
  return paretoFront(found).sort((a, b) => a.cyclesPerImage - b.cyclesPerImage || a.cost.luts - b.cost.luts);
}

function pixels(network: QuantisedNetwork): number {
  return network.input.height * network.input.width * network.input.channels;
}

/** Clocks in which an image is taken in and encoded. */
function inputCycles(
  network: QuantisedNetwork,
  lanes: number,
  passes: number,
  { seeding, imageBanks }: Savings,
  { timeSteps, maxTimeSteps }: SearchOptions,
): number {
  const loading = pixels(network);
  const reading = network.encoding === 'bernoulli' ? passes * (pixels(network) + lanes + 4) : 0;
  const skipping = seeding === 'draw' ? (maxTimeSteps - timeSteps) * pixels(network) : 0;
  return imageBanks === 1 ? loading + reading + skipping : Math.max(loading, reading + skipping);
}

/** Every sensible fold of a layer: output lanes that divide the outputs evenly, position lanes that suit its pool. */
function layerChoices(
  network: QuantisedNetwork,
  index: number,
  { lanes: timeLanes, passes }: { readonly lanes: number; readonly passes: number },
  { seeding }: Savings,
  options: SearchOptions,
): LayerChoice[] {
  const layer = network.layers[index]!;
  const outputs = layer.output.channels;
  const isLast = index === network.layers.length - 1;
  const direct = index === 0 && network.encoding === 'direct';
  const dense: readonly LayerFold['engine'][] = seeding === 'draw' ? ['event', 'window'] : ['event'];
  const engines = isDense(layer) && !direct ? dense : (['window'] as const);
  const pool = layer.pool ?? { height: 1, width: 1 };
  const folds = engines.flatMap((engine) => {
    const positionLanes = isDense(layer) ? [1] : [...new Set([1, pool.width, pool.width * pool.height])];
    return evenLanes(outputs).flatMap((outputLanes) =>
      positionLanes
        .filter((positions) => positions === 1 || outputLanes === outputs)
        .map((positions): LayerFold => ({ engine, outputLanes, positionLanes: positions })),
    );
  });
  const draws = !isLast || options.readout === 'count';
  const unused = seeding === 'draw' && draws ? options.maxTimeSteps - options.timeSteps : 0;
  const context = { timeLanes: direct ? 1 : timeLanes, passSteps: timeLanes, isLast, seeding };
  return folds.map((fold) => ({
    fold,
    cycles: passes * passCycles(layer, fold, options.activity ?? 1) + unused * coveredPositions(layer) * outputs,
    cost: layerCost(layer, fold, { ...context, readout: options.readout }, options.model),
  }));
}

/** Numbers of output lanes that need fewer groups than one lane less. */
function evenLanes(outputs: number): number[] {
  return Array.from({ length: outputs }, (_, i) => i + 1).filter(
    (lanes) => Math.ceil(outputs / lanes) < Math.ceil(outputs / (lanes - 1 || 0.5)),
  );
}

/** The cheapest core whose every layer keeps the target; one for few LUTs, one for few RAMs. */
function cheapest(
  network: QuantisedNetwork,
  choices: readonly LayerChoice[][],
  timeLanes: number,
  target: number,
  floor: number,
  savings: Savings,
  options: SearchOptions,
): Candidate[] {
  const orders: ((cost: Cost) => number)[] = [(c) => c.luts + c.rams / 1e3, (c) => c.rams + c.luts / 1e6];
  return orders.flatMap((order) => {
    const picked: LayerChoice[] = [];
    for (const layer of choices) {
      const fast = layer.filter((choice) => choice.cycles <= target);
      if (fast.length === 0) return [];
      picked.push(fast.reduce((best, choice) => (order(choice.cost) < order(best.cost) ? choice : best)));
    }
    const fixed = coreCost(network, timeLanes, options.model, savings);
    const cost = picked.reduce(
      (sum, { cost: own }) => ({ luts: sum.luts + own.luts, rams: sum.rams + own.rams }),
      fixed,
    );
    const folds = picked.map((choice) => choice.fold);
    return [
      {
        ...savings,
        timeLanes,
        folds,
        cyclesPerImage: Math.max(floor, ...picked.map((choice) => choice.cycles)),
        cost,
        lanes: folds.reduce((sum, fold) => sum + fold.outputLanes * fold.positionLanes * timeLanes, 0),
      },
    ];
  });
}

function paretoFront(candidates: readonly Candidate[]): Candidate[] {
  const key = (c: Candidate) => `${c.cyclesPerImage} ${c.cost.luts} ${c.cost.rams}`;
  const distinct = [...new Map(candidates.map((candidate) => [key(candidate), candidate])).values()];
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
