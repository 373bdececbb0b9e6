/** Lines and toggles of small cores over the hostile runs: what is not reached is one of the holes that are known. */
import { expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import { testImages, verilogCoverage } from '../../src/sim/index.ts';
import { devicePlan, smallPlan, writeCoreFiles } from './small-core.ts';
import { simulatorCache, temporaryFolder } from './temporary.ts';

/** Branches for states that there are none of, and for memory files that are missing. */
const known = /\bcase$|_memory_file\.v/;

it.each([
  ['potential readout', smallPlan()],
  ['count readout', smallPlan('count')],
  ['devices', devicePlan()],
] as const)('%s', async (_, plan) => {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const run = { directory, buildDirectory: simulatorCache, plan, images: testImages(plan.input, 6, 1) };
  const { lines, toggles } = await verilogCoverage(run, systemEnvironment(process.env, process.cwd()));
  console.log([...lines.holes, ...toggles.holes].join('\n'));
  expect(lines.covered / lines.of).toBeGreaterThan(0.95);
  expect(toggles.covered / toggles.of).toBeGreaterThan(0.95);
  expect(lines.holes.filter((hole) => !known.test(hole)).length).toBeLessThan(0.03 * lines.of);
});
