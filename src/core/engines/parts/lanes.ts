/** The lanes of engines that take one input a clock: one weight serves all time steps. */
import {
  type Bool,
  bool,
  component,
  concat,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  type SInt,
  sint,
  type UInt,
  uint,
  when,
} from '../../../hdl/index.ts';
import { type LayerPlan, shiftedWeightBits } from '../../../plan/index.ts';
import { clocked, type PotentialsOut } from '../../links/index.ts';
import { fitted, packed, parts } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import { laneChain } from './drain.ts';
import { laneWeights } from './weights.ts';

/** The drain chain's ports of what holds `bits` of it. */
export function chainPorts(bits: number) {
  return {
    capture: input(bool(), 'the sums are complete: hand them over, start from 0'),
    shift: input(bool(), 'the drain chain moves'),
    drainIn: input(uint(bits), 'from the lane above'),
    drainOut: output(uint(bits), 'to the lane below'),
  };
}

/** A 2x2 pool counts 0..4 spikes, and a layer of spikes has 0 or 1: one form of lane for both. */
function addsCounts({ layer, countsSpikes }: Stage): boolean {
  return layer.inputMax === 4 || (layer.inputMax === 1 && countsSpikes);
}

/** The sum of one time step, and its link of the drain chain. */
function accumulator(stage: Stage) {
  const { core, layer } = stage;
  const { accumulatorBits, valueBits } = layer;
  const weightBits = shiftedWeightBits(layer);
  const counts = addsCounts(stage);
  const ports = {
    ...clocked,
    weight: input(sint(counts ? accumulatorBits : weightBits), 'of this tap and output'),
    weightX3: when(counts, input(sint(accumulatorBits), 'three times the weight')),
    value: input(uint(valueBits), 'how often the weight is added'),
    accumulate: input(bool(), 'weight and value are there'),
    ...chainPorts(accumulatorBits),
  };
  return component(
    `${core}_${layer.name}_accumulator`,
    ports,
    (m, io) => {
      m.doc('The sum of one time step: adds up, then hands over to the drain chain.');
      const { value, weight, weightX3 } = io;
      const sum = m.register('acc', sint(accumulatorBits), { reset: 0 });
      const drain = m.register('drain', sint(accumulatorBits), { reset: 0 });
      m.constant('POTENTIAL_BITS', accumulatorBits);
      m.constant('VALUE_BITS', valueBits);
      const times = weightX3 ? m.name('times', value.extend(valueBits + 2), { doc: '0..4' }) : value;
      const adds = m.name('adds', io.accumulate.and(times.reduceOr()));
      const addend = weightX3
        ? m.name('addend', countTimes(times, weight, weightX3))
        : valueBits === 1
          ? weight.extend(accumulatorBits)
          : fitted(weight.mulFull(value.toSInt()), accumulatorBits);
      m.when(io.capture, () => {
        m.next(sum, 0);
        m.next(drain, sum);
      }).otherwise(() => {
        m.when(adds, () => m.next(sum, sum.addWrap(addend)));
        m.when(io.shift, () => m.next(drain, io.drainIn.asSInt()));
      });
      m.assign(io.drainOut, drain.asUInt());
    },
    { loopBody: true },
  );
}

/** Times 1..4 by choice instead of a multiplier: half the LUTs. */
function countTimes(times: UInt, weight: SInt, triple: SInt): SInt {
  const few = mux(times.bit(1), mux(times.bit(0), triple, doubled(weight, 1)), weight);
  return mux(times.bit(2), doubled(weight, 2), few);
}

/** A number in `bits`, by way of two more: in some layer there may be no bit to add, which Verilog has no words for. */
function widened(m: ModuleBuilder, name: string, number: SInt, bits: number): SInt {
  const wide = m.name(`${name}_wide`, number.extend(Math.max(bits, number.width) + 2));
  return m.name(name, wide.truncate(bits));
}

