/** The sweep file: JSON with grids over network, core, device and its variation. */
import { z } from 'zod';
import type { SetOptions } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import { parseJson } from '../../store/index.ts';
import type { ImageOptions } from '../images.ts';
import type { InputWords } from '../input.ts';

/** A device: `sigmoid`, or curves by file, one for each temperature. Paths are relative to the sweep file. */
export interface SweepDevice {
  readonly name: string;
  /** Curve files by temperature in kelvin; `sigmoid` has none. */
  readonly curves: Readonly<Record<string, string>>;
  /** Temperature whose curve the core was calibrated with. */
  readonly calibratedAt: string;
  /** Curve files of the same device under other write pulses (width, edges), by what they are called. */
  readonly pulses?: Readonly<Record<string, string>>;
  readonly where?: Readonly<Record<string, string>>;
  readonly negate?: boolean;
  /** A file of many measured devices: each neuron is one of them. Without `curve` the core is calibrated for their median. */
  readonly set?: string;
  readonly setOptions?: SetOptions;
}

/** One combination of everything but the number of time steps and the seed. */
export interface SweepPoint {
  readonly model: string;
  readonly device: string;
  readonly encoding: 'bernoulli' | 'direct';
  readonly readout: 'potential' | 'count';
  readonly weightBits: number;
  /** One power of two for a layer's weights, or one for those of each output channel. */
  readonly weightScale: 'layer' | 'channel';
  /** Kelvin, one of the device's; 0 for its calibration's. */
  readonly temperatureK: number;
  /** How the layers' trim registers follow the temperature. */
  readonly trim: 'none' | 'offset' | 'offset and gain';
  /** Spread of the devices' thresholds and slopes, as shares of the calibrated device's. */
  readonly thresholdSpread: number;
  readonly slopeSpread: number;
  /** Resolution of a threshold trim of every single neuron, in potential; 0: there is none. */
  readonly neuronTrim: number;
  readonly stuckAtSpike: number;
  readonly stuckSilent: number;
  /** Probability that a read misses a switch, or sees one that was none. */
  readonly missedRead: number;
  readonly falseRead: number;
  /** Error of every write's amplitude, a share: the supply or the driver is off by this. */
  readonly driveError: number;
  /** Write pulse that the devices get, one of the device's `pulses`; `''` for that of the calibration. */
  readonly pulse: string;
  readonly words: 'lfsr' | 'chacha';
}

/** Points of a sweep that are all combinations of some values. */
export interface Grid {
  readonly name: string;
  readonly points: readonly SweepPoint[];
  /** Ascending. */
  readonly timeSteps: readonly number[];
  readonly seeds: readonly number[];
}

/** What the files of a sweep do not say: `--layout`, `--input-range`, `--mean`, `--deviation` of networks, `--image-range`, `--image-layout`, `--label-column` of images. */
export type SweepInput = InputWords & Pick<ImageOptions, 'imageRange' | 'imageLayout' | 'labelColumn'>;

/** A sweep as its file describes it. */
export interface Sweep {
  readonly images?: string;
  readonly labels?: string;
  readonly limit?: number;
  /** How the files of images and networks are meant, where they do not say it: as the options of these names of other commands. */
  readonly input: SweepInput;
  readonly devices: Readonly<Record<string, SweepDevice>>;
  readonly grids: readonly Grid[];
}

