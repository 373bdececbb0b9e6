/** Calibration: how a network's potential becomes a current, and the table of comparator codes that a neuron holds. */
import { badInput } from '../errors/index.ts';
import { type CurvePoint, curveFunction, driveAt, logistic, risingFlank, type SwitchingCurve } from './curve.ts';
import { logisticLeastSquares } from './logistic-fit.ts';

/** The logistic function nearest to a curve: P = 1/(1+exp(-(I-i50A)/slopeA)). A potential z is driven as i50A + z * slopeA. */
export interface Calibration {
  /** Centre of the fit, in the curve's unit. */
  readonly i50A: number;
  /** Logistic scale, in the curve's unit, > 0. */
  readonly slopeA: number;
  /** Where the curve itself crosses one half. */
  readonly crossingA: number;
  /** Largest difference between the fit and a point. */
  readonly maxResidual: number;
  /** Root mean square of the differences at the points. */
  readonly rmsResidual: number;
}

/** Samples of the interpolated curve that the fit sees. */
const fitSamples = 401;

/**
 * Fits the logistic that differs least from the curve, in the mean square over the drive from P = 0.001 to P = 0.999: so the
 * trained sigmoid and the device agree best, wherever the points happen to lie.
 *
 * @throws badInput for a curve that does not cross one half, or that no logistic fits
 */
export function calibrate(curve: SwitchingCurve): Calibration {
  if (curve.notMonotone === true) return calibrateFlank(curve);
  const at = curveFunction(curve);
  const { points } = curve;
  const lowest = points[0]!.probability;
  const highest = points[points.length - 1]!.probability;
  if (!(points.some((p) => p.probability < 0.5) && points.some((p) => p.probability > 0.5))) {
    throw badInput('the curve does not cross a probability of one half', {
      where: curve.name,
      found: `${lowest} to ${highest}`,
      expected: 'points on both sides of 0.5',
      help: 'extend the range of the drive',
    });
  }
  const low = driveAt(curve, 0.001);
  const high = driveAt(curve, 0.999);
  const fit = logisticLeastSquares(
    Array.from({ length: fitSamples }, (_, i) => {
      const drive = low + ((high - low) * i) / (fitSamples - 1);
      return { drive, probability: at(drive) };
    }),
  );
  if (fit === undefined) throw badInput('no logistic function fits the curve', { where: curve.name });
  let maxResidual = 0;
  let squares = 0;
  for (const { currentA, probability } of points) {
    const residual = Math.abs(probability - logistic((currentA - fit.centre) / fit.scale));
    maxResidual = Math.max(maxResidual, residual);
    squares += residual * residual;
  }
  return {
    i50A: fit.centre,
    slopeA: fit.scale,
    crossingA: driveAt(curve, 0.5),
    maxResidual,
    rmsResidual: Math.sqrt(squares / points.length),
  };
}

/**
 * A curve that falls again is calibrated on its rising flank as far as that was measured: the potentials up to its top keep their order, those
 * beyond see the fall.
 */
function calibrateFlank(curve: SwitchingCurve): Calibration {
  const flank = risingFlank(curve);
  const at = curveFunction(flank);
  const from = Math.max(driveAt(flank, 0.001), flank.points[0]!.currentA);
  const to = flank.points[flank.points.length - 1]!.currentA;
  const fit = logisticLeastSquares(
    Array.from({ length: fitSamples }, (_, i) => {
      const drive = from + ((to - from) * i) / (fitSamples - 1);
      return { drive, probability: at(drive) };
    }),
  );
  if (fit === undefined) throw badInput('no logistic function fits the curve', { where: curve.name });
  const residuals = curve.points.map(({ currentA, probability }) =>
    Math.abs(probability - logistic((currentA - fit.centre) / fit.scale)),
  );
  return {
    i50A: fit.centre,
    slopeA: fit.scale,
    crossingA: driveAt(flank, 0.5),
    maxResidual: residuals.reduce((most, value) => Math.max(most, value), 0),
    rmsResidual: Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length),
  };
}

/** What a person must be told of a curve before building with it; empty for an ordinary one. */
export function curveWarnings(curve: SwitchingCurve): string[] {
  if (curve.notMonotone !== true) return [];
  const { i50A, slopeA } = calibrate(curve);
  const said = ({ currentA, probability }: CurvePoint) =>
    `${probability.toFixed(3)} at ${currentA.toPrecision(3)} ${curve.unit}`;
  const fall = deepestFall(curve.points);
  if (fall === undefined) {
    const last = curve.points.at(-1)!;
    return [
      `NOT CERTAIN: P rises to ${said(last)} and no further: neurons of any potential fail to spike as often as that leaves`,
    ];
  }
  const [top, low] = fall;
  return [
    `NOT MONOTONE: P rises to ${said(top)} (potential ${((top.currentA - i50A) / slopeA).toFixed(1)}) and falls to ${said(low)}: neurons with more potential than that spike less often`,
  ];
}

