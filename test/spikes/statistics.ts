/**
 * What is asked of spikes. Two families of tests, each with its chance of failing sound spikes stated:
 * - counts: every count of every series under every drive lies between the exact binomial quantiles of its probability, the tails so small
 *   (Bonferroni) that all of them together fail sound spikes in at most one run of a thousand;
 * - correlations: for each lag, and each kind of pair, the covariances of all pairs of that kind under all drives are added up, each
 *   divided by its standard deviation; the sum, divided by its own, must stay below 4. A correlation of either sign that lanes
 *   have in common grows with the number of pairs, chance does not.
 */
import { incompleteBeta, upperGamma } from '../../src/device/interval.ts';
import type { Source } from './bench-core.ts';
import { allSeries, type BenchRun, type SpikeCount } from './simulate.ts';

/** At most this chance that sound spikes leave some band. */
export const bandRisk = 1e-3;
export const sigmaLimit = 4;
/** Under a drive that makes fewer coincidences than this (or fewer common silences) a covariance is far from normal: left out. */
const leastExpected = 10;

/** Chance of a count at least as far out on its side as this one, under its probability. */
export function tail({ draws, spikes, probability }: Pick<SpikeCount, 'draws' | 'spikes' | 'probability'>): number {
  if (probability === 0) return spikes === 0 ? 1 : 0;
  if (probability === 1) return spikes === draws ? 1 : 0;
  const atLeast = spikes === 0 ? 1 : incompleteBeta(probability, spikes, draws - spikes + 1);
  const atMost = spikes === draws ? 1 : 1 - incompleteBeta(probability, spikes + 1, draws - spikes);
  return Math.min(atLeast, atMost);
}

export interface BandReport {
  readonly counts: number;
  readonly outside: readonly SpikeCount[];
  /** Chance of the most unlikely count among so many. */
  readonly familyChance: number;
}

/** Counts of the given source: each lane by itself, and all lanes together. */
export function checkBands(run: BenchRun, source: Source): BandReport {
  const counts = run.groups.flatMap((group) => {
    const lanes = group.counts.filter(({ series }) => series.source === source);
    const sum = (key: 'draws' | 'spikes') => lanes.reduce((total, lane) => total + lane[key], 0);
    return [...lanes, { ...lanes[0]!, draws: sum('draws'), spikes: sum('spikes') }];
  });
  const tails = counts.map(tail);
  const limit = bandRisk / (2 * counts.length);
  return {
    counts: counts.length,
    outside: counts.filter((_, i) => tails[i]! < limit),
    familyChance: Math.min(1, 2 * counts.length * Math.min(...tails)),
  };
}

/** Covariances of all pairs of one kind at one lag, added up. */
export interface LagStatistic {
  readonly kind: string;
  readonly lag: number;
  /** In standard deviations. */
  readonly sigma: number;
  /** Mean correlation coefficient, weighted by draws. */
  readonly correlation: number;
  readonly draws: number;
}

/** Kinds: `A, same lane` (serial), `A, lane with lane`, `A with B`; `lag` is how much later the second of them is. */
export function lagStatistics(run: BenchRun): LagStatistic[] {
  const sums = new Map<string, { kind: string; lag: number; sum: number; draws: number }>();
  for (const { counts, coincidences } of run.groups) {
    for (const { first, second, lag, draws, both, ofFirst, ofSecond } of coincidences) {
      const p = counts[first]!.probability;
      const q = counts[second]!.probability;
      if (draws * Math.min(p * q, (1 - p) * (1 - q)) < leastExpected) continue;
      const kind = kindOf(first, second);
      const key = `${kind} ${lag}`;
      const entry = sums.get(key) ?? { kind, lag, sum: 0, draws: 0 };
      entry.sum += (both - q * ofFirst - p * ofSecond + draws * p * q) / Math.sqrt(p * (1 - p) * q * (1 - q));
      entry.draws += draws;
      sums.set(key, entry);
    }
  }
  return [...sums.values()].map(({ kind, lag, sum, draws }) => ({
    kind,
    lag,
    sigma: sum / Math.sqrt(draws),
    correlation: sum / draws,
    draws,
  }));
}

function kindOf(first: number, second: number): string {
  const [a, b] = [allSeries[first]!, allSeries[second]!];
  if (first === second) return `${a.source}, same lane`;
  return a.source === b.source ? `${a.source}, lane with lane` : `${a.source} with ${b.source}`;
}

export interface CorrelationReport {
  readonly statistics: number;
  readonly above: readonly LagStatistic[];
  readonly largest: LagStatistic;
  /** Chance that sound spikes have a statistic above the limit, when statistics are independent; an upper bound otherwise. */
  readonly falseAlarm: number;
  /** Chance of the sum of all squares, which many small correlations would raise. */
  readonly chiSquareChance: number;
}

export function checkCorrelations(statistics: readonly LagStatistic[]): CorrelationReport {
  const largest = statistics.reduce((a, b) => (Math.abs(b.sigma) > Math.abs(a.sigma) ? b : a));
  const squares = statistics.reduce((sum, { sigma }) => sum + sigma * sigma, 0);
  const single = upperGamma(0.5, (sigmaLimit * sigmaLimit) / 2);
  return {
    statistics: statistics.length,
    above: statistics.filter(({ sigma }) => Math.abs(sigma) >= sigmaLimit),
    largest,
    falseAlarm: 1 - (1 - single) ** statistics.length,
    chiSquareChance: upperGamma(statistics.length / 2, squares / 2),
  };
}
