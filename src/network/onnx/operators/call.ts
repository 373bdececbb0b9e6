import { badInput, type SpinfireError } from '../../../errors/index.ts';
import type { Named, View } from '../../lower/index.ts';
import type { Attributes } from '../attributes.ts';
import { type Constant, integersOf } from '../tensors.ts';
import { describeValue, type Value } from '../values.ts';
import { onlySigmoid } from './ways-out.ts';

/** One node with what it works on. */
export interface Call extends Named {
  readonly operator: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** Number of results that the node gives. */
  readonly outputs: number;
  /** Version of the standard's operators. */
  readonly opset: number;
  /** The batch that the file fixes, if it fixes one; everything is computed for a batch of 1. */
  readonly batch: number | undefined;
  /** Something that a person should know about what was made of the network. */
  readonly note: (text: string) => void;
}

/** What a node gives: one value, or one for each of its outputs. */
export type Operator = (call: Call) => Value | readonly Value[];

/** Operand number `index`, called `what` in errors, whose numbers must be known. */
export function constantAt(call: Call, index: number, what: string): Constant {
  const value = call.inputs[index];
  if (value?.kind === 'constant') return value;
  throw badInput(`${what} must be constant`, {
    where: call.where,
    found: describeValue(value),
    expected: 'an initializer, or something computed from constants and shapes alone',
  });
}

export function optionalConstant(call: Call, index: number, what: string): Constant | undefined {
  return call.inputs[index] === undefined ? undefined : constantAt(call, index, what);
}

/** Operand number `index` as values that a layer can work on. */
export function viewAt(call: Call, index: number): View {
  const value = call.inputs[index];
  if (value?.kind === 'linear') return value.view;
  throw unsupportedOperand(call, index);
}

export function unsupportedOperand(
  call: Call,
  index = call.inputs.findIndex((value) => value?.kind !== 'constant'),
): SpinfireError {
  return badInput(`${call.operator} has an operand that is not supported`, {
    where: call.where,
    found: describeValue(call.inputs[index]),
    expected: 'values of a layer of the network',
    ...(call.inputs[index]?.kind === 'logarithm' ? { help: onlySigmoid } : {}),
  });
}

/** Whole numbers given as attribute (older standards) or as operand number `index`. */
export function integersAt(call: Call, attribute: string, index: number): readonly number[] | undefined {
  const given = call.attributes.ints(attribute);
  if (given !== undefined && call.attributes.has(attribute)) return given;
  const value = optionalConstant(call, index, attribute);
  return value && integersOf(value);
}

/** Axes from the end made axes from the start. */
export function axesOf(axes: readonly number[], rank: number, call: Call): number[] {
  return axes.map((axis) => {
    const positive = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
    throw badInput('an axis is out of range', {
      where: call.where,
      found: `axis ${axis}`,
      expected: `-${rank} to ${rank - 1}`,
    });
  });
}

export function mismatch(where: string, found: string, expected: string, help?: string): SpinfireError {
  return badInput('shapes do not fit', { where, found, expected, ...(help === undefined ? {} : { help }) });
}

/** Whether every operand that is there is constant. */
export const allConstant = (call: Call): boolean =>
  call.inputs.every((value) => value === undefined || value.kind === 'constant');
