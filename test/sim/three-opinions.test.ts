/** Golden model, interpreter of the hardware description, and the emitted Verilog, side by side. */
import { describe, expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import {
  compareDuts,
  goldenReference,
  modelDut,
  readCore,
  runVerilator,
  testImages,
  verilatorDut,
} from '../../src/sim/index.ts';
import { randomMargin, randomPlan } from '../golden/random-plan.ts';
import { wordsPerTimeStep } from '../plan-parts.ts';
import { slice } from '../slice.ts';
import { interpreted } from './interpreted.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const timeout = 240_000;

describe('three opinions', () => {
  it(
    'agree on every register of a small core, with stalls, few time steps and wrong tlast',
    async () => {
      const plan = smallPlan();
      const directory = temporaryFolder();
      const design = writeCoreFiles(plan, directory);
      const model = goldenReference(plan);
      const core = await readCore(directory, plan.name, simulatorCache);
      expect(core.registers.map(({ path }) => path).sort()).toEqual(
        design
          .registers()
          .map(({ path }) => path)
          .sort(),
      );
      const verilog = await verilatorDut(core, model.signals, environment);
      try {
        const duts = [modelDut(model), interpreted(design, model.signals), verilog];
        for (const stall of [0, 4]) {
          const stimulus = {
            pixels: testImages(plan.input, 3, 2),
            ...{ imageSize: 36, timeSteps: [6, 0, 3], stall, wrongLast: [stall] },
          };
          const run = await compareDuts(duts, stimulus, plan.timeSteps.max);
          expect(run.difference, `stall ${stall}`).toBeUndefined();
          expect(run.cycles).toBeGreaterThan(300);
        }
      } finally {
        await verilog.close();
      }
    },
    timeout,
  );

  it.each(Array.from({ length: slice(8, 40) }, (_, i) => 101 + i))(
    'golden model and interpreter agree on random core %i',
    async (seed) => {
      const plan = randomPlan(seed);
      const model = goldenReference(plan);
      const imageSize = plan.input.height * plan.input.width * plan.input.channels;
      const timeSteps = [9, 2, 9, 3];
      const pixels = noise(4 * imageSize, seed);
      const stimulus = {
        pixels,
        imageSize,
        timeSteps,
        stall: seed,
        ...randomMargin(plan, seed),
        ...mishaps(plan, seed),
      };
      const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
      const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 1500);
      expect(run.difference, `random plan ${seed}`).toBeUndefined();
    },
  );
});

describe('classification by the Verilog', () => {
  it(
    'gives the answers of the golden model, whatever the unset bits and the gaps',
    async () => {
      const plan = smallPlan();
      const directory = temporaryFolder();
      writeCoreFiles(plan, directory);
      const images = testImages(plan.input, 40, 3);
      const expected = await classifyImages(plan, images, { timeSteps: 5, workers: 1 });
      const seen: number[] = [];
      for (const stall of [0, 3]) {
        const run = await runVerilator(
          {
            ...{ directory, plan, images, timeSteps: 5, stall, buildDirectory: simulatorCache },
            onProgress: (done) => seen.push(done),
          },
          environment,
        );
        expect(Array.from(run.classes)).toEqual(
          Array.from({ length: 40 }, (_, image) => expected.classes[image * 5 + 4]),
        );
        expect(run.scores).toHaveLength(40 * 3);
        expect(run.timing.cyclesPerImage).toBeGreaterThan(50);
      }
      expect(seen.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    },
    timeout,
  );
});

/** A wrong tlast early or late, a bad mark, and images passed over: none of it may leave a trace that the model does not know. */
function mishaps(plan: Plan, seed: number) {
  const beats = (plan.input.height * plan.input.width * plan.input.channels) / plan.pixelLanes;
  const skip = { images: seed % 3, clocks: (1 + Math.max(1, ...wordsPerTimeStep(plan))) * plan.timeSteps.max + 4 };
  const last = 2 * beats - 1;
  return [{ skip }, { skip, bad: [last] }, { wrongLast: [last] }, { wrongLast: [beats + (seed % beats)] }][seed % 4]!;
}
