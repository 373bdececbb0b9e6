/** Text tables as instruments, spreadsheets and numpy write them, taken apart into cells. */
import { badInput } from '../errors/index.ts';

export interface Row {
  /** From 1, as editors count. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface TextTable {
  /** `key: value` of the comment lines; keys in lower case. */
  readonly comments: ReadonlyMap<string, string>;
  readonly header: Row;
  /** A line of units under the header, a cell a column. */
  readonly units?: readonly string[];
  readonly rows: readonly Row[];
  readonly decimalComma: boolean;
}

/** Bytes of a text file: UTF-8, UTF-16 (with a mark, or by its zero bytes), otherwise Windows-1252, of which Latin-1 is a part. */
export function decodeText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (b === 0 && a !== 0 && bytes[3] === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (a === 0 && b !== 0 && bytes[2] === 0) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Separators are tabs, semicolons, commas or blanks; a first line `sep=;` (spreadsheets) names one. `#` and `%` start a comment; where no line
 * names the columns, the last comment before the figures does (numpy's `savetxt`). A line of units may follow the header.
 * `isUnit` knows the units. Throws badInput with the line.
 */
export function readTextTable(text: string, fileName: string, isUnit: (cell: string) => boolean): TextTable {
  const comments = new Map<string, string>();
  const lines: { readonly line: number; readonly text: string }[] = [];
  let named: string | undefined;
  let remark: { readonly line: number; readonly text: string } | undefined;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const separator = /^"?sep=(.)"?$/i.exec(line);
    if (separator !== null && lines.length === 0) named = separator[1];
    else if (/^[#%]/.test(line)) {
      const comment = keyOfComment(line);
      if (comment !== undefined) comments.set(comment.key, comment.value);
      else if (lines.length === 0) remark = { line: index + 1, text: line.replace(/^[#%]+\s*/, '') };
    } else lines.push({ line: index + 1, text: line });
  }
  const first = lines[0];
  if (first === undefined) throw noTable(fileName);
  const separator = named ?? separatorOf(first.text);
  const decimalComma = separator !== ',';
  const cut = ({ line, text: whole }: { readonly line: number; readonly text: string }): Row => ({
    line,
    cells: splitCells(whole, separator),
  });
  const figures = (row: Row) => row.cells.every((cell) => Number.isFinite(plainNumber(cell, decimalComma)));
  const body = lines.map(cut).filter((row) => row.cells.some((cell) => cell !== ''));
  let header = body[0];
  if (header !== undefined && figures(header)) {
    const told = remark === undefined ? undefined : cut(remark);
    header = told !== undefined && told.cells.length === body[0]!.cells.length ? told : undefined;
    if (header === undefined) {
      throw badInput('the first line must name the columns', {
        where: `${fileName}:${body[0]!.line}`,
        found: body[0]!.cells.slice(0, 8).join(', '),
        help: 'write a header such as: current (uA),probability,trials',
      });
    }
  } else body.shift();
  if (header?.cells.at(-1) === '') header = { ...header, cells: header.cells.slice(0, -1) };
  const unitRow = body[0] !== undefined && isUnitRow(body[0], isUnit) ? body.shift() : undefined;
  if (header === undefined || body.length === 0) throw noTable(fileName);
  const rows = fitToHeader(body, header, fileName);
  return {
    comments,
    header,
    rows,
    decimalComma,
    ...(unitRow === undefined ? {} : { units: unitRow.cells.map((cell) => cell.replace(/^[([]|[)\]]$/g, '')) }),
  };
}

/** `# Key words: value`; in time that grows with the line's length, as all of this. */
function keyOfComment(line: string): { readonly key: string; readonly value: string } | undefined {
  const plain = line.replace(/^[#%]+/, '');
  const colon = plain.indexOf(':');
  const [key, value] = [plain.slice(0, Math.max(0, colon)).trim(), plain.slice(colon + 1).trim()];
  return /^[A-Za-z][A-Za-z ]*$/.test(key) && value !== '' ? { key: key.toLowerCase(), value } : undefined;
}

const plain = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** A number as people and programs write it: decimal comma, U+2212 or a dash for minus, FORTRAN's exponent D. NaN when it is none. */
export function plainNumber(cell: string, decimalComma: boolean): number {
  // Most are plain indeed, and a file may hold millions.
  if (plain.test(cell)) return Number(cell);
  const text = cell
    .replace(/[\s\u00A0\u202F]/g, '')
    .replace(/[\u2212\u2013\uFE63\uFF0D]/g, '-')
    .replace(/^([-+]?[\d.,]+)[dD]([-+]?\d+)$/, '$1e$2');
  const point = decimalComma ? text.replace(',', '.') : text;
  return point === '' || /^[-+]?0[xob]/i.test(point) ? Number.NaN : Number(point);
}

function separatorOf(line: string): string {
  return line.includes('\t')
    ? '\t'
    : line.includes(';')
      ? ';'
      : line.includes(',') || !/\S\s+\S/.test(line)
        ? ','
        : ' ';
}

function splitCells(line: string, separator: string): string[] {
  if (separator === ' ') return splitAtBlanks(line);
  if (!line.includes('"')) return line.split(separator).map((cell) => cell.trim());
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

/** `current (uA)  P_sw` is two cells: a unit in brackets or behind a slash belongs to the name before it. */
function splitAtBlanks(line: string): string[] {
  const glued = line
    .trim()
    // A long run of blanks would be gone through once for each of them.
    .replace(/\s{100,}/g, ' ')
    .replace(/\s+(?=[([])/g, '\u0000')
    .replace(/\s*\/\s*/g, '/');
  const cells = glued.match(/"[^"]*"|\S+/g) ?? [];
  return cells.map((cell) => cell.replaceAll('\u0000', ' ').replaceAll('"', '').trim());
}

function isUnitRow(row: Row, isUnit: (cell: string) => boolean): boolean {
  const bare = row.cells.map((cell) => cell.replace(/^[([]|[)\]]$/g, '').trim());
  return (
    bare.some((cell) => /[a-z%]/i.test(cell) && isUnit(cell)) &&
    bare.every((cell) => /^[-1]?$/.test(cell) || isUnit(cell))
  );
}

/** Every row as long as the header; a separator at the end of a line is none too many. */
function fitToHeader(rows: readonly Row[], header: Row, fileName: string): Row[] {
  const wanted = header.cells.length;
  return rows.map((row) => {
    if (row.cells.length === wanted) return row;
    if (row.cells.length === wanted + 1 && row.cells[wanted] === '')
      return { ...row, cells: row.cells.slice(0, wanted) };
    throw badInput('a line has another number of cells than the header', {
      where: `${fileName}:${row.line}`,
      found: `${row.cells.length}`,
      expected: `${wanted}`,
    });
  });
}

function noTable(fileName: string): Error {
  return badInput('the file holds no table', {
    where: fileName,
    expected: 'a header line and at least two lines of figures',
  });
}
