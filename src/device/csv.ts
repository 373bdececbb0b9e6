/** Switching curves as laboratories write them. */
import { badInput } from '../errors/index.ts';
import {
  askForUnit,
  type CsvOptions,
  commented,
  constant,
  extremes,
  missingColumn,
  numberAt,
  type Row,
  readCurveTable,
  roleColumn,
  type Table,
  titleOf,
} from './csv-table.ts';
import { type CurvePoint, checkCurve, fallOf, type SwitchingCurve } from './curve.ts';

/** What in a file with a measured curve is meant: columns, units, lines. */
export interface CurveFileOptions extends CsvOptions {
  /** The device switches at negative drive: change its sign. */
  readonly negate?: boolean;
}

/**
 * Reads a curve: columns for the drive (current or voltage) and for the probability, the counts (k of n), or the outcome of each pulse
 * (0 or 1); found by the header or given by `options`. `#` starts a comment, of which `source:`, `name:`, `temperature: 300 K`, `pulse: 0.5 ns`,
 * `write resistance: 776 ohm`, `parallel resistance: 4.9 kohm`, `tmr: 100 %` and `shape: not monotone` are understood. Lines of the same drive
 * are pooled, and of more than 10,000 drives neighbours. Throws badInput with the line; also when the unit of the drive is said nowhere, and when the probability falls with the drive
 * by more than 20 standard errors without the file saying that it does.
 */
export function readCurveFile(text: string, fileName: string, options: CurveFileOptions = {}): SwitchingCurve {
  return curveOfTable(readCurveTable(text, fileName, options), options);
}

/** The same of a table that holds the lines of one curve. */
export function curveOfTable(table: Table, options: CurveFileOptions, name?: string): SwitchingCurve {
  const { fileName } = table;
  const drive = roleColumn(table, 'current') ?? roleColumn(table, 'voltage');
  if (drive === undefined) throw missingColumn(table, 'a current or a voltage', `current (uA)' or 'voltage (V)`);
  if (roleColumn(table, 'current') !== undefined && roleColumn(table, 'voltage') !== undefined) {
    throw badInput('the table has a current and a voltage: which one drives the device?', {
      where: fileName,
      help: 'remove one, or name the drive column by option',
    });
  }
  const role = table.header[drive]!.role as 'current' | 'voltage';
  askForUnit(table, role);
  const how = { drive, role, negate: options.negate ?? false, outcomes: holdsOutcomes(table, drive) };
  const points = pool(table.rows.map(pointReader(table, how)));
  const temperatureK = constant(table, 'temperature', 'K');
  const pulseS = constant(table, 'pulse', 's');
  const writeResistanceOhm = resistance(table);
  const parallelOhm = commented(table, 'parallel resistance', 'resistance', 'ohm');
  const tmr = commented(table, 'tmr', 'probability', '1');
  const curve: SwitchingCurve = {
    name: name ?? table.comments.get('name') ?? nameOf(fileName, options.where ?? {}),
    unit: role === 'current' ? 'A' : 'V',
    points,
    ...(temperatureK === undefined ? {} : { temperatureK }),
    ...(pulseS === undefined ? {} : { pulseS }),
    ...(writeResistanceOhm === undefined ? {} : { writeResistanceOhm }),
    ...(parallelOhm === undefined ? {} : { parallelOhm }),
    ...(tmr === undefined ? {} : { tmr }),
    ...(/not monotone/i.test(table.comments.get('shape') ?? '') ? { notMonotone: true } : {}),
    source: table.comments.get('source') ?? fileName,
  };
  if (points.length < 2) {
    throw badInput('a switching curve needs at least two different drives', {
      where: fileName,
      found: `${points.length}`,
    });
  }
  checkCurve(curve);
  if (curve.notMonotone !== true) refuseFalling(curve, fileName);
  return curve;
}

