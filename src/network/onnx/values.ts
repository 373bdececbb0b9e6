import type { View } from '../lower/index.ts';
import type { Constant } from './tensors.ts';

/** A tensor that depends on the network's input, linearly since the last row of neurons. */
export interface Linear {
  readonly kind: 'linear';
  readonly view: View;
}

/** offset + factor * exp(view): what sigmoids are spelled with. */
export interface Exponential {
  readonly kind: 'exponential';
  readonly view: View;
  readonly offset: number;
  readonly factor: number;
}

/** factor * ln(of): nothing that neurons compute, but what Exp makes of it may be. */
export interface Logarithm {
  readonly kind: 'logarithm';
  readonly of: Linear | Exponential;
  readonly factor: number;
}

/** Random numbers of 0 to 1, as many as some other values. */
export interface Noise {
  readonly kind: 'noise';
}

/** Values in the same order as the view's: what softmax and its kin give. Only the network's result may be one. */
export interface Ranking {
  readonly kind: 'ranking';
  readonly view: View;
  readonly what: 'softmax' | 'logSoftmax' | 'argMax' | 'other';
}

/** One number for all classes, such as their maximum or the sum of their exponentials. */
export interface Common {
  readonly kind: 'common';
}

/** A text, or a table of texts: classes' names. */
export interface Names {
  readonly kind: 'names';
}

export type Value = Constant | Linear | Exponential | Logarithm | Noise | Ranking | Common | Names;

export const linear = (view: View): Linear => ({ kind: 'linear', view });

/** What a value is, in an error. */
export function describeValue(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
      return 'nothing';
    case 'constant':
      return `a constant [${value.dims.join(', ')}]`;
    case 'linear':
      return `values [${value.view.dims.join(', ')}] of the network`;
    case 'exponential':
      return 'an exponential';
    case 'ranking':
      return `the result of a ${value.what === 'other' ? 'softmax or a normalisation' : value.what}`;
    case 'logarithm':
      return 'a logarithm';
    case 'noise':
      return 'random numbers';
    case 'common':
      return 'a maximum or a sum over the classes';
    case 'names':
      return 'names';
  }
}
