import { describe, expect, it } from 'vitest';
import {
  calibrate,
  checkSampling,
  correlationTimeS,
  neelArrhenius,
  readDwellFile,
  sampleTelegraph,
  spikeShare,
  telegraphCurve,
} from '../../src/device/index.ts';

const drives = Array.from({ length: 21 }, (_, i) => (i - 10) * 1e-6);
const dwells = neelArrhenius(drives, { attemptS: 1e-9, barrierKT: 6, scale: 20e-6 });
const about = { name: 'superparamagnet', unit: 'A' as const, source: 'test' };

describe('a telegraphic device', () => {
  it('has the stationary law (1 + tanh) / 2', () => {
    const curve = telegraphCurve(dwells, about);
    for (const { currentA, probability } of curve.points) {
      expect(probability).toBeCloseTo((1 + Math.tanh((6 * currentA) / 20e-6)) / 2, 12);
    }
    const fit = calibrate(curve);
    expect(fit.slopeA).toBeCloseTo(20e-6 / 12, 10);
    expect(Math.abs(fit.i50A)).toBeLessThan(1e-11);
  });

  it('spikes with that share, correlated as exp(-interval / correlation time)', () => {
    const point = dwells[11]!;
    const seed = 17;
    for (const ratio of [0.5, 1, 4]) {
      const samples = 200_000;
      const spikes = sampleTelegraph(point, { intervalS: ratio * correlationTimeS(point), samples, seed });
      const share = spikeShare(point);
      const mean = spikes.reduce((sum, spike) => sum + spike, 0) / samples;
      const spread = Math.sqrt(((share * (1 - share)) / samples) * ((1 + Math.exp(-ratio)) / (1 - Math.exp(-ratio))));
      expect(Math.abs(mean - share), `seed ${seed}, ratio ${ratio}`).toBeLessThan(4 * spread);
      let serial = 0;
      for (let i = 1; i < samples; i += 1) serial += (spikes[i]! - share) * (spikes[i - 1]! - share);
      expect(serial / samples / (share * (1 - share)), `seed ${seed}, ratio ${ratio}`).toBeCloseTo(
        Math.exp(-ratio),
        1.7,
      );
    }
  });

  it('is not sampled faster than it forgets', () => {
    const slowest = dwells[10]!;
    const check = checkSampling(dwells, 5 * correlationTimeS(slowest));
    expect(check.atDrive).toBe(0);
    expect(check.serialCorrelation).toBeCloseTo(Math.exp(-5), 9);
    expect(() => checkSampling(dwells, 2 * correlationTimeS(slowest))).toThrow(
      /faster than it forgets[\s\S]*serial correlation 0\.135[\s\S]*4 correlation times/,
    );
  });

  it('is read from dwell times', () => {
    const { unit, points } = readDwellFile('V_bias (mV),tau_P (us),tau_AP (ns)\n100,2,500\n200,1,1000\n', 'dwell.csv', {
      columns: { voltage: 'V_bias (mV)' },
    });
    expect(unit).toBe('V');
    expect(points).toEqual([
      { drive: 0.1, silentS: 2e-6, spikeS: 0.5e-6 },
      { drive: 0.2, silentS: 1e-6, spikeS: 1e-6 },
    ]);
    expect(() => readDwellFile('V,tau_P\n1,1\n2,2\n', 'dwell.csv')).toThrow(/dwell times of both states/);
    expect(() => readDwellFile('V,tau_P (s),tau_AP (s)\n1,1,1\n2,0,2\n', 'dwell.csv')).toThrow(
      /positive[\s\S]*dwell\.csv:3/,
    );
    expect(() => telegraphCurve([{ drive: 0, silentS: -1, spikeS: 1 }], about)).toThrow(/must be positive/);
    expect(() => neelArrhenius([0], { attemptS: 0, barrierKT: 1, scale: 1 })).toThrow(/positive attempt time/);
  });
});
