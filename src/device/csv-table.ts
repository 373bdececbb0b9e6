/** Tables of figures as laboratories write them: CSV with a header, one line a point. */
import { badInput } from '../errors/index.ts';
import { type HeaderCell, knownUnit, type Role, readHeaderCell, toSi, unitFitsRole, unitsFor } from './csv-columns.ts';
import { plainNumber, type Row, readTextTable } from './csv-text.ts';

export type { Row } from './csv-text.ts';

/** How to read a table whose header doesn't tell everything. */
export interface CsvOptions {
  /** Titles of the columns, where the header doesn't tell: e.g. { voltage: 'U_set' }. */
  readonly columns?: Partial<Record<Role, string>>;
  /** Units, where the header doesn't tell: e.g. { voltage: 'mV' }. */
  readonly units?: Partial<Record<Role, string>>;
  /** Keeps the lines whose column has this value, or a number in this range: e.g. { direction: 'P->AP', V: '0..1.2' }. */
  readonly where?: Readonly<Record<string, string>>;
}

export interface Table {
  readonly fileName: string;
  readonly comments: ReadonlyMap<string, string>;
  readonly header: readonly HeaderCell[];
  readonly rows: readonly Row[];
  readonly decimalComma: boolean;
}

/**
 * The lines of one curve, with columns assigned; of the text's form see `readTextTable`.
 * Throws badInput with the line when the table is malformed or holds more than one curve.
 */
export function readCurveTable(text: string, fileName: string, options: CsvOptions = {}): Table {
  return pick(assignColumns(readTable(text, fileName), options), options.where ?? {});
}

function readTable(text: string, fileName: string): Table {
  const { comments, header, units, rows, decimalComma } = readTextTable(
    text,
    fileName,
    (cell) => knownUnit(cell) !== undefined,
  );
  const cells = header.cells.map((cell, column) => readHeaderCell(cell, units?.[column]));
  return { fileName, comments, header: cells, rows, decimalComma };
}

