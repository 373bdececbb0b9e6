import { describe, expect, it } from 'vitest';
import { selfTestCurve, selfTestPoints, trimOfCounts } from '../../src/device/index.ts';

const logistic = (z: number) => 1 / (1 + Math.exp(-z));
const steps = { gainStep: 1 / 256, offsetStep: 1 / 16 };
/** Counts without noise of devices that answer logistic((z - shift) / width). */
const counts = (shift: number, width: number, samples = 1e6) =>
  Array.from({ length: 64 }, (_, i) => {
    const z = (i - 32) / 4;
    return { z, samples, spikes: Math.round(samples * logistic((z - shift) / width)) };
  });

describe('self-test counts', () => {
  it('become probabilities with intervals that hold the truth', () => {
    const points = selfTestPoints(counts(0, 1, 10_000));
    expect(points).toHaveLength(64);
    for (const { z, low, high } of points) {
      expect(low).toBeLessThanOrEqual(logistic(z));
      expect(high).toBeGreaterThanOrEqual(logistic(z) - 1e-4);
    }
    const [middle] = points.filter(({ z }) => z === 0);
    // 1.96 * sqrt(1/4 / 10,000)
    expect(middle!.high - middle!.low).toBeCloseTo(2 * 1.96 * 0.005, 4);
    expect(() => selfTestPoints([{ z: 0, spikes: 7, samples: 6 }])).toThrow(/counts spikes of samples/);
  });

  it.each([
    [0.5, 1.25],
    [-1.75, 0.75],
    [0, 1],
  ])('of devices %d off and %d times as wide give the trim that undoes both', (shift, width) => {
    const { gain, offset, rmsBefore, rmsAfter } = trimOfCounts('layer', counts(shift, width), steps);
    // logistic((gain z + offset - shift) / width) is logistic(z).
    expect(gain).toBeCloseTo(width, 1);
    expect(offset).toBeCloseTo(shift, 1);
    expect(rmsAfter).toBeLessThan(0.006);
    if (shift !== 0) expect(rmsBefore).toBeGreaterThan(5 * rmsAfter);
  });

  it('make one curve, whatever their order', () => {
    const sorted = counts(0.5, 1);
    const curve = selfTestCurve('layer', sorted);
    expect(selfTestCurve('layer', [...sorted].reverse())).toEqual(curve);
    expect(curve.points[0]).toMatchObject({ currentA: -8, trials: 1e6 });
  });
});
