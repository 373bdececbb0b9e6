import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulatorBounds, signedBits, splitBias, unsignedBits } from '../../src/plan/maker/widths.ts';

describe('widths', () => {
  it('counts bits', () => {
    expect([0, 1, 2, 3, 4, 255, 256].map(unsignedBits)).toEqual([1, 1, 2, 2, 3, 8, 9]);
    expect([signedBits(0, 0), signedBits(-1, 0), signedBits(0, 1), signedBits(-128, 127), signedBits(-129, 0)]).toEqual(
      [1, 1, 2, 8, 9],
    );
  });

  it('splits a bias into rows that fit and add up', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 1, maxLength: 8 }), (bias) => {
        const rows = splitBias(bias, 8);
        for (const row of rows) for (const value of row) expect(Math.abs(value + 0.5)).toBeLessThan(128);
        expect(bias.map((_, output) => rows.reduce((sum, row) => sum + row[output]!, 0))).toEqual(bias);
        if (bias.every((value) => value === 0)) expect(rows).toEqual([]);
      }),
    );
  });

  it('bounds every partial sum in any order', () => {
    const weights = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 12 });
    const inputs = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(weights, inputs, fc.integer({ min: -300, max: 300 }), (row, values, bias) => {
        const biasRows = splitBias([bias], 8);
        const { min, max } = accumulatorBounds([row], biasRows, 4, 1);
        let sum = 0;
        for (const term of [...row.map((weight, i) => weight * values[i]!), ...biasRows.map((r) => r[0]!)]) {
          sum += term;
          expect(sum).toBeGreaterThanOrEqual(min);
          expect(sum).toBeLessThanOrEqual(max);
        }
      }),
    );
  });
});
