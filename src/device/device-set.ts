/** Sets of measured devices: which devices a chip's neurons are drawn from. */
import { badInput } from '../errors/index.ts';
import { calibrate } from './calibration.ts';
import { type CurveFileOptions, curveOfTable } from './csv.ts';
import { extremes, numberAt, readAnyTable, readCurveTables, type Table } from './csv-table.ts';
import { fillGaussians, nextUniform, randomKey, startTrial } from './random.ts';
import type { DeviceDraw } from './variation.ts';

/** One device of a set, in the set's unit; or one that never, or always, switches in the range that was measured. */
export type SetMember =
  | { readonly id: string; readonly i50A: number; readonly slopeA: number }
  | { readonly id: string; readonly stuck: 'spike' | 'silent' };

/** Measured devices of one kind that differ, and their medians: what a core that knows only "the" device is calibrated for. */
export interface DeviceSet {
  readonly unit: 'A' | 'V';
  readonly source: string;
  readonly members: readonly SetMember[];
  /** Medians of the working devices: what a core that knows only "the" device is calibrated for. */
  readonly i50A: number;
  readonly slopeA: number;
}

/** How the neurons of a chip are drawn from a set. */
export interface SetOptions {
  /** Neurons over which a device's place in the order of thresholds is forgotten (as exp(-distance / this), in visiting order); 0: independent. */
  readonly correlation?: number;
  /** Smoothed: thresholds spread around the measured ones by Silverman's bandwidth, so that the tails reach beyond the last device. */
  readonly smooth?: boolean;
  /** Change of each threshold since calibration: standard deviation, a share of the median threshold. */
  readonly drift?: number;
}

const thresholdTitle = /^(i_?50|v_?50|i_?th|v_?th|threshold|centre|center|i_?c|v_?c)\b/i;
const slopeTitle = /^(slope|scale|sigma|width|delta)\b/i;
const idTitle = /^(id|name|device|device_?id|die|chip|sample|no|nr|#)$/i;

/**
 * Reads a set from CSV: either curves under one another, a column naming the device of each line, or one line a device with threshold and slope
 * (`id,I50 (uA),slope (uA)`). Throws badInput with the device or the line.
 */
export function readDeviceSet(text: string, fileName: string, options: CurveFileOptions = {}): DeviceSet {
  const table = readAnyTable(text, fileName, options);
  const titled = (pattern: RegExp) => table.header.findIndex(({ title }) => pattern.test(title.trim()));
  const [threshold, slope] = [titled(thresholdTitle), titled(slopeTitle)];
  if (threshold !== -1 && slope !== -1) for (const column of [threshold, slope]) unitOf(table, column);
  const members =
    threshold !== -1 && slope !== -1
      ? table.rows.map((row) => lineMember(table, row, { threshold, slope, id: titled(idTitle) }))
      : [...readCurveTables(text, fileName, options)].map(([id, own]) => curveMember(id, own, options));
  const working = members.flatMap((member) => ('i50A' in member ? [member] : []));
  if (working.length < 2) {
    throw badInput('a set needs at least two devices that work', {
      where: fileName,
      found: `${working.length} of ${members.length}`,
    });
  }
  const unit = threshold !== -1 && slope !== -1 ? unitOf(table, threshold) : working[0]!.unit!;
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return {
    unit,
    source: table.comments.get('source') ?? fileName,
    members: members.map((member) =>
      'i50A' in member ? { id: member.id, i50A: member.i50A, slopeA: member.slopeA } : member,
    ),
    i50A: median(working.map(({ i50A }) => i50A)),
    slopeA: median(working.map(({ slopeA }) => slopeA)),
  };
}

type Read =
  | (Extract<SetMember, { i50A: number }> & { readonly unit?: 'A' | 'V' })
  | Extract<SetMember, { stuck: string }>;

function unitOf(table: Table, column: number): 'A' | 'V' {
  const { title, unit } = table.header[column]!;
  if (unit !== undefined && /[AV]$/.test(unit)) return unit.endsWith('V') ? 'V' : 'A';
  throw badInput('nobody says in what unit the threshold and the slope are', {
    where: `${table.fileName}, column '${title}'`,
    help: `write it into the header, e.g. '${title} (uA)'`,
  });
}

function lineMember(
  table: Table,
  row: Table['rows'][number],
  columns: { readonly threshold: number; readonly slope: number; readonly id: number },
): Read {
  const [i50A, slopeA] = [numberAt(table, row, columns.threshold), numberAt(table, row, columns.slope)];
  if (slopeA > 0) return { id: columns.id === -1 ? `${row.line}` : row.cells[columns.id]!, i50A, slopeA };
  throw badInput('the slope of a device must be positive', {
    where: `${table.fileName}:${row.line}`,
    found: `${slopeA}`,
  });
}

function curveMember(id: string, table: Table, options: CurveFileOptions): Read {
  const curve = curveOfTable(table, options, id);
  const [low, high] = extremes(curve.points.map(({ probability }) => probability));
  if (high < 0.5) return { id, stuck: 'silent' };
  if (low > 0.5) return { id, stuck: 'spike' };
  const { i50A, slopeA } = calibrate(curve);
  return { id, i50A, slopeA, unit: curve.unit };
}

/**
 * A device of the set for each of `count` neurons, as the core calibrated with `reference` sees it. The same seed draws the same devices; a larger layer begins
 * with the same ones.
 */
export function drawFromSet(
  count: number,
  set: DeviceSet,
  reference: { readonly i50A: number; readonly slopeA: number },
  seed: number,
  { correlation = 0, smooth = false, drift = 0 }: SetOptions = {},
): DeviceDraw[] {
  // Stuck devices first and last, the others by their threshold: neighbours in this order are alike.
  const place = (member: SetMember) =>
    'stuck' in member ? (member.stuck === 'spike' ? -Infinity : Infinity) : member.i50A;
  const ordered = [...set.members].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
  const working = ordered.flatMap((member) => ('i50A' in member ? [member.i50A] : []));
  const mean = working.reduce((sum, value) => sum + value, 0) / working.length;
  const deviation = Math.sqrt(working.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (working.length - 1));
  const bandwidth = smooth ? 1.06 * deviation * working.length ** -0.2 : 0;
  const key = randomKey(seed, set.i50A);
  const state = new Int32Array(4);
  const normal = new Float64Array(3);
  const keeps = correlation > 0 ? Math.exp(-1 / correlation) : 0;
  let field = 0;
  return Array.from({ length: count }, (_, n) => {
    startTrial(state, key, n);
    fillGaussians(normal, 3, state);
    const uniform = nextUniform(state);
    field = n === 0 ? normal[0]! : keeps * field + Math.sqrt(1 - keeps * keeps) * normal[0]!;
    const at = keeps === 0 ? uniform : normalShare(field);
    const member = ordered[Math.min(ordered.length - 1, Math.floor(at * ordered.length))]!;
    if ('stuck' in member) return { offset: 0, gain: 1, stuck: member.stuck };
    const i50A = member.i50A + bandwidth * normal[1]! + drift * set.i50A * normal[2]!;
    return { offset: (reference.i50A - i50A) / member.slopeA, gain: reference.slopeA / member.slopeA };
  });
}

/** Share of a normal distribution below `x`: Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return x > 0 ? 1 - above : above;
}
