/** The grid: cores over all kinds, widths, lanes and savings, few enough and small enough to synthesise each in seconds. */
import type { LayerFold } from '../../src/core/index.ts';
import { equippedCores, equippedRecipe, residualRecipe } from './equipped.ts';
import { type LayerRecipe, type Random, type Recipe, randomFrom } from './recipe.ts';

const gridSeed = 20261125;

const window: LayerFold['engine'] = { kind: 'window', inputBanks: 2 };
const event: LayerFold['engine'] = { kind: 'event' };

/** Recipe number `index`: the same for ever. Every fourth is held out of the fit. */
export function gridRecipe(index: number): Recipe {
  if (index < narrowCores) return narrowRecipe(index);
  if (index < plainCores) return wideRecipe(index);
  const plain = narrowRecipe(index);
  return index < plainCores + equippedCores ? equippedRecipe(plain, index - plainCores) : residualRecipe(plain, 8);
}

/** One pixel a beat. */
function narrowRecipe(index: number): Recipe {
  const random = randomFrom(gridSeed + index);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const encoding = pick('bernoulli', 'bernoulli', 'direct');
  const timeLanes = pick(1, 1, 2, 2, 4, 8);
  const draws = timeLanes === 1 && pick(true, false);
  const direct = encoding === 'direct';
  const channels = pick(1, 1, 3);
  const isConvolution = pick(true, true, false);
  const side = isConvolution ? pick(6, 8, 12, 20) : pick(4, 10, 20, 28);
  const layers: LayerRecipe[] = [];
  let inside = { size: side, channels, area: 1 };
  const count = pick(1, 2, 2, 3);
  // Accumulators of a layer: the cores stay small, so that each is synthesised in seconds.
  const most = Math.max(1, Math.floor(pick(2, 6, 12, 24) / timeLanes));
  for (let layer = 0; layer < count; layer++) {
    const isLast = layer === count - 1;
    const convolves = !isLast && isConvolution && inside.size >= 4;
    const made = convolves
      ? convolution(random, inside.size, most)
      : dense(random, { isLast, isDirect: direct && layer === 0, draws, most });
    layers.push(direct && layer === 0 ? made : singleBank(made, draws && pick(true, false)));
    const kernel = made.kernel ?? inside.size;
    const out = Math.floor((inside.size + 2 * (made.pad ?? 0) - kernel) / (made.stride ?? 1)) + 1;
    const area = made.pool ? made.pool[0] * made.pool[1] : 1;
    inside = { size: made.pool ? Math.floor(out / made.pool[0]) : out, channels: made.outputs, area };
  }
  return {
    name: `grid${index}`,
    seed: gridSeed + index,
    input: [side, side, channels],
    encoding,
    readout: pick('potential', 'potential', 'count'),
    weightBits: pick(4, 6, 8, 8),
    maxTimeSteps: pick(timeLanes, 16, 64),
    timeLanes,
    ...(draws ? { seeding: 'none' as const } : {}),
    ...(draws && pick(true, false) ? { imageBanks: 1 as const } : {}),
    layers,
  };
}

/** Several pixels a beat and a wide engine. */
function wideRecipe(index: number): Recipe {
  const random = randomFrom(gridSeed + index);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const side = pick(8, 10, 12, 14, 28);
  const pixelLanes = pick(...[2, 3, 4, 5, 6, 7, 8, 10, 14, 16].filter((lanes) => side ** 2 % lanes === 0));
  const encoding = pick('bernoulli', 'bernoulli', 'bernoulli', 'bernoulli', 'direct');
  const timeLanes = pick(1, 2, 2, 4);
  // In the last ones the trees of adders outweigh all else. Products of pixels are large: a few of them are enough.
  const isLarge = index >= 96;
  const products = isLarge ? pick(400, 600, 800) : pick(40, 80, 160);
  const most = Math.max(1, Math.floor(products / pixelLanes / timeLanes / (encoding === 'direct' ? 4 : 1)));
  const outputs = isLarge ? pick(16, 24, 32) : pick(6, 8, 16, 24);
  const lanes = isLarge ? outputs : pick(2, Math.ceil(outputs / 3), Math.ceil(outputs / 2), outputs);
  const outputLanes = Math.min(most, lanes);
  const last = { isLast: true, isDirect: false, draws: false, most: 6 };
  return {
    name: `grid${index}`,
    seed: gridSeed + index,
    input: [side, side, 1],
    encoding,
    readout: pick('potential', 'potential', 'count'),
    weightBits: pick(4, 6, 8, 8),
    maxTimeSteps: pick(timeLanes, 16, 64),
    timeLanes,
    pixelLanes,
    layers: [
      { outputs, fold: { engine: { kind: 'wide', inputLanes: pixelLanes }, outputLanes, positionLanes: 1 } },
      dense(random, last),
    ],
  };
}

