/** The golden model behind the interface that lockstep and test benches drive. */
import { busAddressBits, createCycleModel } from '../golden/index.ts';
import type { Plan } from '../plan/index.ts';
import type { CycleReference } from './model.ts';
import { type CycleInputs, type ImageResult, type Stimulus, StimulusDriver } from './stimulus.ts';

const noInputs: CycleInputs = {
  timeSteps: 1,
  sAxisTdata: 0,
  sAxisTvalid: false,
  sAxisTlast: false,
  mAxisTready: true,
};

/** The golden model of a plan, for lockstep. */
export function goldenReference(plan: Plan): CycleReference {
  const model = createCycleModel(plan);
  let current = noInputs;
  return {
    signals: model.signals,
    reset: (words) => model.reset(words),
    outputs(inputs) {
      current = inputs;
      return model.outputs;
    },
    sample: (into) => model.sample(into),
    layout: model.layout,
    clock: () => model.step(current),
    work(path, bit) {
      const work = model.work(path);
      // A row of the weight memory holds a weight for each lane: the bit tells whose.
      const layer = plan.layers.find(({ name }) => path === `${name}.weights.data`);
      if (!layer) return work;
      const lane = Math.floor(bit / (layer.weightBits * (layer.engine.kind === 'wide' ? layer.engine.inputLanes : 1)));
      const { neuron } = model.work(`${layer.name}.lane[${lane}].unit.step[0].acc`);
      return { ...work, ...(neuron === undefined ? {} : { neuron }) };
    },
  };
}

/** What comes out of the golden model, clock by clock, without any Verilog beside it. */
export function goldenResults(
  plan: Plan,
  stimulus: Omit<Stimulus, 'imageSize' | 'pixelLanes'>,
): readonly ImageResult[] {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const driver = new StimulusDriver({ ...stimulus, imageSize, pixelLanes: plan.pixelLanes }, plan.timeSteps.max);
  const model = goldenReference(plan);
  while (!driver.done) {
    driver.observe(model.outputs(driver.drive()));
    model.clock();
  }
  return driver.results;
}

/** Width of the bus's address; undefined on a core without one. */
export function goldenBusBits(plan: Plan): number | undefined {
  if (plan.neuron.kind !== 'device' && plan.monitors === undefined) return undefined;
  return busAddressBits(plan);
}
