/** Synthesises recipes with yosys, one at a time, and keeps what it counted: a line of JSON for each. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildHardware, planNetwork } from '../../src/core/index.ts';
import { calibrate, logisticCurve, switchingTable } from '../../src/device/index.ts';
import { type FpgaTarget, synthesise, type ToolEnvironment } from '../../src/flow/index.ts';
import { emitVerilog } from '../../src/hdl/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { type Recipe, recipeFolds, recipeNetwork } from './recipe.ts';

/** What yosys counted for one core. */
export interface Measured {
  readonly recipe: Recipe;
  readonly target: FpgaTarget;
  readonly yosys: string;
  /**
   * 2, or absent: the design before. There the scores, and the counts of a pool, turned in rings of registers, and yosys counted a bit of a
   * RAM in logic as 1 on iCE40 too; there was no image guard. The prices of LUTs are still fitted to that design.
   */
  readonly design?: 2;
  readonly luts: number;
  readonly ffs: number;
  readonly rams: number;
  readonly seconds: number;
}

/** The plan of a recipe, with a table that any neuron could have: its size, not its contents, costs hardware. */
export function recipePlan(recipe: Recipe): Plan {
  const curve = logisticCurve(70e-6, 12e-6);
  return planNetwork(recipeNetwork(recipe), {
    name: recipe.name,
    table: (potentialStep) => switchingTable(curve, calibrate(curve), { potentialStep }),
    readout: recipe.readout,
    seed: recipe.seed,
    maxTimeSteps: recipe.maxTimeSteps,
    defaultTimeSteps: recipe.maxTimeSteps,
    ...recipeFolds(recipe),
  });
}

export async function measure(
  recipe: Recipe,
  target: FpgaTarget,
  folder: string,
  environment: ToolEnvironment,
): Promise<Measured> {
  const directory = join(folder, recipe.name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const output = emitVerilog(buildHardware(recipePlan(recipe)), { generator: 'spinfire', configuration: recipe.name });
  for (const { path, text } of output.files) writeFileSync(join(directory, path), text);
  const verilogFiles = output.files.map(({ path }) => path).filter((path) => path.endsWith('.v'));
  const result = await synthesise(
    { directory, top: output.top, verilogFiles, target, outputDirectory: join(directory, 'synth') },
    environment,
  );
  const { toolVersion, luts, ffs, rams, seconds } = result;
  rmSync(directory, { recursive: true, force: true });
  return { recipe, target, yosys: toolVersion, design: 2, luts, ffs, rams, seconds: Math.round(seconds * 10) / 10 };
}

const file = fileURLToPath(new URL('measured.jsonl', import.meta.url));

/** All measurements that are kept. */
export function readMeasured(): Measured[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Measured);
}

export function keepMeasured(measured: Measured): void {
  appendFileSync(file, `${JSON.stringify(measured)}\n`);
}
