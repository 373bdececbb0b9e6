/** A switching curve: the probability that one write pulse switches the device, against the drive. */
import { badInput } from '../errors/index.ts';
import { isotonic } from './isotonic.ts';
import { logisticLeastSquares } from './logistic-fit.ts';

/** One measured or computed point of a curve. */
export interface CurvePoint {
  /** The drive, in the curve's `unit`: amperes, or volts for a voltage-driven device. */
  readonly currentA: number;
  /** 0..1. */
  readonly probability: number;
  /** Standard error of `probability`. */
  readonly stderr?: number;
  /** Pulses that were applied, when known. */
  readonly trials?: number;
}

/** Probability of switching against the drive, of one device under one condition. */
export interface SwitchingCurve {
  readonly name: string;
  /** Unit of the drive. */
  readonly unit: 'A' | 'V';
  /** Strictly rising drive, at least two points. */
  readonly points: readonly CurvePoint[];
  readonly temperatureK?: number;
  readonly pulseS?: number;
  /** Resistance that the write current sees: the heavy metal of a spin-Hall device, the junction of a spin-transfer one. */
  readonly writeResistanceOhm?: number;
  /** Junction in the parallel state, and (R_AP - R_P) / R_P: what a read sees. */
  readonly parallelOhm?: number;
  readonly tmr?: number;
  /** The probability really falls somewhere (back-hopping): the points are followed as they are, not made monotone. */
  readonly notMonotone?: boolean;
  /** Where the figures come from: a publication, a computation, a person's file. */
  readonly source: string;
}

/** Odds in logarithm; the inverse of `logistic`. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/** 1 / (1 + exp(-z)). */
export function logistic(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/** A point (drive, log odds) of the interpolated curve. */
interface Knot {
  readonly drive: number;
  readonly logit: number;
  readonly weight: number;
}

/** Without a count of trials, a probability of 0 or 1 is read as "less than one in a thousand", as of a rounded table. */
const untoldTrials = 1000;
/** Points whose tail slope is averaged at each end. */
const tailPoints = 3;

/**
 * The curve as a function of the drive: monotone (pool-adjacent-violators where the data wobble), linear in the log
 * odds between the points, and with logistic tails beyond the ends, so that the lowest measured probability is not held for ever.
 * A run of zeros (or ones) at an end says only that the probability there is small: its innermost point counts as half a switch.
 * A curve that is `notMonotone` goes through its points as they are, and beyond the last one keeps that one's probability.
 */
export function curveFunction(curve: SwitchingCurve): (drive: number) => number {
  if (curve.notMonotone === true) return asMeasured(curve);
  const knots = knotsOf(curve);
  const first = knots[0]!;
  const last = knots[knots.length - 1]!;
  const overall = overallSlope(curve, knots);
  const lowSlope = tailSlope(knots.slice(0, tailPoints), overall);
  const highSlope = tailSlope(knots.slice(-tailPoints), overall);
  return (drive) => {
    if (!(drive > first.drive)) return logistic(first.logit + (drive - first.drive) * lowSlope);
    if (drive >= last.drive) return logistic(last.logit + (drive - last.drive) * highSlope);
    return logistic(between(knots, drive));
  };
}

/** Log odds on the straight line between the two knots around `drive`. */
function between(knots: readonly Pick<Knot, 'drive' | 'logit'>[], drive: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle]!.drive <= drive) low = middle;
    else high = middle;
  }
  const a = knots[low]!;
  const b = knots[high]!;
  return a.logit + ((b.logit - a.logit) * (drive - a.drive)) / (b.drive - a.drive);
}

/** Through the points; below the first one with the slope of its flank, beyond the last one constant. */
function asMeasured(curve: SwitchingCurve): (drive: number) => number {
  checkCurve(curve);
  const knots = curve.points.map(({ currentA, probability, trials = untoldTrials }) => {
    const half = 0.5 / (trials + 1);
    return { drive: currentA, logit: logit(Math.min(Math.max(probability, half), 1 - half)) };
  });
  const first = knots[0]!;
  const last = knots[knots.length - 1]!;
  const flank = risingFlank(curve);
  const slope = overallSlope(curve, knotsOf(flank));
  return (drive) => {
    if (drive <= first.drive) return logistic(first.logit + Math.min(0, (drive - first.drive) * slope));
    if (drive >= last.drive) return logistic(last.logit);
    return logistic(between(knots, drive));
  };
}

