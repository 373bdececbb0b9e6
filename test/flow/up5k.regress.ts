/** The reference core with its link fits the smallest board that is promised, and meets its clock there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { knownBoard, place, systemEnvironment } from '../../src/flow/index.ts';
import { readPlan } from '../../src/plan/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = join(root, 'generated/digits');

it('the reference core and its link on an iCE40UP5K', { timeout: 900_000 }, async () => {
  const plan = readPlan(readFileSync(join(directory, 'plan.json'), 'utf8'), 'digits');
  const verilogFiles = readdirSync(directory).filter((name) => name.endsWith('.v'));
  const outputDirectory = join(root, 'build/up5k');
  const options = {
    directory,
    top: plan.name,
    plan,
    verilogFiles,
    board: knownBoard('icebreaker'),
    outputDirectory,
  } as const;
  const { utilisation, fmaxMHz, timingMet } = await place(
    { ...options, seeds: [1] },
    systemEnvironment(process.env, root),
  );
  console.log(`${JSON.stringify(utilisation)}, at most ${fmaxMHz} MHz`);
  expect(utilisation.luts!.used).toBeLessThanOrEqual(5280);
  expect(timingMet).toBe(true);
});
