/** Faults planted in the Verilog: what a plain `verify` finds of them, which is all. */
import { expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import { hostileLockstep, lockstep, testImages } from '../../src/sim/index.ts';
import { plantedFaults, plantedPlan, plantFaults } from './planted.ts';
import { writeCoreFiles } from './small-core.ts';
import { simulatorCache, temporaryFolder } from './temporary.ts';

const plan = plantedPlan();
const environment = systemEnvironment(process.env, process.cwd());

it('a plain verify finds every planted fault', async () => {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  plantFaults(directory, plan.name);
  const images = testImages(plan.input, 12, 8);
  const run = { directory, plan, images, trace: false, buildDirectory: simulatorCache };
  const isFound = async (number: number, hostile: boolean) => {
    const what = { ...run, plusargs: [`mutant=${number}`] };
    try {
      return (await (hostile ? hostileLockstep(what, environment) : lockstep(what, environment))).mismatches > 0;
    } catch (error) {
      // Other results after a reset, or a core that hangs, end the run with a word.
      if ((error as { exitCode?: number }).exitCode === 1) return true;
      throw error;
    }
  };
  expect(await isFound(0, false)).toBe(false);
  const { mechanisms } = await hostileLockstep(run, environment);
  console.log(
    `not reached: ${
      mechanisms
        .filter(({ seen }) => !seen)
        .map(({ name }) => name)
        .join(', ') || 'nothing'
    }`,
  );
  expect(await isFound(0, true)).toBe(false);
  const byImages: string[] = [];
  const left: string[] = [];
  for (const [index, { what }] of plantedFaults.entries()) {
    if (await isFound(index + 1, false)) byImages.push(what);
    else if (!(await isFound(index + 1, true))) left.push(what);
  }
  const found = plantedFaults.length - left.length;
  console.log(`${plantedFaults.length} faults, ${found} found, ${byImages.length} of them by ordinary images`);
  expect(left).toEqual([]);
}, 1_800_000);
