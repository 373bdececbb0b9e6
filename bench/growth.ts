/**
 * How cost grows: networks of 100 to 1,000,000 weights and engines of 1 to 512 lanes. Build (plan, hardware, Verilog and test bench written
 * to a folder), memory, LUTs by the cost model, cycles; and how fast each grows with the weights or the LUTs: 1 is linear.
 * `npx tsx bench/growth.ts [--most 1000000]`
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recipePlan } from '../scripts/cost-model/measure.ts';
import { type Recipe, recipeFolds, recipeNetwork } from '../scripts/cost-model/recipe.ts';
import { writeCore } from '../src/cli/folder/write.ts';
import { costModels, termNames, wholeCoreParts } from '../src/core/index.ts';
import { textTable } from '../src/report/index.ts';

const { values } = parseArgs({ options: { most: { type: 'string', default: '1000000' } } });
const folder = fileURLToPath(new URL('../build/bench/growth', import.meta.url));
/** Goals of the largest network: seconds, and bytes. */
const goals = { seconds: 60, gigabytes: 4 };
/** A step may be so much steeper than linear before it is flagged: the clock is noisy. */
const tolerance = 0.1;

function recipe(side: number, hidden: number, lanes: number): Recipe {
  return {
    name: `mlp_${side}_${hidden}_${lanes}`,
    seed: 1,
    input: [side, side, 1],
    ...{ encoding: 'bernoulli', readout: 'potential', weightBits: 8, maxTimeSteps: 4, timeLanes: lanes >= 4 ? 4 : 1 },
    layers: [
      { outputs: hidden, fold: { engine: 'event', outputLanes: lanes >= 4 ? lanes / 4 : lanes, positionLanes: 1 } },
      { outputs: 10, fold: { engine: 'event', outputLanes: 1, positionLanes: 1 } },
    ],
  };
}

const networks: readonly Recipe[] = [
  recipe(3, 5, 4),
  recipe(8, 14, 4),
  recipe(20, 24, 4),
  recipe(28, 128, 4),
  recipe(28, 1259, 4),
];
const lanes: readonly Recipe[] = [1, 4, 16, 64, 512].map((count) => recipe(28, 128, count));

const rows: string[][] = [];
let flagged = 0;
for (const [by, series] of [
  ['weights', networks],
  ['LUTs', lanes],
] as const) {
  let before: { size: number; seconds: number } | undefined;
  for (const one of series) {
    const network = recipeNetwork(one);
    const weights = network.layers.reduce((sum, layer) => sum + layer.weights.length, 0);
    if (weights > Number(values.most)) continue;
    const started = performance.now();
    const core = await writeCore(recipePlan(one), join(folder, one.name));
    const seconds = (performance.now() - started) / 1000;
    const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
    const { ice40 } = costModels;
    const { terms } = wholeCoreParts(network, recipeFolds(one), one, ice40.ram);
    const luts = termNames.reduce((sum, term) => sum + (terms[term] ?? 0) * ice40.prices[term], 0);
    const size = by === 'weights' ? weights : luts;
    const exponent = before && Math.log(seconds / before.seconds) / Math.log(size / before.size);
    const steep = exponent !== undefined && exponent > 1 + tolerance;
    const large = seconds > goals.seconds || gigabytes > goals.gigabytes;
    if (steep || large) flagged++;
    rows.push([
      by,
      String(weights),
      String(core.lanes),
      luts.toFixed(0),
      core.cyclesPerImage.toFixed(0),
      `${seconds.toFixed(1)} s`,
      `${gigabytes.toFixed(2)} GB`,
      exponent === undefined
        ? ''
        : `${exponent.toFixed(2)}${steep ? ' steeper than linear' : ''}${large ? ' too much' : ''}`,
    ]);
    before = { size, seconds };
  }
}
console.log(
  textTable({
    title: 'Building a multilayer perceptron; exponent of the build time from row to row',
    columns: ['grows by', 'weights', 'lanes', 'LUT4 (model)', 'cycles an image', 'build', 'memory so far', 'exponent'],
    rows,
  }),
);
if (flagged > 0) process.exitCode = 1;
