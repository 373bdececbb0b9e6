import { describe, expect, it } from 'vitest';
import { lfsrStep, multiply, power } from '../../src/plan/maker/gf2.ts';
import { firstTaps, isPrimitive, planStreams, primitiveTaps, streamLeap } from '../../src/plan/maker/streams.ts';

describe('streams', () => {
  it('proves the period of known polynomials', () => {
    // x^32 + x^22 + x^2 + x + 1 is in every table of primitive polynomials; x^32 + x + 1 is reducible.
    expect(isPrimitive([0, 1, 2, 22])).toBe(true);
    expect(isPrimitive([0, 1])).toBe(false);
    expect(isPrimitive([0, 4, 8, 16])).toBe(false);
  });

  it('finds different primitive polynomials whose taps leave room for the leap', () => {
    const found = primitiveTaps(24);
    expect(found).toHaveLength(24);
    expect(found[0]).toEqual(firstTaps);
    expect(new Set(found.map(String)).size).toBe(24);
    for (const taps of found) {
      expect(isPrimitive(taps)).toBe(true);
      expect(Math.max(...taps)).toBeLessThanOrEqual(32 - streamLeap);
    }
  });

  it('gives each stream its own polynomial and a seed that is not zero', () => {
    const streams = planStreams([784, 3456, 768], 7);
    expect(new Set(streams.map((stream) => String(stream.taps))).size).toBe(3);
    for (const stream of streams) expect(stream.seed).toBeGreaterThan(0);
    expect(planStreams([784, 3456, 768], 7)).toEqual(streams);
    expect(planStreams([784, 3456, 768], 8)).not.toEqual(streams);
  });

  it('raises matrices to powers as repeated multiplication does', () => {
    const step = lfsrStep(32, [0, 2, 3, 9]);
    let product = step;
    for (let i = 1; i < 37; i++) product = multiply(step, product);
    expect(power(step, 37n)).toEqual(product);
  });
});
