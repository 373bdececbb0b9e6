/**
 * The netlist of a whole core for Gowin answers as the golden model does, cycle by cycle: yosys 0.23's own maps for this family are wrong
 * (src/flow/workarounds.md), so ours are tried.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { synthesise, systemEnvironment } from '../../src/flow/index.ts';
import { familyModels } from '../../src/flow/synthesis/family-models.ts';
import type { Plan } from '../../src/plan/index.ts';
import { testImages, writeTestbench } from '../../src/sim/index.ts';
import { randomPlan } from '../golden/random-plan.ts';
import { regress } from '../slice.ts';
import { seedOf } from './random-cores.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());

const isSmall = ({ layers, readout }: Plan) =>
  layers.length === 2 &&
  readout.kind === 'potential' &&
  layers.every(({ weights }) => weights.length * weights[0]!.length < 120);

it('passes the stand-alone test bench', { timeout: 240_000 }, async () => {
  const directory = temporaryFolder();
  // yosys and Icarus need half a minute for three layers.
  const plan = regress ? smallPlan() : randomPlan(seedOf(201, isSmall));
  writeCoreFiles(plan, directory);
  const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
  await writeTestbench(directory, { plan, images: testImages(plan.input, 4, 3), icarusImages: 4 });
  const outputDirectory = join(directory, 'out');
  const result = await synthesise(
    { directory, top: plan.name, verilogFiles, target: 'gowin', outputDirectory },
    environment,
  );
  const models = await familyModels('gowin', Object.keys(result.cells), environment);
  for (const { path, text } of models) writeFileSync(join(directory, path), text);
  const sources = [
    join('testbench', 'tb.v'),
    join(result.directory, result.files.verilog),
    ...models.map(({ path }) => path),
  ];
  execFileSync('iverilog', ['-g2012', '-o', 'bench.vvp', ...sources], { cwd: directory });
  const printed = execFileSync('vvp', ['-N', 'bench.vvp'], { cwd: directory, encoding: 'utf8' });
  expect(printed).toMatch(/^PASS \w+ in Icarus Verilog: \d+ images, with and without gaps/m);
});
