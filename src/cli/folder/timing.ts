/** How many clock cycles an image takes, counted in the golden model. */
import { createCycleModel } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { beatOf } from '../../sim/index.ts';

/** Cycles between two results in steady state: images arrive without gaps, results are taken at once. */
export function countCyclesPerImage(plan: Plan, images: Uint8Array): number {
  const { height, width, channels } = plan.input;
  const imageSize = height * width * channels;
  const count = images.length / imageSize;
  const pixelLanes = plan.pixelLanes ?? 1;
  const imageBeats = imageSize / pixelLanes;
  const model = createCycleModel(plan);
  model.reset();
  const results: number[] = [];
  let beat = 0;
  for (let cycle = 0; results.length < count; cycle += 1) {
    const { sAxisTready, mAxisTvalid, mAxisTlast } = model.outputs;
    const sAxisTvalid = beat < count * imageBeats;
    if (mAxisTvalid && mAxisTlast) results.push(cycle);
    model.step({
      timeSteps: plan.timeSteps.default,
      sAxisTdata: beatOf(images, beat, pixelLanes),
      sAxisTvalid,
      sAxisTlast: sAxisTvalid && (beat + 1) % imageBeats === 0,
      mAxisTready: true,
    });
    if (sAxisTvalid && sAxisTready) beat += 1;
  }
  // The first results come while the pipeline still fills.
  const [from, to] = [results[count > 2 ? 1 : 0]!, results.at(-1)!];
  return count > 1 ? Math.round((to - from) / (count > 2 ? count - 2 : 1)) : to;
}