/** The points from the last lowest one before the greatest probability up to that one, as a curve of their own. */
export function risingFlank(curve: SwitchingCurve): SwitchingCurve {
  const { points } = curve;
  let best = { from: 0, to: 0, rise: 0 };
  let lowest = 0;
  for (let i = 1; i < points.length; i += 1) {
    if (points[i]!.probability <= points[lowest]!.probability) lowest = i;
    const rise = points[i]!.probability - points[lowest]!.probability;
    if (rise > best.rise) best = { from: lowest, to: i, rise };
  }
  if (best.rise < 0.5) {
    throw badInput('the switching probability does not rise with the drive', {
      where: curve.name,
      found: `by ${best.rise.toPrecision(2)} at most`,
      expected: 'a flank on which it rises by one half at least',
      help: 'if the device switches at negative drive, negate the drive; if it climbs and falls between two points, ask for more of them',
    });
  }
  const { notMonotone: _, ...rest } = curve;
  return { ...rest, points: points.slice(best.from, best.to + 1) };
}

/** Standard errors by which a curve may fall before it is called not monotone. */
const fallErrors = 20;

export interface Fall {
  readonly from: CurvePoint;
  readonly to: CurvePoint;
  readonly standardErrors: number;
}

/**
 * The deepest fall of a curve with growing drive, in standard errors of the difference; undefined when it is below 20. Points without trials count as
 * of 1,000 pulses, and no point as surer than half a switch.
 */
export function fallOf({ points }: Pick<SwitchingCurve, 'points'>): Fall | undefined {
  const variance = ({ probability, trials = untoldTrials }: CurvePoint) => {
    const half = 0.5 / (trials + 1);
    const p = Math.min(Math.max(probability, half), 1 - half);
    return (p * (1 - p)) / trials;
  };
  let deepest: Fall | undefined;
  let top: CurvePoint | undefined;
  for (const point of points) {
    if (top === undefined || point.probability >= top.probability) top = point;
    const standardErrors = (top.probability - point.probability) / Math.sqrt(variance(top) + variance(point));
    if (standardErrors > (deepest?.standardErrors ?? fallErrors)) deepest = { from: top, to: point, standardErrors };
  }
  return deepest;
}

/** The switching probability at one drive (in the curve's unit); see `curveFunction`, which is faster for many. */
export function probabilityAt(curve: SwitchingCurve, currentA: number): number {
  return curveFunction(curve)(currentA);
}

