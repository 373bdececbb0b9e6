/**
 * The device as a process: write, relax, read, reset, rest, and then the next write, which finds the free layer as the last cycle left it. What a spike
 * leaves behind is the probability of the next one.
 */
import { badInput } from '../errors/index.ts';
import { moduleBeside, runParallel } from '../parallel/index.ts';
import type { SwitchingCurve } from './curve.ts';
import { advance, createIntegrator, drawFromWell } from './macrospin.ts';
import { checkParameters, dampingTimeS, type MtjParameters, pulseShape, settlingS } from './parameters.ts';
import { fillGaussians, randomKey, startTrial } from './random.ts';

/** One time step of a device beside its write: phases in seconds, the reset as a current of the other sign. */
export interface Cycle {
  /** Amplitude > 0 of the reset pulse; it is applied after a spike only. */
  readonly resetA: number;
  readonly resetS: number;
  /** Free motion between the reset and the next write. */
  readonly restS: number;
}

/** What happened before the write whose outcome is counted. */
export type Past = 'fresh' | 'silent' | 'spike';

/** Trials first..first+count-1 of one drive, one past and one cycle. */
export interface ProcessBlock {
  readonly parameters: MtjParameters;
  readonly cycle: Cycle;
  readonly past: Past;
  /** Write that is counted. */
  readonly driveA: number;
  /** Write of the time step before, repeated until the device spiked (or did not, as `past` says). */
  readonly beforeA: number;
  readonly seed: number;
  readonly firstTrial: number;
  readonly trials: number;
}

export interface ProcessCount {
  readonly trials: number;
  readonly switched: number;
  /** Devices that the reset and the rest left in the wrong well; they read as a spike again without being written. */
  readonly failedResets: number;
}

const chunkSteps = 64;
/** Writes before a past that does not come is given up. */
const mostAttempts = 400;

/** Runs whole trials; the result depends on nothing but the block. No phase is cut short: what it leaves is what is looked for. */
export function runProcess(block: ProcessBlock): ProcessCount {
  const { parameters, cycle, past, driveA, beforeA, seed } = block;
  const integrator = createIntegrator(parameters);
  const { stepS, relaxationS, readS } = parameters;
  const pulse = pulseShape(parameters);
  const { easyAxis } = integrator.device;
  // The same seed at the same drive is another past's other noise.
  const key = randomKey(seed * 4 + ['fresh', 'silent', 'spike'].indexOf(past), driveA);
  const state = new Int32Array(4);
  const noise = new Float64Array(3 * chunkSteps);
  const m = new Float64Array(3);
  const move = (
    seconds: number,
    amperes: number,
    sum?: (steps: number) => void,
    coefficients = integrator.coefficients,
  ): void => {
    for (let left = Math.round(seconds / stepS); left > 0; left -= chunkSteps) {
      const now = Math.min(left, chunkSteps);
      fillGaussians(noise, 3 * now, state);
      advance(m, noise, now, coefficients, amperes);
      sum?.(now);
    }
  };
  const writeAndRead = (amperes: number): boolean => {
    for (const { steps, share } of pulse) move(steps * stepS, share * amperes, undefined, integrator.written);
    move(relaxationS, 0);
    let reading = 0;
    move(readS, 0, (steps) => {
      reading += steps * m[easyAxis]!;
    });
    return (reading === 0 ? m[easyAxis]! : reading) > 0;
  };
  const start = () => {
    drawFromWell(integrator, m, state, noise);
    move(settlingS(parameters), 0);
  };
  let switched = 0;
  let failedResets = 0;
  for (let trial = block.firstTrial; trial < block.firstTrial + block.trials; trial += 1) {
    startTrial(state, key, trial);
    start();
    if (past !== 'fresh') {
      for (let attempt = 0; writeAndRead(beforeA) !== (past === 'spike'); attempt += 1) {
        if (attempt === mostAttempts) {
          throw badInput(`the device does not come to be ${past === 'spike' ? 'switched' : 'silent'}`, {
            found: `${mostAttempts} writes of ${beforeA} A in vain`,
          });
        }
        start();
      }
      if (past === 'spike') move(cycle.resetS, -cycle.resetA);
      move(cycle.restS, 0);
      if (m[easyAxis]! > 0) failedResets += 1;
    }
    if (writeAndRead(driveA)) switched += 1;
  }
  return { trials: block.trials, switched, failedResets };
}

export interface ProcessOptions {
  readonly parameters: MtjParameters;
  /** Calibration of the device: potentials are driven at i50A + z * slopeA. */
  readonly i50A: number;
  readonly slopeA: number;
  readonly cycle: Cycle;
  /** Potentials to look at. */
  readonly potentials: readonly number[];
  /** Rests to compare, seconds; the cycle's own is always among them. */
  readonly restsS?: readonly number[];
  readonly trials: number;
  readonly seed: number;
  readonly workers?: number;
  readonly onProgress?: (share: number) => void;
}

/** Spike probabilities of one potential with one rest. */
export interface MemoryPoint {
  readonly z: number;
  readonly driveA: number;
  readonly restS: number;
  readonly fresh: number;
  readonly afterSilent: number;
  readonly afterSpike: number;
  /** Share of later time steps that spike: the stationary law of the two-state chain. */
  readonly later: number;
  /** Of the resets after a spike, how many left the device switched. */
  readonly failedReset: number;
  readonly trials: number;
}

