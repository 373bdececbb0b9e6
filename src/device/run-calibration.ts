/** From a device's physics to its switching curve: the Monte Carlo on all cores. */
import { badInput } from '../errors/index.ts';
import { moduleBeside, runParallel } from '../parallel/index.ts';
import { type Calibration, calibrate } from './calibration.ts';
import { type CurvePoint, driveAt, fallOf, logistic, type SwitchingCurve } from './curve.ts';
import { wilson } from './interval.ts';
import { runTrials, type TrialBlock, type TrialBlockResult } from './macrospin.ts';
import {
  checkParameters,
  criticalCurrentA,
  heavyMetalResistanceOhm,
  type MtjParameters,
  spinHallMtj,
} from './parameters.ts';

/** Which device is computed, at which drives, with how many write pulses. */
export interface CalibrationOptions {
  /** The device; `spinHallMtj()` when absent. */
  readonly parameters?: MtjParameters;
  /** Drives to measure, in amperes; placed by the device itself when absent. */
  readonly currentsA?: readonly number[];
  /** Number of drives that are placed, at least 5; 33 when absent. */
  readonly points?: number;
  /** Trials at each drive; 10,000 when absent. */
  readonly trials?: number;
  /** Most trials at each drive of the tails, beyond the placed ones; `trials` when absent, 0 for no tails. */
  readonly tailTrials?: number;
  /** 0..2^53-1; 1 when absent. */
  readonly seed?: number;
  /** Confidence of each point's interval; 0.95 when absent. */
  readonly confidence?: number;
}

/** Who is told of the progress, and how many workers there are. */
export interface CalibrationHooks {
  readonly onProgress?: (finishedTrials: number, totalTrials: number) => void;
  readonly workers?: number;
}

/** A point of a computed curve, with its counts and interval. */
export interface ComputedPoint extends CurvePoint {
  readonly stderr: number;
  readonly trials: number;
  readonly switched: number;
  /** Wilson interval of `confidence`. */
  readonly low: number;
  readonly high: number;
}

/** What `spinfire calibrate --json` prints; plain data. */
export interface CalibrationReport extends Calibration {
  readonly curve: readonly ComputedPoint[];
  readonly temperatureK: number;
  readonly pulseS: number;
  readonly seed: number;
  readonly trials: number;
  readonly confidence: number;
  /** Zero-temperature critical current of a long pulse. */
  readonly criticalCurrentA: number;
  readonly parameters: MtjParameters;
  /** Heun steps of all trials. */
  readonly steps: number;
}

/** What a curve is computed with unless somebody says otherwise. */
export const calibrationDefaults = { points: 33, trials: 10_000, seed: 1, confidence: 0.95 } as const;

const blockTrials = 500;
const pilotTrials = 200;
const pilotPoints = 17;
/** The placed drives reach from this probability to one minus it. */
const reach = 0.005;

/**
 * Computes the curve and its calibration. The result depends on the options only, not on the number of workers: each trial has its
 * own random numbers, keyed by seed, drive and trial number. Without `currentsA` a pilot of 200 trials a point finds the transition, and
 * the drives are placed half evenly over it and half where the pilot's probability climbs.
 * Throws badInput when the device doesn't switch with the drive.
 */
