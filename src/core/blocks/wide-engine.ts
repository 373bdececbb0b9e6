/** Dense layers, several inputs a clock, passes that overlap (docs/microarchitecture.md, "Wide engine"). */
import {
  type Bool,
  bool,
  defineModule,
  enumeration,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type SInt,
  sint,
  sum,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import type { LayerPlan } from '../../plan/index.ts';
import { signedBits, unsignedBits } from '../../plan/index.ts';
import {
  drainControl,
  drainCounter,
  type EngineOptions,
  enginePorts,
  groupCount,
  laneChain,
  lastGroupOutputs,
  weightTimes,
} from './engine-parts.ts';
import { counter } from './parts.ts';

/** Inputs at once. */
export function inputLanesOf({ engine }: LayerPlan): number {
  return engine.kind === 'wide' ? engine.inputLanes : 1;
}

/** Elements of a wide engine's frame. */
export function wideElements(layer: LayerPlan): number {
  return layer.weights[0]!.length / inputLanesOf(layer);
}

export function wideEngine(options: EngineOptions): ModuleDefinition {
  const { core, layer, passSteps } = options;
  const { outputLanes, weightBits, timeLanes, valueBits } = layer;
  const inputLanes = inputLanesOf(layer);
  const elements = wideElements(layer);
  const biasTaps = Math.ceil(layer.biasRows.length / inputLanes);
  const taps = biasTaps + elements;
  const groups = groupCount(layer);

  return defineModule(`${core}_${layer.name}`, (m) => {
    m.doc(
      `Wide engine of ${layer.name}: dense layer ${elements * inputLanes}-${layer.output.channels}. Lanes: ${inputLanes} inputs x ${outputLanes} outputs x ${timeLanes} time steps.`,
    );
    const ports = enginePorts(m, options);
    const readAddress = m.output('rd_addr', uint(unsignedBits(elements - 1)));
    const startLast = ports.neurons?.loads
      ? m.output('start_last', bool(), { doc: "the pass that begins to leave is its image's last" })
      : undefined;
    const words = m.input('in_data_0', uint(inputLanes * timeLanes * valueBits));

    const state = m.register('state', enumeration('state', ['idle', 'run']), { reset: 'idle' });
    const active = m.register('active_lanes', uint(passSteps), { reset: 0 });
    const last = m.register('last_pass', bool(), { reset: 0 });
    const tap = m.register('tap', uint(unsignedBits(taps)), { reset: 0, doc: `${taps}: capture` });
    const address = m.register('in_addr', uint(unsignedBits(elements - 1)), { reset: 0 });
    const weightAddress = counter(m, 'weight_addr', groups * taps - 1);
    const group = counter(m, 'group', groups - 1);
    const draining = m.register('draining', bool(), { reset: 0, doc: 'the potentials of a pass leave' });
    const drainActive = m.register('drain_active', uint(passSteps), { reset: 0 });
    const drainLast = m.register('drain_last', bool(), { reset: 0 });
    const unevenGroups = groups > 1 && lastGroupOutputs(layer) !== outputLanes;
    const s1Accumulate = m.register('s1_accumulate', bool(), { reset: 0 });
    const s1Bias = biasTaps === 0 ? undefined : m.register('s1_bias', bool(), { reset: 0 });
    const s1Capture = m.register('s1_capture', bool(), { reset: 0 });
    const s1LastGroup = unevenGroups ? m.register('s1_last_group', bool(), { reset: 0 }) : undefined;
    const s2Accumulate = m.register('s2_accumulate', bool(), { reset: 0 });
    const s2Capture = m.register('s2_capture', bool(), { reset: 0 });
    const s2LastGroup = unevenGroups ? m.register('s2_last_group', bool(), { reset: 0 }) : undefined;
    const drainLeft = drainCounter(m, layer);
    const draw = drainControl(m, options, ports, drainLeft, { capture: s2Capture, lastGroup: s2LastGroup });

    m.section('Control: a pass hands its sums over once those of the pass before have left');
    const running = m.name('running', state.is('run'));
    const atCapture = m.name('at_capture', tap.equals(taps));
    const issueTap = m.name('issue_tap', running.and(atCapture.not()));
    const sinkFree = draining.not().and(ports.outFree);
    const sinkReady = m.name('sink_ready', ports.neurons ? sinkFree.and(ports.neurons.seederResting) : sinkFree);
    const firstGroup = group === undefined ? undefined : m.name('at_first_group', group.equals(0));
    const lastGroup = group === undefined ? undefined : m.name('at_last_group', group.equals(groups - 1));
    const left = m.name('drain_ends', drainEnds(layer, drainLeft, draw), {
      doc: 'the drain is empty by the time that a capture reaches it',
    });
    const settled = left.and(s1Capture.not()).and(s2Capture.not());
    const mayHandOver = firstGroup === undefined ? sinkReady : firstGroup.not().or(sinkReady);
    const issueCapture = m.name('issue_capture', running.and(atCapture).and(settled).and(mayHandOver));
    const beginDrain = m.name('begin_drain', firstGroup === undefined ? issueCapture : issueCapture.and(firstGroup));
    const passDone = m.name('pass_done', lastGroup === undefined ? issueCapture : issueCapture.and(lastGroup));
    const start = m.name('start_pass', state.is('idle').and(ports.inReady));

    const atInput = biasTaps === 0 ? issueTap : m.name('issue_input', issueTap.and(tap.greaterOrEqual(biasTaps)));
    const lastTap = m.name('at_last_tap', tap.equals(taps - 1));
    m.next(s1Accumulate, issueTap);
    if (s1Bias) m.next(s1Bias, issueTap.and(atInput.not()));
    m.next(s1Capture, issueCapture);
    m.next(s2Accumulate, s1Accumulate);
    m.next(s2Capture, s1Capture);
    if (s1LastGroup && s2LastGroup) {
      m.next(s1LastGroup, passDone);
      m.next(s2LastGroup, s1LastGroup);
    }
    m.when(issueCapture, () => {
      m.next(tap, 0);
      m.next(address, 0);
    }).elseWhen(issueTap, () => {
      m.next(tap, tap.addWrap(1));
      m.when(atInput.and(lastTap.not()), () => m.next(address, address.addWrap(1)));
    });
    if (weightAddress !== undefined) {
      const wraps = lastGroup === undefined ? lastTap : lastTap.and(lastGroup);
      m.when(issueTap, () => {
        m.when(wraps, () => m.next(weightAddress, 0)).otherwise(() => m.next(weightAddress, weightAddress.addWrap(1)));
      });
    }
    if (group !== undefined && lastGroup !== undefined) {
      m.when(issueCapture, () => {
        m.when(lastGroup, () => m.next(group, 0)).otherwise(() => m.next(group, group.addWrap(1)));
      });
    }
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'run');
          m.next(active, ports.inActive);
          m.next(last, ports.inLast);
        });
      },
      run: () => {
        m.when(passDone, () => m.next(state, 'idle'));
      },
    });
    m.when(beginDrain, () => {
      m.next(draining, 1);
      m.next(drainActive, active);
      m.next(drainLast, last);
    }).elseWhen(ports.outCommitted, () => m.next(draining, 0));
    m.assign(ports.inRelease, passDone);
    if (ports.neurons?.loads && startLast) {
      m.assign(ports.neurons.loads.start, beginDrain);
      m.assign(startLast, last);
    }
    m.assign(ports.active, drainActive);
    m.assign(ports.last, drainLast);
    m.assign(readAddress, address);

    m.section('Weights');
    const memory = m.memory('weights', {
      depth: groups * taps,
      type: uint(outputLanes * inputLanes * weightBits),
      contents: weightRows(layer, groups),
      contentsFile: `${core}_${layer.name}_weights.mem`,
    });
    const row = memory.read('weights_data', weightAddress ?? lit(0, uint(1)));

    m.section('Lanes');
    const values: Record<string, UInt> = {};
    for (let t = 0; t < timeLanes; t++)
      for (let i = 0; i < inputLanes; i++) {
        const at = (i * timeLanes + t) * valueBits;
        const value = words.slice(at + valueBits - 1, at);
        const factor = s1Bias ? mux(s1Bias, lit(layer.biasValue, value.type), value) : value;
        values[`value_${i}_${t}`] = m.name(`value_in${i}_${t}`, factor);
      }
    const rowBits = inputLanes * weightBits;
    laneChain(m, options, ports, draw, wideLane(options), (_, p) => ({
      weights: row.slice((p + 1) * rowBits - 1, p * rowBits),
      ...values,
      add: s1Accumulate,
      accumulate: s2Accumulate,
      capture: s2Capture,
    }));
  });
}

