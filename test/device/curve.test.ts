import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrate,
  curveFunction,
  driveAt,
  isotonic,
  logisticCurve,
  monotoneProbabilities,
  probabilityAt,
  readCurveFile,
  type SwitchingCurve,
  switchingTable,
  tableRange,
} from '../../src/device/index.ts';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const file = (name: string) => readFileSync(new URL(`../../models/devices/${name}`, import.meta.url), 'utf8');
const spinHall = readCurveFile(file('spin-hall-300K-0p5ns.csv'), 'spin-hall-300K-0p5ns.csv');
const curveOf = (points: [number, number, number?][]): SwitchingCurve => ({
  name: 'test',
  unit: 'A',
  source: 'test',
  points: points.map(([currentA, probability, trials]) => ({
    currentA,
    probability,
    ...(trials === undefined ? {} : { trials }),
  })),
});

describe('interpolation', () => {
  it('is exact for a logistic function, between the points and beyond them', () => {
    const curve = logisticCurve(70e-6, 12e-6, { reach: 4, points: 9 });
    for (let z = -9; z <= 9; z += 0.37) expect(probabilityAt(curve, 70e-6 + z * 12e-6)).toBeCloseTo(sigmoid(z), 9);
    expect(driveAt(curve, 0.9)).toBeCloseTo(70e-6 + 12e-6 * Math.log(9), 12);
  });

  it('goes through the points and has no floor below the lowest one', () => {
    for (const { currentA, probability } of spinHall.points) {
      expect(probabilityAt(spinHall, currentA)).toBeCloseTo(probability, 12);
    }
    expect(probabilityAt(spinHall, 20e-6)).toBeLessThan(0.01);
    expect(probabilityAt(spinHall, -50e-6)).toBeLessThan(1e-4);
    expect(probabilityAt(spinHall, 300e-6)).toBeGreaterThan(0.9999);
  });

  it('is monotone and within 0..1 for any rising or wobbling measurement', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: -10, max: 10 })), {
          minLength: 4,
          maxLength: 20,
        }),
        (steps) => {
          let drive = 0;
          const points = steps.map(([step, wobble], i): [number, number, number] => {
            drive += 1 + step;
            return [drive, Math.min(1, Math.max(0, i / (steps.length - 1) + wobble / 50)), 50];
          });
          points[0]![1] = 0;
          points.at(-1)![1] = 1;
          const at = curveFunction(curveOf(points));
          let before = 0;
          for (let i = -20; i <= 120; i += 1) {
            const now = at((drive * i) / 100);
            expect(now).toBeGreaterThanOrEqual(before);
            expect(now).toBeLessThanOrEqual(1);
            before = now;
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('reads zeros and ones as less than one of the trials', () => {
    const curve = curveOf([
      [1, 0, 100],
      [2, 0, 100],
      [3, 0.5, 100],
      [4, 1, 100],
      [5, 1, 100],
    ]);
    expect(probabilityAt(curve, 2)).toBeCloseTo(0.5 / 101, 9);
    expect(probabilityAt(curve, 1)).toBeLessThan(0.001);
    expect(probabilityAt(curve, 4)).toBeCloseTo(1 - 0.5 / 101, 9);
    expect(probabilityAt(curve, 5)).toBeGreaterThan(0.999);
  });

  it('refuses curves that fall, do not cross one half, or are out of order', () => {
    const falling = curveOf([
      [1, 0.9],
      [2, 0.5],
      [3, 0.1],
    ]);
    expect(() => probabilityAt(falling, 2)).toThrow(/does not rise with the drive[\s\S]*negate the drive/);
    expect(() =>
      calibrate(
        curveOf([
          [1, 0.1],
          [2, 0.2],
          [3, 0.4],
        ]),
      ),
    ).toThrow(/does not cross a probability of one half/);
    expect(() =>
      calibrate(
        curveOf([
          [1, 0.1],
          [1, 0.9],
        ]),
      ),
    ).toThrow(/must rise from point to point/);
    expect(() => calibrate(curveOf([[1, 0.1]]))).toThrow(/at least two points/);
    expect(() =>
      calibrate(
        curveOf([
          [1, 0.1],
          [2, 1.9],
        ]),
      ),
    ).toThrow(/0\.\.1/);
    expect(() => logisticCurve(1, -1)).toThrow(/positive slope/);
  });
});

describe('isotonic regression', () => {
  it('equals the max-min formula', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ value: fc.integer({ min: 0, max: 100 }), weight: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        (items) => {
          const fitted = isotonic(
            items.map((i) => i.value),
            items.map((i) => i.weight),
          );
          const mean = (a: number, b: number) => {
            const part = items.slice(a, b + 1);
            return part.reduce((s, p) => s + p.value * p.weight, 0) / part.reduce((s, p) => s + p.weight, 0);
          };
          for (let i = 0; i < items.length; i += 1) {
            let best = -Infinity;
            for (let a = 0; a <= i; a += 1) {
              let least = Infinity;
              for (let b = i; b < items.length; b += 1) least = Math.min(least, mean(a, b));
              best = Math.max(best, least);
            }
            expect(fitted[i]).toBeCloseTo(best, 9);
          }
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });

  it('levels the plateau of the measured device', () => {
    const text = file('sot-mtj-measured-0p75ns.csv');
    const curve = readCurveFile(text, 'sot.csv', { where: { direction: 'AP->P' } });
    const fitted = monotoneProbabilities(curve);
    expect(fitted[curve.points.findIndex((p) => p.currentA === 0.98)]).toBeCloseTo(0.735, 12);
    // Far from a logistic: a residual that people must see.
    expect(calibrate(curve).maxResidual).toBeGreaterThan(0.1);
  });
});

