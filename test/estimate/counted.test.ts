/** Energies of events: on their own images the sum is the estimate's, on others it stays close. */
import { expect, it } from 'vitest';
import { boardEnergies } from '../../src/app/index.ts';
import { countedEnergyJ, estimateChip, eventEnergies } from '../../src/estimate/index.ts';
import { countEvents, type NetworkEvents } from '../../src/golden/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';
import { assumptionsWith, smallDevice } from './small.ts';

const plan = smallPlan();
const timeSteps = 5;
const counted = ({ images, inputSpikes, layers }: NetworkEvents) => ({
  timeSteps: images * timeSteps,
  inputSpikes,
  spikes: layers.map(({ spikes }) => spikes),
});

it('the energies of events add up to the estimate that they come from', () => {
  const events = countEvents(plan, noise(12 * 36, 1), { timeSteps });
  const chip = estimateChip(plan, events, smallDevice, assumptionsWith({}));
  const sum = countedEnergyJ(eventEnergies(chip, events), counted(events)) / 12;
  expect(sum / chip.totalJ).toBeCloseTo(1, 9);
});

it('other images of the kind are told within five per cent, and fewer spikes cost less', () => {
  const known = countEvents(plan, noise(40 * 36, 1), { timeSteps });
  const energies = eventEnergies(estimateChip(plan, known, smallDevice, assumptionsWith({})), known);
  const events = countEvents(plan, noise(20 * 36, 77), { timeSteps });
  const told = countedEnergyJ(energies, counted(events)) / 20;
  const estimated = estimateChip(plan, events, smallDevice, assumptionsWith({})).totalJ;
  expect(Math.abs(told / estimated - 1)).toBeLessThan(0.05);
  const { spikes, ...rest } = counted(events);
  const silent = countedEnergyJ(energies, { ...rest, spikes: spikes.map(() => 0) }) / 20;
  expect(silent).toBeLessThan(told);
});

it('there are none for a core that counts nothing, or that is of another device', () => {
  const pixels = noise(2 * 36, 3);
  expect(boardEnergies(plan, pixels, timeSteps, { cwd: process.cwd() })).toBeUndefined();
  const counting: Plan = {
    ...plan,
    monitors: { abstain: null, rates: null, lockup: false, stall: null, activity: true },
  };
  // Its tables are of a logistic curve.
  expect(boardEnergies(counting, pixels, timeSteps, { cwd: process.cwd() })).toBeUndefined();
});
