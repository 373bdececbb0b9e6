/** How often a cell with several outputs is taken to toggle. */
import { expect, it } from 'vitest';
import { meanToggles } from '../../src/estimate/gated-clocks.ts';
import type { Activity } from '../../src/sim/index.ts';

it('a full adder toggles as often as its sum and its carry in the mean', () => {
  const bit = (toggles: number) => [{ toggles, high: 0, changes: toggles }];
  const signals = new Map([
    ['tree/a1/YC', bit(20)],
    ['tree/a1/YS', bit(34)],
    ['tree/and/Y', bit(7)],
  ]);
  const activity: Activity = { cycles: 100, images: 1, netlistHash: '', cached: false, signals };
  expect([...meanToggles(activity)]).toEqual([
    ['tree/a1', 27],
    ['tree/and', 7],
  ]);
});
