/** The frontier of a small network, with a comparison of its own. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exploreFrontier, type FrontierPoint, loadDesign, quiet, readAssumptions } from '../../src/app/index.ts';

const measures = ({ accuracy, luts, rams, cyclesPerImage, chipJ }: FrontierPoint) =>
  [-accuracy, luts, rams, cyclesPerImage, chipJ] as const;

it('a point is on the frontier when no other is as good in accuracy, area, time and energy', async () => {
  const root = process.cwd();
  const design = await loadDesign('examples/8x8/digits-8x8.onnx', {}, { cwd: root });
  const rows = readFileSync('examples/8x8/images.csv', 'utf8')
    .trim()
    .split('\n')
    .slice(1, 201)
    .map((line) => line.split(',').map(Number));
  const pixels = Uint8Array.from(rows.flatMap((row) => row.slice(0, 64).map((grey) => Math.round((grey * 255) / 16))));
  const points = await exploreFrontier(
    {
      ...{ design, timeSteps: [1, 4], weightBits: [4, 8], readouts: ['potential'], family: 'ecp5', seeds: [1] },
      images: { pixels, labels: Uint8Array.from(rows, (row) => row[64]!) },
      assumptions: readAssumptions(undefined, { cwd: root }),
    },
    quiet,
  );
  const dominated = points.map((point) =>
    points.some((other) => {
      const [a, b] = [measures(other), measures(point)];
      return a.every((value, i) => value <= b[i]!) && a.some((value, i) => value < b[i]!);
    }),
  );
  expect(points.map(({ onFrontier }) => !onFrontier)).toEqual(dominated);
});
