/** The search: which folds give which speed for which area. */
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import type { LayerFold } from '../plan/index.ts';
import { type Cost, type CostModel, coreCost, layerCost } from './cost.ts';
import { passCycles } from './cycles.ts';

/** One way to build the whole core. */
export interface Candidate {
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

/** All candidates that no other beats in cycles, LUTs and RAMs at once, fastest first. */
export function explore(network: QuantisedNetwork, options: SearchOptions): Candidate[] {
  const { timeSteps, maxTimeSteps } = options;
  const timeLanes = (options.timeLanes ?? [1, 2, 4, 8]).filter((lanes) => lanes <= maxTimeSteps);
  const found = timeLanes.flatMap((lanes) => {
    const passes = Math.ceil(timeSteps / lanes);
    const encoder = network.encoding === 'bernoulli' ? passes * (pixels(network) + lanes + 4) : 0;
    const choices = network.layers.map((layer, index) => layerChoices(network, layer, index, lanes, passes, options));
    const floor = Math.max(encoder, pixels(network));
    const targets = new Set(choices.flat().map((choice) => Math.max(choice.cycles, floor)));
    return [...targets].flatMap((target) => cheapest(network, choices, lanes, target, floor, options));
  });
  return paretoFront(found).sort((a, b) => a.cyclesPerImage - b.cyclesPerImage || a.cost.luts - b.cost.luts);
}

function pixels(network: QuantisedNetwork): number {
  return network.input.height * network.input.width * network.input.channels;
}

/** Every sensible fold of a layer: output lanes that divide the outputs evenly, position lanes that suit its pool. */
function layerChoices(
  network: QuantisedNetwork,
  layer: QuantisedLayer,
  index: number,
  timeLanes: number,
  passes: number,
  options: SearchOptions,
): LayerChoice[] {
  const outputs = layer.output.channels;
  const direct = index === 0 && network.encoding === 'direct';
  const dense = layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
  const engine = dense && !direct ? 'event' : 'window';
  const pool = layer.pool ?? { height: 1, width: 1 };
  const positionLanes = engine === 'event' ? [1] : [...new Set([1, pool.width, pool.width * pool.height])];
  const outputLanes = Array.from({ length: outputs }, (_, i) => i + 1).filter(
    (lanes) => Math.ceil(outputs / lanes) < Math.ceil(outputs / (lanes - 1 || 0.5)),
  );
  return outputLanes.flatMap((lanes) =>
    positionLanes
      .filter((positions) => positions === 1 || lanes === outputs)
      .map((positions): LayerChoice => {
        const fold: LayerFold = { engine, outputLanes: lanes, positionLanes: positions };
        const context = {
          timeLanes: direct ? 1 : timeLanes,
          passSteps: timeLanes,
          isLast: layer === network.layers.at(-1),
        };
        return {
          fold,
          cycles: passes * passCycles(layer, fold, options.activity ?? 1),
          cost: layerCost(layer, fold, { ...context, readout: options.readout }, options.model),
        };
      }),
  );
}

/** The cheapest core whose every layer keeps the target; one for few LUTs, one for few RAMs. */
function cheapest(
  network: QuantisedNetwork,
  choices: readonly LayerChoice[][],
  timeLanes: number,
  target: number,
  floor: number,
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
    const fixed = coreCost(network, timeLanes, options.model);
    const cost = picked.reduce(
      (sum, { cost: own }) => ({ luts: sum.luts + own.luts, rams: sum.rams + own.rams }),
      fixed,
    );
    const folds = picked.map((choice) => choice.fold);
    return [
      {
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