/** Times 2^by at the same width. */
function doubled(number: SInt, by: number): SInt {
  if (by >= number.width) return lit(0, number.type);
  return concat(number.slice(number.width - 1 - by, 0), lit(0, uint(by))).asSInt();
}

/** One output lane: an accumulator for each time step of the pass. */
function laneModule(stage: Stage) {
  const { core, layer } = stage;
  const { accumulatorBits, valueBits, timeLanes } = layer;
  const ports = {
    ...clocked,
    weight: input(sint(shiftedWeightBits(layer)), 'of this tap and output'),
    value: input(uint(timeLanes * valueBits), 'of each time step, the first in the low bits'),
    accumulate: input(bool(), 'weight and values are there'),
    ...chainPorts(timeLanes * accumulatorBits),
  };
  const step = accumulator(stage);
  return component(
    `${core}_${layer.name}_lane`,
    ports,
    (m, io) => {
      m.doc('One weight serves every time step of the pass; the finished potentials move down the drain chain.');
      m.constant('POTENTIAL_BITS', accumulatorBits);
      m.constant('VALUE_BITS', valueBits);
      const { accumulate, capture, shift } = io;
      const counts = addsCounts(stage);
      const once = io.weight;
      const triple = counts ? m.name('triple', once.addGrow(once.shiftLeft(1))) : undefined;
      const weight = counts ? m.name('weight_x1', once.extend(accumulatorBits)) : once;
      const weightX3 = triple && widened(m, 'weight_x3', triple, accumulatorBits);
      const { drainOut } = m.placeArray('step', timeLanes, step, {
        ...{ weight, weightX3, accumulate, capture, shift },
        value: parts(io.value, valueBits),
        drainIn: parts(io.drainIn, accumulatorBits),
      });
      m.assign(io.drainOut, packed(drainOut));
    },
    { family: `${core}_lane` },
  );
}

/** Weight times value at a width of `bits` that was proved enough for every product that occurs. */
export function weightTimes(
  m: ModuleBuilder,
  layer: LayerPlan,
  weight: SInt,
  tripleName: string,
  bits: number,
): (value: UInt) => SInt {
  if (layer.inputMax !== 4) return (value) => fitted(weight.mulFull(value.toSInt()), bits);
  const triple = m.name(tripleName, fitted(weight.addGrow(weight.shiftLeft(1)), bits));
  const [once, twice, fourfold] = [0, 1, 2].map((by) => fitted(weight.shiftLeft(by), bits));
  return (value) =>
    mux(value.bit(2), fourfold!, mux(value.bit(1), mux(value.bit(0), triple, twice!), mux(value.bit(0), once!, 0)));
}

export interface LaneControl {
  readonly accumulate: Bool;
  readonly capture: Bool;
  readonly draw: Bool;
  /** A row of the weight memory, and the group of outputs that it is of. */
  readonly weights: UInt;
  readonly group: UInt;
  /** Of each position lane the values of the time lanes, the first in the low bits. */
  readonly values: UInt;
}

/** The lanes of an engine, in a chain. */
export function lanes(m: ModuleBuilder, stage: Stage, potentials: PotentialsOut, control: LaneControl): void {
  const { layer } = stage;
  const { outputLanes, timeLanes, valueBits } = layer;
  const { accumulate, capture, draw: shift } = control;
  m.section('Lanes: lane x * P + p adds up output p at position x');
  const weights = laneWeights(m, layer, control.weights, control.group).map(([weight]) => weight!);
  const values = parts(control.values, timeLanes * valueBits);
  const lane = laneModule(stage);
  laneChain(m, layer, potentials, (count, drainIn) => {
    const entries = Array.from({ length: count }, (_, entry) => entry);
    const placed = m.placeArray(
      'lane',
      count,
      lane,
      {
        weight: entries.map((entry) => weights[entry % outputLanes]!),
        value: entries.map((entry) => values[Math.floor(entry / outputLanes)]!),
        ...{ accumulate, capture, shift, drainIn },
      },
      { ...(layer.engine.kind === 'window' && { columns: outputLanes }) },
    );
    return placed.drainOut;
  });
}
