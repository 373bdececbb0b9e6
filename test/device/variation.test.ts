import { describe, expect, it } from 'vitest';
import {
  calibrate,
  drawDevices,
  drawnTable,
  logisticCurve,
  switchingTable,
  withReadErrors,
} from '../../src/device/index.ts';

const curve = logisticCurve(70e-6, 12e-6);
const calibration = calibrate(curve);
const table = switchingTable(curve, calibration);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('drawn devices', () => {
  it('have the stated spreads and stuck shares', () => {
    const seed = 23;
    const count = 40_000;
    const devices = drawDevices(
      count,
      { thresholdSpread: 0.05, slopeSpread: 0.1, stuckAtSpike: 0.01, stuckSilent: 0.03 },
      calibration,
      seed,
    );
    const slopes = devices.map((device) => 1 / device.gain);
    const thresholds = devices.map((device) => (-device.offset / device.gain) * calibration.slopeA);
    const deviation = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    };
    expect(Math.abs(deviation(slopes) / 0.1 - 1), `seed ${seed}`).toBeLessThan(0.02);
    expect(Math.abs(deviation(thresholds) / (0.05 * calibration.i50A) - 1), `seed ${seed}`).toBeLessThan(0.02);
    const stuck = (kind: string) => devices.filter((device) => device.stuck === kind).length / count;
    expect(Math.abs(stuck('spike') - 0.01), `seed ${seed}`).toBeLessThan(0.002);
    expect(Math.abs(stuck('silent') - 0.03), `seed ${seed}`).toBeLessThan(0.0035);
  });

  it('are the same for the same seed, in a layer of any size', () => {
    const draw = (count: number, seed: number) => drawDevices(count, { thresholdSpread: 0.1 }, calibration, seed);
    expect(draw(10, 4)).toEqual(draw(100, 4).slice(0, 10));
    expect(draw(10, 5)).not.toEqual(draw(10, 4));
    expect(drawDevices(3, {}, calibration, 1)).toEqual(Array(3).fill({ offset: 0, gain: 1 }));
  });

  it('have the table of their own threshold and slope', () => {
    expect(drawnTable(table, { offset: 0, gain: 1 }).entries).toEqual(table.entries);
    const varied = drawnTable(table, { offset: -0.7, gain: 1.25 });
    for (const a of [60, 100, 128, 160, 200]) {
      const z = -8 + (a + 0.5) / 16;
      expect(varied.entries[a]! / 65536).toBeCloseTo(sigmoid(1.25 * z - 0.7), 3);
    }
    expect(new Set(drawnTable(table, { offset: 0, gain: 1, stuck: 'spike' }).entries)).toEqual(new Set([65535]));
    expect(new Set(drawnTable(table, { offset: 0, gain: 1, stuck: 'silent' }).entries)).toEqual(new Set([0]));
  });

  it('are read with errors', () => {
    const read = withReadErrors({ entries: [0, 32768, 65535], zMin: 0, zStep: 1 }, { missed: 0.1, false: 0.25 });
    expect(read.entries).toEqual([16384, Math.round(65536 * (0.45 + 0.125)), Math.round(65536 * 0.9)]);
    expect(withReadErrors(table, { missed: 0, false: 0 }).entries).toEqual(table.entries);
    expect(() => withReadErrors(table, { missed: 0.7, false: 0 })).toThrow(/missed read/);
    expect(() => drawDevices(1, { slopeSpread: 2 }, calibration, 1)).toThrow(/slopeSpread/);
    expect(() => drawDevices(1, { stuckAtSpike: 0.6, stuckSilent: 0.6 }, calibration, 1)).toThrow(/more devices/);
  });
});
