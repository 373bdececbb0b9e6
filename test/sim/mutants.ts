/** Mutants of random and small cores in lockstep: what the stimulus of these tests does not find. */
import { systemEnvironment } from '../../src/flow/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import {
  goldenReference,
  hostileStimulus,
  type MutationResult,
  mutate,
  readCore,
  testImages,
  withTies,
} from '../../src/sim/index.ts';
import { regress } from '../slice.ts';
import { writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

/** Strokes, then noise, black and white, with every number of time steps, gaps on both streams and a wrong tlast. */
function stimulusOf({ input, timeSteps, pixelLanes }: Plan, images: number) {
  const imageSize = input.height * input.width * input.channels;
  const half = Math.floor(images / 2);
  const rest = noise((images - half) * imageSize, 5);
  rest.fill(0, 0, imageSize).fill(255, imageSize, 2 * imageSize);
  const pixels = new Uint8Array(images * imageSize);
  pixels.set(testImages(input, half, 8));
  pixels.set(rest, half * imageSize);
  return {
    ...{ pixels, imageSize, pixelLanes, stall: 7, wrongLast: [40] },
    timeSteps: Array.from({ length: images }, (_, image) => (7 * image) % (timeSteps.max + 2)),
  };
}

export async function mutateCore(plan: Plan, images: number, count: number, seed: number): Promise<MutationResult> {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const core = await readCore(directory, plan.name, simulatorCache);
  const model = goldenReference(plan);
  const stimulus = stimulusOf(plan, images);
  const { imageSize, pixelLanes } = stimulus;
  const hostile = [1, 2, 3].map((seed) => hostileStimulus(plan, stimulus.pixels, seed));
  hostile[0] = await withTies(plan, hostile[0]!);
  const others = hostile.map(({ images: pixels, ...rest }) => ({ pixels, imageSize, pixelLanes, ...rest }));
  const run = {
    core,
    model,
    stimulus,
    others,
    maxTimeSteps: plan.timeSteps.max,
    count,
    seed,
    ...(regress ? { proofSeconds: 300 } : {}),
  };
  return mutate(run, systemEnvironment(process.env, process.cwd()));
}

/** One line for each that survived. */
export function survivorsText({ survivors }: MutationResult): string {
  return survivors.map(({ module, what, where }) => `${module} ${what}\n  ${where}`).join('\n');
}