/** Applies the options to what the header told; two columns of one role, or an unknown unit, are errors. */
function assignColumns(table: Table, options: CsvOptions): Table {
  const header = table.header.map((cell) => ({ ...cell }) as { title: string; role?: Role; unit?: string });
  for (const [role, title] of Object.entries(options.columns ?? {}) as [Role, string][]) {
    const column = columnByTitle(table, title);
    for (const cell of header) {
      const drives = ['current', 'voltage'];
      if (cell.role === role || (drives.includes(role) && drives.includes(cell.role ?? ''))) delete cell.role;
    }
    header[column]!.role = role;
  }
  nameDriveByUnit(header);
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

/** A drive in another language (`Strom (µA)`): where no title is one that is known, the only column in amperes or volts drives. */
function nameDriveByUnit(header: readonly { role?: Role; readonly unit?: string }[]): void {
  const drives = ['current', 'voltage'] as const;
  if (header.some(({ role }) => drives.some((drive) => drive === role))) return;
  const found = header.flatMap((cell) => {
    const drive = drives.find((one) => cell.unit !== undefined && unitFitsRole(cell.unit, one));
    return cell.role === undefined && drive !== undefined ? [{ cell, drive }] : [];
  });
  if (found.length === 1) found[0]!.cell.role = found[0]!.drive;
}

/** Takes the text itself, the same number, or, written as `from..to`, the numbers between. */
function chooser(value: string, decimalComma: boolean): (cell: string) => boolean {
  const range = /^(.*?)\.\.(.*)$/.exec(value);
  const number = (text: string) => plainNumber(text, decimalComma || text.includes(','));
  if (range !== null) {
    const from = range[1] === '' ? -Infinity : number(range[1]!);
    const to = range[2] === '' ? Infinity : number(range[2]!);
    if (!Number.isNaN(from) && !Number.isNaN(to)) {
      return (cell) => {
        const at = plainNumber(cell, decimalComma);
        return at >= from && at <= to;
      };
    }
  }
  const wanted = number(value);
  return (cell) => cell === value || plainNumber(cell, decimalComma) === wanted;
}

/** The lines of several curves, by the one column that tells them apart, in the order of the file. */
export function readCurveTables(text: string, fileName: string, options: CsvOptions = {}): Map<string, Table> {
  const table = chosen(assignColumns(readTable(text, fileName), options), options.where ?? {});
  const labels = table.header.flatMap((cell, column) => {
    if (cell.role !== undefined) return [];
    const count = new Set(table.rows.map((row) => row.cells[column]!)).size;
    return count > 1 && count < table.rows.length ? [column] : [];
  });
  const [label] = labels;
  if (label === undefined || labels.length > 1) {
    throw badInput(
      label === undefined
        ? 'the table holds one device, not a set'
        : 'several columns tell the lines of a set of devices apart',
      {
        where: fileName,
        found: labels.map((column) => table.header[column]!.title).join(', ') || 'no column that names devices',
        expected: 'one column that names the devices, each on several lines',
        help: 'take one value of the others, e.g. "where": { "direction": "P->AP" }',
      },
    );
  }
  const groups = new Map<string, Row[]>();
  for (const row of table.rows) {
    const name = row.cells[label]!;
    const rows = groups.get(name) ?? [];
    rows.push(row);
    groups.set(name, rows);
  }
  return new Map([...groups].map(([name, rows]) => [name, { ...table, rows }]));
}

/** The table's lines with what `options` say of its columns, all of them, for figures that are no curves. */
export function readAnyTable(text: string, fileName: string, options: CsvOptions = {}): Table {
  return chosen(assignColumns(readTable(text, fileName), options), options.where ?? {});
}

function chosen(table: Table, where: Readonly<Record<string, string>>): Table {
  let { rows } = table;
  for (const [title, value] of Object.entries(where)) {
    const column = columnByTitle(table, title);
    const choices = [...new Set(rows.map((row) => row.cells[column]!))];
    const wanted = chooser(value, table.decimalComma);
    rows = rows.filter((row) => wanted(row.cells[column]!));
    if (rows.length === 0) {
      const expected = choices.length > 12 ? [...choices.slice(0, 12), '...'] : choices;
      throw badInput(`no line has ${title} = ${value}`, { where: table.fileName, expected: expected.join(', ') });
    }
  }
  return { ...table, rows };
}

/** The lines of one curve: labels must be the same on all of them. */
function pick(whole: Table, where: Readonly<Record<string, string>>): Table {
  const table = chosen(whole, where);
  const { rows } = table;
  for (const [column, cell] of table.header.entries()) {
    if (cell.role !== undefined && cell.role !== 'pulse' && cell.role !== 'temperature') continue;
    const choices = [...new Set(rows.map((row) => row.cells[column]!))];
    // A column that differs on every line (a line number, a remark) tells nothing about which curve a line belongs to.
    if (choices.length === 1 || (cell.role === undefined && choices.length === rows.length)) continue;
    throw badInput('the table holds more than one curve', {
      where: `${table.fileName}, column '${cell.title}'`,
      found: choices.slice(0, 8).join(', '),
      help: `pick one, e.g. --where '${cell.title}=${choices[0]}', or behind the file's name in any command: 'FILE,${cell.title}=${choices[0]}'`,
    });
  }
  return { ...table, rows };
}

export function numberAt(table: Table, row: Row, column: number): number {
  const cell = row.cells[column]!;
  const percent = cell.endsWith('%');
  const value = plainNumber(percent ? cell.slice(0, -1) : cell, table.decimalComma);
  if (!Number.isFinite(value)) {
    throw badInput('a number was expected', {
      where: `${table.fileName}:${row.line}, column '${table.header[column]!.title}'`,
      found: cell === '' ? 'an empty cell' : cell,
    });
  }
  return percent ? value / 100 : toSi(value, table.header[column]!.unit);
}

/** Values that only SI explains: what a column may hold without a unit. A drive has no such range. */
const plainSi: Partial<Record<Role, (value: number) => boolean>> = {
  pulse: (value) => value > 1e-13 && value < 1e-5,
  temperature: (value) => value >= 100 && value <= 1000,
};

/** Throws badInput when nobody said in what unit the figures of `role` are. */
export function askForUnit(table: Table, role: Role): void {
  const column = roleColumn(table, role);
  if (column === undefined || table.header[column]!.unit !== undefined) return;
  const { title } = table.header[column]!;
  const numbers = table.rows.map((row) => numberAt(table, row, column));
  const fits = plainSi[role];
  if (fits !== undefined && numbers.every(fits)) return;
  const [low, high] = extremes(numbers);
  const units = unitsFor(role).split(', ');
  const usual = units.find((unit) => ['uA', 'mV', 'ns', 'kohm'].includes(unit)) ?? units[0]!;
  throw badInput(`nobody says in what unit the ${role} is`, {
    where: `${table.fileName}, column '${title}'`,
    found: `${low} .. ${high}`,
    expected: `one of ${units.join(', ')}`,
    help: `write it into the header, e.g. '${title} (${usual})', or say --unit ${role}=${usual}`,
  });
}

/** Least and greatest; of any length. */
export function extremes(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

export function roleColumn(table: Table, role: Role): number | undefined {
  const column = table.header.findIndex((cell) => cell.role === role);
  return column === -1 ? undefined : column;
}

export function titleOf(table: Table, role: Role): string {
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

export function missingColumn(table: Table, what: string, example: string): Error {
  return badInput(`the table has no column for ${what}`, {
    where: table.fileName,
    found: table.header.map((cell) => cell.title).join(', '),
    expected: `a header such as '${example}'`,
    help: table.header.some(({ title }) => /^slope\b/i.test(title))
      ? 'a line for each device with its threshold and slope is a set: give it to a sweep as {"set": FILE}'
      : 'or name the column by option, e.g. --column current=TITLE',
  });
}

/** A quantity that is the same for the whole curve: from its column, or from a comment. */
export function constant(table: Table, role: 'temperature' | 'pulse', si: 'K' | 's'): number | undefined {
  const column = roleColumn(table, role);
  if (column !== undefined) {
    askForUnit(table, role);
    return positive(table, role, numberAt(table, table.rows[0]!, column));
  }
  return commented(table, role, role, si);
}

/** A quantity from the comment `key: number unit`. */
export function commented(table: Table, key: string, role: Role, si: string): number | undefined {
  const comment = table.comments.get(key);
  if (comment === undefined) return undefined;
  const match = /^([-+\d.eE]+)\s*(\S*)$/.exec(comment);
  const unit = knownUnit(match?.[2] || si);
  if (match === null || unit === undefined || !unitFitsRole(unit, role)) {
    throw badInput(`the comment on the ${key} can't be read`, {
      where: table.fileName,
      found: comment,
      expected: `a number and a unit: ${unitsFor(role)}`,
    });
  }
  return positive(table, key, toSi(Number(match[1]), unit));
}

function positive(table: Table, role: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw badInput(`the ${role} must be positive`, { where: table.fileName, found: `${value}` });
}
