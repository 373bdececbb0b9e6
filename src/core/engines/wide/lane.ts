/** Lanes of a wide engine: products of several inputs are added up in a tree, its sum a clock later to the accumulator. */
import { bool, component, input, mux, type SInt, sint, sum, type UInt, uint, vector } from '../../../hdl/index.ts';
import { signedBits } from '../../../plan/index.ts';
import { clocked } from '../../links/index.ts';
import { fitted, packed, part } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import { chainPorts, linkDrain, weightTimes } from '../parts/lanes.ts';
import { inputLanesOf } from './geometry.ts';

export function wideLane({ core, layer }: Stage) {
  const { accumulatorBits, weightBits, valueBits, timeLanes } = layer;
  const inputLanes = inputLanesOf(layer);
  const most = Math.max(layer.inputMax, layer.biasRows.length > 0 ? layer.biasValue : 1);
  const largest = 2 ** (weightBits - 1) * inputLanes * most;
  const sumBits = signedBits(-largest, largest);
  const ports = {
    ...clocked,
    weights: input(uint(inputLanes * weightBits), 'of each input, the first in the low bits'),
    value: vector(inputLanes, vector(timeLanes, input(uint(valueBits)))),
    add: input(bool(), 'weights and values are there'),
    accumulate: input(bool(), 'their sum is there'),
    ...chainPorts(layer),
  };
  return component(`${core}_${layer.name}_lane`, ports, (m, io) => {
    m.doc('Adds up the products of the input lanes, then the sums; the finished potentials move down the drain chain.');
    const { capture } = io;
    const drains: SInt[] = [];
    const terms = Array.from({ length: inputLanes }, (_, i) => {
      const weight = m.name(`weight_${i}`, part(io.weights, i, weightBits).asSInt());
      return valueBits === 1
        ? (value: UInt) => mux(value.bit(0), weight, 0)
        : weightTimes(m, layer, weight, `weight_${i}_x3`, sumBits);
    });
    for (let t = 0; t < timeLanes; t++) {
      const partial = m.register(`sum_${t}`, sint(sumBits), { reset: 0 });
      const total = m.register(`acc_${t}`, sint(accumulatorBits), { reset: 0 });
      const drain = m.register(`drain_${t}`, sint(accumulatorBits), { reset: 0 });
      const tree = sum(terms.map((term, i) => term(io.value[i]![t]!)));
      m.when(io.add, () => m.next(partial, fitted(tree, sumBits)));
      m.when(capture, () => m.next(total, 0)).elseWhen(io.accumulate, () =>
        m.next(total, total.addWrap(fitted(partial, accumulatorBits))),
      );
      linkDrain(m, io, drain, total, t);
      drains.push(drain);
    }
    m.assign(io.drainOut, packed(drains.map((drain) => drain.asUInt())));
  });
}
