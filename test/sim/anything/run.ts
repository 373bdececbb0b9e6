/** A recipe's core, golden model beside the interpreter of its hardware or beside Verilator, with random stimuli. */
import { buildHardware, planCore } from '../../../src/core/index.ts';
import { SpinfireError } from '../../../src/errors/index.ts';
import { systemEnvironment } from '../../../src/flow/index.ts';
import { featureTable, type Plan } from '../../../src/plan/index.ts';
import {
  compareDuts,
  goldenReference,
  hostileLockstep,
  hostTraffic,
  lockstep,
  mismatchText,
  modelDut,
  type Stimulus,
} from '../../../src/sim/index.ts';
import { randomMargin } from '../../golden/random-plan.ts';
import { wordsPerTimeStep } from '../../plan-parts.ts';
import { interpreted } from '../interpreted.ts';
import { writeCoreFiles } from '../small-core.ts';
import { noise, simulatorCache, temporaryFolder } from '../temporary.ts';
import { designOf, type Recipe } from './recipe.ts';

const reasons: ReadonlySet<string> = new Set(featureTable().map(({ reason }) => reason));

/** The plan, or the reason of the table of features why there is none. Any other refusal is thrown. */
export function planOf(recipe: Recipe): Plan | string {
  try {
    return planCore(designOf(recipe));
  } catch (error) {
    if (!(error instanceof SpinfireError)) throw error;
    const reason = [...reasons].find((one) => error.report.includes(one));
    if (reason === undefined) throw error;
    return reason;
  }
}

/** What happens at the core's ports. */
export function stimulusOf(recipe: Recipe, plan: Plan): Stimulus {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const { images, stall, mishap } = recipe;
  const { max } = plan.timeSteps;
  const beats = imageSize / plan.pixelLanes;
  // Passing over an image takes each stream at least this long.
  const skip = { images: 1 + (mishap & 1), clocks: (1 + Math.max(1, ...wordsPerTimeStep(plan))) * max + 4 };
  const last = (image: number) => (image + 1) * beats - 1;
  const mishaps = [
    ...[{}, { wrongLast: [last(0)] }, { wrongLast: [recipe.weights % (images * beats)] }, { bad: [last(0)] }],
    ...[{ wrongLast: [last(0)], bad: [last(1)] }, plan.neuron.kind === 'device' ? {} : { skip }, {}, {}],
  ][mishap]!;
  return {
    ...{ pixels: noise(images * imageSize, recipe.weights + 7), imageSize, pixelLanes: plan.pixelLanes },
    timeSteps: Array.from(noise(images, recipe.seed), (value) => value % (max + 3)),
    ...(stall % 4 === 0 ? {} : { stall }),
    ...randomMargin(plan, recipe.margin),
    ...mishaps,
    ...(plan.neuron.kind === 'device' && stall % 2 === 0 && mishap % 8 === 0
      ? {
          bus: hostTraffic(
            plan,
            recipe.seed,
            Array.from({ length: images }, (_, i) => i + 1),
          ),
        }
      : {}),
  };
}

const mostCycles = 1500;

/** Golden model and interpreter, every register on every clock; the answer is what differs. */
export async function differenceInterpreted(recipe: Recipe, plan: Plan): Promise<string | undefined> {
  const model = goldenReference(plan);
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  const { difference } = await compareDuts(duts, stimulusOf(recipe, plan), plan.timeSteps.max, mostCycles);
  if (difference === undefined) return undefined;
  const { cycle, signal, values } = difference;
  return `cycle ${cycle}, ${signal}: ${Object.entries(values)
    .map(([who, value]) => `${who} ${value}`)
    .join(', ')}`;
}

/** Golden model and the emitted Verilog in Verilator, with the recipe's stimulus and with the hostile one. */
export async function differenceInVerilator(recipe: Recipe, plan: Plan): Promise<string | undefined> {
  const environment = systemEnvironment(process.env, process.cwd());
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const { pixels, imageSize: _, pixelLanes: __, ...stimulus } = stimulusOf(recipe, plan);
  const run = { directory, plan, images: pixels, trace: false, buildDirectory: simulatorCache };
  const own = await lockstep({ ...run, ...stimulus }, environment);
  const hostile = own.mismatch ? own : await hostileLockstep(run, environment);
  return hostile.mismatch && mismatchText(hostile.mismatch, { top: plan.name });
}