/** The device over time: what a spike leaves for the next time step, rest, reset, heat. */
export interface ProcessReport {
  readonly cycle: Cycle;
  readonly points: readonly MemoryPoint[];
  /** Shortest of the rests that were tried after which the mean loss of probability is surely within `tolerance`; undefined when none is. */
  readonly restNeededS: number | undefined;
  readonly tolerance: number;
  /** 1/(alpha gamma H): the time in which what a reset leaves dies away. */
  readonly dampingTimeS: number;
}

/** Mean loss of probability after a spike, over the potentials where chance decides, below which nothing counts as remembered. */
const usualTolerance = 0.03;
const blockTrials = 100;

/** Fresh, after a silent and after a spiking time step, at every potential and rest. The same seed gives the same report on any number of cores. */
export async function runMemory(options: ProcessOptions): Promise<ProcessReport> {
  const parameters = checkParameters(options.parameters);
  const { i50A, slopeA, cycle, potentials, trials, seed } = options;
  const rests = [...new Set([cycle.restS, ...(options.restsS ?? [])])].sort((a, b) => a - b);
  const jobs: ProcessBlock[] = [];
  const add = (past: Past, z: number, restS: number) => {
    const driveA = i50A + z * slopeA;
    // Two and a half nanoseconds after its write a spike has forgotten how hard that was; so it may be written hard, and silence softly.
    const beforeA = past === 'spike' ? Math.max(driveA, i50A + 2 * slopeA) : Math.min(driveA, i50A);
    for (let firstTrial = 0; firstTrial < trials; firstTrial += blockTrials) {
      const count = Math.min(blockTrials, trials - firstTrial);
      jobs.push({ parameters, cycle: { ...cycle, restS }, past, driveA, beforeA, seed, firstTrial, trials: count });
    }
  };
  for (const z of potentials) {
    add('fresh', z, 0);
    for (const restS of rests) {
      add('silent', z, restS);
      add('spike', z, restS);
    }
  }
  const counts = await runParallel<ProcessBlock, ProcessCount>(
    moduleBeside(import.meta.url, './process-worker'),
    jobs,
    {
      ...(options.workers === undefined ? {} : { workers: options.workers }),
      onProgress: (finished, all) => options.onProgress?.(finished / all),
    },
  );
  const share = (past: Past, driveA: number, restS: number, key: 'switched' | 'failedResets') => {
    let [events, all] = [0, 0];
    for (const [i, job] of jobs.entries()) {
      if (job.past !== past || job.driveA !== driveA || (past !== 'fresh' && job.cycle.restS !== restS)) continue;
      events += counts[i]![key];
      all += counts[i]!.trials;
    }
    return events / all;
  };
  const points = potentials.flatMap((z) =>
    rests.map((restS): MemoryPoint => {
      const driveA = i50A + z * slopeA;
      const fresh = share('fresh', driveA, 0, 'switched');
      const afterSilent = share('silent', driveA, restS, 'switched');
      const afterSpike = share('spike', driveA, restS, 'switched');
      const failedReset = share('spike', driveA, restS, 'failedResets');
      return {
        z,
        driveA,
        restS,
        fresh,
        afterSilent,
        afterSpike,
        later: stationary(afterSilent, afterSpike),
        failedReset,
        trials,
      };
    }),
  );
  // With two standard errors on top: few trials must not make a short rest look long enough.
  const within = (restS: number) => {
    const chancy = points.filter((point) => point.restS === restS && point.fresh > 0.05 && point.fresh < 0.95);
    const variance = chancy.reduce(
      (sum, { fresh, afterSpike }) => sum + (fresh * (1 - fresh) + afterSpike * (1 - afterSpike)) / trials,
      0,
    );
    const lost = chancy.reduce((sum, { fresh, afterSpike }) => sum + fresh - afterSpike, 0);
    return chancy.length > 0 && (Math.abs(lost) + 2 * Math.sqrt(variance)) / chancy.length <= usualTolerance;
  };
  return {
    cycle,
    points,
    restNeededS: rests.find(within),
    tolerance: usualTolerance,
    dampingTimeS: dampingTimeS(parameters),
  };
}

/** The switching curve in the time step after a spike, at one of the report's rests: for the table that a remembering neuron has there. */
export function memoryCurve(report: Pick<ProcessReport, 'points'>, restS: number, name: string): SwitchingCurve {
  const points = report.points.filter((point) => point.restS === restS);
  return {
    name: `${name}, after a spike and ${restS} s of rest`,
    unit: 'A',
    points: points.map(({ driveA, afterSpike, trials }) => ({ currentA: driveA, probability: afterSpike, trials })),
    source: `computed: cycles of write, relaxation, read, reset and rest, ${points[0]?.trials ?? 0} trials a point`,
  };
}

/** Share of spikes of a chain that spikes with these probabilities after silence and after a spike. */
export function stationary(afterSilent: number, afterSpike: number): number {
  return afterSilent / (1 - afterSpike + afterSilent);
}