/** Where P falls furthest with the drive; undefined where chance may have done it (three standard errors, a twentieth). */
function deepestFall(points: readonly CurvePoint[]): readonly [CurvePoint, CurvePoint] | undefined {
  let top = points[0]!;
  let found: readonly [CurvePoint, CurvePoint] | undefined;
  let deepest = 0.05;
  const variance = ({ probability: p, trials = 100 }: CurvePoint) => (p * (1 - p)) / trials;
  for (const point of points) {
    if (point.probability > top.probability) top = point;
    const fallen = top.probability - point.probability;
    if (fallen <= deepest || fallen < 3 * Math.sqrt(variance(top) + variance(point))) continue;
    deepest = fallen;
    found = [top, point];
  }
  return found;
}

/** A neuron's comparator codes. A neuron spikes iff its code is 65535 or a uniform 16-bit word is below the code; code 0 never spikes. */
export interface SwitchingTable {
  /** 0..65535; entry a belongs to the potentials from zMin + a * zStep to below zMin + (a + 1) * zStep, and holds the curve at their mean. */
  readonly entries: number[];
  readonly zMin: number;
  readonly zStep: number;
}

/** Size and range of a switching table. */
export interface TableOptions {
  /** Number of entries, a power of two. */
  readonly entries?: number;
  readonly zMin?: number;
  readonly zStep?: number;
  /**
   * Distance of the potentials that a layer can have, 2^-fractionBits: the mean of those under one entry lies below the entry's middle by half of it. Absent: any
   * potential.
   */
  readonly potentialStep?: number;
}

/** Steps of a table, finest first, and how much probability a table of 256 entries may leave beyond its ends. */
const tableSteps = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1] as const;
const mostLeft = 1e-3;
/** A spike too many weighs more than one too few: most potentials of a network lie far below zero, and all of them share the lowest entry. */
const lowWeight = 16;
/** Potentials that stand for "as far as the network ever drives". */
const farZ = 64;

/**
 * The range of a table of `entries`: from -8 in steps of 1/16 where the curve is level there; else moved to where the ends leave least, and
 * in coarser steps only where 16 potentials do not hold the curve.
 */
export function tableRange(
  curve: SwitchingCurve,
  { i50A, slopeA }: Pick<Calibration, 'i50A' | 'slopeA'>,
  entries = 256,
): { zMin: number; zStep: number } {
  const at = curveFunction(curve);
  const probability = (z: number) => at(i50A + z * slopeA);
  const [low, high] = [probability(-farZ), probability(farZ)];
  const left = (zMin: number, zStep: number, weight: number) =>
    Math.max(weight * Math.abs(probability(zMin) - low), Math.abs(high - probability(zMin + entries * zStep)));
  let best = { zMin: -8, zStep: 1 / 16, left: Infinity };
  for (const zStep of tableSteps) {
    const span = entries * zStep;
    if (left(-span / 2, zStep, 1) <= mostLeft) return { zMin: -span / 2, zStep };
    for (let zMin = -span + 1; zMin <= -1; zMin += 1) {
      const here = { zMin, zStep, left: left(zMin, zStep, lowWeight) };
      if (here.left < best.left) best = here;
    }
    if (best.left <= mostLeft) break;
  }
  return { zMin: best.zMin, zStep: best.zStep };
}

/**
 * The curve as codes against the potential, through current = i50A + z * slopeA. By default 256 entries over the curve's own `tableRange`.
 * The code is the probability times 65536, rounded; from 65534.5 upwards it is 65535, which always spikes.
 *
 * @throws badInput for entries that are no power of two in 2..65536, and a step that is not positive
 */
export function switchingTable(
  curve: SwitchingCurve,
  calibration: Pick<Calibration, 'i50A' | 'slopeA'>,
  options: TableOptions = {},
): SwitchingTable {
  const { entries = 256, potentialStep = 0 } = options;
  if (!Number.isInteger(entries) || entries < 2 || entries > 65536 || (entries & (entries - 1)) !== 0) {
    throw badInput('the switching table needs a power of two of entries', {
      found: `${entries}`,
      expected: '2..65536',
    });
  }
  const range =
    options.zMin === undefined || options.zStep === undefined ? tableRange(curve, calibration, entries) : undefined;
  const { zMin = range!.zMin, zStep = range!.zStep } = options;
  if (!(zStep > 0) || !Number.isFinite(zMin)) {
    throw badInput('the switching table needs a finite start and a positive step', { found: `${zMin}, ${zStep}` });
  }
  const at = curveFunction(curve);
  const middle = Math.max(0, zStep - potentialStep) / 2;
  return {
    entries: Array.from({ length: entries }, (_, a) => {
      const z = zMin + a * zStep + middle;
      return Math.min(Math.round(at(calibration.i50A + z * calibration.slopeA) * 65536), 65535);
    }),
    zMin,
    zStep,
  };
}
