/**
 * What no simulation of ours says, and what a person may want to change: every number with its range, unit and source, in one
 * file. `models/energy/assumptions.json` is the usual one.
 */
import { z } from 'zod';
import { badInput } from '../errors/index.ts';
import { parseJson } from '../store/index.ts';

/** A number that cannot be computed: value, range, unit, source. */
export interface Assumption {
  readonly value: number;
  /** What it may as well be: the ends of its bar in the tornado chart. */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  readonly source: string;
}

/** Name, unit, least and largest value that make sense at all, by section. */
const known = {
  chip: {
    driverSupplyV: ['V', 0.05, 5],
    driverMaxA: ['A', 1e-7, 1],
    crossbarRowV: ['V', 1e-3, 5],
    crossbarOnOff: ['', 1.01, 1e9],
    crossbarSettleS: ['s', 0, 1e-6],
    cellCapacitanceF: ['F', 0, 1e-12],
    rowSwitchF: ['F', 0, 1e-12],
    logicSupplyV: ['V', 0.1, 5],
    virtualGroundJ: ['J', 0, 1e-9],
    heavyMetalScale: ['', 0.01, 100],
    resistanceAreaOhmM2: ['ohm m2', 1e-14, 1e-6],
    tmr: ['', 0.01, 20],
    readSupplyV: ['V', 0.01, 5],
    readS: ['s', 1e-12, 1e-3],
    senseJ: ['J', 0, 1e-9],
    resetCurrentScale: ['', 0.1, 10],
    resetOfSilent: ['', 0, 1],
    stepControlJ: ['J', 0, 1e-9],
    encoderDacJ: ['J', 0, 1e-9],
    readoutAdcJ: ['J', 0, 1e-6],
    readoutCountJ: ['J', 0, 1e-9],
    relaxationS: ['s', 0, 1e-3],
    restS: ['s', 0, 1e-3],
    neuronSwitchF: ['F', 0, 1e-12],
    biasExtraS: ['s', 0, 1e-3],
    imageMemoryShare: ['', 0, 10],
    buffersShare: ['', 0, 10],
    poolsShare: ['', 0, 10],
    encoderShare: ['', 0, 10],
    readoutShare: ['', 0, 10],
    sequencingShare: ['', 0, 10],
    pulseClockShare: ['', 0, 10],
    neuronAreaM2: ['m2', 0, 1e-6],
    crosspointAreaM2: ['m2', 0, 1e-9],
    sleepW: ['W', 0, 10],
  },
  cmos: {
    wireScale: ['', 0.1, 10],
    clockTreeScale: ['', 0.1, 10],
    memoryScale: ['', 0.01, 100],
    memoryLeakageW: ['W', 0, 1e-5],
    additionJ: ['J', 0, 1e-9],
    macJ: ['J', 0, 1e-9],
    spikeAdditionJ: ['J', 0, 1e-9],
    arrayMacJ: ['J', 0, 1e-9],
    sleepW: ['W', 0, 10],
  },
  economics: {
    imagesPerSecond: ['1/s', 1e-9, 1e12],
    batteryWh: ['Wh', 1e-9, 1e9],
    supplyEfficiency: ['', 0.01, 1],
    electricityPerKWh: ['money/kWh', 0, 1e6],
    lifetimeYears: ['years', 1e-3, 1e3],
    mtjUnitPrice: ['money', 0, 1e9],
    cmosUnitPrice: ['money', 0, 1e9],
    mtjDevelopment: ['money', 0, 1e12],
    cmosDevelopment: ['money', 0, 1e12],
    units: ['', 1, 1e12],
  },
} as const satisfies Record<string, Record<string, readonly [string, number, number]>>;

type Section = keyof typeof known;

/** Numbers that were not measured here, in sections: each with low, typical and high value, unit and source. */
export type Assumptions = {
  readonly [S in Section]: { readonly [Name in keyof (typeof known)[S]]: Assumption };
};

/** The bare numbers of one section. */
export type Values<S extends Section> = { readonly [Name in keyof Assumptions[S]]: number };

export const sections = Object.keys(known) as Section[];

/** The values of a section without their sources. */
export function valuesOf<S extends Section>(section: Assumptions[S]): Values<S> {
  const entries = Object.entries(section as Readonly<Record<string, Assumption>>);
  return Object.fromEntries(entries.map(([name, { value }]) => [name, value])) as Values<S>;
}

const entry = (unit: string, least: number, most: number) => {
  const range = `a number ${least}..${most}${unit === '' ? '' : ` ${unit}`}`;
  const number = z.number({ error: range }).min(least, { error: range }).max(most, { error: range });
  return z
    .strictObject({
      value: number,
      low: number,
      high: number,
      unit: z.literal(unit, { error: unit === '' ? 'an empty unit' : unit }),
      source: z.string({ error: 'where the number is from' }).min(1, { error: 'where the number is from' }),
    })
    .refine(({ low, value, high }) => low <= value && value <= high, { error: 'low <= value <= high' });
};

const sectionSchema = (names: Readonly<Record<string, readonly [string, number, number]>>) =>
  z.strictObject(
    Object.fromEntries(Object.entries(names).map(([name, [unit, least, most]]) => [name, entry(unit, least, most)])),
  );

const file = z.strictObject({
  about: z.string().optional(),
  chip: sectionSchema(known.chip),
  cmos: sectionSchema(known.cmos),
  economics: sectionSchema(known.economics),
});

/** Reads a file of assumptions. Throws badInput that names the file, the entry, and what it should be. */
export function parseAssumptions(text: string, fileName: string): Assumptions {
  const help = 'start from a copy of models/energy/assumptions.json';
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('the assumptions are not JSON', { where: fileName, found, help }, cause);
  }
  const result = file.safeParse(value);
  if (result.success) {
    const { about: _, ...data } = result.data;
    return data as unknown as Assumptions;
  }
  const issue = result.error.issues[0]!;
  const path = issue.path.map(String).join('.');
  const where = path === '' ? fileName : `${fileName}, ${path}`;
  if (issue.code === 'unrecognized_keys') {
    const names = path in known ? Object.keys(known[path as Section]).join(', ') : sections.join(', ');
    throw badInput('an unknown assumption', { where, found: issue.keys.join(', '), expected: names, help });
  }
  const found = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
  if (found === undefined) throw badInput('an assumption is missing', { where, expected: issue.message, help });
  throw badInput('an assumption has a wrong value', {
    where,
    found: JSON.stringify(found).slice(0, 100),
    expected: issue.message,
    help,
  });
}

/** The same with one number changed; for sensitivities. */
export function withValue(assumptions: Assumptions, section: Section, name: string, value: number): Assumptions {
  const old = assumptions[section] as Readonly<Record<string, Assumption>>;
  return { ...assumptions, [section]: { ...old, [name]: { ...old[name]!, value } } };
}
