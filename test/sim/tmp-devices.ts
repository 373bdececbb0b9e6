import { buildHardware } from '../../src/core/index.ts';
import { interpret } from '../../src/hdl/index.ts';
import { compareDuts, goldenReference, interpreterDut, modelDut } from '../../src/sim/index.ts';
import { randomTraffic, withRandomDevice } from '../golden/random-device.ts';
import { randomPlan } from '../golden/random-plan.ts';
import { noise } from './temporary.ts';

const [from, to] = process.argv.slice(2).map(Number);
for (let seed = from!; seed <= to!; seed++) {
  const plan = withRandomDevice(randomPlan(seed), seed);
  try {
    const model = goldenReference(plan);
    const imageSize = plan.input.height * plan.input.width * plan.input.channels;
    const stimulus = {
      ...{ pixels: noise(3 * imageSize, seed), imageSize, timeSteps: [9, 2, 4] },
      ...{ stall: seed % 3 === 0 ? 0 : seed, bus: randomTraffic(plan, seed, 3) },
    };
    const hw = interpret(buildHardware(plan));
    const regs = new Set(model.signals.map((s) => s.path));
    const own = buildHardware(plan)
      .registers()
      .map((r) => r.path);
    const missing = own.filter((p) => !regs.has(p));
    const duts = [modelDut(model), interpreterDut(hw, model.signals)];
    const run = await compareDuts(duts, stimulus, plan.timeSteps.max, 2500);
    console.log(
      seed,
      run.cycles,
      run.difference
        ? `${run.difference.cycle} ${run.difference.signal} ${run.difference.values.golden} ${run.difference.values.interpreter} seeding=${plan.timeSteps.seeding} ${JSON.stringify(plan.device)}`
        : 'ok',
      missing.join(','),
    );
  } catch (e) {
    console.log(seed, JSON.stringify(plan.device), String(e).slice(0, 700));
  }
}
