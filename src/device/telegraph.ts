/**
 * A telegraphic (superparamagnetic) junction: it flips by itself between a silent and a spiking state, and the drive biases how long it dwells in
 * each. Looking at it at an interval well above its correlation time gives independent spikes whose probability is the share of the
 * spiking dwell time.
 */
import { badInput } from '../errors/index.ts';
import { askForUnit, type CsvOptions, commented, numberAt, readCurveTable, roleColumn } from './csv-table.ts';
import type { SwitchingCurve } from './curve.ts';
import { nextUniform, randomKey, startTrial } from './random.ts';

/** Mean dwell times at one drive, seconds, > 0. */
export interface DwellPoint {
  /** A, or V for a voltage-driven device. */
  readonly drive: number;
  readonly silentS: number;
  readonly spikeS: number;
}

/** Probability of the spiking state at equilibrium. */
export function spikeShare({ silentS, spikeS }: Pick<DwellPoint, 'silentS' | 'spikeS'>): number {
  return spikeS / (silentS + spikeS);
}

/** The telegraph process forgets its state as exp(-t / correlation time); the rate is the sum of the two flipping rates. */
export function correlationTimeS({ silentS, spikeS }: Pick<DwellPoint, 'silentS' | 'spikeS'>): number {
  return 1 / (1 / silentS + 1 / spikeS);
}

/** Neel and Arrhenius: dwell = attempt * exp(barrier * (1 -+ drive / scale)); the share is then (1 + tanh(barrier * drive / scale)) / 2. Throws badInput for anything that is not positive. */
export function neelArrhenius(
  drives: readonly number[],
  device: { readonly attemptS: number; readonly barrierKT: number; readonly scale: number },
): DwellPoint[] {
  const { attemptS, barrierKT, scale } = device;
  if (!(attemptS > 0) || !(barrierKT > 0) || !(scale > 0)) {
    throw badInput('a telegraphic device needs a positive attempt time, barrier and scale', {
      found: `${attemptS} s, ${barrierKT} kT, ${scale}`,
    });
  }
  return drives.map((drive) => ({
    drive,
    silentS: attemptS * Math.exp(barrierKT * (1 - drive / scale)),
    spikeS: attemptS * Math.exp(barrierKT * (1 + drive / scale)),
  }));
}

/** The sigmoid of the dwell times. */
export function telegraphCurve(
  points: readonly DwellPoint[],
  about: Pick<SwitchingCurve, 'name' | 'unit' | 'source' | 'temperatureK' | 'writeResistanceOhm'>,
): SwitchingCurve {
  checkDwells(points, about.name);
  return {
    ...about,
    points: [...points]
      .sort((a, b) => a.drive - b.drive)
      .map((point) => ({ currentA: point.drive, probability: spikeShare(point) })),
  };
}

/** How far apart samples of a telegraphic device are, against its slowest drive. */
export interface SamplingCheck {
  readonly intervalS: number;
  /** Longest correlation time of the points, and where. */
  readonly correlationS: number;
  readonly atDrive: number;
  /** Correlation of one sample with the next there. */
  readonly serialCorrelation: number;
  readonly shortestIntervalS: number;
}

/**
 * Checks that samples `intervalS` apart are nearly independent: at least `correlationTimes` (4 when absent: serial correlation 1.8 %) of the slowest
 * drive. The same wait is needed after a change of the drive. Throws badInput when the interval is shorter.
 */
export function checkSampling(points: readonly DwellPoint[], intervalS: number, correlationTimes = 4): SamplingCheck {
  checkDwells(points, 'sampling');
  if (!(intervalS > 0)) throw badInput('a sampling interval must be positive', { found: `${intervalS} s` });
  const slowest = points.reduce((a, b) => (correlationTimeS(b) > correlationTimeS(a) ? b : a));
  const correlationS = correlationTimeS(slowest);
  const shortestIntervalS = correlationTimes * correlationS;
  if (intervalS < shortestIntervalS) {
    throw badInput('the device is sampled faster than it forgets: its spikes would be correlated', {
      where: `drive ${slowest.drive}`,
      found: `every ${intervalS.toPrecision(3)} s, serial correlation ${Math.exp(-intervalS / correlationS).toFixed(3)}`,
      expected: `at least ${shortestIntervalS.toPrecision(3)} s, ${correlationTimes} correlation times of ${correlationS.toPrecision(3)} s`,
      help: 'lengthen the time step, or take a junction with a lower barrier',
    });
  }
  return {
    intervalS,
    correlationS,
    atDrive: slowest.drive,
    serialCorrelation: Math.exp(-intervalS / correlationS),
    shortestIntervalS,
  };
}

