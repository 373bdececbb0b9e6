/** What a core may cost unless somebody means it: counted from layers and folds, before anything is built. */
import { badInput } from '../../errors/index.ts';
import type { QuantisedNetwork } from '../../network/index.ts';
import { coveredPositions, passCycles } from '../engines/index.ts';
import type { LayerFold } from '../maker/options.ts';
import { type Cost, type CostModel, layerCost, surroundingCost } from './cost.ts';
import type { Equipment } from './equipment.ts';
import { layerFacts } from './facts.ts';
import { layerContext } from './parts.ts';
import { passesOf } from './search.ts';

/**
 * Layers are modules, and building takes as long as there are modules; LUTs and memory of the largest FPGAs that are sold; a clock of an
 * image is a step of the golden model, which `build` runs for a few images.
 */
export const usualLimits = { layers: 64, luts: 500_000, memoryBits: 2 ** 26, cyclesPerImage: 1_000_000 } as const;

/** A core as it is going to be built. */
export interface CostlyCore {
  readonly timeLanes: number;
  readonly timeSteps: number;
  readonly maxTimeSteps: number;
  readonly readout: 'potential' | 'count';
  readonly seeding?: 'seeder' | 'none' | undefined;
  readonly imageBanks?: 1 | 2 | undefined;
  readonly pixelLanes?: number | undefined;
  readonly equipment?: Equipment | undefined;
  readonly folds: readonly LayerFold[];
}

const count = (value: number) => value.toLocaleString('en');

/** What somebody set a limit of their own for. */
type Stated = Readonly<Partial<Record<'luts' | 'rams' | 'cyclesPerImage', number | undefined>>>;

/** @throws badInput for a network of more layers than are built without `--force` */
export function checkDepth(network: QuantisedNetwork): void {
  const { length } = network.layers;
  if (length <= usualLimits.layers) return;
  throw badInput('the core would take too much work to build', {
    where: `network ${network.name}, layer ${network.layers[usualLimits.layers]!.name}`,
    found: `${count(length)} layers`,
    expected: `at most ${usualLimits.layers}`,
    help: forceHelp,
  });
}

const forceHelp = 'a smaller network; --force builds it all the same';

/**
 * @param stated what somebody said that the core may cost: there only their own limit holds
 * @throws badInput that names the layer and the number
 */
export function checkWork(network: QuantisedNetwork, core: CostlyCore, model: CostModel, stated: Stated): void {
  const layers = costs(network, core, model);
  const block = model.ram.shapes[0]!;
  const blockBits = block.depth * block.width;
  const measures = [
    ['luts', 'LUT4 by the cost model', usualLimits.luts, (cost: Cost) => cost.luts, sum],
    ['rams', 'bits of memory', usualLimits.memoryBits, (cost: Cost) => cost.rams * blockBits, sum],
    [
      'cyclesPerImage',
      'clock cycles an image',
      usualLimits.cyclesPerImage,
      (cost: LayerWork) => cost.cycles,
      (values: readonly number[]) => Math.max(...values),
    ],
  ] as const;
  for (const [key, unit, most, of, together] of measures) {
    const values = layers.map(of);
    const total = together(values);
    if (stated[key] !== undefined || total <= most) continue;
    const worst = values.indexOf(Math.max(...values));
    const share = total === values[worst] ? '' : ` of ${count(Math.round(total))}`;
    throw badInput('the core would cost too much', {
      where: `network ${network.name}, ${layers[worst]!.name}`,
      found: `${count(Math.round(values[worst]!))}${share} ${unit}`,
      expected: `at most ${count(most)}`,
      help: forceHelp,
    });
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

interface LayerWork extends Cost {
  readonly name: string;
  readonly cycles: number;
}

/** Of each layer, and at the end of what surrounds them. */
function costs(network: QuantisedNetwork, core: CostlyCore, model: CostModel): LayerWork[] {
  const { timeLanes, timeSteps, maxTimeSteps, folds } = core;
  const variant = {
    seeding: core.seeding ?? 'seeder',
    imageBanks: core.imageBanks ?? 2,
    pixelLanes: core.pixelLanes ?? 1,
  };
  const facts = layerFacts(network, core);
  const passes = passesOf(timeSteps, timeLanes);
  const layers = facts.map((layer, index): LayerWork => {
    const isLast = index === facts.length - 1;
    const throwsAway = variant.seeding === 'none' && layer.hasNeurons;
    const fold = folds[index]!;
    const context = layerContext(layer, isLast, core, variant);
    const wordsInStep = coveredPositions(layer.layer) * layer.layer.output.channels;
    const unusedSteps = throwsAway ? maxTimeSteps - timeSteps : 0;
    return {
      name: `layer ${layer.layer.name}`,
      ...layerCost(layer, fold, context, model),
      cycles: passes * passCycles(layer, fold, timeLanes, 1) + unusedSteps * wordsInStep,
    };
  });
  const { height, width, channels } = network.input;
  const around = surroundingCost(network, facts, core, variant, folds[0]!.positionLanes, model);
  return [...layers, { name: 'its input', ...around, cycles: passes * height * width * channels }];
}