const share = z.number().min(0).max(1);
const misread = z.number().min(0).lt(0.5);
const many = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .union([schema, z.array(schema).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<Schema>[]);

const axes = {
  model: many(z.string()),
  device: many(z.string()),
  encoding: many(z.enum(['bernoulli', 'direct'])),
  readout: many(z.enum(['potential', 'count'])),
  weightBits: many(z.int().min(2).max(16)),
  weightScale: many(z.enum(['layer', 'channel'])),
  temperatureK: many(z.number().min(0).max(1000)),
  trim: many(z.enum(['none', 'offset', 'offset and gain'])),
  thresholdSpread: many(share),
  slopeSpread: many(share),
  neuronTrim: many(z.number().min(0).max(8)),
  stuckAtSpike: many(share),
  stuckSilent: many(share),
  missedRead: many(misread),
  falseRead: many(misread),
  driveError: many(z.number().min(-0.9).max(1)),
  pulse: many(z.string()),
  words: many(z.enum(['lfsr', 'chacha'])),
};

const settings = {
  ...axes,
  timeSteps: many(z.int().min(1).max(255)),
  seeds: z.union([
    z.int().min(1).max(10_000),
    z
      .array(
        z
          .int()
          .min(0)
          .max(2 ** 32 - 1),
      )
      .min(1),
  ]),
};

const deviceKeys = z.strictObject({
  curve: z.string().optional(),
  curves: z.record(z.string().regex(/^\d+(\.\d+)?$/, 'temperatures in kelvin'), z.string()).optional(),
  calibratedAt: z.number().optional(),
  pulses: z.record(z.string().min(1), z.string()).optional(),
  where: z.record(z.string(), z.string()).optional(),
  negate: z.boolean().optional(),
  set: z.string().optional(),
  correlation: z.number().min(0).max(1e6).optional(),
  smooth: z.boolean().optional(),
  drift: z.number().min(0).max(1).optional(),
});

const device = z.union([z.string().transform((curve) => ({ curve })), deviceKeys]);

const inputKeys = z
  .strictObject({
    layout: z.enum(['nchw', 'nhwc']),
    inputRange: z.string(),
    mean: z.array(z.number()).min(1),
    deviation: z.array(z.number()).min(1),
    imageRange: z.string(),
    imageLayout: z.enum(['nchw', 'nhwc']),
    labelColumn: z.string(),
  })
  .partial();

const gridKeys = z.strictObject({ name: z.string().optional(), ...z.object(settings).partial().shape });

const schema = z.strictObject({
  ...z.object(settings).partial().shape,
  images: z.string().optional(),
  labels: z.string().optional(),
  limit: z.int().min(1).optional(),
  input: inputKeys.default({}),
  devices: z.record(z.string(), device).default({}),
  grids: z.array(gridKeys).min(1).optional(),
});

/** What a grid is that doesn't say otherwise; the model must be said. */
const usual = {
  device: ['sigmoid'],
  encoding: ['bernoulli'],
  readout: ['potential'],
  weightBits: [8],
  weightScale: ['layer'],
  temperatureK: [0],
  trim: ['none'],
  thresholdSpread: [0],
  slopeSpread: [0],
  neuronTrim: [0],
  stuckAtSpike: [0],
  stuckSilent: [0],
  missedRead: [0],
  falseRead: [0],
  driveError: [0],
  pulse: [''],
  words: ['lfsr'],
} as const;

/**
 * Reads a sweep file.
 *
 * @param force take more combinations than is usual
 * @throws badInput that names the file and the key
 */
export function parseSweep(text: string, fileName: string, { force = false } = {}): Sweep {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput('the sweep file is not JSON', { where: fileName, found }, cause);
  }
  const result = schema.safeParse(json);
  if (!result.success) throw wrongKey(result.error.issues[0]!, fileName);
  const { images, labels, limit, input, devices, grids, ...common } = result.data;
  const described = Object.fromEntries(
    Object.entries(devices).map(([name, value]) => [name, deviceOf(name, value, fileName)]),
  );
  const sweep = {
    input,
    ...(images === undefined ? {} : { images }),
    ...(labels === undefined ? {} : { labels }),
    ...(limit === undefined ? {} : { limit }),
    devices: described,
  };
  const own = (grids ?? [{}]).map((grid, index) => {
    const { name = grids === undefined ? 'sweep' : `grid ${index + 1}`, ...given } = grid;
    const merged = { ...common, ...withoutUndefined(given) };
    const { timeSteps = [1, 2, 4, 8], seeds = 10, model, ...rest } = merged;
    if (model === undefined) {
      throw badInput('a sweep needs a network', { where: fileName, expected: '"model": "file.onnx", or several' });
    }
    const lists = { ...usual, ...withoutUndefined(rest), model };
    refuseTooMany({ ...lists, seeds }, `${fileName}, ${name}`, force ? mostAtAll : mostRuns);
    const points = product(lists);
    for (const point of points) checkPoint(point, described, fileName);
    return {
      name,
      points,
      timeSteps: [...new Set(timeSteps)].sort((a, b) => a - b),
      seeds: typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : [...new Set(seeds)],
    };
  });
  return { ...sweep, grids: own };
}

function deviceOf(name: string, given: z.output<typeof device>, fileName: string): SweepDevice {
  const { curve, curves, calibratedAt, pulses, where, negate, set, correlation, smooth, drift } = {
    ...{ set: undefined, correlation: undefined, smooth: undefined, drift: undefined, curve: undefined },
    curves: undefined,
    calibratedAt: undefined,
    pulses: undefined,
    where: undefined,
    negate: undefined,
    ...given,
  };
  const place = `${fileName}, device ${name}`;
  if (set === undefined ? (curve === undefined) === (curves === undefined) : curves !== undefined) {
    throw badInput('a device has either one curve, one for each temperature, or a set of devices', {
      where: place,
      expected:
        '"curve": "file.csv", or "curves": { "300": "file.csv", ... } and "calibratedAt": 300, or "set": "devices.csv"',
    });
  }
  const ofSets = Object.keys(withoutUndefined({ correlation, smooth, drift }));
  if (set === undefined && ofSets.length > 0) {
    throw badInput('only a set of devices can differ in this way', {
      where: place,
      found: `${ofSets.join(', ')} without "set"`,
      expected: '"set": "devices.csv" beside it',
      help: 'neurons of one curve differ by "thresholdSpread" and "slopeSpread"',
    });
  }
  const files: Record<string, string> = curves ?? { 0: curve ?? set! };
  const reference = curves === undefined ? '0' : String(calibratedAt);
  if (!Object.hasOwn(files, reference)) {
    throw badInput('the core must be calibrated with one of the curves', {
      where: place,
      found: calibratedAt === undefined ? 'no "calibratedAt"' : `"calibratedAt": ${calibratedAt}`,
      expected: `one of ${Object.keys(files).join(', ')}`,
    });
  }
  return {
    name,
    curves: files,
    calibratedAt: reference,
    ...(pulses === undefined ? {} : { pulses }),
    ...(where === undefined ? {} : { where }),
    ...(negate === undefined ? {} : { negate }),
    ...(set === undefined
      ? {}
      : {
          set,
          setOptions: withoutUndefined({ correlation, smooth, drift }) as SetOptions,
        }),
  };
}

