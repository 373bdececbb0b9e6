/** Widths of the datapath, proved from the weights. */
import type { QuantisedLayer } from '../../network/index.ts';

/** Fewest bits of an unsigned number that can be 0..max; at least 1. */
export function unsignedBits(max: number): number {
  return Math.max(1, max.toString(2).length);
}

/** Fewest bits of a two's complement number that can be min..max. */
export function signedBits(min: number, max: number): number {
  let bits = 1;
  while (min < -(2 ** (bits - 1)) || max > 2 ** (bits - 1) - 1) bits++;
  return bits;
}

/** The bounds of a running sum. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Bounds of every partial sum of a layer, in whatever order and with whatever inputs 0..inputMax: all negative terms at once, or
 * all positive ones. An accumulator wide enough for these can't overflow.
 */
export function accumulatorBounds(
  weights: readonly ArrayLike<number>[],
  biasRows: readonly (readonly number[])[],
  inputMax: number,
  biasValue: number,
): Bounds {
  let min = 0;
  let max = 0;
  weights.forEach((row, output) => {
    let negative = 0;
    let positive = 0;
    const add = (term: number) => {
      if (term < 0) negative += term;
      else positive += term;
    };
    for (let tap = 0; tap < row.length; tap++) add(row[tap]! * inputMax);
    for (const bias of biasRows) add(bias[output]! * biasValue);
    min = Math.min(min, negative);
    max = Math.max(max, positive);
  });
  return { min, max };
}

/** 2^shift, by which the stored weights and bias rows of an output channel are multiplied; 1 beyond the last channel. */
export function channelFactor({ channelShifts }: Pick<QuantisedLayer, 'channelShifts'>, channel: number): number {
  return 2 ** (channelShifts?.[channel] ?? 0);
}

/** Bits of a weight with the factor of its channel. */
export function shiftedWeightBits({
  weightBits,
  channelShifts,
}: Pick<QuantisedLayer, 'weightBits' | 'channelShifts'>): number {
  return weightBits + (channelShifts ?? []).reduce((most, shift) => Math.max(most, shift), 0);
}

/** The same for whatever weights and bias rows may be loaded later. */
export function boundsOfAny(
  layer: Pick<QuantisedLayer, 'weightBits' | 'channelShifts' | 'inputMax'>,
  { taps, biasRows, biasValue }: { readonly taps: number; readonly biasRows: number; readonly biasValue: number },
): Bounds {
  const largest = taps * layer.inputMax + biasRows * biasValue;
  const high = 2 ** (shiftedWeightBits(layer) - 1);
  return { min: -high * largest, max: (high - 1) * largest };
}

/** Sums have room for any one weight times any input, so that adders do not depend on how small the weights happen to be. */
export function withOneTerm(
  { min, max }: Bounds,
  layer: Pick<QuantisedLayer, 'weightBits' | 'channelShifts' | 'inputMax'>,
): Bounds {
  const high = 2 ** (shiftedWeightBits(layer) - 1);
  return { min: Math.min(min, -high * layer.inputMax), max: Math.max(max, (high - 1) * layer.inputMax) };
}

/**
 * Splits a bias into rows of `bits` wide weights: the bias is then just a tap whose input is always 1, and costs neither a load
 * path in front of the accumulator nor a memory of its own. Returns [row][output]; no row at all when every bias is 0.
 */
export function splitBias(bias: ArrayLike<number>, bits: number): number[][] {
  const high = 2 ** (bits - 1) - 1;
  const low = -(2 ** (bits - 1));
  const rest = Array.from(bias);
  const rows: number[][] = [];
  while (rest.some((value) => value !== 0)) {
    const row = rest.map((value) => Math.min(high, Math.max(low, value)));
    row.forEach((value, output) => {
      rest[output]! -= value;
    });
    rows.push(row);
  }
  return rows;
}

/** The bias of a layer in units of `biasValue`, and in rows that its weight memory has room for: [row][output channel]. */
export function biasInRows(
  layer: Pick<QuantisedLayer, 'bias' | 'weightBits' | 'channelShifts'>,
  biasValue: number,
): { units: number[]; rows: number[][] } {
  const stored = Array.from(layer.bias, (value, channel) =>
    Math.round(value / biasValue / channelFactor(layer, channel)),
  );
  const whole = (row: readonly number[]) => row.map((value, channel) => value * channelFactor(layer, channel));
  return { units: whole(stored), rows: splitBias(stored, layer.weightBits).map(whole) };
}
