/** Families of curves: one device at several temperatures, with several pulses, in several geometries. */
import { badInput } from '../errors/index.ts';
import type { SwitchingCurve } from './curve.ts';
import { checkParameters, type MtjParameters, macrospin, spinHallMtj } from './parameters.ts';
import { type CalibrationHooks, type CalibrationReport, reportCurve, runCalibration } from './run-calibration.ts';
import { type Trim, trim } from './trim.ts';

/** Length, width and thickness of the free layer, in metres. */
export interface Geometry {
  readonly lengthM: number;
  readonly widthM: number;
  readonly thicknessM: number;
}

/** The conditions, and with how many write pulses each curve is computed. */
export interface FamilyOptions {
  readonly parameters?: MtjParameters;
  /** One list is varied at a time, the other parameters keep the base's value. */
  readonly temperaturesK?: readonly number[];
  readonly pulsesS?: readonly number[];
  readonly geometries?: readonly Geometry[];
  /** 17 and 1,000 when absent: enough for a plot. */
  readonly points?: number;
  readonly trials?: number;
  readonly seed?: number;
}

/** The device under one condition: its curve, calibration and trim. */
export interface FamilyMember {
  readonly varied: 'temperature' | 'pulse' | 'geometry';
  /** In K or s; for a geometry the length in m. */
  readonly value: number;
  readonly label: string;
  readonly report: CalibrationReport;
  readonly curve: SwitchingCurve;
  /** What a core calibrated for the base device needs to run on this one. */
  readonly trim: Trim;
}

/** One device under several conditions, with the trim that each needs. */
export interface Family {
  readonly base: CalibrationReport;
  readonly members: readonly FamilyMember[];
}

/** Computes the base curve and one for each variation; plain data, the same for every number of workers. Throws badInput for nothing to vary. */
export async function runFamily(options: FamilyOptions = {}, hooks: CalibrationHooks = {}): Promise<Family> {
  const parameters = checkParameters(options.parameters ?? spinHallMtj());
  const { points = 17, trials = 1000, seed = 1 } = options;
  const variants = variantsOf(parameters, options);
  if (variants.length === 0) {
    throw badInput('a family of curves needs something to vary', { expected: 'temperatures, pulses or geometries' });
  }
  const each = points * trials;
  const total = each * (variants.length + 1);
  const run = (device: MtjParameters, done: number) =>
    runCalibration(
      { parameters: device, points, trials, seed },
      { ...hooks, onProgress: (finished) => hooks.onProgress?.(done * each + finished, total) },
    );
  const base = await run(parameters, 0);
  const members: FamilyMember[] = [];
  for (const [i, { parameters: device, ...variant }] of variants.entries()) {
    const report = await run(device, i + 1);
    const curve = reportCurve(report);
    members.push({ ...variant, report, curve, trim: trim(curve, base) });
  }
  return { base, members };
}

/**
 * The device in another geometry. A stated in-plane barrier is scaled as the shape's own anisotropy changes, so that what it holds beyond or
 * below the shape's (the film's roughness, a magnetocrystalline part) stays in proportion.
 */
export function withGeometry(parameters: MtjParameters, geometry: Geometry): MtjParameters {
  const changed = { ...parameters, ...geometry };
  if (parameters.barrierKT === undefined || parameters.magnetisation !== 'in-plane') return checkParameters(changed);
  const shape = (device: MtjParameters) => macrospin({ ...device, barrierKT: undefined }).barrierJ;
  return checkParameters({ ...changed, barrierKT: (parameters.barrierKT * shape(changed)) / shape(parameters) });
}

type Variant = Pick<FamilyMember, 'varied' | 'value' | 'label'> & { parameters: MtjParameters };

function variantsOf(parameters: MtjParameters, options: FamilyOptions): Variant[] {
  const short = (value: number) => Number(value.toPrecision(4));
  return [
    ...(options.temperaturesK ?? []).map((temperatureK) => ({
      varied: 'temperature' as const,
      value: temperatureK,
      label: `${temperatureK} K`,
      parameters: checkParameters({ ...parameters, temperatureK }),
    })),
    ...(options.pulsesS ?? []).map((pulseS) => ({
      varied: 'pulse' as const,
      value: pulseS,
      label: `${short(pulseS * 1e9)} ns`,
      parameters: checkParameters({ ...parameters, pulseS }),
    })),
    ...(options.geometries ?? []).map((geometry) => ({
      varied: 'geometry' as const,
      value: geometry.lengthM,
      label: `${[geometry.lengthM, geometry.widthM, geometry.thicknessM].map((m) => short(m * 1e9)).join(' x ')} nm`,
      parameters: withGeometry(parameters, geometry),
    })),
  ];
}
