/** What the readout is to be made to do. */
import type { Mechanism, Observed } from '../mechanism.ts';

/** How far the best score leads, in each image. */
const leads = ({ results }: Observed) =>
  results.flatMap(({ scores }) => {
    const [best, second] = [...scores].sort((a, b) => b - a);
    return best === undefined || second === undefined ? [] : [best - second];
  });

const severalClasses = {
  of: 'with several classes',
  isPart: ({ readout }: Parameters<NonNullable<Mechanism['isPart']>>[0]) => readout.classes > 1,
};

export const readoutMechanisms: readonly Mechanism[] = [
  { name: 'two classes tie at the top', ...severalClasses, isReached: (seen) => leads(seen).includes(0) },
  { name: 'one class leads by one', ...severalClasses, isReached: (seen) => leads(seen).includes(1) },
  {
    name: 'an answer before the last time step',
    of: 'with early exit',
    isPart: ({ earlyExit }) => earlyExit === 'margin',
    isReached: ({ results }, { timeSteps }) => results.some((one) => one.stepsUsed < timeSteps.max),
  },
];
