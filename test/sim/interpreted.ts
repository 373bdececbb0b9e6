import { buildHardware } from '../../src/core/index.ts';
import { type Design, interpret } from '../../src/hdl/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import {
  type CycleDut,
  compareDuts,
  goldenReference,
  interpreterDut,
  modelDut,
  type SignalShape,
} from '../../src/sim/index.ts';
import { randomMargin } from '../golden/random-plan.ts';
import { noise } from './temporary.ts';

/** The interpreter as one of several opinions; it knows which registers hang on a collision. */
export function interpreted(design: Design, signals: readonly SignalShape[]): CycleDut {
  return interpreterDut(interpret(design), signals, interpret(design, { collisions: 'old' }));
}

/** Where the golden model and the interpreter differ in the first 1,500 clocks of four random images, with gaps in the streams. */
export async function differenceInInterpreter(plan: Plan, seed: number) {
  const model = goldenReference(plan);
  const imageSize = plan.input.height * plan.input.width * plan.input.channels;
  const margin = randomMargin(plan, seed);
  const stimulus = { pixels: noise(4 * imageSize, seed), imageSize, timeSteps: [9, 2, 9, 3], stall: seed, ...margin };
  const duts = [modelDut(model), interpreted(buildHardware(plan), model.signals)];
  return (await compareDuts(duts, stimulus, plan.timeSteps.max, 1500)).difference;
}
