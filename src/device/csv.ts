/** Switching curves as laboratories write them: CSV with a header, one line a point. */
import { badInput } from '../errors/index.ts';
import { type HeaderCell, knownUnit, type Role, readHeaderCell, toSi, unitFitsRole, unitsFor } from './csv-columns.ts';
import { type CurvePoint, checkCurve, type SwitchingCurve } from './curve.ts';

export interface CurveFileOptions {
  /** Titles of the columns, where the header doesn't tell: e.g. { voltage: 'U_set' }. */
  readonly columns?: Partial<Record<Role, string>>;
  /** Units, where the header doesn't tell: e.g. { voltage: 'mV' }. Without one, SI. */
  readonly units?: Partial<Record<Role, string>>;
  /** Keeps the lines whose column has this value: e.g. { direction: 'P->AP' }. */
  readonly where?: Readonly<Record<string, string>>;
  /** The device switches at negative drive: change its sign. */
  readonly negate?: boolean;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

interface Table {
  readonly fileName: string;
  readonly comments: ReadonlyMap<string, string>;
  readonly header: readonly HeaderCell[];
  readonly rows: readonly Row[];
  readonly decimalComma: boolean;
}

/**
 * Reads a curve: columns for the drive (current or voltage) and for the probability or the counts (k of n); found by the header or
 * given by `options`. Separators are commas, semicolons or tabs; `#` starts a comment, of which `source:`, `name:`, `temperature: 300 K`
 * and `pulse: 0.5 ns` are understood. Lines of the same drive are pooled. Throws badInput with the line.
 */
export function readCurveFile(text: string, fileName: string, options: CurveFileOptions = {}): SwitchingCurve {
  const table = pick(assignColumns(readTable(text, fileName), options), options.where ?? {});
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

function readTable(text: string, fileName: string): Table {
  const comments = new Map<string, string>();
  const lines: Row[] = [];
  let separator: string | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim();
    if (line.startsWith('#')) {
      const match = /^#+\s*([A-Za-z]+)\s*:\s*(.+)$/.exec(line);
      if (match !== null) comments.set(match[1]!.toLowerCase(), match[2]!.trim());
    } else if (line !== '') {
      separator ??= line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',';
      lines.push({ line: index + 1, cells: splitCells(raw, separator) });
    }
  }
  const [header, ...rows] = lines;
  if (header === undefined || rows.length === 0) {
    throw badInput('the file holds no table', {
      where: fileName,
      expected: 'a header line and at least two lines of figures',
    });
  }
  if (header.cells.every((cell) => cell !== '' && Number.isFinite(Number(cell)))) {
    throw badInput('the first line must name the columns', {
      where: `${fileName}:${header.line}`,
      found: header.cells.join(', '),
      help: 'write a header such as: current (uA),probability,trials',
    });
  }
  for (const row of rows) {
    if (row.cells.length !== header.cells.length) {
      throw badInput('a line has another number of cells than the header', {
        where: `${fileName}:${row.line}`,
        found: `${row.cells.length}`,
        expected: `${header.cells.length}`,
      });
    }
  }
  return { fileName, comments, header: header.cells.map(readHeaderCell), rows, decimalComma: separator !== ',' };
}

function splitCells(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

/** Applies the options to what the header told; two columns of one role, or an unknown unit, are errors. */
function assignColumns(table: Table, options: CurveFileOptions): Table {
  const header = table.header.map((cell) => ({ ...cell }) as { title: string; role?: Role; unit?: string });
  for (const [role, title] of Object.entries(options.columns ?? {}) as [Role, string][]) {
    const column = columnByTitle(table, title);
    for (const cell of header) {
      const drives = ['current', 'voltage'];
      if (cell.role === role || (drives.includes(role) && drives.includes(cell.role ?? ''))) delete cell.role;
    }
    header[column]!.role = role;
  }
  for (const [role, text] of Object.entries(options.units ?? {}) as [Role, string][]) {
    const unit = knownUnit(text);
    if (unit === undefined || !unitFitsRole(unit, role)) {
      throw badInput(`no unit of ${role}`, { where: table.fileName, found: text, expected: unitsFor(role) });
    }
    for (const cell of header) if (cell.role === role) cell.unit = unit;
  }
  for (const [column, cell] of header.entries()) {
    const other = cell.role === undefined ? column : header.findIndex((before) => before.role === cell.role);
    if (other !== column) {
      throw badInput(`two columns look like the ${cell.role}`, {
        where: table.fileName,
        found: `'${header[other]!.title}' and '${cell.title}'`,
        help: 'say which one by option',
      });
    }
  }
  return { ...table, header };
}

/** The lines of one curve: labels must be the same on all of them. */
function pick(table: Table, where: Readonly<Record<string, string>>): Table {
  let { rows } = table;
  for (const [title, value] of Object.entries(where)) {
    const column = columnByTitle(table, title);
    const choices = [...new Set(rows.map((row) => row.cells[column]!))];
    rows = rows.filter((row) => row.cells[column] === value || sameNumber(row.cells[column]!, value));
    if (rows.length === 0) {
      throw badInput(`no line has ${title} = ${value}`, { where: table.fileName, expected: choices.join(', ') });
    }
  }
  for (const [column, cell] of table.header.entries()) {
    if (cell.role !== undefined && cell.role !== 'pulse' && cell.role !== 'temperature') continue;
    const choices = [...new Set(rows.map((row) => row.cells[column]!))];
    // A column that differs on every line (a line number, a remark) tells nothing about which curve a line belongs to.
    if (choices.length === 1 || (cell.role === undefined && choices.length === rows.length)) continue;
    throw badInput('the table holds more than one curve', {
      where: `${table.fileName}, column '${cell.title}'`,
      found: choices.slice(0, 8).join(', '),
      help: `pick one, e.g. --where '${cell.title}=${choices[0]}'`,
    });
  }
  return { ...table, rows };
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

/** A quantity that is the same for the whole curve: from its column, or from a comment. */
function constant(table: Table, role: 'temperature' | 'pulse', si: 'K' | 's'): number | undefined {
  const column = roleColumn(table, role);
  if (column !== undefined) return positive(table, role, numberAt(table, table.rows[0]!, column));
  const comment = table.comments.get(role);
  if (comment === undefined) return undefined;
  const match = /^([-+\d.eE]+)\s*(\S*)$/.exec(comment);
  const unit = knownUnit(match?.[2] || si);
  if (match === null || unit === undefined || !unitFitsRole(unit, role)) {
    throw badInput(`the comment on the ${role} can't be read`, {
      where: table.fileName,
      found: comment,
      expected: `a number and a unit: ${unitsFor(role)}`,
    });
  }
  return positive(table, role, toSi(Number(match[1]), unit));
}

function positive(table: Table, role: Role, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw badInput(`the ${role} must be positive`, { where: table.fileName, found: `${value}` });
}

function numberAt(table: Table, row: Row, column: number): number {
  const cell = row.cells[column]!;
  const text = table.decimalComma ? cell.replace(',', '.') : cell;
  const percent = text.endsWith('%');
  const value = Number(percent ? text.slice(0, -1) : text);
  if (text === '' || !Number.isFinite(value)) {
    throw badInput('a number was expected', {
      where: `${table.fileName}:${row.line}, column '${table.header[column]!.title}'`,
      found: cell === '' ? 'an empty cell' : cell,
    });
  }
  return percent ? value / 100 : toSi(value, table.header[column]!.unit);
}

function sameNumber(cell: string, value: string): boolean {
  return cell !== '' && value !== '' && Number(cell) === Number(value);
}

function roleColumn(table: Table, role: Role): number | undefined {
  const column = table.header.findIndex((cell) => cell.role === role);
  return column === -1 ? undefined : column;
}

function titleOf(table: Table, role: Role): string {
  return table.header.find((cell) => cell.role === role)?.title ?? role;
}

function columnByTitle(table: Table, title: string): number {
  const column = table.header.findIndex((cell) => cell.title === title);
  if (column !== -1) return column;
  throw badInput(`there is no column '${title}'`, {
    where: table.fileName,
    expected: table.header.map((cell) => cell.title).join(', '),
  });
}

function missingColumn(table: Table, what: string, example: string): Error {
  return badInput(`the table has no column for ${what}`, {
    where: table.fileName,
    found: table.header.map((cell) => cell.title).join(', '),
    expected: `a header such as '${example}'`,
    help: 'or name the column by option',
  });
}

function nameOf(fileName: string, where: Readonly<Record<string, string>>): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return [base, ...Object.values(where)].join(' ');
}
