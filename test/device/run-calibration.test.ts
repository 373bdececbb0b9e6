import { describe, expect, it } from 'vitest';
import {
  calibrate,
  perpendicularMtj,
  reportCurve,
  runCalibration,
  runFamily,
  runTrials,
  spinHallMtj,
  withGeometry,
} from '../../src/device/index.ts';

describe('runCalibration', () => {
  it('gives the same curve whatever the number of workers', async () => {
    const options = { currentsA: [50e-6, 70e-6, 90e-6], trials: 700, seed: 9 };
    const progress: number[] = [];
    const one = await runCalibration(options, {
      workers: 1,
      onProgress: (finished, total) => progress.push(finished / total),
    });
    const three = await runCalibration(options, { workers: 3 });
    expect(three).toEqual(one);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(one.curve.map((point) => point.switched)).toEqual(
      options.currentsA.map(
        (driveA) => runTrials({ parameters: spinHallMtj(), driveA, seed: 9, firstTrial: 0, trials: 700 }).switched,
      ),
    );
    const other = await runCalibration({ ...options, seed: 10 }, { workers: 2 });
    expect(other.curve.map((p) => p.switched)).not.toEqual(one.curve.map((p) => p.switched));
  });

  it('places its drives by itself, denser where the curve climbs', async () => {
    const report = await runCalibration({ points: 15, trials: 400, seed: 2 });
    const { curve } = report;
    expect(curve).toHaveLength(15);
    expect(curve[0]!.probability).toBeLessThan(0.05);
    expect(curve[14]!.probability).toBeGreaterThan(0.95);
    const climb = curve.filter((point) => Math.abs(point.currentA - report.i50A) < 2 * report.slopeA).length;
    const range = (4 * report.slopeA) / (curve[14]!.currentA - curve[0]!.currentA);
    expect(climb / 15).toBeGreaterThan(1.3 * range);
    for (const point of curve) {
      expect(point.low).toBeLessThanOrEqual(point.probability);
      expect(point.high).toBeGreaterThanOrEqual(point.probability);
      expect(point.trials).toBe(400);
    }
    // The paper device: about 71.5 uA and a scale of 12 uA.
    expect(Math.abs(report.crossingA * 1e6 - 71.5)).toBeLessThan(3);
    expect(Math.abs(report.slopeA * 1e6 - 12)).toBeLessThan(1.5);
    expect(calibrate(reportCurve(report)).i50A).toBe(report.i50A);
    expect(reportCurve(report)).toMatchObject({ unit: 'A', temperatureK: 300, pulseS: 0.5e-9 });
  });

  it('says why a device cannot be a neuron', async () => {
    const parameters = perpendicularMtj({
      torque: 'spin-hall',
      spinDirection: [0, 1, 0],
      damping: 0.1,
      pulseS: 1e-9,
      stepS: 1e-12,
    });
    await expect(runCalibration({ parameters, points: 5, trials: 100 })).rejects.toThrow(
      /hard axis leave the choice to chance/,
    );
    await expect(runCalibration({ trials: 0 })).rejects.toThrow(/number of trials/);
    await expect(runCalibration({ seed: 0.5 })).rejects.toThrow(/number of seed/);
    await expect(runCalibration({ currentsA: [70, 80] })).rejects.toThrow(/number of amperes/);
    await expect(runCalibration({ currentsA: [7e-5] })).rejects.toThrow(/at least two currents/);
  });
});

describe('a family of curves', () => {
  it('shows that heat widens the curve relative to its threshold, a longer pulse needs less current, and trim mends both', async () => {
    const family = await runFamily({
      temperaturesK: [250, 400],
      pulsesS: [1e-9],
      geometries: [{ lengthM: 120e-9, widthM: 40e-9, thicknessM: 1.2e-9 }],
      points: 7,
      trials: 300,
      seed: 3,
    });
    const [cold, hot, long, large] = family.members;
    expect(family.members.map((member) => member.label)).toEqual(['250 K', '400 K', '1 ns', '120 x 40 x 1.2 nm']);
    // A pulse of 0.5 ns is ballistic: the threshold falls with heat while the width stays, so the relative width grows.
    const width = (member: typeof hot) => member!.report.slopeA / member!.report.i50A;
    expect(width(hot)).toBeGreaterThan(1.05 * width(cold));
    expect(hot!.report.i50A).toBeLessThan(cold!.report.i50A);
    expect(Math.abs(long!.report.crossingA * 1e6 - 42)).toBeLessThan(3);
    expect(large!.report.parameters.barrierKT).toBeGreaterThan(20);
    for (const member of family.members) {
      expect(member.trim.rmsAfter, member.label).toBeLessThanOrEqual(member.trim.rmsBefore + 1e-12);
    }
    expect(long!.trim.rmsAfter).toBeLessThan(0.3 * long!.trim.rmsBefore);
  });

  it('scales a stated barrier with the shape', () => {
    const base = spinHallMtj();
    const same = withGeometry(base, { lengthM: base.lengthM, widthM: base.widthM, thicknessM: base.thicknessM });
    expect(same.barrierKT).toBeCloseTo(20, 9);
    expect(withGeometry(base, { lengthM: 60e-9, widthM: 40e-9, thicknessM: 1.2e-9 }).barrierKT).toBeLessThan(20);
  });
});

describe('device parameters', () => {
  it.each([
    [{ damping: -0.1 }, /damping is out of range[\s\S]*-0\.1[\s\S]*0 to 1/],
    [{ lengthM: 100 }, /lengthM is out of range[\s\S]*100 m[\s\S]*SI units/],
    [{ temperatureK: Number.NaN }, /temperatureK/],
    [{ spinDirection: [0, 0, 0] as const }, /spinDirection must be three numbers/],
    [{ pulseS: 1e-12, stepS: 2e-12 }, /step is longer than the write pulse/],
    [{ temperatureK: 700, curieK: 600 }, /not magnetic above its Curie temperature/],
  ])('are validated: %j', (changes, message) => {
    expect(() => spinHallMtj(changes)).toThrow(message);
  });

  it('follow Bloch with a Curie temperature', async () => {
    const { macrospin } = await import('../../src/device/index.ts');
    const at = (temperatureK: number) => macrospin(spinHallMtj({ curieK: 900, temperatureK })).saturationAPerM;
    expect(at(300)).toBeCloseTo(1e6, 3);
    expect(at(400) / 1e6).toBeCloseTo((1 - (4 / 9) ** 1.5) / (1 - (1 / 3) ** 1.5), 9);
  });

  it('need an easy axis', async () => {
    const { macrospin } = await import('../../src/device/index.ts');
    expect(() => macrospin(spinHallMtj({ widthM: 100e-9, barrierKT: undefined }))).toThrow(/no easy axis/);
    // The shape of the paper device alone gives nearly the 20 kT that the field quotes for it.
    expect(macrospin(spinHallMtj({ barrierKT: undefined })).barrierJ / macrospin(spinHallMtj()).barrierJ).toBeCloseTo(
      1.06,
      2,
    );
  });
});
