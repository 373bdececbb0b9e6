/**
 * Damaged networks that are read all the same: they compute what onnxruntime computes from the file (SPINFIRE_PYTHON names a python3 that has it),
 * and their golden model is what the hardware does, on random images.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDesign, readNetwork } from '../../src/app/index.ts';
import { buildHardware, planCore } from '../../src/core/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { compareDuts, goldenReference, modelDut } from '../../src/sim/index.ts';
import { interpreted } from '../sim/interpreted.ts';
import { noise } from '../sim/temporary.ts';
import { fuzzFolder, fuzzTargets } from './targets.ts';

/** Networks that are looked at, and the most pixels of one whose hardware is run. */
const wanted = 60;
const mostPixels = 64;
const mostCycles = 1500;

let folder: ReturnType<typeof fuzzFolder>;
beforeAll(() => {
  folder = fuzzFolder();
});
afterAll(() => folder.dispose());

async function hardwareDiffers(plan: Plan): Promise<string | undefined> {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  if (imageSize > mostPixels) return undefined;
  const model = goldenReference(plan);
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  const stimulus = {
    pixels: noise(3 * imageSize, 5),
    imageSize,
    pixelLanes: plan.pixelLanes,
    timeSteps: [8, 1, 11],
    stall: 3,
  };
  const { difference } = await compareDuts(duts, stimulus, plan.timeSteps.max, mostCycles);
  return difference && `cycle ${difference.cycle}, ${difference.signal}`;
}

it('damaged networks that are read: the same results as onnxruntime, the same hardware as the golden model', async () => {
  const target = fuzzTargets.onnx!;
  const bases = target.bases();
  const problems: string[] = [];
  let [accepted, compared] = [0, 0];
  for (let seed = 1; accepted < wanted && seed < 5000; seed += 1) {
    try {
      await target.read(target.mutate(bases, seed), folder.path);
    } catch {
      continue;
    }
    accepted += 1;
    const io = { cwd: folder.path, env: process.env };
    const { check } = await readNetwork(join(folder.path, 'model.onnx'), {}, io);
    // What onnxruntime itself refuses is no network that it disagrees about.
    if (check !== undefined && check.problem === undefined) {
      compared += 1;
      if (!(check.largestDifference < 1e-4)) problems.push(`seed ${seed}: differs by ${check.largestDifference}`);
    }
    const differs = await hardwareDiffers(planCore(await loadDesign('model.onnx', {}, { cwd: folder.path })));
    if (differs !== undefined) problems.push(`seed ${seed}: ${differs}`);
  }
  console.log(`${accepted} networks read, ${compared} of them by onnxruntime, too`);
  expect(problems).toEqual([]);
  expect(accepted).toBe(wanted);
}, 1_800_000);
