import { beforeAll, describe, expect, it } from 'vitest';
import { drives, passesFor } from './drives.ts';
import { type BenchRun, drawsOf, referencePlan, runBench } from './simulate.ts';
import { checkBands, checkCorrelations, lagStatistics } from './statistics.ts';

describe('spikes of the emitted Verilog, at least 100,000 under each drive from every source', () => {
  const plan = referencePlan();
  const draws = drawsOf(plan);
  const passes = passesFor(100_000, Math.min(...draws), plan.timeSteps.lanes);
  let run: BenchRun;

  beforeAll(async () => {
    run = await runBench(plan, drives, passes);
  }, 900_000);

  it.each(['first layer', 'second layer', 'encoder'] as const)('follow the curve: %s', (source) => {
    const report = checkBands(run, source);
    console.log(
      `${source}: ${report.counts} counts, family-wise chance of the most unlikely ${report.familyChance.toFixed(3)}`,
    );
    expect(report.outside).toEqual([]);
  });

  it('depend neither on earlier spikes nor on those of other lanes or layers', () => {
    const statistics = lagStatistics(run).filter(({ kind }) => !kind.startsWith('one bit a word'));
    for (const kind of new Set(statistics.map((one) => one.kind))) {
      const { largest, chiSquareChance } = checkCorrelations(statistics.filter((one) => one.kind === kind));
      console.log(
        `${kind}: largest ${largest.sigma.toFixed(2)} sigma at lag ${largest.lag} (correlation ` +
          `${largest.correlation.toExponential(1)}), chi-square chance ${chiSquareChance.toFixed(3)}`,
      );
    }
    const report = checkCorrelations(statistics);
    expect(report.above).toEqual([]);
    expect(report.chiSquareChance).toBeGreaterThan(1e-3);
  });
});
