/** DESIGN|MODEL on the command line: what may be laid over a design. */
import { coreDefaults } from '../core/index.ts';
import { decimal, file, helpWith, oneOf, shaped, text, wholeNumber } from './options.ts';

const group = 'Network and core';

/** A network or a design. */
export const designFile = {
  type: file('.onnx', '.nir', '.ts', '.mts'),
  help: 'network (.onnx, .nir) or design (.ts)',
} as const;

/** `0.5` or `0.49,0.48,0.45`. */
const numbers = shaped((word) => {
  const values = word.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return values.every(Number.isFinite) ? values : undefined;
}, 'a number, or one for each channel or value, with commas between');

/** `8`, or `8,6,6`. */
const bitsOfWeights = shaped((word): number | readonly number[] | undefined => {
  const bits = word.split(',').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : Number.NaN));
  if (!bits.every((width) => width >= 2 && width <= 16)) return undefined;
  return bits.length === 1 ? bits[0]! : bits;
}, 'a whole number from 2 to 16, or one for each layer, with commas between');

/** Order of an image's dimensions, where no layer tells. */
export const layoutOption = {
  argument: 'order',
  type: oneOf(['nchw', 'nhwc']),
  help: 'order of the dimensions of images: nchw as in PyTorch, nhwc as in Keras; needed only where no layer tells',
  group: 'Input',
} as const;

/** What a file says nothing about: the values that the network was trained with. */
export const inputOptions = {
  layout: layoutOption,
  inputRange: {
    argument: 'LOW,HIGH',
    type: text,
    help: 'values of a black and a full pixel in the training; for vectors also a file of them (.csv, .npy, .npz), of which each value has its own range, or a .json file: {"low": [...], "high": [...]}',
    usual: '0,1',
    group: 'Input',
  },
  mean: {
    argument: 'M',
    type: numbers,
    help: "what the training subtracted from values in that range, as in torchvision's Normalize; one, or one for each channel",
    group: 'Input',
  },
  deviation: {
    argument: 'D',
    type: numbers,
    help: 'what the training divided them by then',
    group: 'Input',
  },
} as const;

/** Options that say how a network becomes a core; all commands that take a model have them. */
export const designOptions = {
  ...inputOptions,
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
    help: helpWith('what decides: potentials of the last layer, or counts of its spikes', '--readout count'),
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
    type: bitsOfWeights,
    help: 'bits of a weight, 2 to 16: of all layers, or of each (8,6,6)',
    usual: coreDefaults.weightBits,
    group,
  },
  weightScale: {
    argument: 'scope',
    type: oneOf(['layer', 'channel']),
    help: "a power of two for a layer's weights, or one for those of each channel (by a shift in front of the adders)",
    usual: 'layer',
    group,
  },
  seed: {
    argument: 'S',
    type: wholeNumber(0, 2 ** 32 - 1),
    help: 'seed of all random streams',
    usual: coreDefaults.seed,
    group,
  },
  force: {
    type: 'flag',
    help: 'build a core that is larger or slower than is usual: hundreds of layers, more memory than an FPGA has; a design may take longer than a minute to run',
    group,
  },
  activation: {
    argument: 'kind',
    type: oneOf(['stochastic', 'integer']),
    help: helpWith(
      'stochastic, or integer: 8-bit values through sigmoid tables, one time step, the baseline without chance',
      '--activation integer',
    ),
    usual: 'stochastic',
    group,
  },
  realism: {
    argument: 'what',
    type: text,
    help: helpWith(
      'what of the device the hardware has: phases,counters,trim,table,self-test, all of these, or a .json file',
      '--realism',
    ),
    group,
  },
  monitors: {
    argument: 'what',
    type: text,
    help: 'what watches over the core: abstain[=margin],rate,lockup,stall[=clocks],activity,checksum, all of these, load, or a .json file',
    group,
  },
  samplingNs: {
    argument: 'ns',
    type: decimal(1e-3, 1e12),
    help: helpWith(
      'neurons that keep their state: junctions whose dwell times are in --device, looked at so often',
      '--sampling-ns',
    ),
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

/** The design's options as `app` takes them: the flags of time steps are spelled as scripts know them. */
export function designChosen<Chosen extends { timesteps?: number | undefined; maxTimesteps?: number | undefined }>({
  timesteps: timeSteps,
  maxTimesteps: maxTimeSteps,
  ...chosen
}: Chosen) {
  return { ...chosen, timeSteps, maxTimeSteps };
}
