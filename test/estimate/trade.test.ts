import { describe, expect, it } from 'vitest';
import { logisticCurve } from '../../src/device/index.ts';
import { byEarlyExit, byLevels, byTimeSteps, checkDevice, estimateChip } from '../../src/estimate/index.ts';
import { countEvents } from '../../src/golden/index.ts';
import { assumptionsWith, smallDevice, twoNeurons } from './small.ts';

const plan = twoNeurons();
const chip = estimateChip(
  plan,
  countEvents(plan, Uint8Array.of(255, 0), { timeSteps: 3 }),
  smallDevice,
  assumptionsWith(),
);

/** Two images of two classes over three steps: the first leads by 1, 2, 3, the second is wrong at first and leads by 1, 0, 1. */
const results = {
  images: 2,
  timeSteps: 3,
  classCount: 2,
  classes: Uint8Array.of(0, 0, 0, 1, 0, 0),
  scores: Int32Array.of(1, 0, 2, 0, 3, 0, 0, 1, 1, 1, 2, 1),
  spikes: { input: 0, layers: [0] },
};
const labels = Uint8Array.of(0, 0);

describe('energy against accuracy', () => {
  it('time steps: energy in proportion', () => {
    const points = byTimeSteps(results, labels, chip, 3);
    expect(points.map(({ accuracy }) => accuracy)).toEqual([0.5, 1, 1]);
    expect(points.map(({ timeSteps }) => timeSteps)).toEqual([1, 2, 3]);
    expect(points[1]!.energyJ / points[0]!.energyJ).toBeCloseTo(2, 10);
    expect(points[2]!.energyJ).toBeCloseTo(chip.totalJ, 20);
  });

  it('early exit: by the lead of the best class', () => {
    const [one, two, four] = byEarlyExit(results, labels, chip, 3, plan);
    // A lead of 1: both stop at once, one of them wrong. Of 2: the first after two steps, the second never.
    expect(one).toMatchObject({ timeSteps: 1, accuracy: 0.5 });
    expect(two).toMatchObject({ timeSteps: 2.5, accuracy: 1 });
    expect(four).toMatchObject({ timeSteps: 3, accuracy: 1 });
    expect(two!.energyJ / one!.energyJ).toBeCloseTo(2.5, 10);
  });

  it('levels: as many bits as the weights have change nothing', async () => {
    const pixels = Uint8Array.of(255, 0);
    const points = await byLevels(plan, {
      images: { pixels, labels: Uint8Array.of(0) },
      timeSteps: 3,
      device: smallDevice,
      assumptions: assumptionsWith(),
      eventPixels: pixels,
    });
    expect(points.map(({ label }) => label)).toEqual(['2 bits', '3 bits', '4 bits']);
    expect(points.at(-1)!.energyJ).toBeCloseTo(chip.totalJ, 20);
    expect(points.at(-1)!.accuracy).toBe(1);
  });

  it('refuses a device that the core was not made for', () => {
    expect(() => checkDevice(plan, logisticCurve(80e-6, 10e-6))).toThrow(
      /of another device[\s\S]*layer layer, table entry/,
    );
  });
});
