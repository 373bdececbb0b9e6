/** What the counts of a core's built-in self-test say about its devices (docs/device-in-hardware.md). */
import { badInput } from '../errors/index.ts';
import type { SwitchingCurve } from './curve.ts';
import { type Interval, pointInterval } from './interval.ts';
import { type Trim, trim } from './trim.ts';

/** One potential of a self-test. */
export interface CountedSpikes {
  /** Real potential: the layer's integer times 2^-fractionBits. */
  readonly z: number;
  readonly spikes: number;
  readonly samples: number;
}

/** What the self-test counted at one potential, as a probability with its interval. */
export interface MeasuredPotential extends CountedSpikes, Interval {
  readonly probability: number;
}

/** Each potential with its probability and Wilson's interval. `confidence` in 0..1. Throws badInput for more spikes than samples, or none. */
export function selfTestPoints(counts: readonly CountedSpikes[], confidence = 0.95): MeasuredPotential[] {
  return counts.map((point) => {
    const { spikes, samples } = point;
    if (!(Number.isInteger(samples) && samples > 0 && Number.isInteger(spikes) && spikes >= 0 && spikes <= samples))
      throw badInput('a self-test counts spikes of samples', { found: `${spikes} of ${samples}` });
    const probability = spikes / samples;
    return { ...point, probability, ...pointInterval({ probability, trials: samples }, confidence)! };
  });
}

/** A layer drives its devices by its potential: the unit of its drive is the potential, which a calibrated core maps to itself. */
const drivenByPotential = { i50A: 0, slopeA: 1 };

/** The curve that the layer's neurons follow, over the potential instead of a current. */
export function selfTestCurve(name: string, counts: readonly CountedSpikes[]): SwitchingCurve {
  const sorted = [...counts].sort((a, b) => a.z - b.z);
  return {
    name,
    unit: 'A',
    source: 'self-test of the core',
    points: selfTestPoints(sorted).map(({ z, probability, samples }) => ({
      currentA: z,
      probability,
      trials: samples,
    })),
  };
}

/**
 * The trim that brings the layer's neurons nearest to the trained sigmoid, in units of the real potential. The counts must be those of an
 * untrimmed layer (gain 1, offset 0) and cross one half.
 * @param steps resolution of the layer's registers: 1/256 of gain, and 2^-fractionBits of potential
 */
export function trimOfCounts(
  name: string,
  counts: readonly CountedSpikes[],
  steps: { readonly gainStep: number; readonly offsetStep: number },
): Trim {
  return trim(selfTestCurve(name, counts), drivenByPotential, steps);
}
