/**
 * Calibrates the planner's cost model against yosys (docs/cost-model.md).
 * `npx tsx scripts/cost-model.ts measure [--target ice40|ecp5] [--from 0] [--to N] [--whole]`: synthesises the grid's cores that are not measured yet;
 * `npx tsx scripts/cost-model.ts fit`: fits the prices to the training part, writes them, and shows the error on the rest.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { termNames } from '../src/core/index.ts';
import { badInput } from '../src/errors/index.ts';
import { systemEnvironment } from '../src/flow/index.ts';
import { textTable } from '../src/report/index.ts';
import { fitError, fitPrices } from './cost-model/fit.ts';
import { gridRecipe, gridSize, wholeRecipes } from './cost-model/grid.ts';
import { keepMeasured, measure, readMeasured } from './cost-model/measure.ts';
import { prior } from './cost-model/prior.ts';
import { type Family, samplesOf } from './cost-model/samples.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    target: { type: 'string', default: 'ice40' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: `${gridSize}` },
    whole: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
/** How strongly first guesses hold. */
const pull = 2e-2;

if (positionals[0] === 'measure') await measureGrid(values.target === 'ecp5' ? 'ecp5' : 'ice40');
else if (positionals[0] === 'fit') fitAll();
else {
  console.error(badInput('say what to do', { expected: 'measure or fit' }).report);
  process.exitCode = 2;
}

async function measureGrid(target: Family): Promise<void> {
  const indices = Array.from({ length: gridSize }, (_, i) => i).slice(Number(values.from), Number(values.to));
  const recipes = values.whole ? wholeRecipes : indices.map(gridRecipe);
  for (const recipe of recipes) {
    if (readMeasured().some((row) => row.recipe.name === recipe.name && row.target === target)) continue;
    const row = await measure(
      recipe,
      target,
      `${root}build/cost-model/${target}`,
      systemEnvironment(process.env, root),
    );
    keepMeasured(row);
    console.log(`${recipe.name} ${target}: ${row.luts} LUTs, ${row.rams} RAMs, ${row.seconds} s`);
  }
}

function fitAll(): void {
  const rows = readMeasured();
  const lines = ['/** LUT prices: written by scripts/cost-model.ts; not edited by hand. */'];
  const table: string[][] = [];
  for (const family of ['ice40', 'ecp5'] as const) {
    const samples = samplesOf(rows, family);
    const prices = fitPrices(
      samples.filter(({ heldOut }) => !heldOut),
      prior,
      pull,
    );
    const wrongRams = samples.filter(({ rams }) => rams.measured !== rams.predicted);
    const parts = [true, false].map((heldOut) => {
      const part = samples.filter((sample) => sample.heldOut === heldOut);
      const error = fitError(part, prices);
      table.push([
        family,
        heldOut ? 'held out' : 'fitted',
        String(error.cores),
        percent(error.median),
        percent(error.largest),
        error.worst,
      ]);
      return error;
    });
    for (const { name, rams } of wrongRams)
      table.push([family, name, 'RAMs', `${rams.measured}`, `${rams.predicted}`, '']);
    const yosys = [...new Set(rows.filter(({ target }) => target === family).map((row) => row.yosys))].join(', ');
    const [heldOut] = parts;
    lines.push(
      '',
      `export const ${family}Prices = {`,
      `  source: 'yosys ${yosys}: ${heldOut!.cores} cores that the fit did not see, LUTs off by ${percent(heldOut!.median)} (median) and ${percent(heldOut!.largest)} (largest)',`,
      '  prices: {',
      ...termNames.map((term) => `    ${term}: ${prices[term]},`),
      '  },',
      '} as const;',
    );
  }
  writeFileSync(`${root}src/plan/planner/prices.ts`, `${lines.join('\n')}\n`);
  console.log(textTable({ columns: ['family', 'part', 'cores', 'median', 'largest', 'worst'], rows: table }));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