export async function runCalibration(
  options: CalibrationOptions = {},
  hooks: CalibrationHooks = {},
): Promise<CalibrationReport> {
  const parameters = checkParameters(options.parameters ?? spinHallMtj());
  const { points, trials, seed, confidence } = { ...calibrationDefaults, ...options };
  const { tailTrials = trials } = options;
  checkCount('trials', trials, 1, 1e9);
  checkCount('points', points, 5, 10_000);
  checkCount('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  checkCount('tail trials', tailTrials, 0, 1e9);
  const drives = sortedDrives(options.currentsA ?? placeDrives(parameters, points, seed));
  const total = drives.length * trials;
  const run = async (jobs: readonly TrialJob[], onProgress?: (share: number) => void): Promise<TrialCount[]> => {
    const blocks = jobs.map(({ driveA, from, to }) => blocksOf(parameters, driveA, seed, from, to));
    const results = await runParallel<TrialBlock, TrialBlockResult>(
      moduleBeside(import.meta.url, './macrospin-worker'),
      blocks.flat(),
      {
        ...(hooks.workers === undefined ? {} : { workers: hooks.workers }),
        onProgress: (finished, all) => onProgress?.(finished / all),
      },
    );
    let at = 0;
    return blocks.map((own, i) => {
      const mine = results.slice(at, at + own.length);
      at += own.length;
      const sum = (key: 'switched' | 'steps') => mine.reduce((before, result) => before + result[key], 0);
      return {
        driveA: jobs[i]!.driveA,
        trials: jobs[i]!.to - jobs[i]!.from,
        switched: sum('switched'),
        steps: sum('steps'),
      };
    });
  };
  const body = await run(
    drives.map((driveA) => ({ driveA, from: 0, to: trials })),
    (share) => hooks.onProgress?.(Math.round(share * total), total),
  );
  const measured = (counts: readonly TrialCount[]) =>
    counts
      .map((count) => computedPoint(count.driveA, count.switched, count.trials, confidence))
      .sort((a, b) => a.currentA - b.currentA);
  const plain = measured(body);
  const first = curveOf(parameters, plain, seed);
  const asked = options.currentsA === undefined && tailTrials > 0 && first.notMonotone !== true;
  const counts = asked ? await measureTails(body, calibrate(first), trials, tailTrials, run) : body;
  const curve = measured(counts);
  const steps = counts.reduce((sum, count) => sum + count.steps, 0);
  return {
    curve,
    ...calibrate(curveOf(parameters, curve, seed)),
    temperatureK: parameters.temperatureK,
    pulseS: parameters.pulseS,
    seed,
    trials,
    confidence,
    criticalCurrentA: criticalCurrentA(parameters),
    parameters,
    steps,
  };
}

/** Trials from..to-1 at one drive. */
interface TrialJob {
  readonly driveA: number;
  readonly from: number;
  readonly to: number;
}

interface TrialCount {
  readonly driveA: number;
  readonly trials: number;
  readonly switched: number;
  readonly steps: number;
}

/** Events (of switching or not, the rarer ones) after which a point is known well enough: 10 %. */
const tailEvents = 100;
/** A tail ends where even the most trials show fewer events than this. */
const fewestEvents = 5;
/** Tail points are this many slopes apart, at most so many on each side. */
const tailStep = 0.5;
const mostTailPoints = 5;

const eventsOf = ({ trials, switched }: TrialCount) => Math.min(switched, trials - switched);

/**
 * The tails: points with few events, and beyond the placed drives half a slope further at a time. Trials are doubled until 100 events were seen or `most` are
 * spent; a tail ends where those show (or, by the last two points, will show) fewer than 5, or at zero drive. Returns all points.
 */
async function measureTails(
  body: readonly TrialCount[],
  { slopeA }: Calibration,
  start: number,
  most: number,
  run: (jobs: readonly TrialJob[]) => Promise<TrialCount[]>,
): Promise<TrialCount[]> {
  const until = async (count: TrialCount): Promise<TrialCount> => {
    let sum = count;
    while (sum.trials < most && eventsOf(sum) < tailEvents) {
      const to = Math.min(most, Math.max(start, 2 * sum.trials));
      const [more] = await run([{ driveA: sum.driveA, from: sum.trials, to }]);
      sum = { driveA: sum.driveA, trials: to, switched: sum.switched + more!.switched, steps: sum.steps + more!.steps };
    }
    return sum;
  };
  const points: TrialCount[] = [];
  for (const count of body) points.push(await until(count));
  for (const side of [-1, 1] as const) {
    const at = (back: number) => (side < 0 ? points[back - 1]! : points[points.length - back]!);
    const rarity = (back: number) => eventsOf(at(back)) / at(back).trials;
    const end = at(1).driveA;
    for (let i = 1; i <= mostTailPoints; i += 1) {
      const driveA = Number((end + side * i * tailStep * slopeA).toPrecision(4));
      if (driveA <= 0 || (rarity(1) ** 2 / rarity(2)) * most < fewestEvents) break;
      const count = await until({ driveA, trials: 0, switched: 0, steps: 0 });
      if (eventsOf(count) < fewestEvents) break;
      if (side < 0) points.unshift(count);
      else points.push(count);
    }
  }
  return points;
}

/** The report's curve in the form that files, tables and the network want. */
export function reportCurve(report: CalibrationReport): SwitchingCurve {
  return curveOf(report.parameters, report.curve, report.seed);
}

function curveOf(parameters: MtjParameters, points: readonly CurvePoint[], seed: number): SwitchingCurve {
  const pulseNs = Number((parameters.pulseS * 1e9).toPrecision(6));
  const counts = points.map(({ trials }) => trials!);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const fall = fallOf({ points });
  const highest = Math.max(...points.map(({ probability }) => probability));
  return {
    name: `${parameters.torque} ${parameters.magnetisation} MTJ, ${parameters.temperatureK} K, ${pulseNs} ns`,
    unit: 'A',
    points,
    temperatureK: parameters.temperatureK,
    pulseS: parameters.pulseS,
    ...(parameters.torque === 'spin-hall' ? { writeResistanceOhm: heavyMetalResistanceOhm(parameters) } : {}),
    // What stays far from certain must not be continued to it.
    ...(fall !== undefined || highest < 0.95 ? { notMonotone: true } : {}),
    source: `computed: macrospin stochastic LLG, Heun, step ${parameters.stepS} s, ${least === most ? least : `${least} to ${most}`} trials a point, seed ${seed}`,
  };
}

function computedPoint(driveA: number, switched: number, trials: number, confidence: number): ComputedPoint {
  const probability = switched / trials;
  return {
    currentA: driveA,
    probability,
    stderr: Math.sqrt((probability * (1 - probability)) / trials),
    trials,
    switched,
    ...wilson(switched, trials, confidence),
  };
}

function blocksOf(parameters: MtjParameters, driveA: number, seed: number, from: number, to: number): TrialBlock[] {
  const blocks: TrialBlock[] = [];
  for (let firstTrial = from; firstTrial < to; firstTrial += blockTrials) {
    blocks.push({ parameters, driveA, seed, firstTrial, trials: Math.min(blockTrials, to - firstTrial) });
  }
  return blocks;
}

/** Where to measure: from the pilot's P = reach to 1 - reach, denser where it climbs. Rounded to four digits, so that people can quote them. */
function placeDrives(parameters: MtjParameters, points: number, seed: number): number[] {
  const pilot = (driveA: number): CurvePoint => {
    const { switched } = runTrials({ parameters, driveA, seed, firstTrial: 0, trials: pilotTrials });
    return { currentA: driveA, probability: switched / pilotTrials, trials: pilotTrials };
  };
  const bracketed = bracket(pilot, parameters);
  if ('evenly' in bracketed) {
    const [from, to] = bracketed.evenly;
    return Array.from({ length: points }, (_, i) => Number((from + ((to - from) * i) / (points - 1)).toPrecision(4)));
  }
  const { low, high } = bracketed;
  const coarse = Array.from({ length: pilotPoints }, (_, i) => pilot(low + ((high - low) * i) / (pilotPoints - 1)));
  const curve = curveOf(parameters, coarse, seed);
  const from = Math.max(driveAt(curve, reach), 0);
  const to = driveAt(curve, 1 - reach);
  // The share of points below a drive is half that of the range, half that of the probability. The fit has less noise than the pilot.
  const { i50A, slopeA } = calibrate(curve);
  const share = (drive: number) => 0.5 * ((drive - from) / (to - from)) + 0.5 * logistic((drive - i50A) / slopeA);
  const drives: number[] = [];
  for (let i = 0; i < points; i += 1) {
    const wanted = share(from) + ((share(to) - share(from)) * i) / (points - 1);
    let a = from;
    let b = to;
    for (let step = 0; step < 60; step += 1) {
      const middle = (a + b) / 2;
      if (share(middle) < wanted) a = middle;
      else b = middle;
    }
    drives.push(Number(((a + b) / 2).toPrecision(4)));
  }
  return drives;
}

/**
 * Drives with hardly any and with nearly certain switching, by doubling and halving from the critical current. A device that climbs past one half but
 * never becomes certain (back-hopping) is to be measured evenly, from hardly any switching to well beyond its best drive.
 */
function bracket(
  pilot: (driveA: number) => CurvePoint,
  parameters: MtjParameters,
): { readonly low: number; readonly high: number } | { readonly evenly: readonly [number, number] } {
  const startA = criticalCurrentA(parameters);
  const silentBelow = (driveA: number) => {
    let low = driveA / 2;
    for (let i = 0; i < 12 && pilot(low).probability > 0.02; i += 1) low /= 1.5;
    return low;
  };
  let high = startA;
  const tried: CurvePoint[] = [];
  const look = (driveA: number) => {
    const point = pilot(driveA);
    tried.push(point);
    return point;
  };
  for (let i = 0; ; i += 1) {
    const point = look(high);
    if (point.probability >= 0.98) break;
    if (i === 12) {
      // It may be certain in a window of drives only.
      for (let driveA = startA / 5; driveA < 3 * startA; driveA *= 1.12) look(driveA);
      const best = bestOf(tried);
      if (best.probability > 0.6) return { evenly: [silentBelow(best.currentA), 2.5 * best.currentA] };
      throw unreliable(best, high, parameters);
    }
    high *= 1.5;
  }
  // Narrow from above while switching stays certain, so that the pilot's grid isn't wasted on it.
  while (pilot(high * 0.8).probability >= 0.99 && high > startA * 1e-3) high *= 0.8;
  return { low: silentBelow(high), high };
}

/** The lowest drive that does as well as any: a plateau's end, not the luckiest point on it. */
function bestOf(tried: readonly CurvePoint[]): CurvePoint {
  const most = Math.max(...tried.map(({ probability }) => probability));
  // The luckiest of some forty looks is two or three standard errors up.
  const wellEnough = most - 4 * Math.sqrt((most * (1 - most)) / pilotTrials);
  return tried
    .filter(({ probability }) => probability >= wellEnough)
    .reduce((lowest, point) => (point.currentA < lowest.currentA ? point : lowest));
}

function unreliable(best: CurvePoint, highestA: number, { biasFieldAPerM }: MtjParameters) {
  const field = biasFieldAPerM.some((component) => component !== 0);
  const chance = best.probability > 0.3;
  return badInput('the device does not switch reliably at any drive', {
    found: `at most ${(100 * best.probability).toFixed(1)} % up to ${highestA.toPrecision(3)} A`,
    expected: 'a switching probability that rises to near 1, or past 0.6 before it falls',
    help: !chance
      ? 'lengthen the pulse, or raise the spin current for each ampere'
      : field
        ? 'spins along a hard axis leave the choice nearly to chance: a stronger bias field, the same one the other way, or one along the current, decides it'
        : 'spins along a hard axis leave the choice to chance: give a bias field or tilt the spin direction',
  });
}

function sortedDrives(currentsA: readonly number[]): number[] {
  for (const drive of currentsA) {
    if (!Number.isFinite(drive) || Math.abs(drive) > 1) {
      throw badInput('a current must be a number of amperes', { found: `${drive}`, expected: '-1..1' });
    }
  }
  const drives = [...new Set(currentsA)].sort((a, b) => a - b);
  if (drives.length < 2) throw badInput('a curve needs at least two currents', { found: `${drives.length}` });
  return drives;
}

function checkCount(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw badInput(`the number of ${name} is out of range`, {
    found: `${value}`,
    expected: `an integer from ${low} to ${high}`,
  });
}
