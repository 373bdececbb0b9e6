/** DESIGN|MODEL on the command line: what may be laid over a design. */
import { coreDefaults } from '../core/index.ts';
import { file, oneOf, text, wholeNumber } from './options.ts';

const group = 'Network and core';

/** A network or a design. */
export const designFile = { type: file('.onnx', '.ts'), help: 'network (.onnx) or design (.ts)' } as const;

/** Options that say how a network becomes a core; all commands that take a model have them. */
export const designOptions = {
  timesteps: {
    argument: 'T',
    type: wholeNumber(1, 255),
    help: 'time steps of an image',
    usual: coreDefaults.timeSteps,
    group,
  },
  maxTimesteps: {
    argument: 'T',
    type: wholeNumber(1, 255),
    help: 'most time steps that the host may ask for; an image owns the random words of so many',
    usual: coreDefaults.maxTimeSteps,
    group,
  },
  readout: {
    argument: 'kind',
    type: oneOf(['potential', 'count']),
    help: 'what decides: potentials of the last layer, or counts of its spikes',
    usual: 'potential',
    group,
  },
  encoding: {
    argument: 'kind',
    type: oneOf(['bernoulli', 'direct']),
    help: 'pixels as random spikes, or as numbers',
    usual: 'bernoulli',
    group,
  },
  weightBits: {
    argument: 'B',
    type: wholeNumber(2, 16),
    help: 'bits of a weight',
    usual: coreDefaults.weightBits,
    group,
  },
  seed: {
    argument: 'S',
    type: wholeNumber(0, 2 ** 32 - 1),
    help: 'seed of all random streams',
    usual: coreDefaults.seed,
    group,
  },
  activation: {
    argument: 'kind',
    type: oneOf(['stochastic', 'integer']),
    help: 'stochastic, or integer: 8-bit values through sigmoid tables, one time step, the baseline without chance',
    usual: 'stochastic',
    group,
  },
  realism: {
    argument: 'what',
    type: text,
    help: 'what of the device the hardware has: phases,counters,trim,table,self-test, all of these, or a .json file',
    group,
  },
  device: {
    argument: 'file.csv',
    type: file('.csv'),
    help: 'switching curve of the neurons',
    usual: 'spin-Hall MTJ, 300 K, 0.5 ns',
    group,
  },
} as const;
