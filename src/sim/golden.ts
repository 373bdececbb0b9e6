/** The golden model behind the interface that lockstep and test benches drive. */
import { createCycleModel } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import type { CycleReference } from './model.ts';
import type { CycleInputs } from './stimulus.ts';

const noInputs: CycleInputs = {
  timeSteps: 1,
  sAxisTdata: 0,
  sAxisTvalid: false,
  sAxisTlast: false,
  mAxisTready: true,
};

export function goldenReference(plan: Plan): CycleReference {
  const model = createCycleModel(plan);
  let current = noInputs;
  return {
    signals: model.signals,
    reset: () => model.reset(),
    outputs(inputs) {
      current = inputs;
      return model.outputs;
    },
    sample: (into) => model.sample(into),
    clock: () => model.step(current),
  };
}
