/** One seed of one point of a sweep; runs in a worker thread. */
import { classifyImages } from '../../golden/index.ts';
import type { Plan } from '../../plan/index.ts';
import { type DeviceLaw, devicesOf } from './point.ts';

export interface SweepTask {
  readonly plan: Plan;
  readonly law: DeviceLaw | undefined;
  readonly words: 'lfsr' | 'chacha';
  readonly seed: number;
  /** In shared memory: the same for all tasks. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  readonly timeSteps: number;
}

/** Number of right answers after 1, 2, ... time steps. */
export default async function runTask(task: SweepTask): Promise<number[]> {
  const { plan, law, words, seed, pixels, labels, timeSteps } = task;
  const { classes } = await classifyImages(plan, pixels, {
    timeSteps,
    words,
    workers: 1,
    ...(law === undefined ? {} : { devices: devicesOf(plan, law, seed) }),
  });
  const correct = new Array<number>(timeSteps).fill(0);
  for (let image = 0; image < labels.length; image += 1) {
    for (let step = 0; step < timeSteps; step += 1) {
      if (classes[image * timeSteps + step] === labels[image]) correct[step]! += 1;
    }
  }
  return correct;
}
