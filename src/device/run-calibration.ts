/** From a device's physics to its switching curve: the Monte Carlo on all cores. */
import { badInput } from '../errors/index.ts';
import { runParallel } from '../parallel/index.ts';
import { type Calibration, calibrate } from './calibration.ts';
import { type CurvePoint, driveAt, logistic, type SwitchingCurve } from './curve.ts';
import { wilson } from './interval.ts';
import { runTrials, type TrialBlock, type TrialBlockResult } from './macrospin.ts';
import { checkParameters, criticalCurrentA, type MtjParameters, spinHallMtj } from './parameters.ts';

export interface CalibrationOptions {
  /** The device; `spinHallMtj()` when absent. */
  readonly parameters?: MtjParameters;
  /** Drives to measure, in amperes; placed by the device itself when absent. */
  readonly currentsA?: readonly number[];
  /** Number of drives that are placed, at least 5; 33 when absent. */
  readonly points?: number;
  /** Trials at each drive; 10,000 when absent. */
  readonly trials?: number;
  /** 0..2^53-1; 1 when absent. */
  readonly seed?: number;
  /** Confidence of each point's interval; 0.95 when absent. */
  readonly confidence?: number;
}

export interface CalibrationHooks {
  readonly onProgress?: (finishedTrials: number, totalTrials: number) => void;
  readonly workers?: number;
}

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
  checkCount('trials', trials, 1, 1e9);
  checkCount('points', points, 5, 10_000);
  checkCount('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  const drives = sortedDrives(options.currentsA ?? placeDrives(parameters, points, seed));
  const blocks = drives.flatMap((driveA) => blocksOf(parameters, driveA, seed, trials));
  const total = drives.length * trials;
  const results = await runParallel<TrialBlock, TrialBlockResult>(
    new URL('./macrospin-worker.ts', import.meta.url),
    blocks,
    {
      ...(hooks.workers === undefined ? {} : { workers: hooks.workers }),
      onProgress: (finished, all) => hooks.onProgress?.(Math.round((finished / all) * total), total),
    },
  );
  const switchedAt = new Map<number, number>();
  let steps = 0;
  for (const [i, { switched, steps: made }] of results.entries()) {
    const { driveA } = blocks[i]!;
    switchedAt.set(driveA, (switchedAt.get(driveA) ?? 0) + switched);
    steps += made;
  }
  const curve = drives.map((driveA) => computedPoint(driveA, switchedAt.get(driveA)!, trials, confidence));
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

/** The report's curve in the form that files, tables and the network want. */
export function reportCurve(report: CalibrationReport): SwitchingCurve {
  return curveOf(report.parameters, report.curve, report.seed);
}

function curveOf(parameters: MtjParameters, points: readonly CurvePoint[], seed: number): SwitchingCurve {
  const pulseNs = Number((parameters.pulseS * 1e9).toPrecision(6));
  return {
    name: `${parameters.torque} ${parameters.magnetisation} MTJ, ${parameters.temperatureK} K, ${pulseNs} ns`,
    unit: 'A',
    points,
    temperatureK: parameters.temperatureK,
    pulseS: parameters.pulseS,
    source: `computed: macrospin stochastic LLG, Heun, step ${parameters.stepS} s, ${points[0]!.trials} trials a point, seed ${seed}`,
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

function blocksOf(parameters: MtjParameters, driveA: number, seed: number, trials: number): TrialBlock[] {
  const blocks: TrialBlock[] = [];
  for (let firstTrial = 0; firstTrial < trials; firstTrial += blockTrials) {
    blocks.push({ parameters, driveA, seed, firstTrial, trials: Math.min(blockTrials, trials - firstTrial) });
  }
  return blocks;
}

/** Where to measure: from the pilot's P = reach to 1 - reach, denser where it climbs. Rounded to four digits, so that people can quote them. */
function placeDrives(parameters: MtjParameters, points: number, seed: number): number[] {
  const pilot = (driveA: number): CurvePoint => {
    const { switched } = runTrials({ parameters, driveA, seed, firstTrial: 0, trials: pilotTrials });
    return { currentA: driveA, probability: switched / pilotTrials, trials: pilotTrials };
  };
  const [low, high] = bracket(pilot, criticalCurrentA(parameters));
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

/** Drives with hardly any and with nearly certain switching, by doubling and halving from the critical current. */
function bracket(pilot: (driveA: number) => CurvePoint, startA: number): [number, number] {
  let high = startA;
  let best = 0;
  for (let i = 0; ; i += 1) {
    const { probability } = pilot(high);
    best = Math.max(best, probability);
    if (probability >= 0.98) break;
    if (i === 12) {
      throw badInput('the device does not switch reliably at any drive', {
        found: `at most ${(100 * best).toFixed(1)} % up to ${high.toPrecision(3)} A`,
        expected: 'a switching probability that rises to near 1',
        help:
          best > 0.3 && best < 0.7
            ? 'spins along a hard axis leave the choice to chance: give a bias field or tilt the spin direction'
            : 'lengthen the pulse, or raise the spin current for each ampere',
      });
    }
    high *= 1.5;
  }
  // Narrow from above while switching stays certain, so that the pilot's grid isn't wasted on it.
  while (pilot(high * 0.8).probability >= 0.99 && high > startA * 1e-3) high *= 0.8;
  let low = high / 2;
  for (let i = 0; i < 12 && pilot(low).probability > 0.02; i += 1) low /= 1.5;
  return [low, high];
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
