import { describe, expect, it } from 'vitest';
import {
  calibrate,
  curveWarnings,
  deviceFigures,
  perpendicularMtj,
  readDisturb,
  reportCurve,
  runCalibration,
  runMemory,
  runTrials,
  spinHallMtj,
  switchingTable,
  tmrAt,
} from '../../src/device/index.ts';

/** The default device: 33 currents x 10,000 trials. */
const calibration = { i50A: 72.35e-6, slopeA: 12.1e-6 };
const cycle = { resetA: 160e-6, resetS: 0.5e-9, restS: 0 };

describe('the device as a process', () => {
  it('remembers a spike when it is written again at once, and forgets it in a nanosecond', async () => {
    const trials = 400;
    const seed = 11;
    const report = await runMemory({
      ...{ parameters: spinHallMtj(), ...calibration, cycle, potentials: [0], restsS: [0.5e-9, 1e-9], trials, seed },
    });
    const [none, half, whole] = report.points;
    const near = (value: number, wanted: number) => {
      const sigma = Math.sqrt((wanted * (1 - wanted)) / trials);
      expect(Math.abs(value - wanted), `seed ${seed}: ${value} for ${wanted}`).toBeLessThan(4 * sigma);
    };
    // Figures of an independent program (own integrator, sampler and noise), 1,500 devices.
    near(none!.fresh, 0.533);
    near(none!.afterSilent, 0.534);
    near(none!.afterSpike, 0.287);
    near(none!.later, 0.426);
    near(half!.afterSpike, 0.49);
    near(whole!.afterSpike, 0.533);
    expect(none!.afterSpike).toBeLessThan(half!.afterSpike);
  });

  it('gives the same report on any number of cores', async () => {
    const run = (workers: number) =>
      runMemory({ parameters: spinHallMtj(), ...calibration, cycle, potentials: [1], trials: 120, seed: 3, workers });
    expect(await run(1)).toEqual(await run(2));
  });

  it('settles in its bias field before it is written', () => {
    // Independent program, 8,000 trials after 3 ns of settling: 0.532, 0.592, 0.731 (without settling 0.574, 0.725, 0.939).
    for (const [field, wanted] of [
      [4e3, 0.532],
      [8e3, 0.592],
      [16e3, 0.731],
    ] as const) {
      const parameters = spinHallMtj({ biasFieldAPerM: [0, field, 0] });
      const { switched } = runTrials({ parameters, driveA: 70e-6, seed: 5, firstTrial: 0, trials: 1000 });
      expect(Math.abs(switched / 1000 - wanted), `${field} A/m, seed 5`).toBeLessThan(0.063);
    }
  });

  it('of a layer whose spins come across its axis (x-type) is looked at where it climbs, and named not monotone', async () => {
    const parameters = spinHallMtj({
      ...({ spinDirection: [0, 1, 0], biasFieldAPerM: [0, 0, -6e4] } as const),
      ...{ barrierKT: 30, pulseS: 1e-9 },
    });
    const curve = reportCurve(await runCalibration({ parameters, points: 9, trials: 100, seed: 2, tailTrials: 0 }));
    const { points } = curve;
    // An independent program: 0.84 at 1.7 mA, 0.86 beyond; before it a peak where the pulse is half a precession long.
    expect(points.at(-1)!.probability).toBeGreaterThan(0.75);
    expect(points.at(-1)!.probability).toBeLessThan(0.95);
    expect(points.at(-1)!.currentA).toBeLessThan(8e-3);
    expect(curveWarnings(curve)[0]).toMatch(/NOT MONOTONE: P rises to 0\.[89]|NOT CERTAIN: P rises to 0\.[89]/);
  });

  it('of a perpendicular layer under spin-orbit torque and an in-plane field is computed, and named not monotone', async () => {
    const parameters = perpendicularMtj({
      ...({ torque: 'spin-hall', spinDirection: [0, 1, 0], biasFieldAPerM: [40e3, 0, 0], pulseS: 1e-9 } as const),
      ...{ barrierKT: 40, damping: 0.1, heavyMetalWidthM: 100e-9 },
    });
    const curve = reportCurve(await runCalibration({ parameters, points: 13, trials: 200, seed: 2, tailTrials: 0 }));
    expect(curve.notMonotone).toBe(true);
    expect(Math.max(...curve.points.map((point) => point.probability))).toBeGreaterThan(0.9);
    expect(curve.points.at(-1)!.probability).toBeLessThan(0.5);
    expect(curveWarnings(curve)[0]).toMatch(/NOT MONOTONE: P rises to 0\.9[\s\S]*spike less often/);
    const { entries } = switchingTable(curve, calibrate(curve));
    expect(Math.max(...entries)).toBeGreaterThan(entries.at(-1)!);
  });
});

describe('what follows from the parameters', () => {
  it('heats, keeps and disturbs as by hand', () => {
    const parameters = spinHallMtj();
    const figures = deviceFigures(parameters, { writeA: 73e-6, resetA: 171e-6, resetS: 0.5e-9 });
    // I^2 R t with 1 kohm; 2e-23 m^3 of heavy metal and 3.8e-24 of free layer at 2.6e6 J/(m^3 K).
    expect(figures.write.energyJ).toBeCloseTo(73e-6 ** 2 * 1000 * 0.5e-9, 20);
    expect(figures.write.adiabaticK).toBeCloseTo(2.6645e-15 / (2.6e6 * 2.377e-23), 0);
    expect(figures.write.withOxideK).toBeGreaterThan(4);
    expect(figures.write.withOxideK).toBeLessThan(9);
    expect(figures.retentionS).toBeCloseTo(1e-9 * Math.exp(20), 6);
    expect(readDisturb(parameters, 0, 0.5e-9)).toBeCloseTo(0.5 * Math.exp(-20), 12);
    expect(readDisturb(parameters, 1e-3, 0.5e-9)).toBeCloseTo(1 - Math.exp(-0.5), 6);
  });

  it('loses TMR when hot', () => {
    expect(tmrAt(1, 300, 1100)).toBeCloseTo(1, 12);
    expect(tmrAt(1, 400, undefined)).toBe(1);
    // P^2 = 1/3 at 300 K, times (0.7808/0.8576)^2.
    const square = (1 / 3) * ((1 - (400 / 1100) ** 1.5) / (1 - (300 / 1100) ** 1.5)) ** 2;
    expect(tmrAt(1, 400, 1100)).toBeCloseTo((2 * square) / (1 - square), 12);
  });
});
