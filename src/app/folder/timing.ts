/** How many clock cycles an image takes, counted in the golden model. */
import { type Plan, tapsOf } from '../../plan/index.ts';
import { goldenResults } from '../../sim/index.ts';

/** Clocks of an image, more or less, with every input active: what a simulation of it costs. */
export function roughCycles({ layers, timeSteps, pixelLanes }: Plan): number {
  const passes = Math.ceil(timeSteps.default / timeSteps.lanes);
  const works = layers.map((layer) => {
    const { engine, kernelHeight, kernelWidth, input, output, outputLanes, positionLanes, biasRows, runs } = layer;
    const walked = runs ? tapsOf(runs) : kernelHeight * kernelWidth * input.channels;
    const taps = walked + biasRows.length;
    const atOnce = engine.kind === 'wide' ? engine.inputLanes : 1;
    const groups = Math.ceil(output.channels / outputLanes);
    return (output.height * output.width * groups * taps) / (positionLanes * atOnce);
  });
  const { height, width, channels } = layers[0]!.input;
  return passes * Math.max((height * width * channels) / pixelLanes, ...works);
}

/** Cycles between two results in steady state: images arrive without gaps, results are taken at once. */
export function countCyclesPerImage(plan: Plan, images: Uint8Array): number {
  const results = goldenResults(plan, { pixels: images, timeSteps: plan.timeSteps.default });
  const cycles = results.map(({ resultCycle }) => resultCycle);
  const { length: count } = cycles;
  // The first results come while the pipeline still fills.
  const [from, to] = [cycles[count > 2 ? 1 : 0]!, cycles.at(-1)!];
  return count > 1 ? Math.round((to - from) / (count > 2 ? count - 2 : 1)) : to;
}
