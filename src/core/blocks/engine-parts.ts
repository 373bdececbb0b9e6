/** What the window engine and the event engine have in common: ports, weights, lanes and the drain chain. */
import {
  type Bool,
  bool,
  defineModule,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import type { LayerPlan, Seeding } from '../../plan/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { decisionPorts, isDropped } from './early-exit.ts';

export interface EngineOptions {
  readonly core: string;
  readonly layer: LayerPlan;
  /** Time steps of a pass, Tp. */
  readonly passSteps: number;
  /** `draw`: the neurons' streams need no start states. */
  readonly seeding: Seeding;
  /** Bits of an image's number, with early exit. */
  readonly imageBits?: number | undefined;
  /** The neurons can make the engine wait (phases, self-test). */
  readonly neuronsWait?: boolean | undefined;
}

/** Output groups G of a layer. */
export function groupCount(layer: LayerPlan): number {
  return Math.ceil(layer.output.channels / layer.outputLanes);
}

/** Outputs in the last group. */
export function lastGroupOutputs(layer: LayerPlan): number {
  return layer.output.channels - (groupCount(layer) - 1) * layer.outputLanes;
}

/** The ports of every engine beside those of its input data. */
export function enginePorts(m: ModuleBuilder, { layer, passSteps, seeding, imageBits, neuronsWait }: EngineOptions) {
  m.clock('clk');
  m.reset('rst');
  const hasStreams = 'stream' in layer.neuron;
  return {
    inReady: m.input('in_ready', bool(), { doc: 'an input frame waits' }),
    inActive: m.input('in_active', uint(passSteps)),
    inLast: m.input('in_last', bool()),
    inRelease: m.output('in_release', bool(), { doc: 'the input frame has been read' }),
    outFree: m.input('out_free', bool(), { doc: 'the consumer can take a frame' }),
    outCommitted: m.input('out_committed', bool(), { doc: 'the consumer has the whole frame' }),
    exit: imageBits === undefined ? undefined : exitPorts(m, imageBits, hasStreams),
    neurons: hasStreams
      ? {
          seederResting: m.input('seeder_resting', bool(), { doc: 'the neurons can begin a pass' }),
          loads:
            seeding === 'draw'
              ? undefined
              : {
                  seederLoading: m.input('seeder_loading', bool(), { doc: 'the neurons have no words yet' }),
                  start: m.output('start', bool(), { doc: 'a pass begins' }),
                },
          busy: neuronsWait
            ? m.input('neurons_busy', bool(), { doc: 'the neurons are not done with the last draw' })
            : undefined,
        }
      : undefined,
    active: m.output('active', uint(passSteps), { doc: 'time lanes in use in this pass' }),
    last: m.output('last', bool(), { doc: "this is the image's last pass" }),
    draw: m.output('draw', bool(), { doc: 'the potentials are those of the next neuron' }),
    potentials: Array.from({ length: layer.timeLanes }, (_, t) =>
      m.output(`potential_${t}`, sint(layer.accumulatorBits)),
    ),
  };
}

export type EnginePorts = ReturnType<typeof enginePorts>;

function exitPorts(m: ModuleBuilder, bits: number, hasNeurons: boolean) {
  return {
    ...decisionPorts(m, bits),
    inImage: m.input('in_image', uint(bits), { doc: "number of the input frame's image" }),
    image: m.output('image', uint(bits), { doc: "number of the pass's image" }),
    newImage: hasNeurons ? m.output('new_image', bool(), { doc: 'the image before is over' }) : undefined,
  };
}

export interface PassStart {
  /** A pass begins. */
  readonly start: Bool;
  /** The waiting frame is thrown away; undefined without early exit. */
  readonly drop: Bool | undefined;
}

/** When an idle engine begins a pass, and with early exit: which frames it throws away instead. */
export function passStart(m: ModuleBuilder, ports: EnginePorts, idle: Bool): PassStart {
  const { exit, neurons } = ports;
  const waits = idle.and(ports.inReady);
  if (exit === undefined) {
    const starts = waits.and(ports.outFree);
    return { start: m.name('start_pass', neurons ? starts.and(neurons.seederResting) : starts), drop: undefined };
  }
  const tag = m.register('image_tag', exit.inImage.type, { reset: 0 });
  const dropped = m.name('input_dropped', isDropped(exit, exit.inImage));
  const wanted = m.name('input_wanted', waits.and(dropped.not()));
  const starts = wanted.and(ports.outFree);
  const start = m.name('start_pass', neurons ? starts.and(neurons.seederResting) : starts);
  m.when(start, () => m.next(tag, exit.inImage));
  m.assign(exit.image, tag);
  if (exit.newImage) m.assign(exit.newImage, wanted.and(exit.inImage.notEquals(tag)));
  return { start, drop: m.name('drop_input', waits.and(dropped)) };
}

/** A row of the weight memory: one weight for each output lane of a group, the first in the low bits, zeros beyond the last output. */
export function packGroup(layer: LayerPlan, group: number, weightOf: (output: number) => number): bigint {
  const mask = (1n << BigInt(layer.weightBits)) - 1n;
  let row = 0n;
  for (let lane = 0; lane < layer.outputLanes; lane++) {
    const output = group * layer.outputLanes + lane;
    if (output < layer.output.channels) row |= (BigInt(weightOf(output)) & mask) << BigInt(lane * layer.weightBits);
  }
  return row;
}

/** One output lane: an accumulator for each time step of the pass, and its link of the drain chain. */
function laneModule({ core, layer }: EngineOptions): ModuleDefinition {
  const { accumulatorBits, weightBits, valueBits, timeLanes } = layer;
  return defineModule(`${core}_${layer.name}_lane`, (m) => {
    m.doc('One weight serves every time step of the pass; the finished potentials move down the drain chain.');
    m.clock('clk');
    m.reset('rst');
    const weight = m.input('weight', sint(weightBits));
    const add = Array.from({ length: timeLanes }, (_, t) => m.input(`add_${t}`, bool()));
    const values =
      valueBits > 1 ? Array.from({ length: timeLanes }, (_, t) => m.input(`value_${t}`, uint(valueBits))) : undefined;
    const capture = m.input('capture', bool(), { doc: 'the sums are complete: hand them over, start from 0' });
    const shift = m.input('shift', bool(), { doc: 'the drain chain moves' });
    const upstream = Array.from({ length: timeLanes }, (_, t) => m.input(`drain_in_${t}`, sint(accumulatorBits)));
    const downstream = Array.from({ length: timeLanes }, (_, t) => m.output(`drain_out_${t}`, sint(accumulatorBits)));

    const term = weightTimes(m, layer, weight, 'weight_x3', accumulatorBits);
    for (let t = 0; t < timeLanes; t++) {
      const sum = m.register(`acc_${t}`, sint(accumulatorBits), { reset: 0 });
      const drain = m.register(`drain_${t}`, sint(accumulatorBits), { reset: 0 });
      const addend = values === undefined ? weight.extend(accumulatorBits) : term(values[t]!);
      m.when(capture, () => m.next(sum, 0)).elseWhen(add[t]!, () => m.next(sum, sum.addWrap(addend)));
      m.when(capture, () => m.next(drain, sum)).elseWhen(shift, () => m.next(drain, upstream[t]!));
      m.assign(downstream[t]!, drain);
    }
  });
}

/**
 * Weight times value at a width of `bits` that was proved enough for every product that occurs, so the bits
 * above it are copies of the sign. A 2x2 pool counts 0..4: choosing among 0, w, 2w, 3w and 4w, with 3w made once for all
 * time steps, takes half the LUTs of a multiplier.
 */
export function weightTimes(
  m: ModuleBuilder,
  layer: LayerPlan,
  weight: SInt,
  tripleName: string,
  bits: number,
): (value: UInt) => SInt {
  const sized = (product: SInt): SInt => (product.width < bits ? product.extend(bits) : product.truncate(bits));
  if (layer.inputMax !== 4) return (value) => sized(weight.mulFull(value.toSInt()));
  const triple = m.name(tripleName, sized(weight.addGrow(weight.shiftLeft(1))));
  const zero = lit(0, triple.type);
  return (value) =>
    mux(
      value.bit(2),
      sized(weight.shiftLeft(2)),
      mux(value.bit(1), mux(value.bit(0), triple, sized(weight.shiftLeft(1))), mux(value.bit(0), sized(weight), zero)),
    );
}

export interface LaneControl {
  readonly accumulate: Bool;
  /** The tap is a bias row: its value is biasValue in every time step; absent where `words` say so themselves. */
  readonly isBias: Bool | undefined;
  readonly capture: Bool;
  /** The captured sums are the last group's (fewer outputs); absent when every group is full. */
  readonly lastGroup: Bool | undefined;
  /** A row of the weight memory. */
  readonly weights: UInt;
  /** For each position lane the values of the time lanes, time lane t at bits [t*V +: V]. */
  readonly words: readonly UInt[];
}

/** A counter of the potentials that wait in the drain chain; made before the control that depends on it. */
export function drainCounter(m: ModuleBuilder, layer: LayerPlan): UInt {
  return m.register('drain_left', uint(unsignedBits(layer.positionLanes * layer.outputLanes)), { reset: 0 });
}

/** The lanes of an engine and the chain that drains them, one neuron a clock. */
export function lanes(
  m: ModuleBuilder,
  options: EngineOptions,
  ports: EnginePorts,
  drainLeft: UInt,
  control: LaneControl,
): void {
  const { layer } = options;
  const { weightBits, valueBits, timeLanes } = layer;
  const draw = drainControl(m, options, ports, drainLeft, control);

  m.section('Lanes');
  const gates = control.words.map((word, x) =>
    Array.from({ length: timeLanes }, (_, t) => {
      const value = m.name(`value_${x}_${t}`, word.slice((t + 1) * valueBits - 1, t * valueBits));
      if (valueBits === 1) {
        const spike = control.isBias ? control.isBias.or(value.bit(0)) : value.bit(0);
        return { add: m.name(`add_${x}_${t}`, control.accumulate.and(spike)) };
      }
      const factor = control.isBias
        ? m.name(`factor_${x}_${t}`, mux(control.isBias, lit(layer.biasValue, value.type), value))
        : value;
      return { add: control.accumulate, value: factor };
    }),
  );
  laneChain(m, options, ports, draw, laneModule(options), (x, p) => {
    const inputs: Record<string, Bool | UInt | SInt> = {
      weight: control.weights.slice((p + 1) * weightBits - 1, p * weightBits).asSInt(),
      capture: control.capture,
    };
    gates[x]!.forEach((gate, t) => {
      inputs[`add_${t}`] = gate.add;
      if (gate.value) inputs[`value_${t}`] = gate.value;
    });
    return inputs;
  });
}

/** Counts the potentials that wait, and says when one leaves. */
export function drainControl(
  m: ModuleBuilder,
  { layer }: EngineOptions,
  ports: EnginePorts,
  drainLeft: UInt,
  control: Pick<LaneControl, 'capture' | 'lastGroup'>,
): Bool {
  const { outputLanes, positionLanes } = layer;
  m.section('Drain: the potentials leave one neuron a clock');
  const waiting = m.name('potentials_wait', drainLeft.notEquals(0));
  const loads = ports.neurons?.loads;
  const busy = ports.neurons?.busy;
  const seeded = loads ? waiting.and(loads.seederLoading.not()) : waiting;
  const draw = m.name('draw_now', busy ? seeded.and(busy.not()) : seeded);
  const all = lit(positionLanes * outputLanes, drainLeft.type);
  const captured = control.lastGroup
    ? mux(control.lastGroup, lit(positionLanes * lastGroupOutputs(layer), drainLeft.type), all)
    : all;
  m.when(control.capture, () => m.next(drainLeft, captured)).elseWhen(draw, () =>
    m.next(drainLeft, drainLeft.subWrap(1)),
  );
  return draw;
}

/** An instance of the lane for each position and output, linked to a chain whose head is the engine's potential. */
export function laneChain(
  m: ModuleBuilder,
  { layer }: EngineOptions,
  ports: EnginePorts,
  draw: Bool,
  lane: ModuleDefinition,
  inputsOf: (x: number, p: number) => Record<string, Bool | UInt | SInt>,
): void {
  const { timeLanes, outputLanes, positionLanes } = layer;
  // Built from the chain's end, so that each link knows the one above it. The last link holds its value.
  let upstream: SInt[] | undefined;
  for (let entry = positionLanes * outputLanes - 1; entry >= 0; entry--) {
    const x = Math.floor(entry / outputLanes);
    const p = entry % outputLanes;
    const own = Array.from({ length: timeLanes }, (_, t) =>
      m.wire(`drain_${x}_${p}_${t}`, sint(layer.accumulatorBits)),
    );
    const inputs: Record<string, Bool | UInt | SInt> = { ...inputsOf(x, p), shift: draw };
    for (const [t, link] of (upstream ?? own).entries()) inputs[`drain_in_${t}`] = link;
    const instance = m.instance(`lane_${x}_${p}`, lane, inputs);
    for (const [t, wire] of own.entries()) m.assign(wire, instance.sint(`drain_out_${t}`));
    upstream = own;
  }
  m.assign(ports.draw, draw);
  for (const [t, port] of ports.potentials.entries()) m.assign(port, upstream![t]!);
}
