/** Images that a network's numbers are fitted on. */
import { imagesOption, labelsOption } from './core-options.ts';
import { decimal } from './options.ts';

const group = 'Fitting';

export const fitOptions = {
  calibration: {
    argument: 'file',
    type: imagesOption.type,
    help: "images to fit the network's numbers to the device on, apart from those that it is judged by: gain and offset of each channel, and of a count readout",
    group,
  },
  calibrationLabels: { argument: 'file', type: labelsOption.type, help: 'their labels, where they have none', group },
  accuracyBudget: {
    argument: 'points',
    type: decimal(0, 100),
    help: 'the fewest bits for each layer that cost no more than so many per cent of right answers on those images',
    group,
  },
} as const;
