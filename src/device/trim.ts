/** The correction that takes a core calibrated for one curve to another: another temperature, another device. */
import { badInput } from '../errors/index.ts';
import { type Calibration, calibrate } from './calibration.ts';
import { curveFunction, logistic, type SwitchingCurve } from './curve.ts';

/** A trimmed layer drives its devices at i50A + slopeA * (gain * z + offset), with the calibration that it already has. */
export interface Trim {
  /** In units of the potential. */
  readonly offset: number;
  readonly gain: number;
  /** Difference between the device's spikes and the trained sigmoid over potentials -8..8: root mean square and largest. */
  readonly rmsBefore: number;
  readonly rmsAfter: number;
  readonly maxBefore: number;
  readonly maxAfter: number;
}

/** Resolution of the trim registers. */
export interface TrimOptions {
  /** Resolution of the trim registers; 1/16 potential (one table entry) and 1/64 when absent; 0 is exact. */
  readonly offsetStep?: number;
  readonly gainStep?: number;
  /** Only the offset is trimmed, the gain stays 1. */
  readonly offsetOnly?: boolean;
}

const reachZ = 8;
const samplesPerUnit = 16;

/**
 * The trim that brings a device with `curve` nearest to the sigmoid, in a core that was calibrated with `reference` (that of 300 K, say): the
 * least squares over the potential, then rounded to the registers' resolution.
 *
 * @throws badInput for a negative step, and where no gain above 0 fits
 */
export function trim(
  curve: SwitchingCurve,
  reference: Pick<Calibration, 'i50A' | 'slopeA'>,
  options: TrimOptions = {},
): Trim {
  const { offsetStep = 1 / 16, gainStep = 1 / 64, offsetOnly = false } = options;
  if (!(offsetStep >= 0) || !(gainStep >= 0)) {
    throw badInput('a trim step must not be negative', { found: `${offsetStep}, ${gainStep}` });
  }
  const at = curveFunction(curve);
  const errors = (offset: number, gain: number) => {
    let squares = 0;
    let max = 0;
    for (let i = -reachZ * samplesPerUnit; i <= reachZ * samplesPerUnit; i += 1) {
      const z = i / samplesPerUnit;
      const difference = at(reference.i50A + reference.slopeA * (gain * z + offset)) - logistic(z);
      squares += difference * difference;
      max = Math.max(max, Math.abs(difference));
    }
    return { rms: Math.sqrt(squares / (2 * reachZ * samplesPerUnit + 1)), max };
  };
  const own = calibrate(curve);
  const startOffset = (own.i50A - reference.i50A) / reference.slopeA;
  const gain = offsetOnly ? 1 : round(own.slopeA / reference.slopeA, gainStep);
  const offset = round(
    minimum((candidate) => errors(candidate, gain).rms, startOffset - 2, startOffset + 2),
    offsetStep,
  );
  const before = errors(0, 1);
  const after = errors(offset, gain);
  return { offset, gain, rmsBefore: before.rms, rmsAfter: after.rms, maxBefore: before.max, maxAfter: after.max };
}

/** The curve as a core with this trim sees it: P at drive I is the device's at the trimmed drive. For tables: `switchingTable(trimmed, reference)`. Throws badInput for a gain that is not positive. */
export function trimmedCurve(
  curve: SwitchingCurve,
  reference: Pick<Calibration, 'i50A' | 'slopeA'>,
  { offset, gain }: Pick<Trim, 'offset' | 'gain'>,
): SwitchingCurve {
  if (!(gain > 0)) throw badInput('the gain of a trim must be positive', { found: `${gain}` });
  const { i50A, slopeA } = reference;
  return {
    ...curve,
    name: `${curve.name}, trimmed`,
    points: curve.points.map((point) => ({
      ...point,
      currentA: i50A + (slopeA * ((point.currentA - i50A) / slopeA - offset)) / gain,
    })),
  };
}

function round(value: number, step: number): number {
  return step === 0 ? value : Math.round(value / step) * step;
}

/** Golden-section search; `f` has one minimum between `low` and `high`. */
function minimum(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let a = low;
  let b = high;
  for (let i = 0; i < 60; i += 1) {
    const c = b - ratio * (b - a);
    const d = a + ratio * (b - a);
    if (f(c) < f(d)) b = d;
    else a = c;
  }
  return (a + b) / 2;
}
