import { badInput } from '../../errors/index.ts';
import { asLabels, expectValues } from './numbers.ts';
import type { ImageFile, ImageFormat, RawImages, RawLabels, ReadOptions } from './types.ts';

const labelNames: ReadonlySet<string> = new Set(['label', 'class', 'target', 'y', 'species', 'category']);

/** Numbers as text, a vector or image a line; a first line with names is one, and may name the label's column. */
export const csvFormat: ImageFormat = {
  name: 'CSV',
  matches: (path, bytes) => bytes !== undefined && /\.(csv|tsv|txt|dat)$/i.test(path),
  read: readCsv,
};

interface Table {
  readonly names: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
  /** Line of the first row, from 1 on. */
  readonly firstLine: number;
}

function readCsv(file: ImageFile, options: ReadOptions): RawImages {
  const table = readTable(file);
  const column = labelColumn(table, options, file.shown);
  const width = table.rows[0]!.length - (column === undefined ? 0 : 1);
  expectValues(table.rows.length * width, file.shown);
  const data = new Float64Array(table.rows.length * width);
  let target = 0;
  for (const [i, row] of table.rows.entries()) {
    for (const [j, text] of row.entries()) {
      if (j === column) continue;
      const value = text === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) {
        throw badInput('a value is no number', {
          where: `${file.shown} line ${table.firstLine + i}, column ${table.names?.[j] ?? j}`,
          found: text === '' ? 'nothing' : text,
          expected: 'a number, with a point',
          ...(column === undefined ? { help: 'if it is the label: --label-column NAME or NUMBER' } : {}),
        });
      }
      data[target] = value;
      target += 1;
    }
  }
  const images: RawImages = { count: table.rows.length, dims: [width], kind: 'numbers', data };
  if (column === undefined) return images;
  const name = table.names?.[column] ?? `${column}`;
  const read = labelsOf(
    table.rows.map((row) => row[column]!),
    file.shown,
  );
  return { ...images, ...read, notes: [`labels from column ${name}${sorted(read)}`] };
}

const sorted = ({ classNames }: RawLabels) =>
  classNames ? `: classes in the order of their names, ${classNames.join(', ')}` : '';

/** Labels of a file that holds nothing else, or of one of its columns. */
export function labelsOfText(file: ImageFile, options: ReadOptions): RawLabels {
  const table = readTable(file);
  const column = table.rows[0]!.length === 1 ? 0 : labelColumn(table, options, file.shown);
  if (column !== undefined)
    return labelsOf(
      table.rows.map((row) => row[column]!),
      file.shown,
    );
  throw badInput('a file of labels with several columns', {
    where: file.shown,
    found: `${table.rows[0]!.length} columns`,
    expected: 'a label a line',
    help: 'say which: --label-column NAME or NUMBER',
  });
}

function labelsOf(texts: readonly string[], shown: string): RawLabels {
  if (texts.every((text) => text !== '' && Number.isFinite(Number(text))))
    return { labels: asLabels(texts.map(Number), shown) };
  const classNames = [...new Set(texts)].sort();
  return { labels: texts.map((text) => classNames.indexOf(text)), classNames };
}

function labelColumn({ names, rows }: Table, { labelColumn: told }: ReadOptions, shown: string): number | undefined {
  if (told === undefined) {
    const found = names?.findIndex((name) => labelNames.has(name.toLowerCase())) ?? -1;
    return found < 0 ? undefined : found;
  }
  const column = names?.indexOf(told) ?? -1;
  const number = column >= 0 ? column : Number(told);
  if (Number.isInteger(number) && number >= 0 && number < rows[0]!.length) return number;
  throw badInput('there is no such column', {
    where: shown,
    found: `--label-column ${told}`,
    expected: names?.join(', ') ?? `0 to ${rows[0]!.length - 1}`,
  });
}

function readTable({ bytes, shown }: ImageFile): Table {
  const text = new TextDecoder('utf-8').decode(bytes);
  const lines = text.split(/\r\n|\n|\r/).map((line, i) => ({ line: line.trim(), number: i + 1 }));
  const used = lines.filter(({ line }) => line !== '' && !line.startsWith('#'));
  const [first] = used;
  if (first === undefined)
    throw badInput('the file is empty', { where: shown, found: 'no lines', expected: 'numbers, a vector a line' });
  const split = splitterFor(first.line);
  const cells = used.map(({ line }) => split(line));
  const width = cells[0]!.length;
  const ragged = cells.findIndex((row) => row.length !== width);
  if (ragged >= 0) {
    throw badInput('a line has another number of columns', {
      where: `${shown} line ${used[ragged]!.number}`,
      found: `${cells[ragged]!.length} columns`,
      expected: `${width} as in line ${first.number}`,
    });
  }
  const isNumber = (cell: string) => cell !== '' && Number.isFinite(Number(cell));
  // Names of classes are words too, so only a line without any number is one of names.
  const hasNames = cells.length > 1 && !cells[0]!.some(isNumber) && cells[1]!.some(isNumber);
  if (hasNames) return { names: cells[0]!, rows: cells.slice(1), firstLine: used[1]!.number };
  return { names: undefined, rows: cells, firstLine: first.number };
}

function splitterFor(line: string): (line: string) => string[] {
  const separator = [';', '\t', ','].find((each) => line.includes(each)) ?? /\s+/;
  return (each) => each.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}