function checkPoint(point: SweepPoint, devices: Sweep['devices'], fileName: string): void {
  // A name may be that of something which every object has.
  const known = Object.hasOwn(devices, point.device) ? devices[point.device] : undefined;
  if (known === undefined && point.device !== 'sigmoid') {
    throw badInput('an unknown device', {
      where: fileName,
      found: point.device,
      expected: ['sigmoid', ...Object.keys(devices)].join(', '),
      help: 'describe it under "devices"',
    });
  }
  if (point.temperatureK !== 0 && !Object.hasOwn(known?.curves ?? {}, String(point.temperatureK))) {
    throw badInput('a device has no curve of this temperature', {
      where: `${fileName}, device ${point.device}`,
      found: `${point.temperatureK} K`,
      expected:
        Object.keys(known?.curves ?? {})
          .filter((key) => key !== '0')
          .join(', ') || 'no temperature',
    });
  }
  if (point.pulse !== '' && !Object.hasOwn(known?.pulses ?? {}, point.pulse)) {
    throw badInput('a device has no curve of this pulse', {
      where: `${fileName}, device ${point.device}`,
      found: point.pulse,
      expected: Object.keys(known?.pulses ?? {}).join(', ') || 'no pulse',
      help: 'describe it under "pulses" of the device: { "10 % shorter": "file.csv" }',
    });
  }
  if (point.pulse !== '' && point.temperatureK !== 0) {
    throw badInput('pulses and temperatures are varied one at a time', {
      where: `${fileName}, device ${point.device}`,
      found: `${point.pulse} at ${point.temperatureK} K`,
    });
  }
  if (point.stuckAtSpike + point.stuckSilent > 1) {
    throw badInput('more devices are stuck than there are', {
      where: fileName,
      found: `${point.stuckAtSpike} + ${point.stuckSilent}`,
    });
  }
}

/** Each run, a combination with one seed, is an experiment: more than this take weeks. */
const mostRuns = 100_000;
/** The list of them must be held in memory. */
const mostAtAll = 2_000_000;

function refuseTooMany(lists: Readonly<Record<string, unknown>>, where: string, most: number): void {
  const lengths = Object.entries(lists).map(([axis, list]) => {
    const length = Array.isArray(list) ? list.length : axis === 'seeds' && typeof list === 'number' ? list : 1;
    return [axis, length] as const;
  });
  const count = lengths.reduce((product, [, length]) => product * length, 1);
  if (count <= most) return;
  const longest = lengths.filter(([, length]) => length > 1).map(([axis, length]) => `${axis} ${length}`);
  throw badInput('a sweep has too many combinations', {
    where,
    found: `${count.toLocaleString('en')}: ${longest.join(' x ')}`,
    expected: `at most ${most.toLocaleString('en')}`,
    help: `several grids that each vary a few axes need far fewer${most === mostAtAll ? '' : '; --force runs them all the same'}`,
  });
}

/** All combinations; the last axis varies fastest. */
function product(lists: { readonly [Axis in keyof SweepPoint]: readonly SweepPoint[Axis][] }): SweepPoint[] {
  let rows: Partial<SweepPoint>[] = [{}];
  // The order of `axes` is that of tables and keys, whatever the file's.
  for (const axis of Object.keys(axes) as (keyof SweepPoint)[]) {
    const values = [...new Set<SweepPoint[typeof axis]>(lists[axis])];
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [axis]: value })));
  }
  return rows as SweepPoint[];
}

/** The axes of a point in the order of tables. */
export const sweepAxes = Object.keys(axes) as (keyof SweepPoint)[];

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}

/** What may stand in a part of the file; in the file itself where it is none of the parts. */
function keysAt(part: PropertyKey | undefined): object {
  const parts = { devices: deviceKeys.shape, input: inputKeys.shape, grids: gridKeys.shape };
  return part === undefined ? schema.shape : parts[part as keyof typeof parts];
}

function wrongKey(issue: z.core.$ZodIssue, fileName: string) {
  const where = issue.path.length === 0 ? fileName : `${fileName}, ${issue.path.join('.')}`;
  if (issue.code === 'unrecognized_keys') {
    return badInput('an unknown key in the sweep file', {
      where,
      found: issue.keys.join(', '),
      expected: Object.keys(keysAt(issue.path[0])).join(', '),
    });
  }
  // Of the branches of a union (one value or a list) the first is what people mean.
  const inner = issue.code === 'invalid_union' ? issue.errors[0]?.[0] : undefined;
  return badInput('a wrong value in the sweep file', { where, expected: inner?.message ?? issue.message });
}
