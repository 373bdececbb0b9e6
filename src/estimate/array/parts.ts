/** What a crossbar can be built from: cells, process, choices, each with its source. `models/chip/crossbars.json` is the usual file. */
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import { parseJson } from '../../store/index.ts';
import type { Assumption } from '../assumptions.ts';

const known = {
  wireOhmPerM: ['ohm/m', 1, 1e12],
  wireFPerM: ['F/m', 0, 1e-6],
  wireMaxA: ['A', 1e-9, 10],
  thresholdMismatchVM: ['V m', 0, 1e-6],
  overdriveV: ['V', 0.01, 2],
  gateFPerM2: ['F/m2', 1e-6, 10],
  transistorOhmM: ['ohm m', 1e-9, 10],
  gateFPerM: ['F/m', 0, 1e-6],
  drainFPerM: ['F/m', 0, 1e-6],
  clampGain: ['', 1, 1e6],
  clampRestShare: ['', 1e-3, 1],
  switchShare: ['', 1e-3, 10],
  minimumLatchM2: ['m2', 1e-18, 1e-9],
  latchAreaM2: ['m2', 0, 1e-6],
  registerAreaM2: ['m2', 0, 1e-6],
  layoutScale: ['', 1, 100],
  junctionSpread: ['', 0, 1],
  thresholdSpread: ['', 0, 1],
} as const satisfies Record<string, readonly [string, number, number]>;

/** Numbers of the process around the cells, in SI units. */
export type ProcessValues = { readonly [Name in keyof typeof known]: number };

const source = z.string().min(1);
const above = (least: number, most: number) => z.number().min(least).max(most);

const cell = z
  .strictObject({
    leastS: above(1e-12, 1),
    largestS: above(1e-12, 1),
    spreadS: z.tuple([z.number(), z.number(), z.number()]),
    maxV: above(1e-3, 10),
    maxA: above(1e-12, 1),
    areaM2: above(1e-18, 1e-6),
    source,
  })
  .refine(({ leastS, largestS }) => leastS < largestS, { error: 'leastS < largestS' });

const list = <Item extends z.ZodType>(item: Item) => z.array(item).min(1);

const choices = z.strictObject({
  cell: list(z.string()),
  cellBits: list(z.int().min(1).max(12)),
  cellsPerWeight: list(z.int().min(1).max(64)),
  rowV: list(above(1e-3, 5)),
  tileRows: list(z.int().min(2).max(4096)),
  pair: list(z.enum(['columns', 'rows'])),
  driverOhm: list(above(1, 1e6)),
  clampM2: list(above(1e-16, 1e-9)),
  clampMaxA: list(above(1e-9, 1)),
  trimBits: list(z.int().min(0).max(12)),
  latchScale: list(above(0.5, 1e4)),
  readV: list(above(0.01, 5)),
  devices: list(z.int().min(1).max(100_000)),
});

const processEntry = (unit: string, least: number, most: number) => {
  const number = above(least, most);
  return z
    .strictObject({ value: number, low: number.optional(), high: number.optional(), unit: z.literal(unit), source })
    .refine(({ value, low = value, high = value }) => low <= value && value <= high, {
      error: 'low <= value <= high',
    });
};

const chosen = z.strictObject(
  Object.fromEntries(
    Object.entries(choices.shape).map(([name, values]) => [name, (values as z.ZodArray<z.ZodType>).element]),
  ),
);

const file = z.strictObject({
  about: z.string().optional(),
  process: z.strictObject(
    Object.fromEntries(
      Object.entries(known).map(([name, [unit, least, most]]) => [name, processEntry(unit, least, most)]),
    ),
  ),
  cells: z.record(z.string(), cell),
  choices,
  chosen: chosen.optional(),
});

/** A kind of cross-point. */
export interface Cell {
  readonly leastS: number;
  readonly largestS: number;
  /** Standard deviation of a programmed conductance: a polynomial of its share of the largest, siemens. */
  readonly spreadS: readonly [number, number, number];
  /** Largest voltage and current that it may see. */
  readonly maxV: number;
  readonly maxA: number;
  readonly areaM2: number;
  readonly source: string;
}

/** Everything that there is to choose, a list each. */
export type ChipChoices = z.output<typeof choices>;

/** A point of the grid that `spinfire chip` explores: cell, rows of a tile, converter and so on. */
export type ChipChoice = { readonly [Name in keyof ChipChoices]: ChipChoices[Name][number] };

/** What `parseParts` reads. */
export interface ChipParts {
  readonly process: ProcessValues;
  /** The same with what they may as well be, for the bars of `energy`; one that has no range stands still. */
  readonly ranges: Readonly<Record<keyof ProcessValues, Assumption>>;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly choices: ChipChoices;
  /** The chip that `energy` takes; the first value of every choice where the file names none. */
  readonly chosen: ChipChoice;
}

/** Reads a file of parts. Throws badInput that names the file and the entry. */
export function parseParts(text: string, fileName: string): ChipParts {
  const help = 'start from a copy of models/chip/crossbars.json';
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('the parts of the chip are not JSON', { where: fileName, found, help }, cause);
  }
  const result = file.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const where = [fileName, issue.path.map(String).join('.')].filter((part) => part !== '').join(', ');
    throw badInput('the parts of the chip are wrong', { where, expected: issue.message, help });
  }
  const { process, cells, choices: offered } = result.data;
  const first = Object.fromEntries(Object.entries(offered).map(([name, [value]]) => [name, value]));
  const own = (result.data.chosen ?? first) as ChipChoice;
  for (const name of [...offered.cell, own.cell]) cellOf(cells, name, fileName);
  const ranges = Object.entries(process as Record<keyof ProcessValues, z.output<ReturnType<typeof processEntry>>>);
  return {
    process: Object.fromEntries(ranges.map(([name, { value }]) => [name, value])) as ProcessValues,
    ranges: Object.fromEntries(
      ranges.map(([name, { low, high, ...rest }]) => [
        name,
        { ...rest, low: low ?? rest.value, high: high ?? rest.value },
      ]),
    ) as ChipParts['ranges'],
    cells,
    choices: offered,
    chosen: own,
  };
}

/** The cells of one weight's sign side by side: as many times the conductance, the root as many times the spread. */
export function besides(cell: Cell, count: number): Cell {
  const [constant, linear, square] = cell.spreadS;
  const root = Math.sqrt(count);
  return {
    ...cell,
    leastS: cell.leastS * count,
    largestS: cell.largestS * count,
    spreadS: [constant * root, linear * root, square * root],
    maxA: cell.maxA * count,
    areaM2: cell.areaM2 * count,
  };
}

/** The kind of that name. Throws badInput when there is none. */
export function cellOf(cells: Readonly<Record<string, Cell>>, name: string, where: string): Cell {
  const found = Object.hasOwn(cells, name) ? cells[name] : undefined;
  if (found !== undefined) return found;
  throw badInput('no cell has that name', { where, found: name, expected: Object.keys(cells).join(', ') });
}