/** Through the writing path: a column that is the same on every line, or a comment. */
function resistance(table: Table): number | undefined {
  const column = roleColumn(table, 'resistance');
  if (column === undefined) return commented(table, 'write resistance', 'resistance', 'ohm');
  askForUnit(table, 'resistance');
  const values = table.rows.map((row) => numberAt(table, row, column));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A curve that falls is not made monotone in silence: it is another device, another direction, or another law of switching. */
function refuseFalling(curve: SwitchingCurve, fileName: string): void {
  const fall = fallOf(curve);
  // What falls all along switches at negative drive: that is said where the curve is used.
  if (fall === undefined || fallOf({ points: [...curve.points].reverse() }) === undefined) return;
  const { from, to, standardErrors } = fall;
  const [low, high] = extremes(curve.points.map(({ currentA }) => currentA));
  const bothSides = low < 0 && high > 0;
  throw badInput('the curve is not monotone: the switching probability falls where the drive grows', {
    where: fileName,
    found: `P ${from.probability.toPrecision(3)} at ${from.currentA} ${curve.unit}, ${to.probability.toPrecision(3)} at ${to.currentA} ${curve.unit}: ${standardErrors.toFixed(0)} standard errors`,
    expected: 'a probability that grows with the drive (noise below 20 standard errors is smoothed)',
    help: `${bothSides ? 'take one polarity' : 'take one flank'} with --where 'COLUMN=from..to' (with --negate for negative drive); or, if the device does so (back-hopping), write '# shape: not monotone' into the file: the table then follows the curve as it is`,
  });
}

/** The curve as a file that `readCurveFile` reads back. */
export function writeCurveFile(curve: SwitchingCurve): string {
  const trials = curve.points.every((point) => point.trials !== undefined);
  const stderr = curve.points.every((point) => point.stderr !== undefined);
  const oneLine = (value: string) => value.replace(/\s+/g, ' ').trim();
  const lines = [`# name: ${oneLine(curve.name)}`, `# source: ${oneLine(curve.source)}`];
  if (curve.temperatureK !== undefined) lines.push(`# temperature: ${curve.temperatureK} K`);
  if (curve.pulseS !== undefined) lines.push(`# pulse: ${curve.pulseS} s`);
  if (curve.writeResistanceOhm !== undefined) lines.push(`# write resistance: ${curve.writeResistanceOhm} ohm`);
  if (curve.parallelOhm !== undefined) lines.push(`# parallel resistance: ${curve.parallelOhm} ohm`);
  if (curve.tmr !== undefined) lines.push(`# tmr: ${curve.tmr}`);
  if (curve.notMonotone === true) lines.push('# shape: not monotone');
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

/** A line a pulse: 0 or 1 where others have counts, no number of trials, and drives that come again and again. */
function holdsOutcomes(table: Table, drive: number): boolean {
  const column = roleColumn(table, 'switched');
  if (
    column === undefined ||
    roleColumn(table, 'trials') !== undefined ||
    roleColumn(table, 'probability') !== undefined
  )
    return false;
  const drives = new Set<string>();
  for (const row of table.rows) if (drives.add(row.cells[drive]!).size * 2 > table.rows.length) return false;
  return table.rows.every((row) => [0, 1].includes(numberAt(table, row, column)));
}

interface PointColumns {
  readonly drive: number;
  readonly role: 'current' | 'voltage';
  readonly negate: boolean;
  readonly outcomes: boolean;
}

/** Reads the points of the table's lines; which columns there are is looked up once. */
function pointReader(table: Table, how: PointColumns): (row: Row) => CurvePoint {
  const columns = new Map(
    (['trials', 'switched', 'probability', 'stderr'] as const).map((role) => [role, roleColumn(table, role)]),
  );
  return (row) => {
    const value = (role: 'trials' | 'switched' | 'probability' | 'stderr') => {
      const column = columns.get(role);
      return column === undefined ? undefined : numberAt(table, row, column);
    };
    return readPoint(table, row, how, value);
  };
}

function readPoint(
  table: Table,
  row: Row,
  { drive, role, negate, outcomes }: PointColumns,
  value: (role: 'trials' | 'switched' | 'probability' | 'stderr') => number | undefined,
): CurvePoint {
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
  const trials = outcomes ? 1 : value('trials');
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

/** Points of a curve; of more than so many different drives, neighbours are taken together. */
const mostPoints = 10_000;

/** Neighbours in groups of equal number, each at its mean drive. */
function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  const size = Math.ceil(points.length / mostPoints);
  if (size <= 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, group) => {
    const members = points.slice(group * size, (group + 1) * size);
    const counted = members.every(({ trials }) => trials !== undefined);
    const weight = ({ trials = 1 }: CurvePoint) => (counted ? trials : 1);
    const trials = members.reduce((sum, point) => sum + weight(point), 0);
    const mean = (of: (point: CurvePoint) => number) =>
      Number((members.reduce((sum, point) => sum + weight(point) * of(point), 0) / trials).toPrecision(15));
    const probability = Math.min(
      1,
      mean((point) => point.probability),
    );
    const currentA = mean((point) => point.currentA);
    if (!counted) return { currentA, probability };
    return { currentA, probability, trials, stderr: Math.sqrt((probability * (1 - probability)) / trials) };
  });
}

/** Sorted by drive, with lines of one drive taken together, weighted by their trials. */
function pool(points: readonly CurvePoint[]): CurvePoint[] {
  // Lines of one drive stay in the order of the file: sums come out the same to the last digit.
  const sorted = [...points].sort((a, b) => a.currentA - b.currentA);
  const pooled: CurvePoint[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to]!.currentA === sorted[from]!.currentA) to += 1;
    pooled.push(to === from + 1 ? sorted[from]! : together(sorted, from, to));
    from = to;
  }
  return thinned(pooled);
}

/** One point of the lines from..to-1, which have the same drive. */
function together(points: readonly CurvePoint[], from: number, to: number): CurvePoint {
  let [plain, trials, switched, counted] = [0, 0, 0, true];
  for (let at = from; at < to; at += 1) {
    const point = points[at]!;
    plain += point.probability;
    trials += point.trials ?? 0;
    switched += point.probability * (point.trials ?? 0);
    counted &&= point.trials !== undefined;
  }
  // Twenty times 1/20 is more than 1 in doubles; the sum over the number is not.
  const probability = Math.min(1, Number((counted ? switched / trials : plain / (to - from)).toPrecision(15)));
  const { currentA } = points[from]!;
  if (!counted) return { currentA, probability };
  return { currentA, probability, trials, stderr: Math.sqrt((probability * (1 - probability)) / trials) };
}

function nameOf(fileName: string, where: Readonly<Record<string, string>>): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return [base, ...Object.values(where)].join(' ');
}
