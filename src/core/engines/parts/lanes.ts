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
  when,
} from '../../../hdl/index.ts';
import type { LayerPlan } from '../../../plan/index.ts';
import { clocked, type PotentialsOut } from '../../links/index.ts';
import { fitted, packed, part } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import { laneChain } from './drain.ts';

/** The links of the drain chain that every lane has. */
export function chainPorts({ timeLanes, accumulatorBits }: LayerPlan) {
  return {
    capture: input(bool(), 'the sums are complete: hand them over, start from 0'),
    shift: input(bool(), 'the drain chain moves'),
    drainIn: input(uint(timeLanes * accumulatorBits), 'potentials of all time steps, the first in the low bits'),
    drainOut: output(uint(timeLanes * accumulatorBits)),
  };
}

/** One output lane: an accumulator for each time step of the pass, and its link of the drain chain. */
function laneModule({ core, layer }: Stage) {
  const { accumulatorBits, weightBits, valueBits, timeLanes } = layer;
  const ports = {
    ...clocked,
    weight: input(sint(weightBits)),
    add: input(uint(timeLanes), 'for each time step'),
    value: when(valueBits > 1, input(uint(timeLanes * valueBits))),
    ...chainPorts(layer),
  };
  return component(
    `${core}_${layer.name}_lane`,
    ports,
    (m, io) => {
      m.doc('One weight serves every time step of the pass; the finished potentials move down the drain chain.');
      const { capture, value } = io;
      const term = value && weightTimes(m, layer, io.weight, 'weight_x3', accumulatorBits);
      const drains: SInt[] = [];
      for (let t = 0; t < timeLanes; t++) {
        const sum = m.register(`acc_${t}`, sint(accumulatorBits), { reset: 0 });
        const drain = m.register(`drain_${t}`, sint(accumulatorBits), { reset: 0 });
        const addend = term ? term(part(value, t, valueBits)) : io.weight.extend(accumulatorBits);
        m.when(capture, () => m.next(sum, 0)).elseWhen(io.add.bit(t), () => m.next(sum, sum.addWrap(addend)));
        linkDrain(m, io, drain, sum, t);
        drains.push(drain);
      }
      m.assign(io.drainOut, packed(drains.map((drain) => drain.asUInt())));
    },
    { family: `${core}_lane` },
  );
}

interface DrainPorts {
  readonly capture: Bool;
  readonly shift: Bool;
  readonly drainIn: UInt;
}

/** A link of the drain chain: takes the finished sum, then what comes from above. */
export function linkDrain(m: ModuleBuilder, ports: DrainPorts, drain: SInt, sum: SInt, t: number): void {
  const { capture, shift, drainIn } = ports;
  const above = part(drainIn, t, drain.width).asSInt();
  m.when(capture, () => m.next(drain, sum)).elseWhen(shift, () => m.next(drain, above));
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
  const { outputLanes, positionLanes, timeLanes, valueBits, weightBits } = layer;
  const { accumulate, isBias, capture, draw: shift } = control;
  m.section('Lanes: lane x * P + p adds up output p at position x');
  const everyStep = (signal: Bool) => packed(Array.from({ length: timeLanes }, () => signal));
  const gates = control.words.map((word, x) => {
    if (valueBits === 1) {
      const spikes = isBias ? word.or(everyStep(isBias)) : word;
      return { add: m.name(`add_${x}`, spikes.and(everyStep(accumulate))), value: word };
    }
    const biases = packed(Array.from({ length: timeLanes }, () => lit(layer.biasValue, uint(valueBits))));
    return { add: everyStep(accumulate), value: isBias ? m.name(`factor_${x}`, mux(isBias, biases, word)) : word };
  });
  const perLane = <T>(of: (x: number, p: number) => T): T[] =>
    Array.from({ length: positionLanes * outputLanes }, (_, entry) =>
      of(Math.floor(entry / outputLanes), entry % outputLanes),
    );
  const lane = laneModule(stage);
  laneChain(m, layer, potentials, (count, drainIn) => {
    const placed = m.placeArray('lane', count, lane, {
      weight: perLane((_, p) => part(control.weights, p, weightBits).asSInt()),
      add: perLane((x) => gates[x]!.add),
      value: valueBits > 1 ? perLane((x) => gates[x]!.value) : undefined,
      ...{ capture, shift, drainIn },
    });
    return placed.drainOut;
  });
}
