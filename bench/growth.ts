/**
 * How cost grows: networks of 100 to 1,000,000 weights and engines of 1 to 512 lanes. Build (plan, hardware, Verilog and test bench written
 * to a folder), memory, LUTs by the cost model and by yosys, cycles; and how fast the times grow with the weights or the LUTs: 1 is linear.
 * `npx tsx bench/growth.ts [--most 1000000]`
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { recipePlan } from '../scripts/cost-model/measure.ts';
import { type Recipe, recipeFolds, recipeNetwork } from '../scripts/cost-model/recipe.ts';
import { type WrittenCore, writeCore } from '../src/app/index.ts';
import { costModels, termNames, wholeCoreParts } from '../src/core/index.ts';
import { synthesise, systemEnvironment } from '../src/flow/index.ts';
import { textTable } from '../src/report/index.ts';

const { values } = parseArgs({ options: { most: { type: 'string', default: '1000000' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build', 'bench', 'growth');
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
      {
        outputs: hidden,
        fold: { engine: { kind: 'event' }, outputLanes: lanes >= 4 ? lanes / 4 : lanes, positionLanes: 1 },
      },
      { outputs: 10, fold: { engine: { kind: 'event' }, outputLanes: 1, positionLanes: 1 } },
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
  let before: { size: number; seconds: number; synthesis: number } | undefined;
  for (const one of series) {
    const network = recipeNetwork(one);
    const weights = network.layers.reduce((sum, layer) => sum + layer.weights.length, 0);
    if (weights > Number(values.most)) continue;
    const { core, seconds } = await built(one);
    const gigabytes = process.resourceUsage().maxRSS / 2 ** 20;
    const { ice40 } = costModels;
    const { terms } = wholeCoreParts(network, recipeFolds(one), one, ice40.ram);
    const luts = termNames.reduce((sum, term) => sum + (terms[term] ?? 0) * ice40.prices[term], 0);
    const yosys = await synthesised(one.name);
    const size = by === 'weights' ? weights : yosys.luts;
    const growth = (now: number, then: number) => Math.log(now / then) / Math.log(size / before!.size);
    const exponents = before && [growth(seconds, before.seconds), growth(yosys.seconds, before.synthesis)];
    const steep = exponents?.some((exponent) => exponent > 1 + tolerance) ?? false;
    const large = seconds > goals.seconds || gigabytes > goals.gigabytes;
    if (steep || large) flagged++;
    rows.push([
      by,
      String(weights),
      String(core.lanes),
      luts.toFixed(0),
      String(yosys.luts),
      String(yosys.rams),
      core.cyclesPerImage?.toFixed(0) ?? '',
      `${seconds.toFixed(1)} s`,
      `${gigabytes.toFixed(2)} GB`,
      `${yosys.seconds.toFixed(1)} s`,
      exponents === undefined
        ? ''
        : `${exponents.map((exponent) => exponent.toFixed(2)).join(', ')}${steep ? ' steeper than linear' : ''}${large ? ' too much' : ''}`,
    ]);
    before = { size, seconds, synthesis: yosys.seconds };
  }
}

/** The quickest of three: what a garbage collection or another program adds is not growth. */
async function built(one: Recipe) {
  let best: { core: WrittenCore; seconds: number } | undefined;
  for (let i = 0; i < 3; i += 1) {
    const started = performance.now();
    const core = await writeCore(recipePlan(one), join(folder, one.name));
    const seconds = (performance.now() - started) / 1000;
    if (best === undefined || seconds < best.seconds) best = { core, seconds };
  }
  return best!;
}

/** What yosys makes of a core in `folder`, on iCE40. */
async function synthesised(name: string) {
  const directory = join(folder, name);
  const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
  rmSync(join(directory, 'build'), { recursive: true, force: true });
  return synthesise(
    { directory, top: name, verilogFiles, target: 'ice40', outputDirectory: join(directory, 'build', 'synth') },
    systemEnvironment(process.env, root),
  );
}

console.log(
  textTable({
    title: 'Building a multilayer perceptron; exponents of the times of build and yosys from row to row',
    columns: [
      'grows by',
      'weights',
      'lanes',
      'LUT4 (model)',
      'LUT4 (yosys)',
      'RAMs',
      'cycles an image',
      'build',
      'memory so far',
      'yosys',
      'exponents',
    ],
    rows,
  }),
);
if (flagged > 0) process.exitCode = 1;
