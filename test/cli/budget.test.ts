import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import { exploreDesign, withBudget } from '../../src/cli/budget.ts';

const design = { ...digits, options: { timeSteps: 4, maxTimeSteps: 8, timeLanes: 2 } };

describe('budget of the command line', () => {
  it('takes room and clock from the board', () => {
    const { fit, family } = withBudget(design, { fit: 'icebreaker', fps: 1000 }).options;
    expect(fit).toEqual({ luts: 4593, rams: 30, cyclesPerImage: 20_250 });
    expect(family).toBe('ice40');
  });

  it('takes the stricter of two wishes', () => {
    const { fit } = withBudget(design, { fit: 'icebreaker', luts: 3000, rams: 99, fps: 10, mhz: 1, cycles: 7 }).options;
    expect(fit).toEqual({ luts: 3000, rams: 30, cyclesPerImage: 7 });
  });

  it('refuses a rate without a clock, a clock without a rate, and another family than the board', () => {
    expect(() => withBudget(design, { fps: 1000 })).toThrow(/--fps wants a clock/);
    expect(() => withBudget(design, { mhz: 20 })).toThrow(/--mhz alone says nothing/);
    expect(() => withBudget(design, { fps: 1e9, mhz: 1 })).toThrow(/--fps is more than the clock/);
    expect(() => withBudget(design, { fit: 'hx8k', family: 'ecp5' })).toThrow(/--family is not that of the board/);
  });

  it('marks in the table what the budget takes, and keeps a latency', () => {
    const { json, text } = exploreDesign(withBudget(design, { latency: 30_000, luts: 5000 }));
    const chosen = (
      json as { candidates: { chosen: boolean; latencyCycles: number; luts: number }[] }
    ).candidates.filter((candidate) => candidate.chosen);
    expect(chosen).toHaveLength(1);
    expect(chosen[0]!.latencyCycles).toBeLessThanOrEqual(30_000);
    expect(chosen[0]!.luts).toBeLessThanOrEqual(5000);
    expect(text).toContain('>: what the budget takes');
  });

  it('names the nearest when nothing fits', () => {
    expect(() => exploreDesign(withBudget(design, { luts: 100 }))).toThrow(/nearest: \d+ LUTs/);
  });
});
