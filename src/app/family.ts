/** One device at several temperatures, with several pulses, in several geometries. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Family,
  type FamilyOptions,
  type Geometry,
  type MtjParameters,
  readCurveFile,
  runFamily,
  type SwitchingCurve,
  writeCurveFile,
} from '../device/index.ts';
import { type Plot, plotSvg } from '../report/index.ts';
import type { AppContext } from './context.ts';
import { writeFileWhole } from './files.ts';

/** One property of the junction changes from curve to curve, all else stays. */
export type FamilyKind = 'temperature' | 'pulse' | 'geometry';
/** What `spinfire calibrate --family` takes. */
export const familyKinds = ['temperature', 'pulse', 'geometry'] as const;

/** Write pulses at each current, fewer than of one curve: a family is looked at, not built from. */
const usualTrials = 2000;
const usualPoints = 17;

/** Which family is computed, and where its files go. */
export interface FamilyRequest {
  readonly kind: FamilyKind;
  readonly parameters: MtjParameters;
  readonly points?: number | undefined;
  readonly trials?: number | undefined;
  readonly seed?: number | undefined;
  /** A folder for one file of each member. */
  readonly csv?: string | undefined;
  readonly plot?: string | undefined;
}

/** What is varied, in K, s, and shares of the device's own length and thickness. */
function variations(kind: FamilyKind, device: MtjParameters): FamilyOptions {
  if (kind === 'temperature') return { temperaturesK: [250, 275, 300, 325, 350, 375, 400] };
  if (kind === 'pulse') return { pulsesS: [0.2e-9, 0.5e-9, 1e-9, 2e-9, 5e-9] };
  const sized = (length: number, width: number, thickness: number): Geometry => ({
    lengthM: device.lengthM * length,
    widthM: device.widthM * width,
    thicknessM: device.thicknessM * thickness,
  });
  return { geometries: [sized(0.8, 1, 1), sized(1.2, 1, 1), sized(1, 1.25, 1), sized(1, 1, 0.8), sized(1, 1, 1.2)] };
}

/** Computes a family of curves; writes its files and chart where they are wished. */
export async function calibrateFamily(request: FamilyRequest, { io, progress }: AppContext): Promise<Family> {
  const { kind, parameters, points = usualPoints, trials = usualTrials, seed = 1 } = request;
  const family = await progress.step(`curves by ${kind}`, (tell) =>
    runFamily(
      { parameters, points, trials, seed, ...variations(kind, parameters) },
      { onProgress: (done, total) => tell(done / total, `${done} of ${total} write pulses`) },
    ),
  );
  if (request.csv !== undefined) {
    for (const { label, curve } of family.members) {
      const name = label.replaceAll(' x ', 'x').replaceAll(' ', '').replaceAll('.', 'p');
      writeFileWhole(resolve(io.cwd, request.csv, `${name}.csv`), writeCurveFile(curve));
    }
  }
  if (request.plot !== undefined) {
    const curves = family.members.map(({ label, curve }) => ({ label, curve }));
    writeFileWhole(resolve(io.cwd, request.plot), await plotSvg(familyPlot(kind, curves)));
  }
  return family;
}

const titles: Readonly<Record<FamilyKind, string>> = {
  temperature: 'At other temperatures',
  pulse: 'With other write pulses',
  geometry: 'In other geometries (length x width x thickness)',
};

/** A chart of a family's curves, switching probability over the write current in uA; the curves are over currents in A. */
export function familyPlot(
  kind: FamilyKind,
  curves: readonly { readonly label: string; readonly curve: SwitchingCurve }[],
): Plot {
  return {
    title: titles[kind],
    xTitle: 'write current, uA',
    yTitle: 'switching probability',
    yRange: [0, 1],
    series: curves.map(({ label, curve }) => ({
      name: label,
      mark: 'line and points' as const,
      points: curve.points.map(({ currentA, probability }) => ({ x: currentA * 1e6, y: probability })),
    })),
  };
}

/** The computed families that are kept in models/devices, of the paper's device. */
export function keptFamily(kind: FamilyKind): { readonly label: string; readonly curve: SwitchingCurve }[] {
  const folder = fileURLToPath(new URL('../../models/devices/spin-hall-family/', import.meta.url));
  const within = kind === 'temperature' ? folder : join(folder, kind);
  return readdirSync(within)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => ({ label: labelOf(name), curve: readCurveFile(readFileSync(join(within, name), 'utf8'), name) }))
    .sort((a, b) => Number.parseFloat(a.label) - Number.parseFloat(b.label));
}

/** `350K-0p5ns.csv` is `350 K`, `0p2ns.csv` is `0.2 ns`. */
function labelOf(name: string): string {
  return name
    .replace(/(-0p5ns)?\.csv$/, '')
    .replaceAll('p', '.')
    .replace(/(K|ns|nm)$/, ' $1')
    .replaceAll('x', ' x ');
}
