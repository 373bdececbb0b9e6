import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keptFamily } from '../../src/app/family.ts';
import { calibrate, readCurveFile, runTrials, spinHallMtj, trim } from '../../src/device/index.ts';

const curves = [250, 300, 350, 400].map((temperatureK) => {
  const name = `${temperatureK}K-0p5ns.csv`;
  const file = new URL(`../../models/devices/spin-hall-family/${name}`, import.meta.url);
  return readCurveFile(readFileSync(file, 'utf8'), name);
});

describe('the device files of four temperatures', () => {
  it('are what the Monte Carlo computes', () => {
    for (const curve of curves) {
      expect(curve.pulseS).toBe(0.5e-9);
      const parameters = spinHallMtj({ temperatureK: curve.temperatureK! });
      for (const point of [curve.points[6]!, curve.points[16]!, curve.points[26]!]) {
        const seed = 51;
        const trials = 200;
        const { switched } = runTrials({ parameters, driveA: point.currentA, seed, firstTrial: 0, trials });
        const sigma = Math.sqrt(point.probability * (1 - point.probability) * (1 / trials + 1 / point.trials!));
        expect(
          Math.abs(switched / trials - point.probability),
          `${curve.name}, ${point.currentA} A, seed ${seed}`,
        ).toBeLessThan(4 * sigma);
      }
    }
  });

  it('and those of pulses and geometries are, too', () => {
    for (const kind of ['pulse', 'geometry'] as const) {
      for (const { label, curve } of keptFamily(kind)) {
        const [lengthM, widthM, thicknessM] = label.split(' x ').map((size) => Number.parseFloat(size) * 1e-9);
        const parameters =
          kind === 'pulse'
            ? spinHallMtj({ pulseS: curve.pulseS! })
            : spinHallMtj({ lengthM: lengthM!, widthM: widthM!, thicknessM: thicknessM! });
        // Where the curve is steep.
        const point = curve.points.reduce((best, next) =>
          Math.abs(next.probability - 0.5) < Math.abs(best.probability - 0.5) ? next : best,
        );
        const [seed, trials] = [52, 200];
        const { switched } = runTrials({ parameters, driveA: point.currentA, seed, firstTrial: 0, trials });
        const sigma = Math.sqrt(point.probability * (1 - point.probability) * (1 / trials + 1 / point.trials!));
        const off = Math.abs(switched / trials - point.probability);
        expect(off, `${label}, ${point.currentA} A, seed ${seed}`).toBeLessThan(4 * sigma);
      }
    }
  });

  it('need less current when hot, which trim makes good', () => {
    const fits = curves.map(calibrate);
    for (let i = 1; i < fits.length; i += 1) expect(fits[i]!.i50A).toBeLessThan(fits[i - 1]!.i50A);
    const untrimmed = trim(curves[1]!, fits[1]!).rmsAfter;
    for (const curve of curves) expect(trim(curve, fits[1]!).rmsAfter).toBeLessThan(untrimmed + 0.003);
  });
});