/** Samples of the process every `intervalS`, from equilibrium: dwell after dwell, exponentially distributed. 1 is the spiking state. */
export function sampleTelegraph(
  point: DwellPoint,
  options: { readonly intervalS: number; readonly samples: number; readonly seed: number },
): Uint8Array {
  const state = new Int32Array(4);
  startTrial(state, randomKey(options.seed, point.drive), 0);
  const result = new Uint8Array(options.samples);
  let spiking = nextUniform(state) < spikeShare(point);
  let left = 0;
  const dwell = () => -Math.log(nextUniform(state)) * (spiking ? point.spikeS : point.silentS);
  left = dwell();
  for (let i = 0; i < options.samples; i += 1) {
    result[i] = spiking ? 1 : 0;
    let wait = options.intervalS;
    while (left <= wait) {
      wait -= left;
      spiking = !spiking;
      left = dwell();
    }
    left -= wait;
  }
  return result;
}

/**
 * Reads dwell times from CSV as `readCurveFile` does: a drive column and two of times, such as `current (uA),tau_P (us),tau_AP (us)`. The antiparallel
 * state is the spiking one, unless `columns` says otherwise ({ dwellSilent, dwellSpike }).
 *
 * @throws badInput with file and line for a missing column, a time that is not positive, and a table of no rows
 */
export function readDwellFile(
  text: string,
  fileName: string,
  options: CsvOptions = {},
): { unit: 'A' | 'V'; points: DwellPoint[]; writeResistanceOhm?: number } {
  const table = readCurveTable(text, fileName, options);
  const current = roleColumn(table, 'current');
  const drive = current ?? roleColumn(table, 'voltage');
  const silent = roleColumn(table, 'dwellSilent');
  const spike = roleColumn(table, 'dwellSpike');
  if (drive === undefined || silent === undefined || spike === undefined) {
    throw badInput('the table needs a drive and the dwell times of both states', {
      where: fileName,
      found: table.header.map((cell) => cell.title).join(', '),
      expected: "a header such as 'current (uA),tau_P (us),tau_AP (us)'",
    });
  }
  for (const role of ['current', 'voltage', 'dwellSilent', 'dwellSpike'] as const) askForUnit(table, role);
  const points = table.rows.map((row) => ({
    drive: numberAt(table, row, drive),
    silentS: numberAt(table, row, silent),
    spikeS: numberAt(table, row, spike),
  }));
  for (const [i, point] of points.entries()) {
    if (point.silentS > 0 && point.spikeS > 0) continue;
    throw badInput('a dwell time must be positive', {
      where: `${fileName}:${table.rows[i]!.line}`,
      found: `${point.silentS} s, ${point.spikeS} s`,
    });
  }
  const writeResistanceOhm = commented(table, 'write resistance', 'resistance', 'ohm');
  return {
    unit: current === undefined ? 'V' : 'A',
    points,
    ...(writeResistanceOhm === undefined ? {} : { writeResistanceOhm }),
  };
}

function checkDwells(points: readonly DwellPoint[], where: string): void {
  if (points.length === 0) throw badInput('no dwell times', { where });
  for (const { drive, silentS, spikeS } of points) {
    if (silentS > 0 && spikeS > 0 && Number.isFinite(silentS) && Number.isFinite(spikeS)) continue;
    throw badInput('a dwell time must be positive', {
      where: `${where}, drive ${drive}`,
      found: `${silentS} s, ${spikeS} s`,
    });
  }
}