describe('calibration', () => {
  it('finds the parameters of a logistic, whatever the points and the unit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.constantFrom(1e-6, 1, 1e-3),
        (centre, scale, factor) => {
          const fit = calibrate(logisticCurve(centre * factor, scale * factor, { reach: 5, points: 7, unit: 'V' }));
          expect(Math.abs(fit.i50A / factor - centre) / scale).toBeLessThan(1e-6);
          expect(fit.slopeA / factor / scale).toBeCloseTo(1, 6);
          expect(fit.crossingA / factor / scale).toBeCloseTo(centre / scale, 5);
          expect(fit.maxResidual).toBeLessThan(1e-6);
        },
      ),
      { seed: 3, numRuns: 100 },
    );
  });

  it('agrees with the published figures of the paper device', () => {
    const fit = calibrate(spinHall);
    expect(fit.crossingA * 1e6).toBeCloseTo(71.5, 0);
    expect(Math.abs(fit.i50A * 1e6 - 73)).toBeLessThan(1);
    expect(Math.abs(fit.slopeA * 1e6 - 12)).toBeLessThan(0.5);
    expect(fit.maxResidual).toBeLessThan(0.045);
    expect(fit.maxResidual).toBeGreaterThan(0.025);
    expect(fit.rmsResidual).toBeLessThan(fit.maxResidual);
  });

  it('is the least of squares over the drive: no neighbour is better', () => {
    const fit = calibrate(spinHall);
    const at = curveFunction(spinHall);
    const [low, high] = [driveAt(spinHall, 0.001), driveAt(spinHall, 0.999)];
    const cost = (centre: number, scale: number) => {
      let sum = 0;
      for (let i = 0; i <= 400; i += 1) {
        const drive = low + ((high - low) * i) / 400;
        sum += (at(drive) - sigmoid((drive - centre) / scale)) ** 2;
      }
      return sum;
    };
    const best = cost(fit.i50A, fit.slopeA);
    for (const [a, b] of [
      [1.003, 1],
      [0.997, 1],
      [1, 1.01],
      [1, 0.99],
    ] as const) {
      expect(cost(fit.i50A * a, fit.slopeA * b)).toBeGreaterThan(best);
    }
  });
});

describe('switching table', () => {
  it('holds the probability at the mean potential of each entry', () => {
    const fit = calibrate(spinHall);
    // A layer of 3 fraction bits has potentials 1/8 apart: under an entry of 1/16 lies its lower end alone. Of 6 bits four lie there.
    for (const [potentialStep, mean] of [
      [0, 1 / 32],
      [1 / 8, 0],
      [1 / 64, 3 / 128],
    ] as const) {
      const table = switchingTable(spinHall, fit, { zMin: -8, zStep: 1 / 16, potentialStep });
      expect(table.entries).toHaveLength(256);
      for (const [a, code] of table.entries.entries()) {
        const probability = probabilityAt(spinHall, fit.i50A + (-8 + a / 16 + mean) * fit.slopeA);
        expect(Math.abs(code - Math.min(65535, probability * 65536))).toBeLessThanOrEqual(0.5);
        expect(Number.isInteger(code)).toBe(true);
        if (a > 0) expect(code).toBeGreaterThanOrEqual(table.entries[a - 1]!);
      }
    }
  });

  it('lies where the curve is not level', () => {
    expect(tableRange(logisticCurve(0, 1), { i50A: 0, slopeA: 1 })).toEqual({ zMin: -8, zStep: 1 / 16 });
    // Thermally activated: P = 1 - exp(-50 exp(-60 (1 - I/Ic))): a slow tail below, an abrupt end above.
    const activated = (ratio: number) => 1 - Math.exp(-50 * Math.exp(-60 * (1 - ratio)));
    const points = Array.from({ length: 200 }, (_, i) => ({
      currentA: 0.7 + i / 500,
      probability: activated(0.7 + i / 500),
      trials: 1e6,
    }));
    const curve = {
      name: 'activated',
      unit: 'A' as const,
      source: 'closed form',
      points: points.filter(({ probability }) => probability < 1),
    };
    const fit = calibrate(curve);
    const { zMin, zStep } = tableRange(curve, fit);
    expect(zMin).toBeLessThan(-9);
    expect(probabilityAt(curve, fit.i50A + zMin * fit.slopeA)).toBeLessThan(5e-4);
    expect(probabilityAt(curve, fit.i50A - 8 * fit.slopeA)).toBeGreaterThan(5e-4);
    expect(probabilityAt(curve, fit.i50A + (zMin + 256 * zStep) * fit.slopeA)).toBeGreaterThan(0.9995);
    // Skewed the other way: the default device hardly ever switches below -5, and fails now and then above 8.
    expect(tableRange(spinHall, calibrate(spinHall))).toEqual({ zMin: -5, zStep: 1 / 16 });
    // Wider than sixteen potentials: coarser entries.
    expect(tableRange(logisticCurve(0, 2), { i50A: 0, slopeA: 1 })).toEqual({ zMin: -16, zStep: 1 / 8 });
  });

  it('reaches never and always where the curve does', () => {
    const curve = logisticCurve(0, 1, { reach: 3 });
    const table = switchingTable(curve, { i50A: 0, slopeA: 1 }, { entries: 64, zMin: -16, zStep: 0.5 });
    expect(table.entries[0]).toBe(0);
    expect(table.entries[63]).toBe(65535);
    expect(table.entries[32]).toBe(Math.round(65536 * sigmoid(0.25)));
    expect(() => switchingTable(curve, { i50A: 0, slopeA: 1 }, { entries: 100 })).toThrow(/power of two/);
    expect(() => switchingTable(curve, { i50A: 0, slopeA: 1 }, { zStep: 0 })).toThrow(/positive step/);
  });
});
