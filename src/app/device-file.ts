/** A device that a person names by file: parameters to compute its curve from (JSON), or its curve as it was measured (CSV). */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { z } from 'zod';
import {
  type CurveFileOptions,
  checkSampling,
  correlationTimeS,
  decodeText,
  type MtjParameters,
  perpendicularMtj,
  readCurveFile,
  readDwellFile,
  type SwitchingCurve,
  spinHallMtj,
  telegraphCurve,
} from '../device/index.ts';
import { badInput } from '../errors/index.ts';
import { parseJson } from '../store/index.ts';
import type { Surroundings } from './context.ts';
import { readInput } from './files.ts';

/** A device that a person named: parameters to compute its curve from, or its measured curve. */
export type Device =
  | { readonly kind: 'computed'; readonly parameters: MtjParameters }
  | {
      readonly kind: 'measured';
      readonly curve: SwitchingCurve;
      /** A telegraphic device: it is looked at this long after its drive has changed, four correlation times of the slowest drive. */
      readonly stepS?: number;
    };

/** What in a CSV file is meant. */
export interface DeviceSelection extends CurveFileOptions {
  /** Telegraphic devices: seconds between samples, to be checked against the dwell times. */
  readonly intervalS?: number;
}

const vector = z.tuple([z.number(), z.number(), z.number()]);

const parameterFile = z.strictObject({
  device: z.enum(['spin-hall', 'perpendicular'], { error: 'spin-hall or perpendicular' }).default('spin-hall'),
  magnetisation: z.enum(['in-plane', 'perpendicular'], { error: 'in-plane or perpendicular' }).optional(),
  torque: z.enum(['spin-hall', 'spin-transfer'], { error: 'spin-hall or spin-transfer' }).optional(),
  spinDirection: vector.optional(),
  biasFieldAPerM: vector.optional(),
  ...Object.fromEntries(
    (
      [
        'lengthM',
        'widthM',
        'thicknessM',
        'saturationAPerM',
        'damping',
        'barrierKT',
        'spinHallAngle',
        'spinPolarisation',
        'fieldLikeRatio',
        'vcmaFieldAPerM',
        'heavyMetalWidthM',
        'heavyMetalThicknessM',
        'heavyMetalLengthM',
        'heavyMetalResistivityOhmM',
        'temperatureK',
        'curieK',
        'pulseS',
        'edgeS',
        'relaxationS',
        'readS',
        'settleS',
        'stepS',
      ] as const satisfies readonly (keyof MtjParameters)[]
    ).map((name) => [name, z.number({ error: 'a number in SI units' }).optional()]),
  ),
});

/**
 * Reads `path` (relative to the current folder). Conditions may follow it, `file.csv,direction=P->AP`: lines of a table to take, as with --where. Throws badInput that names the file, and in it the line or the
 * key.
 */
export function readDevice(spec: string, given: DeviceSelection, io: Pick<Surroundings, 'cwd'>): Device {
  const { path, where } = existsSync(resolve(io.cwd, spec)) ? { path: spec, where: {} } : splitSpec(spec);
  const all = { ...where, ...given.where };
  const selection = Object.keys(all).length === 0 ? given : { ...given, where: all };
  const text = decodeText(readInput(resolve(io.cwd, path)));
  if (extname(path).toLowerCase() !== '.json') return readMeasured(text, path, selection);
  if (selection.where !== undefined || selection.columns !== undefined || selection.units !== undefined) {
    throw badInput('a file of parameters has no columns to choose from', {
      where: path,
      help: '--where, --column and --unit are for measured curves (.csv)',
    });
  }
  return { kind: 'computed', parameters: parametersOf(text, path) };
}

function splitSpec(spec: string): { path: string; where: Record<string, string> } {
  const [path = spec, ...conditions] = spec.split(',');
  const pairs = conditions.map((condition) => {
    const at = condition.indexOf('=');
    if (at > 0) return [condition.slice(0, at), condition.slice(at + 1)] as const;
    throw badInput('the device has a condition that is none', {
      found: condition,
      expected: 'file.csv,column=value',
    });
  });
  return { path, where: Object.fromEntries(pairs) };
}

function readMeasured(text: string, path: string, selection: DeviceSelection): Extract<Device, { kind: 'measured' }> {
  const header = text.split('\n').find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '';
  const dwells =
    /dwell|tau/i.test(header) || selection.columns?.dwellSilent !== undefined || selection.intervalS !== undefined;
  if (!dwells) return { kind: 'measured', curve: readCurveFile(text, path, selection) };
  const { points, ...about } = readDwellFile(text, path, selection);
  if (selection.intervalS !== undefined) checkSampling(points, selection.intervalS);
  const slowestS = Math.max(...points.map(correlationTimeS));
  const stepS = selection.intervalS ?? 4 * slowestS;
  return { kind: 'measured', curve: telegraphCurve(points, { name: path, source: path, ...about }), stepS };
}

function parametersOf(text: string, path: string): MtjParameters {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw badInput(
      'the device file is not JSON',
      { where: path, found, help: 'measured curves are .csv files' },
      cause,
    );
  }
  if (typeof value === 'object' && value !== null && 'cycle' in value && 'points' in value) {
    throw badInput('a device over time is no device of a core', {
      where: path,
      found: 'what spinfire device --json wrote: what a device remembers of its last spike',
      expected: 'parameters (.json) or a curve (.csv): cores, and what classifies as they do, have devices that forget',
      help: 'spinfire device --network NAME classifies with that memory, energy --crossbar paper --memory counts with it (docs/device-in-hardware.md)',
    });
  }
  const result = parameterFile.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
    throw badInput(unknown === undefined ? 'a device parameter has a wrong value' : 'an unknown device parameter', {
      where: issue.path.length === 0 ? path : `${path}, ${issue.path.join('.')}`,
      found: unknown ?? JSON.stringify(issue.path.reduce<unknown>(member, value)),
      expected: unknown === undefined ? issue.message : Object.keys(parameterFile.shape).join(', '),
    });
  }
  const { device, ...given } = result.data;
  const changes = Object.fromEntries(Object.entries(given).filter(([, entry]) => entry !== undefined));
  return device === 'perpendicular' ? perpendicularMtj(changes) : spinHallMtj(changes);
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}
