import { describe, expect, it } from 'vitest';
import { drawFromSet, logistic, readDeviceSet } from '../../src/device/index.ts';

const thresholds = Array.from({ length: 25 }, (_, i) => 60 + i);
const lines = `id,I50 (uA),slope (uA)\n${thresholds.map((i50, i) => `d${i},${i50},${10 + (i % 3)}`).join('\n')}\n`;
const reference = { i50A: 72e-6, slopeA: 11e-6 };

/** Curves under one another, two directions, of thresholds 60 and 80 uA; the third device never switches. */
const curves = ['device,direction,I (uA),P,n'].concat(
  ['a', 'b', 'c'].flatMap((device, number) =>
    ['up', 'down'].flatMap((direction) =>
      [40, 50, 60, 70, 80, 90, 100].map((drive) => {
        const probability = number === 2 ? 0 : logistic((drive - 60 - 20 * number) / 5);
        return `${device},${direction},${drive},${probability.toFixed(6)},1000`;
      }),
    ),
  ),
);

describe('a set of measured devices', () => {
  it('is read from thresholds and slopes', () => {
    const set = readDeviceSet(lines, 'set.csv');
    expect(set.members).toHaveLength(25);
    expect(set.unit).toBe('A');
    expect(set.i50A).toBeCloseTo(72e-6, 12);
    expect(set.members[3]).toEqual({ id: 'd3', i50A: expect.closeTo(63e-6, 12), slopeA: expect.closeTo(10e-6, 12) });
    expect(() => readDeviceSet(lines.replaceAll(' (uA)', ''), 'set.csv')).toThrow(/what unit the threshold/);
    expect(() => readDeviceSet('id,I50 (uA),slope (uA)\na,1,1\nb,2,0\n', 'set.csv')).toThrow(/slope[\s\S]*set\.csv:3/);
  });

  it('is read from curves under one another, and knows which devices are stuck', () => {
    const set = readDeviceSet(curves.join('\n'), 'set.csv', { where: { direction: 'up' } });
    expect(set.members).toEqual([
      { id: 'a', i50A: expect.closeTo(60e-6, 8), slopeA: expect.closeTo(5e-6, 8) },
      { id: 'b', i50A: expect.closeTo(80e-6, 8), slopeA: expect.closeTo(5e-6, 8) },
      { id: 'c', stuck: 'silent' },
    ]);
    expect(() => readDeviceSet(curves.join('\n'), 'set.csv')).toThrow(/several columns[\s\S]*device, direction/);
  });

  it('gives each neuron one of its devices, as the calibrated core sees it', () => {
    const set = readDeviceSet(lines, 'set.csv');
    const draws = drawFromSet(5000, set, reference, 7);
    expect(drawFromSet(100, set, reference, 7)).toEqual(draws.slice(0, 100));
    // The potential at which the device has P = 1/2 is where its threshold lies.
    const seen = draws.map(({ offset, gain }) => 72 - (offset / gain) * 11);
    expect(new Set(seen.map((value) => value.toFixed(3))).size).toBe(25);
    for (const value of seen) expect(thresholds.some((i50) => Math.abs(i50 - value) < 1e-6)).toBe(true);
    const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    expect(Math.abs(mean - 72), 'seed 7').toBeLessThan((4 * 7.2) / Math.sqrt(5000));
  });

  it('draws neighbours alike when they are correlated, with the same devices in all', () => {
    const set = readDeviceSet(lines, 'set.csv');
    const correlationOf = (correlation: number) => {
      const seen = drawFromSet(20_000, set, reference, 3, { correlation }).map(({ offset, gain }) => offset / gain);
      const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
      const lag = (shift: number) =>
        seen.slice(shift).reduce((sum, value, i) => sum + (value - mean) * (seen[i]! - mean), 0);
      return lag(1) / lag(0);
    };
    expect(Math.abs(correlationOf(0))).toBeLessThan(0.03);
    expect(Math.abs(correlationOf(10) - Math.exp(-0.1))).toBeLessThan(0.03);
  });

  it('reaches beyond its last device when smoothed, and drifts', () => {
    const set = readDeviceSet(lines, 'set.csv');
    const reach = (options: Parameters<typeof drawFromSet>[4]) => {
      const seen = drawFromSet(5000, set, reference, 5, options).map(({ offset, gain }) => 72 - (offset / gain) * 11);
      return Math.max(...seen);
    };
    expect(reach({})).toBeCloseTo(84, 6);
    expect(reach({ smooth: true })).toBeGreaterThan(87);
    expect(reach({ drift: 0.1 })).toBeGreaterThan(95);
  });
});
