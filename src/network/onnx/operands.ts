import { badInput, type SpinfireError } from '../../errors/index.ts';
import type { LayerChain } from '../layer-chain.ts';
import { elementCount, showShape } from '../types.ts';
import type { Step } from './graph.ts';
import { asWeights, type Constant } from './tensors.ts';

/** The node works on the values of the chain as its first operand and has one of these numbers of operands. */
export function expectValues(step: Step, ...counts: number[]): void {
  const [first, ...rest] = step.operands;
  if (first === 'values' && counts.includes(step.operands.length) && !rest.includes('values')) return;
  throw badInput(`${step.operator} has operands that are not supported`, {
    where: step.where,
    found: step.operands.map((operand) => (operand === 'values' ? 'values' : operand ? 'constant' : 'none')).join(', '),
    expected: `the values of the layer before, then ${Math.max(...counts) - 1} constants at most`,
  });
}

/** The values so far are an image, not a vector. */
export function expectImage(step: Step, chain: LayerChain): void {
  if (!chain.isFlat) return;
  throw mismatch(step.where, inputText(chain), 'an image: batch, channels, height, width');
}

/** Operand number `index`, called `what` in errors, which must be in the file. */
export function constantOperand(step: Step, index: number, what: string): Constant {
  const operand = step.operands[index];
  if (operand !== undefined && operand !== 'values') return operand;
  throw badInput(`${what} must be constant`, {
    where: step.where,
    found: operand === undefined ? 'nothing' : 'a computed value',
    expected: 'an initializer or a Constant',
  });
}

/**
 * One value for each output channel: zeros when the operand is left out. It may be given as one value for all, or with
 * leading dimensions of 1; `trailing` is the number of dimensions from the channels on (3 behind a convolution in Add).
 */
export function biasOperand(step: Step, index: number, channels: number, trailing: number): Float32Array {
  if (step.operands[index] === undefined) return new Float32Array(channels);
  const constant = constantOperand(step, index, 'the bias');
  const values = asWeights(constant, step.where);
  const dims = [1, 1, 1, 1, ...constant.dims].slice(-4);
  const axis = dims.length - trailing;
  const onlyChannels =
    constant.dims.length <= 4 && dims.every((dim, at) => dim === 1 || (at === axis && dim === channels));
  if (!onlyChannels)
    throw mismatch(step.where, `bias [${constant.dims.join(', ')}]`, `one value for each of ${channels}`);
  return values.length === channels ? values : new Float32Array(channels).fill(values[0]!);
}

export function expectFinite(values: Float32Array, where: string, factor: string): Float32Array {
  if (values.every(Number.isFinite)) return values;
  throw badInput(`a weight times ${factor} is not a finite float32 number`, { where });
}

/** What a node gets, in words. */
export function inputText(chain: LayerChain): string {
  const shape = `${showShape(chain.shape)} (height x width x channels)`;
  return chain.isFlat ? `a vector of ${elementCount(chain.shape)}` : `an image of ${shape}`;
}

export function mismatch(where: string, found: string, expected: string): SpinfireError {
  return badInput('shapes do not fit', { where, found, expected });
}
