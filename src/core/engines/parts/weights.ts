/** The weight memories of the engines. */
import { lit, type ModuleBuilder, type SInt, select, type UInt, uint } from '../../../hdl/index.ts';
import { channelFactor, type LayerPlan, shiftedWeightBits, unsignedBits } from '../../../plan/index.ts';
import { parts } from '../../parts/fit.ts';

/** Output groups G of a layer. */
export function groupCount(layer: LayerPlan): number {
  return Math.ceil(layer.output.channels / layer.outputLanes);
}

/** Outputs in the last group. */
export function lastGroupOutputs(layer: LayerPlan): number {
  return layer.output.channels - (groupCount(layer) - 1) * layer.outputLanes;
}

/** The last group has fewer outputs than there are lanes. */
export function hasUnevenGroups(layer: LayerPlan): boolean {
  return groupCount(layer) > 1 && lastGroupOutputs(layer) !== layer.outputLanes;
}

/**
 * A row: for each output lane of a group the weights of its input lanes, without the factor of their channel, the first in the low bits, zeros
 * beyond the last output.
 * `weights` holds one row of the layer's weights for each input lane: [input lane][output].
 */
function packRow(layer: LayerPlan, group: number, weights: readonly ((output: number) => number)[]): bigint {
  const mask = (1n << BigInt(layer.weightBits)) - 1n;
  let row = 0n;
  for (let lane = 0; lane < layer.outputLanes; lane++) {
    const output = group * layer.outputLanes + lane;
    if (output >= layer.output.channels) break;
    for (const [i, weightOf] of weights.entries()) {
      const at = (lane * weights.length + i) * layer.weightBits;
      row |= (BigInt(weightOf(output) / channelFactor(layer, output)) & mask) << BigInt(at);
    }
  }
  return row;
}

/** The taps of a window that have a place in the weight memory, in order. */
export function walkedTaps({ runs, weights }: LayerPlan): number[] {
  if (!runs) return weights[0]!.map((_, tap) => tap);
  return runs.flatMap(({ tap, count }) => Array.from({ length: count }, (_, i) => tap + i));
}

/** The bias rows and the taps of a layer, as weights by output. */
function weightRows(layer: LayerPlan) {
  const { biasRows, weights } = layer;
  const bias = biasRows.map((row) => (output: number) => row[output]!);
  const taps = walkedTaps(layer).map((tap) => (output: number) => weights[output]![tap]!);
  return { bias, taps };
}

/** Bits of a row. */
export function rowBits({ outputLanes, weightBits }: LayerPlan, inputLanes: number): number {
  return outputLanes * inputLanes * weightBits;
}

/** Rows of a weight memory, `inputLanes` bias rows or taps in each. */
export function rowCount(layer: LayerPlan, inputLanes: number): number {
  const taps = Math.ceil(layer.biasRows.length / inputLanes) + Math.ceil(walkedTaps(layer).length / inputLanes);
  return groupCount(layer) * taps;
}

/** Group by group: bias rows, then taps, `inputLanes` of them in a row. */
export function rowsByGroup(layer: LayerPlan, inputLanes: number): bigint[] {
  const { bias, taps } = weightRows(layer);
  const none = () => 0;
  const together = (rows: readonly ((output: number) => number)[]) =>
    Array.from({ length: Math.ceil(rows.length / inputLanes) }, (_, n) =>
      Array.from({ length: inputLanes }, (_, i) => rows[n * inputLanes + i] ?? none),
    );
  const rows = [...together(bias), ...together(taps)];
  return Array.from({ length: groupCount(layer) }, (_, group) => rows.map((row) => packRow(layer, group, row))).flat();
}

/** Input by input, each with all its groups; the bias rows are the inputs after the last one. */
export function rowsByInput(layer: LayerPlan): bigint[] {
  const { bias, taps } = weightRows(layer);
  const groups = Array.from({ length: groupCount(layer) }, (_, group) => group);
  return [...taps, ...bias].flatMap((row) => groups.map((group) => packRow(layer, group, [row])));
}

/** Weights of an output lane in a row of the memory, each times the factor of the channel that the lane works on. */
export function laneWeights(m: ModuleBuilder, layer: LayerPlan, row: UInt, group: UInt): SInt[][] {
  const inputLanes = row.width / (layer.outputLanes * layer.weightBits);
  const lanes = parts(row, inputLanes * layer.weightBits).map((lane) =>
    parts(lane, layer.weightBits).map((weight) => weight.asSInt()),
  );
  if (layer.channelShifts === undefined) return lanes;
  m.comment('Each channel has its own power of two.');
  return lanes.map((weights, lane) => {
    const times = timesChannelFactor(m, layer, lane, group);
    return weights.map((weight, i) =>
      m.name(inputLanes === 1 ? `weight_${lane}` : `weight_${lane}_${i}`, times(weight)),
    );
  });
}

/** Times 2^shift of the lane's channel, which the group tells: wires where it is the same in all groups. */
function timesChannelFactor(m: ModuleBuilder, layer: LayerPlan, lane: number, group: UInt): (weight: SInt) => SInt {
  const { outputLanes, channelShifts = [] } = layer;
  const bits = shiftedWeightBits(layer);
  const shifts = Array.from({ length: groupCount(layer) }, (_, g) => channelShifts[g * outputLanes + lane] ?? 0);
  const scaled = (weight: SInt, by: number) => {
    const wide = by === 0 ? weight : weight.shiftLeft(by);
    return wide.width === bits ? wide : wide.extend(bits);
  };
  const most = Math.max(...shifts);
  if (shifts.every((shift) => shift === most)) return (weight) => scaled(weight, most);
  const type = uint(unsignedBits(most));
  const choices = shifts.map((each) => lit(each, type));
  const shift = m.name(`shift_${lane}`, select(group, choices));
  return (weight) => {
    const powers = Array.from({ length: most + 1 }, (_, by) => scaled(weight, by));
    return select(shift, powers);
  };
}
