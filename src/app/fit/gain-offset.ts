/** The gain and the offset that bring a device's neuron nearest to what it stands for. */

/** Potentials of one neuron in the time steps of an image, and the activation that it should have on the average. */
export interface Sample {
  readonly potentials: ArrayLike<number>;
  readonly target: number;
}

/** Potential z becomes gain * z + offset. */
export interface GainOffset {
  readonly gain: number;
  readonly offset: number;
}

/** Holds what the samples do not tell at gain 1 and offset 0. */
const ridge = 1e-4;
const most = 4;
const iterations = 12;

/**
 * The gain (1/4..4) and the offset that minimise the squared difference between the mean over time of `probability(gain * z + offset)` and the
 * target, by Levenberg-Marquardt.
 *
 * @param probability the device's switching probability against the potential
 */
export function fitGainOffset(samples: readonly Sample[], probability: (z: number) => number): GainOffset {
  let here = { gain: 1, offset: 0 };
  let cost = costOf(samples, probability, here);
  let damping = 1e-3;
  for (let i = 0; i < iterations && damping < 1e6; i += 1) {
    const next = stepFrom(samples, probability, here, damping);
    const nextCost = costOf(samples, probability, next);
    if (nextCost < cost) {
      const gained = cost - nextCost;
      [here, cost] = [next, nextCost];
      damping /= 10;
      if (gained < 1e-7 * cost) break;
    } else damping *= 10;
  }
  return here;
}

const slopeStep = 1 / 64;

function stepFrom(
  samples: readonly Sample[],
  probability: (z: number) => number,
  { gain, offset }: GainOffset,
  damping: number,
): GainOffset {
  const weight = 1 / samples.length;
  let [gg, go, oo] = [ridge, 0, ridge];
  let [g, o] = [ridge * (1 - gain), -ridge * offset];
  for (const { potentials, target } of samples) {
    let [mean, byGain, byOffset] = [0, 0, 0];
    for (let t = 0; t < potentials.length; t += 1) {
      const z = gain * potentials[t]! + offset;
      const slope = (probability(z + slopeStep) - probability(z - slopeStep)) / (2 * slopeStep);
      mean += probability(z);
      byGain += slope * potentials[t]!;
      byOffset += slope;
    }
    const share = 1 / potentials.length;
    const residual = target - mean * share;
    gg += weight * (byGain * share) ** 2;
    go += weight * byGain * byOffset * share * share;
    oo += weight * (byOffset * share) ** 2;
    g += weight * residual * byGain * share;
    o += weight * residual * byOffset * share;
  }
  gg *= 1 + damping;
  oo *= 1 + damping;
  const determinant = gg * oo - go * go;
  return {
    gain: Math.min(Math.max(gain + (g * oo - o * go) / determinant, 1 / most), most),
    offset: offset + (o * gg - g * go) / determinant,
  };
}

function costOf(samples: readonly Sample[], probability: (z: number) => number, { gain, offset }: GainOffset): number {
  let sum = 0;
  for (const { potentials, target } of samples) {
    let mean = 0;
    for (let t = 0; t < potentials.length; t += 1) mean += probability(gain * potentials[t]! + offset);
    sum += (target - mean / potentials.length) ** 2;
  }
  return sum / samples.length + ridge * ((gain - 1) ** 2 + offset ** 2);
}
