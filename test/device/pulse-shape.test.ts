import { describe, expect, it } from 'vitest';
import { runTrials } from '../../src/device/macrospin.ts';
import { dampingTimeS, perpendicularMtj, pulseShape, spinHallMtj } from '../../src/device/parameters.ts';

const charge = (parameters: ReturnType<typeof spinHallMtj>) =>
  pulseShape(parameters).reduce((sum, { steps, share }) => sum + steps * share, 0) * parameters.stepS;

describe('a write pulse', () => {
  it('is a rectangle without edges', () => {
    expect(pulseShape(spinHallMtj())).toEqual([{ steps: 1000, share: 1 }]);
  });

  it('keeps its charge with edges, and is longer by one', () => {
    const parameters = spinHallMtj({ edgeS: 1e-10 });
    expect(charge(parameters)).toBeCloseTo(0.5e-9, 13);
    const steps = pulseShape(parameters).reduce((sum, part) => sum + part.steps, 0);
    expect(steps * parameters.stepS).toBeCloseTo(0.6e-9, 13);
    // A triangle, and an edge of less than sixteen steps.
    expect(charge(spinHallMtj({ edgeS: 0.5e-9 }))).toBeCloseTo(0.5e-9, 11);
    expect(charge(spinHallMtj({ edgeS: 3e-12 }))).toBeCloseTo(0.5e-9, 13);
  });

  it('has edges that are at most as long as itself', () => {
    expect(() => spinHallMtj({ edgeS: 0.6e-9 })).toThrow(/edges of the write pulse/);
  });

  it('switches otherwise with long edges', () => {
    const share = (edgeS: number) => {
      const block = { driveA: 72e-6, seed: 1, firstTrial: 0, trials: 400 };
      return runTrials({ ...block, parameters: spinHallMtj({ edgeS }) }).switched / 400;
    };
    expect(share(0)).toBeCloseTo(0.5, 1);
    expect(Math.abs(share(0.5e-9) - share(0))).toBeGreaterThan(0.05);
  });
});

describe('a voltage across the junction while it is written', () => {
  it('lowers the barrier of a perpendicular layer, or raises it', () => {
    const share = (vcmaFieldAPerM: number) => {
      const parameters = perpendicularMtj({ vcmaFieldAPerM });
      return runTrials({ parameters, driveA: 30e-6, seed: 3, firstTrial: 0, trials: 200 }).switched / 200;
    };
    const [lowered, plain, raised] = [share(-4e4), share(0), share(4e4)];
    expect(lowered!).toBeGreaterThan(plain! + 0.1);
    expect(raised!).toBeLessThan(plain! - 0.1);
  });

  it('gives the probability of an independent program that starts where temperature puts the layer', () => {
    // Implicit midpoint instead of Heun's scheme, start by the inverse of Boltzmann's law, 20,000 trials: 0.2903 +- 0.0032. Started from the bottom of the well and warmed for
    // 3 ns, hardly more than the damping time of 2.8 ns, the same program has 0.2600: too cold.
    const block = { driveA: 24e-6, seed: 5, firstTrial: 0, trials: 3000 };
    const found = runTrials({ ...block, parameters: perpendicularMtj({ vcmaFieldAPerM: -2e4 }) }).switched / 3000;
    expect(Math.abs(found - 0.2903)).toBeLessThan(0.025);
    expect(dampingTimeS(perpendicularMtj())).toBeCloseTo(2.8e-9, 10);
  });
});
