import { describe, expect, it } from 'vitest';
import { clopperPearson, pointInterval, wilson } from '../../src/device/index.ts';
import { incompleteBeta, logGamma, normalDistribution, normalQuantile, upperGamma } from '../../src/device/interval.ts';

describe('special functions', () => {
  it('have their known values', () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    expect(normalDistribution(1.959963984540054)).toBeCloseTo(0.975, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 9);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 9);
    // Chi-square with 10 degrees of freedom: 18.307 is its 95th percentile.
    expect(upperGamma(5, 18.307038053275146 / 2)).toBeCloseTo(0.05, 10);
    // I_x(a, 1) = x^a, and the sum of a binomial tail.
    expect(incompleteBeta(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 13);
    expect(incompleteBeta(0.5, 3, 3)).toBeCloseTo(0.5, 13);
    const tail = [3, 4, 5].reduce((sum, k) => sum + [0, 0, 0, 10, 5, 1][k]! * 0.2 ** k * 0.8 ** (5 - k), 0);
    expect(incompleteBeta(0.2, 3, 3)).toBeCloseTo(tail, 13);
  });
});

describe('confidence intervals', () => {
  it('have their textbook values', () => {
    expect(wilson(5, 10).low).toBeCloseTo(0.236593, 5);
    expect(wilson(5, 10).high).toBeCloseTo(0.763407, 5);
    expect(clopperPearson(5, 10).low).toBeCloseTo(0.187086, 5);
    expect(clopperPearson(5, 10).high).toBeCloseTo(0.812914, 5);
    // The rule of three: no event in n trials, one-sided 97.5 % here.
    expect(clopperPearson(0, 100).high).toBeCloseTo(1 - 0.025 ** (1 / 100), 9);
    expect(clopperPearson(0, 100).low).toBe(0);
    expect(wilson(0, 100).low).toBe(0);
    expect(wilson(100, 100).high).toBe(1);
  });

  it('cover: Clopper and Pearson at least 95 % everywhere, Wilson about 95 %', () => {
    const n = 40;
    const exact = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n));
    const score = Array.from({ length: n + 1 }, (_, k) => wilson(k, n));
    let mean = 0;
    for (let i = 1; i < 200; i += 1) {
      const p = i / 200;
      let [ce, cs] = [0, 0];
      for (let k = 0; k <= n; k += 1) {
        const weight = Math.exp(
          logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p),
        );
        if (exact[k]!.low <= p && p <= exact[k]!.high) ce += weight;
        if (score[k]!.low <= p && p <= score[k]!.high) cs += weight;
      }
      expect(ce, `p = ${p}`).toBeGreaterThanOrEqual(0.95 - 1e-9);
      mean += cs / 199;
    }
    expect(mean).toBeGreaterThan(0.945);
    expect(mean).toBeLessThan(0.96);
  });

  it('belong to a measured point, from its trials or its standard error', () => {
    expect(pointInterval({ probability: 0.5, trials: 10, stderr: 9 })).toEqual(wilson(5, 10));
    expect(pointInterval({ probability: 0.98, stderr: 0.02 })).toEqual({ low: expect.closeTo(0.9408, 4), high: 1 });
    expect(pointInterval({ probability: 0.5 })).toBeUndefined();
  });

  it('refuse impossible counts', () => {
    expect(() => wilson(5, 4)).toThrow(/5 of 4/);
    expect(() => clopperPearson(1, 4, 1)).toThrow(/confidence/);
  });
});
