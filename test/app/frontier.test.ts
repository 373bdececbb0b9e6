/** The frontier of a small network, with a comparison of its own, and its energy beside that of a whole study. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  exploreFrontier,
  type FrontierPoint,
  loadDesign,
  quiet,
  readAssumptions,
  readChipParts,
  studyEnergy,
  usualCurve,
} from '../../src/app/index.ts';
import { type CoreDesign, planCore } from '../../src/core/index.ts';
import { logisticCurve, spinHallMtj } from '../../src/device/index.ts';
import { smallDigital } from '../estimate/small.ts';

const root = process.cwd();
const measures = ({ accuracy, luts, rams, cyclesPerImage, chipJ }: FrontierPoint) =>
  [-accuracy, luts, rams, cyclesPerImage, chipJ ?? 0] as const;

function imagesOf(count: number) {
  const rows = readFileSync('examples/8x8/images.csv', 'utf8')
    .trim()
    .split('\n')
    .slice(1, 1 + count)
    .map((line) => line.split(',').map(Number));
  const pixels = Uint8Array.from(rows.flatMap((row) => row.slice(0, 64).map((grey) => Math.round((grey * 255) / 16))));
  return { pixels, labels: Uint8Array.from(rows, (row) => row[64]!) };
}

async function frontier(design: CoreDesign, timeSteps: number[], weightBits: number[], images: number) {
  return exploreFrontier(
    {
      ...{ design, timeSteps, weightBits, readouts: ['potential'], family: 'ecp5', seeds: [1] },
      images: imagesOf(images),
      assumptions: readAssumptions(undefined, { cwd: root }),
      parts: readChipParts(undefined, { cwd: root }),
    },
    quiet,
  );
}

const load = () => loadDesign('examples/8x8/digits-8x8.onnx', {}, { cwd: root });

it('a point is on the frontier when no other is as good in accuracy, area, time and energy', async () => {
  const points = await frontier(await load(), [1, 4], [4, 8], 200);
  const dominated = points.map((point) =>
    points.some((other) => {
      const [a, b] = [measures(other), measures(point)];
      return a.every((value, i) => value <= b[i]!) && a.some((value, i) => value < b[i]!);
    }),
  );
  expect(points.map(({ onFrontier }) => !onFrontier)).toEqual(dominated);
});

it('the energy of a point is that of the analog part of the chip in an energy study', async () => {
  const design = await load();
  const { pixels } = imagesOf(40);
  for (const [timeSteps, weightBits] of [
    [2, 8],
    [4, 4],
  ] as const) {
    const points = await frontier(design, [timeSteps], [weightBits], 40);
    const point = points.find(({ margin }) => margin === undefined)!;
    const options = { ...design.options, weightBits, maxTimeSteps: timeSteps, timeSteps, seed: 1 };
    const study = await studyEnergy(
      {
        plan: planCore({ ...design, options } as CoreDesign),
        data: { count: 40, rows: 8, columns: 8, pixels, notes: [] },
        timeSteps,
        device: { curve: usualCurve(), parameters: spinHallMtj() },
        assumptions: readAssumptions(undefined, { cwd: root }),
        digital: smallDigital,
        chip: { parts: readChipParts(undefined, { cwd: root }), chips: 1 },
      },
      quiet,
    );
    expect(study.chip.kind).toBe('built');
    expect(point.chip).toBe('built');
    expect(point.chipJ! / study.mtj.analogJ).toBeCloseTo(1, 9);
  }
});

it('a curve without its own pulse or resistance has no energy, as energy asks for them', async () => {
  const design = await load();
  const curve = logisticCurve(80e-6, 10e-6);
  for (const bare of [curve, { ...curve, pulseS: 1e-9 }, { ...curve, writeResistanceOhm: 1000 }]) {
    const [point] = await frontier({ ...design, curve: bare }, [1], [8], 5);
    expect(point).not.toHaveProperty('chipJ');
  }
  const [point] = await frontier(
    { ...design, curve: { ...curve, pulseS: 1e-9, writeResistanceOhm: 1000 } },
    [1],
    [8],
    5,
  );
  expect(point!.chipJ).toBeGreaterThan(0);
});
