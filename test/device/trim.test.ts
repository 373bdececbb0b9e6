import { describe, expect, it } from 'vitest';
import { calibrate, logisticCurve, switchingTable, trim, trimmedCurve } from '../../src/device/index.ts';

describe('trim', () => {
  const reference = { i50A: 70e-6, slopeA: 12e-6 };

  it('finds the offset and gain of a shifted and stretched logistic exactly', () => {
    const found = trim(logisticCurve(64e-6, 15e-6), reference, { offsetStep: 0, gainStep: 0 });
    expect(found.offset).toBeCloseTo(-0.5, 5);
    expect(found.gain).toBeCloseTo(1.25, 5);
    expect(found.maxAfter).toBeLessThan(1e-5);
    expect(found.rmsBefore).toBeGreaterThan(0.02);
  });

  it('rounds to the registers, and can do without a gain', () => {
    const curve = logisticCurve(64.1e-6, 15.1e-6);
    const found = trim(curve, reference);
    expect(found.offset * 16).toBeCloseTo(Math.round(found.offset * 16), 12);
    expect(found.gain * 64).toBeCloseTo(Math.round(found.gain * 64), 12);
    const offsetOnly = trim(curve, reference, { offsetOnly: true });
    expect(offsetOnly.gain).toBe(1);
    expect(offsetOnly.rmsAfter).toBeLessThan(offsetOnly.rmsBefore);
    expect(found.rmsAfter).toBeLessThan(offsetOnly.rmsAfter);
  });

  it('makes the table that the calibrated device would have', () => {
    const hot = logisticCurve(64e-6, 15e-6);
    const mended = trimmedCurve(hot, reference, trim(hot, reference, { offsetStep: 0, gainStep: 0 }));
    const table = switchingTable(mended, reference);
    const ideal = switchingTable(hot, calibrate(hot));
    for (const [a, code] of table.entries.entries()) expect(Math.abs(code - ideal.entries[a]!)).toBeLessThan(3);
  });

  it('is nothing for the device itself', () => {
    expect(trim(logisticCurve(70e-6, 12e-6), reference)).toMatchObject({ offset: 0, gain: 1 });
    expect(() => trimmedCurve(logisticCurve(70e-6, 12e-6), reference, { offset: 0, gain: 0 })).toThrow(/gain/);
  });
});
