/** Tables of figures as laboratories write them: CSV with a header, one line a point. */
import { badInput } from '../errors/index.ts';
import { type HeaderCell, knownUnit, type Role, readHeaderCell, toSi, unitFitsRole, unitsFor } from './csv-columns.ts';

/** How to read a table whose header doesn't tell everything. */
export interface CsvOptions {
  /** Titles of the columns, where the header doesn't tell: e.g. { voltage: 'U_set' }. */
  readonly columns?: Partial<Record<Role, string>>;
  /** Units, where the header doesn't tell: e.g. { voltage: 'mV' }. Without one, SI. */
  readonly units?: Partial<Record<Role, string>>;
  /** Keeps the lines whose column has this value: e.g. { direction: 'P->AP' }. */
  readonly where?: Readonly<Record<string, string>>;
}

export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly fileName: string;
  readonly comments: ReadonlyMap<string, string>;
  readonly header: readonly HeaderCell[];
  readonly rows: readonly Row[];
  readonly decimalComma: boolean;
}

/**
 * The lines of one curve, with columns assigned. Separators are commas, semicolons or tabs; `#` starts a comment, whose `key: value` are kept.
 * Throws badInput with the line when the table is malformed or holds more than one curve.
 */
export function readCurveTable(text: string, fileName: string, options: CsvOptions = {}): Table {
  return pick(assignColumns(readTable(text, fileName), options), options.where ?? {});
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

export function numberAt(table: Table, row: Row, column: number): number {
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
    help: 'or name the column by option',
  });
}

/** A quantity that is the same for the whole curve: from its column, or from a comment. */
export function constant(table: Table, role: 'temperature' | 'pulse', si: 'K' | 's'): number | undefined {
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