function convolution(random: Random, size: number, most: number): LayerRecipe {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const kernel = pick(2, 3, 3, size >= 8 ? 5 : 3);
  const pad = pick(0, 0, 1);
  const stride = size >= 10 ? pick(1, 1, 2) : 1;
  const outputs = pick(2, 4, 6, 8, 12);
  const out = Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const pool = out >= 4 ? pick<LayerRecipe['pool']>([2, 2], [2, 2], out >= 6 ? [3, 3] : [2, 2], undefined) : undefined;
  const wanted = pool === undefined ? 1 : pick(1, pool[1], pool[0] * pool[1]);
  const positionLanes = wanted * outputs <= 2 * most ? wanted : 1;
  const outputLanes = positionLanes > 1 ? outputs : Math.min(most, pick(1, Math.ceil(outputs / 2), outputs, outputs));
  const fold: LayerFold = { engine: window, outputLanes, positionLanes };
  return {
    kernel,
    ...(stride > 1 ? { stride } : {}),
    ...(pad > 0 ? { pad } : {}),
    outputs,
    ...(pool ? { pool } : {}),
    fold,
  };
}

interface DenseChoice {
  readonly isLast: boolean;
  readonly isDirect: boolean;
  readonly draws: boolean;
  readonly most: number;
}

function dense(random: Random, { isLast, isDirect, draws, most }: DenseChoice): LayerRecipe {
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const outputs = isLast ? pick(3, 10, 10, 16) : pick(6, 8, 16, 24);
  const outputLanes = Math.min(most, pick(1, 2, Math.ceil(outputs / 3), Math.ceil(outputs / 2), outputs));
  const engine = isDirect || (draws && pick(true, false)) ? 'window' : pick('event', 'event', 'window');
  return { outputs, fold: { engine: engine === 'window' ? window : event, outputLanes, positionLanes: 1 } };
}

/** With one bank in front of the layer where its engine can have it. */
function singleBank(layer: LayerRecipe, wanted: boolean): LayerRecipe {
  if (!wanted || layer.fold.engine.kind === 'event') return layer;
  return { ...layer, fold: { ...layer.fold, engine: { kind: 'window', inputBanks: 1 } } };
}

/** So many of the grid's cores take one pixel a beat. */
const narrowCores = 64;
/** So many have nothing beside engines and neurons of one draw. */
const plainCores = 104;
/** So many hand inputs on. */
const residualCores = 12;
/** The grid has so many random cores. */
export const gridSize = plainCores + equippedCores + residualCores;

/** Whether a core is kept out of the fit, to see how far off it is where it has not looked. */
export function isHeldOut(name: string): boolean {
  if (!name.startsWith('grid')) return name !== 'paper_small';
  return Number(name.slice('grid'.length)) % 4 === 3;
}

/** Whole cores of everyday size: the paper's network and a 784-128-10, from small to fast. The first trains, the others are held out. */
export const wholeRecipes: readonly Recipe[] = [
  paper('paper_small', 6, { timeLanes: 1, seeding: 'none', imageBanks: 1 }, 4, [6, 1], [6, 1], window),
  paper('paper_up5k', 8, { timeLanes: 2 }, 64, [6, 2], [12, 1], event),
  {
    ...common('mlp', 8),
    ...{ maxTimeSteps: 64, timeLanes: 4 },
    layers: [
      { outputs: 128, fold: { engine: event, outputLanes: 43, positionLanes: 1 } },
      { outputs: 10, fold: { engine: event, outputLanes: 1, positionLanes: 1 } },
    ],
  },
  {
    ...common('mlp_wide', 8),
    ...{ maxTimeSteps: 64, timeLanes: 4, pixelLanes: 8 },
    layers: [
      { outputs: 128, fold: { engine: { kind: 'wide', inputLanes: 8 }, outputLanes: 32, positionLanes: 1 } },
      { outputs: 10, fold: { engine: event, outputLanes: 1, positionLanes: 1 } },
    ],
  },
];

function common(name: string, weightBits: number) {
  return { name, seed: gridSeed, input: [28, 28, 1], encoding: 'bernoulli', readout: 'potential', weightBits } as const;
}

function paper(
  name: string,
  weightBits: number,
  shared: Pick<Recipe, 'timeLanes' | 'seeding' | 'imageBanks'>,
  maxTimeSteps: number,
  first: readonly [outputs: number, positions: number],
  second: readonly [outputs: number, positions: number],
  last: LayerFold['engine'],
): Recipe {
  const convolution = (outputs: number, [outputLanes, positionLanes]: readonly [number, number]): LayerRecipe => ({
    ...{ kernel: 5, outputs, pool: [2, 2] as const },
    fold: { engine: window, outputLanes, positionLanes },
  });
  return {
    ...common(name, weightBits),
    ...shared,
    maxTimeSteps,
    layers: [
      convolution(6, first),
      convolution(12, second),
      { outputs: 10, fold: { engine: last, outputLanes: 1, positionLanes: 1 } },
    ],
  };
}
