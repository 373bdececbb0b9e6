/** Lockstep finds mutants that yosys makes; thousands of them in `npm run regress`. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemEnvironment } from '../../src/flow/index.ts';
import { mutateCore as mutateOne } from '../../src/sim/index.ts';
import { mutateCore, survivorsText } from './mutants.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { temporaryFolder } from './temporary.ts';

it('finds nearly all mutants of a small core, and names the others', async () => {
  const result = await mutateCore(smallPlan(), 200, 40, 1);
  expect(result.mutants).toBeGreaterThan(30);
  // Of those not proved equal to the core; a sample of 40 that every change of the core draws anew. The long series (`npm run regress`) asks for more.
  expect(result.found, survivorsText(result)).toBeGreaterThan(0.9 * (result.mutants - result.equivalent.length));
  expect(result.found + result.equivalent.length + result.survivors.length).toBe(result.mutants);
  const places = [...result.equivalent, ...result.survivors].map(({ where }) => where).filter((where) => where !== '');
  expect(places.length).toBeGreaterThan(0);
  for (const where of places) expect(where).toMatch(/src\/core\/.*\.ts:\d+ \(sprout\w*\.v:[\d.-]+\)/);
}, 480_000);

it('has a folder of its own for each run, under a plain name, and keeps the log of what failed', async () => {
  const [directory, other] = [temporaryFolder(), temporaryFolder()];
  const plan = smallPlan();
  writeCoreFiles(plan, directory);
  const tool = join(other, 'yosys');
  // Says its version; otherwise tells where it works, and fails.
  writeFileSync(
    tool,
    `#!/bin/sh\n[ "$1" = -V ] && echo 'Yosys 0.40' && exit 0\npwd >> '${other}/places'\nls *.v > /dev/null && echo 'ERROR: no' && exit 1\n`,
  );
  chmodSync(tool, 0o755);
  const environment = systemEnvironment({ ...process.env, SPINFIRE_YOSYS: tool }, process.cwd());
  const buildDirectory = join(other, 'my build; $x');
  const images = new Uint8Array(plan.input.height * plan.input.width * plan.input.channels);
  const failed = async (seed: number) => {
    const work = mutateOne({ plan, directory, buildDirectory, images, mutants: 5, seed }, environment);
    const { report } = await work.then(
      () => ({ report: 'none' }),
      (error: { report: string }) => error,
    );
    expect(report).toContain('ERROR: no');
    const [log] = /\/.*\.choose\.log/.exec(report)!;
    expect(existsSync(log), log).toBe(true);
    return log;
  };
  const logs = await Promise.all([1, 1, 2].map(failed));
  expect(new Set(logs).size).toBe(2);
  const places = readFileSync(join(other, 'places'), 'utf8').trim().split('\n');
  expect(new Set(places).size).toBe(3);
  for (const place of places) expect([existsSync(place), place.includes(directory)]).toEqual([false, false]);
});
