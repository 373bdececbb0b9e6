/** Switching curves as laboratories write them. */
import { badInput } from '../errors/index.ts';
import type { Role } from './csv-columns.ts';
import {
  type CsvOptions,
  constant,
  missingColumn,
  numberAt,
  type Row,
  readCurveTable,
  roleColumn,
  type Table,
  titleOf,
} from './csv-table.ts';
import { type CurvePoint, checkCurve, type SwitchingCurve } from './curve.ts';

export interface CurveFileOptions extends CsvOptions {
  /** The device switches at negative drive: change its sign. */
  readonly negate?: boolean;
}

/**
 * Reads a curve: columns for the drive (current or voltage) and for the probability or the counts (k of n); found by the header or
 * given by `options`. Separators are commas, semicolons or tabs; `#` starts a comment, of which `source:`, `name:`, `temperature: 300 K`
 * and `pulse: 0.5 ns` are understood. Lines of the same drive are pooled. Throws badInput with the line.
 */
export function readCurveFile(text: string, fileName: string, options: CurveFileOptions = {}): SwitchingCurve {
  const table = readCurveTable(text, fileName, options);
  const drive = roleColumn(table, 'current') ?? roleColumn(table, 'voltage');
  if (drive === undefined) throw missingColumn(table, 'a current or a voltage', `current (uA)' or 'voltage (V)`);
  if (roleColumn(table, 'current') !== undefined && roleColumn(table, 'voltage') !== undefined) {
    throw badInput('the table has a current and a voltage: which one drives the device?', {
      where: fileName,
      help: 'remove one, or name the drive column by option',
    });
  }
  const role = table.header[drive]!.role as 'current' | 'voltage';
  const points = pool(table.rows.map((row) => readPoint(table, row, drive, role, options.negate ?? false)));
  const temperatureK = constant(table, 'temperature', 'K');
  const pulseS = constant(table, 'pulse', 's');
  const curve: SwitchingCurve = {
    name: table.comments.get('name') ?? nameOf(fileName, options.where ?? {}),
    unit: role === 'current' ? 'A' : 'V',
    points,
    ...(temperatureK === undefined ? {} : { temperatureK }),
    ...(pulseS === undefined ? {} : { pulseS }),
    source: table.comments.get('source') ?? fileName,
  };
  if (points.length < 2) {
    throw badInput('a switching curve needs at least two different drives', {
      where: fileName,
      found: `${points.length}`,
    });
  }
  checkCurve(curve);
  return curve;
}

/** The curve as a file that `readCurveFile` reads back. */
export function writeCurveFile(curve: SwitchingCurve): string {
  const trials = curve.points.every((point) => point.trials !== undefined);
  const stderr = curve.points.every((point) => point.stderr !== undefined);
  const oneLine = (value: string) => value.replace(/\s+/g, ' ').trim();
  const lines = [`# name: ${oneLine(curve.name)}`, `# source: ${oneLine(curve.source)}`];
  if (curve.temperatureK !== undefined) lines.push(`# temperature: ${curve.temperatureK} K`);
  if (curve.pulseS !== undefined) lines.push(`# pulse: ${curve.pulseS} s`);
  const drive = curve.unit === 'A' ? 'current (A)' : 'voltage (V)';
  lines.push([drive, 'probability', ...(trials ? ['trials'] : []), ...(stderr ? ['stderr'] : [])].join(','));
  for (const point of curve.points) {
    const cells = [
      point.currentA,
      point.probability,
      ...(trials ? [point.trials!] : []),
      ...(stderr ? [point.stderr!] : []),
    ];
    lines.push(cells.join(','));
  }
  return `${lines.join('\n')}\n`;
}

function readPoint(table: Table, row: Row, drive: number, role: 'current' | 'voltage', negate: boolean): CurvePoint {
  const value = (name: Role) => {
    const column = roleColumn(table, name);
    return column === undefined ? undefined : numberAt(table, row, column);
  };
  const at = (title: string) => `${table.fileName}:${row.line}, column '${title}'`;
  const amount = numberAt(table, row, drive);
  const largest = role === 'current' ? 1 : 100;
  if (Math.abs(amount) > largest) {
    throw badInput(`no junction survives this ${role}`, {
      where: at(table.header[drive]!.title),
      found: `${amount} ${role === 'current' ? 'A' : 'V'}`,
      expected: `at most ${largest} ${role === 'current' ? 'A' : 'V'}`,
      help: `write the unit into the header, e.g. '${role === 'current' ? 'current (uA)' : 'voltage (mV)'}', or give it by option`,
    });
  }
  const trials = value('trials');
  if (trials !== undefined && !(Number.isInteger(trials) && trials >= 1)) {
    throw badInput('the number of trials must be a positive integer', {
      where: at(titleOf(table, 'trials')),
      found: `${trials}`,
    });
  }
  const switched = value('switched');
  let probability = value('probability');
  if (probability === undefined) {
    if (switched === undefined || trials === undefined) {
      throw missingColumn(table, 'a probability, or both the switches and the trials', `P_sw' or 'k' and 'n`);
    }
    if (!Number.isInteger(switched) || switched < 0 || switched > trials) {
      throw badInput('the number of switches must be an integer between 0 and the trials', {
        where: at(titleOf(table, 'switched')),
        found: `${switched} of ${trials}`,
      });
    }
    probability = switched / trials;
  }
  if (!(probability >= 0 && probability <= 1)) {
    throw badInput('a probability must lie in 0..1', {
      where: at(titleOf(table, 'probability')),
      found: `${probability}`,
      help: "if it is in percent, write 'P (%)' into the header",
    });
  }
  const stderr =
    value('stderr') ?? (trials === undefined ? undefined : Math.sqrt((probability * (1 - probability)) / trials));
  return {
    currentA: negate ? 0 - amount : amount,
    probability,
    ...(stderr === undefined ? {} : { stderr }),
    ...(trials === undefined ? {} : { trials }),
  };
}

/** Sorted by drive, with lines of one drive taken together, weighted by their trials. */
function pool(points: readonly CurvePoint[]): CurvePoint[] {
  const byDrive = new Map<number, CurvePoint[]>();
  for (const point of points) byDrive.set(point.currentA, [...(byDrive.get(point.currentA) ?? []), point]);
  return [...byDrive.values()]
    .map((same) => {
      const first = same[0]!;
      if (same.length === 1) return first;
      const trials = same.reduce((sum, point) => sum + (point.trials ?? 0), 0);
      const counted = same.every((point) => point.trials !== undefined);
      const weight = (point: CurvePoint) => (counted ? point.trials! / trials : 1 / same.length);
      const probability = same.reduce((sum, point) => sum + weight(point) * point.probability, 0);
      if (!counted) return { currentA: first.currentA, probability };
      return {
        currentA: first.currentA,
        probability,
        trials,
        stderr: Math.sqrt((probability * (1 - probability)) / trials),
      };
    })
    .sort((a, b) => a.currentA - b.currentA);
}

function nameOf(fileName: string, where: Readonly<Record<string, string>>): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return [base, ...Object.values(where)].join(' ');
}
