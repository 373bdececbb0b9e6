/** The lanes of engines that take one input a clock: one weight serves all time steps. */
import {
  type Bool,
  bool,
  component,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  type SInt,
  sint,
  type UInt,
  uint,
  vector,
  when,
} from '../../../hdl/index.ts';
import type { LayerPlan } from '../../../plan/index.ts';
import { clocked, type PotentialsOut } from '../../links/index.ts';
import { fitted, part, parts } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import { laneChain } from './drain.ts';

/** The links of the drain chain that every lane has. */
export function chainPorts({ timeLanes, accumulatorBits }: LayerPlan) {
  return {
    capture: input(bool(), 'the sums are complete: hand them over, start from 0'),
    shift: input(bool(), 'the drain chain moves'),
    drainIn: vector(timeLanes, input(sint(accumulatorBits))),
    drainOut: vector(timeLanes, output(sint(accumulatorBits))),
  };
}

/** One output lane: an accumulator for each time step of the pass, and its link of the drain chain. */
function laneModule({ core, layer }: Stage) {
  const { accumulatorBits, weightBits, valueBits, timeLanes } = layer;
  const ports = {
    ...clocked,
    weight: input(sint(weightBits)),
    add: vector(timeLanes, input(bool())),
    value: when(valueBits > 1, vector(timeLanes, input(uint(valueBits)))),
    ...chainPorts(layer),
  };
  return component(`${core}_${layer.name}_lane`, ports, (m, io) => {
    m.doc('One weight serves every time step of the pass; the finished potentials move down the drain chain.');
    const { capture, shift, value } = io;
    const term = value && weightTimes(m, layer, io.weight, 'weight_x3', accumulatorBits);
    for (let t = 0; t < timeLanes; t++) {
      const sum = m.register(`acc_${t}`, sint(accumulatorBits), { reset: 0 });
      const drain = m.register(`drain_${t}`, sint(accumulatorBits), { reset: 0 });
      const addend = term ? term(value[t]!) : io.weight.extend(accumulatorBits);
      m.when(capture, () => m.next(sum, 0)).elseWhen(io.add[t]!, () => m.next(sum, sum.addWrap(addend)));
      m.when(capture, () => m.next(drain, sum)).elseWhen(shift, () => m.next(drain, io.drainIn[t]!));
      m.assign(io.drainOut[t]!, drain);
    }
  });
}

/**
 * Weight times value at a width of `bits` that was proved enough for every product that occurs. A 2x2 pool counts 0..4: choosing
 * among 0, w, 2w, 3w and 4w, with 3w made once for all time steps, takes half the LUTs of a multiplier.
 */
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
  /** The tap is a bias row: its value is biasValue in every time step; absent where `words` say so themselves. */
  readonly isBias: Bool | undefined;
  readonly capture: Bool;
  readonly draw: Bool;
  /** A row of the weight memory. */
  readonly weights: UInt;
  /** For each position lane the values of the time lanes, time lane t at bits [t*V +: V]. */
  readonly words: readonly UInt[];
}

/** The lanes of an engine, in a chain. */
export function lanes(m: ModuleBuilder, stage: Stage, potentials: PotentialsOut, control: LaneControl): void {
  const { layer } = stage;
  const { accumulate, isBias, capture, draw: shift } = control;
  m.section('Lanes');
  const gates = control.words.map((word, x) =>
    parts(word, layer.valueBits).map((given, t) => {
      const value = m.name(`value_${x}_${t}`, given);
      if (layer.valueBits === 1) {
        return { add: m.name(`add_${x}_${t}`, accumulate.and(isBias ? isBias.or(value.bit(0)) : value.bit(0))), value };
      }
      const factor = isBias && m.name(`factor_${x}_${t}`, mux(isBias, lit(layer.biasValue, value.type), value));
      return { add: accumulate, value: factor ?? value };
    }),
  );
  const lane = laneModule(stage);
  laneChain(m, layer, potentials, (x, p, drainIn) => {
    const own = gates[x]!;
    const placed = m.place(`lane_${x}_${p}`, lane, {
      weight: part(control.weights, p, layer.weightBits).asSInt(),
      add: own.map(({ add }) => add),
      value: layer.valueBits > 1 ? own.map(({ value }) => value) : undefined,
      ...{ capture, shift, drainIn },
    });
    return placed.drainOut;
  });
}