/** A capture is on its way for this many clocks; draws that have begun go on meanwhile, one a clock, and one more as it arrives. */
const captureClocks = 2;

function drainEnds({ outputLanes }: LayerPlan, left: UInt, draw: Bool): Bool {
  const few = outputLanes <= captureClocks + 1 ? draw : draw.and(left.lessOrEqual(captureClocks + 1));
  return left.equals(0).or(few);
}

/** One output lane: products of several inputs are added up in a tree, its sum one clock later to the accumulator. */
function wideLane({ core, layer }: EngineOptions): ModuleDefinition {
  const { accumulatorBits, weightBits, valueBits, timeLanes } = layer;
  const inputLanes = inputLanesOf(layer);
  const largest =
    2 ** (weightBits - 1) * inputLanes * Math.max(layer.inputMax, layer.biasRows.length > 0 ? layer.biasValue : 1);
  const sumBits = signedBits(-largest, largest);
  return defineModule(`${core}_${layer.name}_lane`, (m: ModuleBuilder) => {
    m.doc('Adds up the products of the input lanes, then the sums; the finished potentials move down the drain chain.');
    m.clock('clk');
    m.reset('rst');
    const weights = m.input('weights', uint(inputLanes * weightBits), {
      doc: 'of each input, the first in the low bits',
    });
    const values = Array.from({ length: timeLanes }, (_, t) =>
      Array.from({ length: inputLanes }, (_, i) => m.input(`value_${i}_${t}`, uint(valueBits))),
    );
    const add = m.input('add', bool(), { doc: 'weights and values are there' });
    const accumulate = m.input('accumulate', bool(), { doc: 'their sum is there' });
    const capture = m.input('capture', bool(), { doc: 'the sums are complete: hand them over, start from 0' });
    const shift = m.input('shift', bool(), { doc: 'the drain chain moves' });
    const upstream = Array.from({ length: timeLanes }, (_, t) => m.input(`drain_in_${t}`, sint(accumulatorBits)));
    const downstream = Array.from({ length: timeLanes }, (_, t) => m.output(`drain_out_${t}`, sint(accumulatorBits)));

    const terms = Array.from({ length: inputLanes }, (_, i) => {
      const weight = m.name(`weight_${i}`, weights.slice((i + 1) * weightBits - 1, i * weightBits).asSInt());
      const zero = lit(0, weight.type);
      return valueBits === 1
        ? (value: UInt): SInt => mux(value.bit(0), weight, zero)
        : weightTimes(m, layer, weight, `weight_${i}_x3`, sumBits);
    });
    for (let t = 0; t < timeLanes; t++) {
      const partial = m.register(`sum_${t}`, sint(sumBits), { reset: 0 });
      const total = m.register(`acc_${t}`, sint(accumulatorBits), { reset: 0 });
      const drain = m.register(`drain_${t}`, sint(accumulatorBits), { reset: 0 });
      const tree = sum(terms.map((term, i) => term(values[t]![i]!)));
      m.when(add, () => m.next(partial, sized(tree, sumBits)));
      m.when(capture, () => m.next(total, 0)).elseWhen(accumulate, () =>
        m.next(total, total.addWrap(sized(partial, accumulatorBits))),
      );
      m.when(capture, () => m.next(drain, total)).elseWhen(shift, () => m.next(drain, upstream[t]!));
      m.assign(downstream[t]!, drain);
    }
  });
}

