/** Cores whose neurons behave like devices: golden model and interpreter, every register on every clock, with traffic on the bus. */
import { describe, expect, it } from 'vitest';
import { buildHardware } from '../../src/core/index.ts';
import { interpret } from '../../src/hdl/index.ts';
import { compareDuts, goldenReference, interpreterDut, modelDut } from '../../src/sim/index.ts';
import { randomTraffic, withRandomDevice } from '../golden/random-device.ts';
import { randomPlan } from '../golden/random-plan.ts';
import { noise } from './temporary.ts';

describe('cores with devices', () => {
  it.each(Array.from({ length: Number(process.env.DEVICES ?? 12) }, (_, i) => 301 + i))(
    'golden model and interpreter agree on random core %i',
    async (seed) => {
      const plan = withRandomDevice(randomPlan(seed), seed);
      const model = goldenReference(plan);
      const imageSize = plan.input.height * plan.input.width * plan.input.channels;
      const stimulus = {
        ...{ pixels: noise(3 * imageSize, seed), imageSize, timeSteps: [9, 2, 4] },
        ...{ stall: seed % 3 === 0 ? 0 : seed, bus: randomTraffic(plan, seed, 3) },
      };
      const duts = [modelDut(model), interpreterDut(interpret(buildHardware(plan)), model.signals)];
      const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 2500);
      expect(run.difference, `random plan ${seed}: ${JSON.stringify(plan.device)}`).toBeUndefined();
    },
  );
});
