import { describe, expect, it } from 'vitest';
import { normalDistribution, upperGamma } from '../../src/device/interval.ts';
import { fillGaussians, nextUniform, nextWord, randomKey, startTrial } from '../../src/device/random.ts';

/** Where the ziggurat leaves its layers for the tail. */
const tailStart = 3.654152885361009;

function gaussians(seed: number, count: number): Float64Array {
  const state = new Int32Array(4);
  startTrial(state, randomKey(seed, 0), 0);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1000) fillGaussians(values.subarray(i, i + 1000), 1000, state);
  return values;
}

describe('random numbers', () => {
  it('give Gaussians: chi-square over 200 equally likely cells, and the tail beyond 3.65', () => {
    const count = 1_000_000;
    const cells = new Float64Array(200);
    const seed = 11;
    const values = gaussians(seed, count);
    let [tail, beyond] = [0, 0];
    for (const value of values) {
      // A table of the distribution would hide its errors: compute each value's.
      cells[Math.min(199, Math.floor(fastNormal(value) * 200))]! += 1;
      if (Math.abs(value) > tailStart) {
        tail += 1;
        beyond += Math.abs(value) - tailStart;
      }
    }
    const expected = count / 200;
    const chiSquare = cells.reduce((sum, cell) => sum + (cell - expected) ** 2 / expected, 0);
    expect(upperGamma(199 / 2, chiSquare / 2), `seed ${seed}, chi-square ${chiSquare}`).toBeGreaterThan(1e-4);
    const tailExpected = count * 2 * (1 - normalDistribution(tailStart));
    expect(Math.abs(tail - tailExpected), `seed ${seed}: ${tail} of ${tailExpected}`).toBeLessThan(
      4 * Math.sqrt(tailExpected),
    );
    // Mean excess of a Gaussian beyond r: density / tail - r; nearly exponential, so its deviation is about as large.
    const density = Math.exp((-tailStart * tailStart) / 2) / Math.sqrt(2 * Math.PI);
    const excess = density / (1 - normalDistribution(tailStart)) - tailStart;
    expect(Math.abs(beyond / tail - excess), `seed ${seed}`).toBeLessThan((4 * excess) / Math.sqrt(tail));
  });

  it('have the moments and no serial correlation', () => {
    const seed = 12;
    const values = gaussians(seed, 1_000_000);
    let [mean, square, fourth, serial] = [0, 0, 0, 0];
    for (let i = 0; i < values.length; i += 1) {
      const v = values[i]!;
      mean += v;
      square += v * v;
      fourth += v ** 4;
      if (i > 0) serial += v * values[i - 1]!;
    }
    expect(Math.abs(mean / 1e6), `seed ${seed}`).toBeLessThan(4e-3);
    expect(Math.abs(square / 1e6 - 1), `seed ${seed}`).toBeLessThan(4 * Math.sqrt(2) * 1e-3);
    expect(Math.abs(fourth / 1e6 - 3), `seed ${seed}`).toBeLessThan(4 * Math.sqrt(96) * 1e-3);
    expect(Math.abs(serial / 1e6), `seed ${seed}`).toBeLessThan(4e-3);
  });

  it('differ between seeds, drives and trials, and repeat', () => {
    const first = (seed: number, drive: number, trial: number) => {
      const state = new Int32Array(4);
      startTrial(state, randomKey(seed, drive), trial);
      return [nextWord(state), nextWord(state)].join();
    };
    const seen = new Set<string>();
    for (let seed = 0; seed < 10; seed += 1) {
      for (const drive of [0, 1e-6, 1.0000001e-6, 2e-6]) {
        for (let trial = 0; trial < 100; trial += 1) seen.add(first(seed, drive, trial));
      }
    }
    expect(seen.size).toBe(4000);
    expect(first(3, 1e-6, 7)).toBe(first(3, 1e-6, 7));
  });

  it('are uncorrelated between neighbouring trials', () => {
    const state = new Int32Array(4);
    const key = randomKey(5, 7e-5);
    let sum = 0;
    let before = 0;
    for (let trial = 0; trial < 100_000; trial += 1) {
      startTrial(state, key, trial);
      const now = nextUniform(state) - 0.5;
      sum += 12 * now * before;
      before = now;
    }
    expect(Math.abs(sum / 100_000)).toBeLessThan(4 / Math.sqrt(100_000));
  });
});

/** Abramowitz and Stegun 26.2.17 is too coarse for a million samples: integrate the density from the nearest of 4001 nodes. */
const nodes = Array.from({ length: 4001 }, (_, i) => normalDistribution(-8 + i / 250));
function fastNormal(x: number): number {
  const i = Math.min(Math.max(Math.round((x + 8) * 250), 0), 4000);
  const from = -8 + i / 250;
  const middle = (from + x) / 2;
  return nodes[i]! + ((x - from) * Math.exp((-middle * middle) / 2)) / Math.sqrt(2 * Math.PI);
}