/** The drive at which `probability` is reached for the first time, by bisection; of a curve that is not monotone, on its rising flank. */
export function driveAt(curve: SwitchingCurve, probability: number): number {
  if (curve.notMonotone === true) return driveAt(risingFlank(curve), probability);
  const at = curveFunction(curve);
  const points = curve.points;
  const span = points[points.length - 1]!.currentA - points[0]!.currentA;
  let low = points[0]!.currentA - 100 * span;
  let high = points[points.length - 1]!.currentA + 100 * span;
  for (let i = 0; i < 200 && high - low > 1e-15 * Math.abs(high + low); i += 1) {
    const middle = (low + high) / 2;
    if (at(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The ideal sigmoid P = 1/(1+exp(-(I-i50)/slope)) as a curve, for comparisons. 33 points within 8 slopes of the centre unless told otherwise. Throws badInput for a slope that is not positive. */
export function logisticCurve(
  i50A: number,
  slopeA: number,
  options: { name?: string; unit?: 'A' | 'V'; reach?: number; points?: number } = {},
): SwitchingCurve {
  if (!(slopeA > 0) || !Number.isFinite(i50A)) {
    throw badInput('an ideal sigmoid needs a finite centre and a positive slope', { found: `${i50A}, ${slopeA}` });
  }
  const { reach = 8, points = 33 } = options;
  return {
    name: options.name ?? 'logistic',
    unit: options.unit ?? 'A',
    source: 'ideal logistic function',
    points: Array.from({ length: points }, (_, i) => {
      const z = -reach + (2 * reach * i) / (points - 1);
      return { currentA: i50A + z * slopeA, probability: logistic(z) };
    }),
  };
}

/** Throws badInput unless the curve has at least two points of strictly rising drive and probabilities in 0..1. */
export function checkCurve(curve: SwitchingCurve): void {
  if (curve.points.length < 2) {
    throw badInput('a switching curve needs at least two points', {
      where: curve.name,
      found: `${curve.points.length}`,
      help: 'measure from where the device hardly ever switches to where it nearly always does',
    });
  }
  let before = -Infinity;
  for (const { currentA, probability } of curve.points) {
    if (!(currentA > before) || !Number.isFinite(currentA)) {
      throw badInput('the drive of a switching curve must rise from point to point', {
        where: curve.name,
        found: `${currentA} ${curve.unit} after ${before} ${curve.unit}`,
      });
    }
    if (!(probability >= 0 && probability <= 1)) {
      throw badInput('a probability must lie in 0..1', { where: curve.name, found: `${probability}` });
    }
    before = currentA;
  }
}

/** The points after monotone regression: fitted probabilities, one for each point of the curve. */
export function monotoneProbabilities(curve: SwitchingCurve): number[] {
  return isotonic(
    curve.points.map((point) => point.probability),
    curve.points.map((point) => point.trials ?? 1),
  );
}

function knotsOf(curve: SwitchingCurve): Knot[] {
  checkCurve(curve);
  const fitted = monotoneProbabilities(curve);
  const zeros = fitted.lastIndexOf(0);
  const ones = fitted.indexOf(1);
  const from = Math.max(zeros, 0);
  const to = ones === -1 ? fitted.length - 1 : ones;
  const knots: Knot[] = [];
  for (let i = from; i <= to; i += 1) {
    const point = curve.points[i]!;
    const trials = point.trials ?? untoldTrials;
    const half = 0.5 / (trials + 1);
    const p = fitted[i]! === 0 || fitted[i]! === 1 ? Math.min(Math.max(fitted[i]!, half), 1 - half) : fitted[i]!;
    knots.push({ drive: point.currentA, logit: logit(p), weight: trials * p * (1 - p) });
  }
  // Half a switch of few trials may lie above a neighbour that was measured with many: keep the order.
  return knots.map((knot, i) => {
    if (i === 0 && knots.length > 1) return { ...knot, logit: Math.min(knot.logit, knots[1]!.logit) };
    if (i === knots.length - 1 && i > 0) return { ...knot, logit: Math.max(knot.logit, knots[i - 1]!.logit) };
    return knot;
  });
}

/** Log odds for each unit of drive, over the whole transition. */
function overallSlope(curve: SwitchingCurve, knots: readonly Knot[]): number {
  const fit = logisticLeastSquares(knots.map((knot) => ({ drive: knot.drive, probability: logistic(knot.logit) })));
  if (fit === undefined) {
    const most = curve.points[curve.points.length - 1]!;
    throw badInput('the switching probability does not rise with the drive', {
      where: curve.name,
      found: `${curve.points[0]!.probability} at ${curve.points[0]!.currentA} ${curve.unit}, ${most.probability} at ${most.currentA} ${curve.unit}`,
      expected: 'a probability that rises from near 0 to near 1',
      help: 'if the device switches at negative drive, negate the drive',
    });
  }
  return 1 / fit.scale;
}

/** Slope of the log odds at an end, bounded by the overall slope: few trials there must not make a cliff or a floor. */
function tailSlope(knots: readonly Knot[], overall: number): number {
  let sum = 0;
  let x = 0;
  let y = 0;
  for (const knot of knots) {
    sum += knot.weight;
    x += knot.weight * knot.drive;
    y += knot.weight * knot.logit;
  }
  x /= sum;
  y /= sum;
  let xx = 0;
  let xy = 0;
  for (const knot of knots) {
    xx += knot.weight * (knot.drive - x) ** 2;
    xy += knot.weight * (knot.drive - x) * (knot.logit - y);
  }
  const slope = xx > 0 ? xy / xx : overall;
  return Math.min(Math.max(slope, overall / 3), overall * 3);
}
