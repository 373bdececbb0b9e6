import { describe, expect, it } from 'vitest';
import { donathLength, estimateLayout } from '../../src/estimate/wires.ts';

describe("wires by Rent's rule", () => {
  it('are as long as the sum over the levels of the hierarchy', () => {
    const p = 0.65;
    const levels = 6;
    let [lengths, nets] = [0, 0];
    for (let level = 0; level < levels; level += 1) {
      const side = 2 ** level;
      // Between the quarters of a square of twice the side; how many there are falls as Rent says.
      const length = (14 / 9) * side - 2 / (9 * side);
      const count = 4 ** (levels - level) * 4 ** (level * p);
      lengths += count * length;
      nets += count;
    }
    expect(donathLength(4 ** levels, p) / (lengths / nets)).toBeCloseTo(1, 6);
  });

  it('grow with the cells', () => {
    const of = (cells: number) =>
      estimateLayout({
        cells,
        areaM2: cells * 3.4e-12,
        flipFlops: cells / 8,
        clockPinF: 8e-15,
        activity: 0.13,
        volts: 1.1,
        hertz: 1e8,
      });
    // An ideal clock is charged for no pin: the tree is.
    const tree = (clockPinF: number | undefined) =>
      estimateLayout({ cells: 1000, areaM2: 1e-9, flipFlops: 500, clockPinF, activity: 0.1, volts: 1.1, hertz: 1e8 })
        .clockTreeW.low;
    expect(tree(8e-15) - tree(1e-15)).toBeCloseTo(500 * 7e-15 * 1.21 * 1e8, 9);
    expect(tree(undefined)).toBeGreaterThan(tree(1e-15));
    const found = of(18_363);
    expect(found.connectionM.high).toBeGreaterThan(of(1000).connectionM.high);
    // 3 to 20 um: what placed blocks of this size have.
    expect(found.connectionM.low * 1e6).toBeGreaterThan(3);
    expect(found.connectionM.high * 1e6).toBeLessThan(25);
  });
});
