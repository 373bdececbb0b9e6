/** What passes over the time steps of an image are to be made to do. */
import type { Plan } from '../../plan/index.ts';
import type { Mechanism } from '../mechanism.ts';

const hasPasses = {
  of: 'with fewer time lanes than time steps',
  isPart: ({ timeSteps }: Plan) => timeSteps.max > timeSteps.lanes,
};

export const passMechanisms: readonly Mechanism[] = [
  { name: 'a single time step', isReached: ({ timeSteps }) => timeSteps.includes(1) },
  { name: 'no time step asked for', isReached: ({ timeSteps }) => timeSteps.includes(0) },
  {
    name: 'more time steps than there are',
    of: 'whose port can carry more',
    isPart: ({ timeSteps: { max } }) => 2 ** max.toString(2).length - 1 > max,
    isReached: ({ timeSteps }, plan) => timeSteps.some((count) => count > plan.timeSteps.max),
  },
  {
    name: 'images of different numbers of time steps follow each other',
    isReached: ({ timeSteps }) => timeSteps.some((count, image) => image > 0 && count !== timeSteps[image - 1]),
  },
  {
    name: 'several passes',
    ...hasPasses,
    isReached: ({ timeSteps }, plan) => timeSteps.some((count) => count > plan.timeSteps.lanes),
  },
  {
    name: 'the most passes',
    ...hasPasses,
    isReached: ({ timeSteps }, plan) => timeSteps.includes(plan.timeSteps.max),
  },
  {
    name: 'a last pass that is partly filled',
    of: 'with several time lanes, and more time steps',
    isPart: ({ timeSteps: { lanes, max } }) => lanes > 1 && max > lanes,
    isReached: ({ timeSteps }, { timeSteps: { lanes } }) =>
      timeSteps.some((count) => count > lanes && count % lanes !== 0),
  },
];
