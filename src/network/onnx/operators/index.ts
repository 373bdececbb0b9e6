import type { Operator } from './call.ts';
import { elementwise } from './elementwise.ts';
import { moving } from './moving.ts';
import { pooling } from './pooling.ts';
import { quantised } from './quantised.ts';
import { shapes } from './shapes.ts';
import { weighted } from './weights.ts';

export type { Call, Operator } from './call.ts';

/** Everything that may stand in a file, by operator. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...shapes,
  ...elementwise,
  ...moving,
  ...weighted,
  ...pooling,
  ...quantised,
]);

const onlySigmoid = 'a stochastic MTJ neuron computes a sigmoid: train with torch.sigmoid';
const noMemory = 'these neurons forget everything between two time steps: no recurrent layers';
const noAttention = 'attention multiplies values of the network with each other, which spikes and weights can not';
const noNorm = 'take BatchNorm: it becomes a part of the weights, while this one computes statistics of every image';

/** What to do about operators that people often meet. */
export const operatorHelps: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'LeakyRelu',
      'HardSigmoid',
      'Elu',
      'Selu',
      'Celu',
      'Gelu',
      'Erf',
      'Softplus',
      'Softsign',
      'PRelu',
      'ThresholdedRelu',
      'HardSwish',
      'Mish',
      'Swish',
    ].map((name) => [name, onlySigmoid]),
  ),
  ...Object.fromEntries(['LSTM', 'GRU', 'RNN', 'Scan', 'Loop'].map((name) => [name, noMemory])),
  ...Object.fromEntries(
    ['Attention', 'MultiHeadAttention', 'Einsum', 'RotaryEmbedding'].map((name) => [name, noAttention]),
  ),
  ...Object.fromEntries(
    [
      'LayerNormalization',
      'InstanceNormalization',
      'GroupNormalization',
      'RMSNormalization',
      'LpNormalization',
      'LRN',
      'MeanVarianceNormalization',
    ].map((name) => [name, noNorm]),
  ),
  GlobalMaxPool: 'use an average: a maximum of stochastic spikes is nearly always 1',
  ConvTranspose: 'these cores only make images smaller: classifiers, not decoders',
};
