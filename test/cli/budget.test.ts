import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import { exploreDesign, withBudget } from '../../src/app/index.ts';
import { showExploration } from '../../src/cli/show/explore.ts';
import { knownBoard } from '../../src/flow/index.ts';

const design = { ...digits, options: { timeSteps: 4, maxTimeSteps: 8, timeLanes: 2 } };

describe('budget of the command line', () => {
  it('takes room and clock from the board', () => {
    const { fit, family } = withBudget(design, { fit: knownBoard('icebreaker'), fps: 1000 }).options;
    expect(fit).toEqual({ luts: 3624, rams: 30, cyclesPerImage: 20_250 });
    expect(family).toBe('ice40');
  });

  it('takes the stricter of two wishes', () => {
    const { fit } = withBudget(design, {
      fit: knownBoard('icebreaker'),
      luts: 3000,
      rams: 99,
      fps: 10,
      mhz: 1,
      cycles: 7,
    }).options;
    expect(fit).toEqual({ luts: 3000, rams: 30, cyclesPerImage: 7 });
  });

  it('refuses a rate without a clock, a clock without a rate, and another family than the board', () => {
    expect(() => withBudget(design, { fps: 1000 })).toThrow(/--fps wants a clock/);
    expect(() => withBudget(design, { mhz: 20 })).toThrow(/--mhz alone says nothing/);
    expect(() => withBudget(design, { fps: 1e9, mhz: 1 })).toThrow(/--fps is more than the clock/);
    expect(() => withBudget(design, { fit: knownBoard('hx8k'), family: 'ecp5' })).toThrow(
      /--family is not that of the board/,
    );
  });

  it('marks in the table what the budget takes, and keeps a latency', () => {
    const { json, text } = showExploration(exploreDesign(withBudget(design, { latency: 30_000, luts: 5000 })));
    const chosen = json.candidates.filter((candidate) => candidate.chosen);
    expect(chosen).toHaveLength(1);
    expect(chosen[0]!.latencyCycles).toBeLessThanOrEqual(30_000);
    expect(chosen[0]!.luts).toBeLessThanOrEqual(5000);
    expect(text).toContain('>: what the budget takes');
  });

  it('leaves out of the table what gains little, and says so; not out of the JSON', () => {
    const { json, text } = showExploration(exploreDesign(withBudget(design, {})));
    const { candidates } = json;
    const [, shown, all] = /^(\d+) of (\d+): the others gain little/m.exec(text)!.map(Number);
    expect(all).toBe(candidates.length);
    expect(shown).toBeLessThan(candidates.length);
    const rows = text.split('\n').filter((line) => /^ +\d+ /.test(line));
    expect(rows).toHaveLength(shown!);
    // The fastest, and the one of the fewest LUTs, are there, or one that is next to them.
    const luts = rows.map((row) => Number(row.trim().split(/ +/)[2]));
    const cycles = rows.map((row) => Number(row.trim().split(/ +/)[0]));
    const least = (of: 'cyclesPerImage' | 'luts') => Math.min(...candidates.map((one) => one[of]));
    expect(Math.min(...luts)).toBeLessThanOrEqual(1.05 * least('luts'));
    expect(Math.min(...cycles)).toBeLessThanOrEqual(1.05 * least('cyclesPerImage'));
  });

  it('names the nearest when nothing fits', () => {
    expect(() => exploreDesign(withBudget(design, { luts: 100 }))).toThrow(/nearest: \d+ LUTs/);
  });
});
