/** Synthesises recipes with yosys, one at a time, and keeps what it counted: a line of JSON for each. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildHardware, type Equipment, planNetwork } from '../../src/core/index.ts';
import { calibrate, logisticCurve, switchingTable } from '../../src/device/index.ts';
import { type FpgaTarget, synthesise, type ToolEnvironment } from '../../src/flow/index.ts';
import { emitVerilog } from '../../src/hdl/index.ts';
import type { Plan, PlanOptions } from '../../src/plan/index.ts';
import { type Recipe, recipeFolds, recipeNetwork } from './recipe.ts';

/** What yosys counted for one core. */
export interface Measured {
  readonly recipe: Recipe;
  readonly target: FpgaTarget;
  readonly yosys: string;
  readonly luts: number;
  readonly ffs: number;
  readonly rams: number;
  readonly seconds: number;
}

/** The plan of a recipe, with tables that any neuron could have: their size, not their contents, costs hardware. */
export function recipePlan(recipe: Recipe): Plan {
  const curve = logisticCurve(70e-6, 12e-6);
  const calibration = calibrate(curve);
  const table = (potentialStep: number) => switchingTable(curve, calibration, { potentialStep });
  return planNetwork(recipeNetwork(recipe), {
    ...{ name: recipe.name, table, deviceScale: calibration },
    readout: recipe.readout,
    seed: recipe.seed,
    maxTimeSteps: recipe.maxTimeSteps,
    defaultTimeSteps: recipe.maxTimeSteps,
    ...recipeFolds(recipe),
    ...equipmentOptions(recipe.equipment, table),
  });
}

/** A telegraphic junction that flips, and stays, as this share of the table says. */
const share = 0.6;

function equipmentOptions(
  { monitors, device, neuron, earlyExit }: Equipment = {},
  table: PlanOptions['table'],
): Partial<PlanOptions> {
  const tables = (potentialStep: number) => {
    const flip = table(potentialStep).entries.map((code) => Math.round(share * code));
    return { flip, stay: flip.map((code) => code + Math.round((1 - share) * 65_535)) };
  };
  return {
    ...{ monitors, device, earlyExit: earlyExit ? 'margin' : 'none' },
    ...(neuron ? { neuron: { ...neuron, tables } } : {}),
  };
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
  return { recipe, target, yosys: toolVersion, luts, ffs, rams, seconds: Math.round(seconds * 10) / 10 };
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
