/** The last layer of a count readout: which gain and offset let the right neuron spike most often. */
import type { GainOffset } from './gain-offset.ts';

/** Potentials of the last layer, and the class that each image should get. */
export interface CountSamples {
  /** [image][time step][class] */
  readonly potentials: Float32Array;
  readonly timeSteps: number;
  readonly classes: number;
  readonly targets: ArrayLike<number>;
}

const gains = Array.from({ length: 15 }, (_, i) => 2 ** ((i - 10) / 2));
const offsets = Array.from({ length: 25 }, (_, i) => (i - 16) / 2);
/** Uniform numbers that all candidates share, so that they differ by themselves and not by chance. */
const drawSeed = 1;

/**
 * The best of a grid of gains and offsets, the same for all classes, by right answers with simulated spikes. The offset counts from the mean of
 * each image's best potential: there the neuron of the answer works.
 */
export function fitCountReadout(samples: CountSamples, probability: (z: number) => number): GainOffset {
  const { potentials, timeSteps, classes, targets } = samples;
  const images = targets.length;
  const centre = meanOfBest(samples);
  const draws = uniform(potentials.length);
  let best = { gain: 1, offset: 0, right: rightWith({ gain: 1, offset: 0 }) };
  for (const gain of gains)
    for (const shift of offsets) {
      const candidate = { gain, offset: shift - gain * centre };
      const right = rightWith(candidate);
      if (right > best.right) best = { ...candidate, right };
    }
  return { gain: best.gain, offset: best.offset };

  function rightWith({ gain, offset }: GainOffset): number {
    const counts = new Int32Array(classes);
    let right = 0;
    for (let image = 0, at = 0; image < images; image += 1) {
      counts.fill(0);
      for (let t = 0; t < timeSteps; t += 1)
        for (let c = 0; c < classes; c += 1, at += 1)
          if (draws[at]! < probability(gain * potentials[at]! + offset)) counts[c]! += 1;
      // The first of the best, as the core answers.
      let answer = 0;
      for (let c = 1; c < classes; c += 1) if (counts[c]! > counts[answer]!) answer = c;
      if (answer === targets[image]) right += 1;
    }
    return right;
  }
}

function meanOfBest({ potentials, timeSteps, classes, targets }: CountSamples): number {
  let sum = 0;
  for (let image = 0; image < targets.length; image += 1) {
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c += 1) {
      let mean = 0;
      for (let t = 0; t < timeSteps; t += 1) mean += potentials[(image * timeSteps + t) * classes + c]! / timeSteps;
      best = Math.max(best, mean);
    }
    sum += best;
  }
  return sum / targets.length;
}

function uniform(count: number): Float32Array {
  let state = drawSeed;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  });
}
