import { describe, expect, it } from 'vitest';
import { circularCylinder, ellipticCylinder, ellipticIntegrals } from '../../src/device/demagnetisation.ts';

describe('demagnetisation factors', () => {
  it('know the complete elliptic integrals', () => {
    // Abramowitz and Stegun, table 17.1.
    expect(ellipticIntegrals(0.5).k).toBeCloseTo(1.8540746773013719, 13);
    expect(ellipticIntegrals(0.5).e).toBeCloseTo(1.3506438810476755, 13);
    expect(ellipticIntegrals(0).k).toBeCloseTo(Math.PI / 2, 14);
  });

  it('agree with the published circular cylinder', () => {
    // Magnetometric factors of Chen, Brug and Goldfarb, IEEE Trans. Magn. 27 (1991) 3601, table I, chi = 0.
    for (const [aspect, factor] of [
      [0.01, 0.965],
      [0.1, 0.7967],
      [1, 0.3116],
      [10, 0.04119],
    ] as const) {
      expect(Math.abs(circularCylinder(aspect) - factor)).toBeLessThan(0.0001);
    }
  });

  it('sum to one and treat length and width alike', () => {
    for (const [a, b, t] of [
      [100, 40, 1.2],
      [50, 50, 3],
      [20, 80, 200],
    ] as const) {
      const n = ellipticCylinder(a * 1e-9, b * 1e-9, t * 1e-9);
      expect(n.x + n.y + n.z).toBeCloseTo(1, 12);
      const turned = ellipticCylinder(b * 1e-9, a * 1e-9, t * 1e-9);
      expect(turned.x).toBeCloseTo(n.y, 12);
      expect(turned.z).toBeCloseTo(n.z, 12);
    }
    const circle = ellipticCylinder(50e-9, 50e-9, 3e-9);
    expect(circle.z).toBeCloseTo(circularCylinder(3 / 50), 12);
    expect(circle.x).toBeCloseTo(circle.y, 12);
  });

  it('tend to b/(a+b) for a long elliptic cylinder', () => {
    const n = ellipticCylinder(30e-9, 10e-9, 10000e-9);
    expect(n.x).toBeCloseTo(0.25, 2);
    expect(n.y).toBeCloseTo(0.75, 2);
  });

  it('agree with the integral over the wave vector', () => {
    // N_zz = 1/(pi t) int dphi (1/s) int dq J1(q)^2/q^2 (1 - exp(-q s t)), by plain sums; J1 by its integral.
    const [a, b, t] = [50, 20, 4];
    const bessel = (q: number) => {
      let sum = 0;
      for (let i = 0; i < 120; i += 1) {
        const angle = (Math.PI * (i + 0.5)) / 120;
        sum += Math.cos(angle - q * Math.sin(angle));
      }
      return sum / 120;
    };
    const dq = 0.02;
    const square = Array.from({ length: 5000 }, (_, i) => (bessel((i + 0.5) * dq) / ((i + 0.5) * dq)) ** 2);
    let z = 0;
    for (let i = 0; i < 64; i += 1) {
      const angle = (2 * Math.PI * (i + 0.5)) / 64;
      const s = Math.hypot(Math.cos(angle) / a, Math.sin(angle) / b);
      let inner = 0;
      for (const [j, value] of square.entries()) inner += value * (1 - Math.exp(-(j + 0.5) * dq * s * t)) * dq;
      z += ((2 * Math.PI) / 64) * (inner / s);
    }
    expect(ellipticCylinder(2 * a, 2 * b, t).z).toBeCloseTo(z / (Math.PI * t), 3);
  });
});
