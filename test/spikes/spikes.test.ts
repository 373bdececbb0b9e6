import { beforeAll, describe, expect, it } from 'vitest';
import { jump, nextWord } from '../../src/golden/stream.ts';
import { neuronOf } from '../plan-parts.ts';
import { drives } from './drives.ts';
import { type BenchRun, drawsOf, referencePlan, runBench } from './simulate.ts';
import { checkBands, checkCorrelations, lagStatistics, tail } from './statistics.ts';

const plan = referencePlan();
// The first layer gets 110,592 samples under each drive, each lane 27,648; `npm run regress` gives every source as many.
const passes = 8;
let run: BenchRun;

beforeAll(async () => {
  run = await runBench(plan, drives, passes);
}, 300_000);

describe('spikes of the emitted Verilog', () => {
  it.each(['first layer', 'second layer', 'encoder'] as const)('follow the curve: %s', (source) => {
    const report = checkBands(run, source);
    expect(report.counts).toBe(66 * 5);
    expect(report.outside).toEqual([]);
  });

  it('number at least 100,000 for each of 64 potentials', () => {
    expect(drawsOf(plan)[0]! * plan.timeSteps.lanes * passes).toBeGreaterThanOrEqual(100_000);
    expect(new Set(run.groups.map(({ drive }) => drive.address)).size).toBeGreaterThanOrEqual(64);
  });

  it('never come where the probability is 0, always where it is 1', () => {
    const encoder = (group: number) => run.groups[group]!.counts.filter(({ series }) => series.source === 'encoder');
    for (const { spikes } of encoder(0)) expect(spikes).toBe(0);
    for (const { spikes, draws } of encoder(drives.length - 1)) expect(spikes).toBe(draws);
  });

  it('depend neither on earlier spikes nor on those of other lanes or layers, up to 64 draws away', () => {
    const statistics = lagStatistics(run).filter(({ kind }) => !kind.startsWith('one bit a word'));
    expect(new Set(statistics.map(({ kind }) => kind)).size).toBe(9);
    const report = checkCorrelations(statistics);
    expect(report.above).toEqual([]);
    expect(report.chiSquareChance).toBeGreaterThan(1e-3);
    // Sound spikes would fail this in one run of seventeen: seeds are fixed.
    expect(report.falseAlarm).toBeLessThan(0.06);
  });

  it('are drawn with the words of the plan', () => {
    const stream = neuronOf(plan.layers[0]).stream;
    const expected: number[] = [];
    for (let pass = 0; pass < passes; pass += 1) {
      const timeStep = pass * plan.timeSteps.lanes;
      let state = jump(stream.seed, stream, BigInt(timeStep * stream.wordsPerTimeStep));
      for (let i = 0; i < stream.wordsPerTimeStep; i += 1) {
        expected.push(state & 0xffff);
        state = nextWord(state, stream);
      }
    }
    expect([...run.words]).toEqual(expected);
  });
});

describe('the tests themselves', () => {
  it('fail an LFSR that moves one bit a word, by its serial correlation', () => {
    const statistics = lagStatistics(run).filter(({ kind }) => kind === 'one bit a word, same lane');
    const report = checkCorrelations(statistics);
    expect(report.above.map(({ lag }) => lag)).toEqual(expect.arrayContaining([1, 2, 3, 4]));
    expect(report.largest).toMatchObject({ lag: 1 });
    expect(report.largest.correlation).toBeGreaterThan(0.3);
    expect(report.chiSquareChance).toBeLessThan(1e-6);
    // Its counts scatter too widely as well.
    expect(checkBands(run, 'one bit a word').outside.length).toBeGreaterThan(0);
  });

  it('fail a table whose steepest code is off by one in twenty', () => {
    const wrong = {
      ...run,
      groups: run.groups.map((group) => ({
        ...group,
        counts: group.counts.map((count) => ({ ...count, probability: Math.min(1, count.probability * 1.05) })),
      })),
    };
    expect(checkBands(wrong, 'first layer').outside.length).toBeGreaterThan(10);
  });

  it('fail lanes that share their words', () => {
    const copied = {
      ...run,
      groups: run.groups.map((group) => ({
        ...group,
        coincidences: group.coincidences.map((pair) =>
          pair.first === 0 && pair.second === 1 && pair.lag === 0
            ? { ...pair, both: pair.ofFirst, ofSecond: pair.ofFirst }
            : pair,
        ),
      })),
    };
    const { above } = checkCorrelations(lagStatistics(copied));
    expect(above).toContainEqual(expect.objectContaining({ kind: 'first layer, lane with lane', lag: 0 }));
  });

  it('know the tails of a binomial', () => {
    // Ten draws of probability 0.3: P(X >= 7) = 0.010592..., P(X <= 0) = 0.7^10.
    expect(tail({ draws: 10, spikes: 7, probability: 0.3 })).toBeCloseTo(0.0105920784, 9);
    expect(tail({ draws: 10, spikes: 0, probability: 0.3 })).toBeCloseTo(0.7 ** 10, 12);
    expect(tail({ draws: 10, spikes: 1, probability: 0 })).toBe(0);
    expect(tail({ draws: 10, spikes: 9, probability: 1 })).toBe(0);
  });
});
