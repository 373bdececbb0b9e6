/** Lanes of a wide engine: products of several inputs are added up in a tree, its sum a clock later to the accumulator. */
import { bool, component, input, mux, sint, sum, type UInt, uint } from '../../../hdl/index.ts';
import { shiftedWeightBits, signedBits } from '../../../plan/index.ts';
import { clocked } from '../../links/index.ts';
import { fitted, packed, part, parts } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import { chainPorts, weightTimes } from '../parts/lanes.ts';
import { inputLanesOf } from './geometry.ts';

/** What a lane and its accumulators take of weights and values. */
function operandPorts({ layer }: Stage, values: number) {
  const inputLanes = inputLanesOf(layer);
  return {
    weights: input(uint(inputLanes * shiftedWeightBits(layer)), 'of each input, the first in the low bits'),
    value: input(uint(values * inputLanes * layer.valueBits), 'of each input, the first in the low bits'),
    add: input(bool(), 'weights and values are there'),
    accumulate: input(bool(), 'their sum is there'),
  };
}

/** The sum of one time step, and its link of the drain chain. */
function accumulator(stage: Stage) {
  const { core, layer } = stage;
  const { accumulatorBits, valueBits } = layer;
  const weightBits = shiftedWeightBits(layer);
  const most = Math.max(layer.inputMax, layer.biasRows.length > 0 ? layer.biasValue : 1);
  const largest = 2 ** (weightBits - 1) * inputLanesOf(layer) * most;
  const sumBits = signedBits(-largest, largest);
  const ports = { ...clocked, ...operandPorts(stage, 1), ...chainPorts(accumulatorBits) };
  return component(
    `${core}_${layer.name}_accumulator`,
    ports,
    (m, io) => {
      m.doc('One time step: adds up the products of the input lanes, then the sums.');
      const terms = parts(io.value, valueBits).map((value: UInt, i) => {
        const weight = m.name(`weight_${i}`, part(io.weights, i, weightBits).asSInt());
        if (valueBits === 1) return mux(value.bit(0), weight, 0);
        return weightTimes(m, layer, weight, `weight_${i}_x3`, sumBits)(value);
      });
      const partial = m.register('sum', sint(sumBits), { reset: 0 });
      const total = m.register('acc', sint(accumulatorBits), { reset: 0 });
      const drain = m.register('drain', sint(accumulatorBits), { reset: 0 });
      m.when(io.add, () => m.next(partial, fitted(sum(terms), sumBits)));
      m.when(io.capture, () => {
        m.next(total, 0);
        m.next(drain, total);
      }).otherwise(() => {
        m.when(io.accumulate, () => m.next(total, total.addWrap(fitted(partial, accumulatorBits))));
        m.when(io.shift, () => m.next(drain, io.drainIn.asSInt()));
      });
      m.assign(io.drainOut, drain.asUInt());
    },
    { loopBody: true },
  );
}

/** One output lane: an accumulator for each time step of the pass. */
export function wideLane(stage: Stage) {
  const { core, layer } = stage;
  const { accumulatorBits, valueBits, timeLanes } = layer;
  const ports = { ...clocked, ...operandPorts(stage, timeLanes), ...chainPorts(timeLanes * accumulatorBits) };
  const step = accumulator(stage);
  return component(`${core}_${layer.name}_lane`, ports, (m, io) => {
    m.doc('The weights serve every time step of the pass; the finished potentials move down the drain chain.');
    const { weights, add, accumulate, capture, shift } = io;
    const { drainOut } = m.placeArray('step', timeLanes, step, {
      ...{ weights, add, accumulate, capture, shift },
      value: parts(io.value, inputLanesOf(layer) * valueBits),
      drainIn: parts(io.drainIn, accumulatorBits),
    });
    m.assign(io.drainOut, packed(drainOut));
  });
}
