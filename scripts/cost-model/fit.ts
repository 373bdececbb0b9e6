/** Prices from measurements: relative least squares with prices that are not negative. */
import { type Term, type Terms, termNames } from '../../src/core/index.ts';

export interface Sample {
  readonly name: string;
  readonly terms: Terms;
  readonly luts: number;
}

/** A price for a term that no sample has, and a weak pull towards it where the samples say little. */
export type Prior = Readonly<Record<Term, number>>;

/**
 * Minimises sum ((prediction - luts) / luts)^2 + pull * sum ((price - prior) / prior)^2 over prices >= 0, by going round the
 * coordinates, each set to its best: the problem is convex.
 */
export function fitPrices(samples: readonly Sample[], prior: Prior, pull: number): Record<Term, number> {
  const rows = samples.map(({ terms, luts }) => termNames.map((term) => (terms[term] ?? 0) / luts));
  const prices = termNames.map((term) => prior[term]);
  const residuals = rows.map((row) => row.reduce((sum, value, i) => sum + value * prices[i]!, 0) - 1);
  for (let round = 0; round < 20_000; round++) {
    let moved = 0;
    for (let term = 0; term < prices.length; term++) {
      const weight = pull / prior[termNames[term]!] ** 2;
      let gradient = weight * (prices[term]! - prior[termNames[term]!]);
      let curvature = weight;
      rows.forEach((row, i) => {
        gradient += row[term]! * residuals[i]!;
        curvature += row[term]! ** 2;
      });
      const next = Math.max(0, prices[term]! - gradient / curvature);
      const step = next - prices[term]!;
      prices[term] = next;
      rows.forEach((row, i) => {
        residuals[i]! += row[term]! * step;
      });
      moved = Math.max(moved, Math.abs(step) / prior[termNames[term]!]);
    }
    if (moved < 1e-7) break;
  }
  return Object.fromEntries(termNames.map((term, i) => [term, round3(prices[i]!)])) as Record<Term, number>;
}

function round3(value: number): number {
  return Number(value.toPrecision(3));
}

export interface FitError {
  readonly cores: number;
  readonly median: number;
  readonly largest: number;
  /** The core with the largest error. */
  readonly worst: string;
}

export function fitError(samples: readonly Sample[], prices: Readonly<Record<Term, number>>): FitError {
  const errors = samples
    .map(({ name, terms, luts }) => {
      const predicted = termNames.reduce((sum, term) => sum + (terms[term] ?? 0) * prices[term], 0);
      return { name, error: Math.abs(predicted - luts) / luts };
    })
    .sort((a, b) => a.error - b.error);
  const largest = errors.at(-1);
  return {
    cores: errors.length,
    median: errors[Math.floor(errors.length / 2)]?.error ?? 0,
    largest: largest?.error ?? 0,
    worst: largest?.name ?? '',
  };
}