/** The bits above a width that was proved enough are copies of the sign. */
function sized(value: SInt, width: number): SInt {
  if (value.width === width) return value;
  return value.width < width ? value.extend(width) : value.truncate(width);
}

/** Row g * taps + tap: for each output lane the weights of its input lanes; bias rows come first. */
function weightRows(layer: LayerPlan, groups: number): bigint[] {
  const inputLanes = inputLanesOf(layer);
  const inputs = layer.weights[0]!.length;
  const mask = (1n << BigInt(layer.weightBits)) - 1n;
  const rows: bigint[] = [];
  const pack = (group: number, weightOf: (output: number, lane: number) => number): bigint => {
    let row = 0n;
    for (let p = 0; p < layer.outputLanes; p++) {
      const output = group * layer.outputLanes + p;
      if (output >= layer.output.channels) break;
      for (let i = 0; i < inputLanes; i++)
        row |= (BigInt(weightOf(output, i)) & mask) << BigInt((p * inputLanes + i) * layer.weightBits);
    }
    return row;
  };
  for (let group = 0; group < groups; group++) {
    for (let b = 0; b < layer.biasRows.length; b += inputLanes)
      rows.push(pack(group, (output, i) => layer.biasRows[b + i]?.[output] ?? 0));
    for (let n = 0; n < inputs; n += inputLanes) rows.push(pack(group, (output, i) => layer.weights[output]![n + i]!));
  }
  return rows;
}
