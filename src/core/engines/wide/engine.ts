/** Dense layers, several inputs a clock, passes that overlap (docs/microarchitecture.md, "Wide engine"). */
import {
  type Bool,
  bool,
  component,
  counter,
  delayed,
  enumeration,
  flip,
  lit,
  type ModuleBuilder,
  mux,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import { type LayerPlan, unsignedBits } from '../../../plan/index.ts';
import { type FrameIn, frameLink } from '../../links/index.ts';
import { checkedRead, type Loading } from '../../monitors/checked-read.ts';
import { packed, part } from '../../parts/fit.ts';
import { rom } from '../../parts/rom.ts';
import type { Stage } from '../../stage.ts';
import { type Drain, drain, laneChain } from '../parts/drain.ts';
import { type EngineIo, enginePorts } from '../parts/ports.ts';
import { groupCount, hasUnevenGroups, laneWeights, rowBits, rowsByGroup } from '../parts/weights.ts';
import { inputLanesOf, wideElements } from './geometry.ts';
import { wideLane } from './lane.ts';

export function wideEngine(stage: Stage) {
  const { core, layer } = stage;
  const { outputLanes, timeLanes, valueBits } = layer;
  const inputLanes = inputLanesOf(layer);
  const elements = wideElements(layer);
  const bits = { word: inputLanes * timeLanes * valueBits, address: unsignedBits(elements - 1) };
  const ports = { ...enginePorts(stage), frame: flip(frameLink(stage, bits, 1)) };
  return component(`${core}_${layer.name}`, ports, (m, io) => {
    m.doc(
      `Wide engine of ${layer.name}: dense layer ${elements * inputLanes}-${layer.output.channels}. Lanes: ${inputLanes} inputs x ${outputLanes} outputs x ${timeLanes} time steps.`,
    );
    const chain = drain(m, layer, io.potentials);
    const taps = tapWalk(m, layer, io.frame.address);
    const { idle, group } = overlappingPasses(m, stage, io, { frame: io.frame, taps, chain });

    m.section('Weights');
    const depth = groupCount(layer) * taps.count;
    const rowAddress = counter(m, 'weight_addr', depth, { last: 'at_last_row' });
    m.when(taps.issue, () => rowAddress.step());
    const width = rowBits(layer, inputLanes);
    const loads = stage.loadsMemories;
    const memory = rom({
      core,
      name: `${core}_${layer.name}_weights`,
      width,
      words: rowsByGroup(layer, inputLanes),
      loads,
    });
    const read = (address: UInt, load: Loading) => m.place('weights', memory, { enable: 1, address, load }).data;
    const row = checkedRead(m, read, { address: rowAddress.value, free: idle, check: io.check });
    const [add, accumulate] = delayed(m, 'accumulate', taps.issue, 2);
    const value = laneValues(m, layer, io.frame, taps);

    m.section('Lanes');
    const lane = wideLane(stage);
    const shared = { value, add: add!, accumulate: accumulate!, capture: taps.captured, shift: chain.draw };
    laneChain(m, layer, io.potentials, (count, drainIn) => {
      const weights = laneWeights(m, layer, row, group).map((lane) => packed(lane.map((weight) => weight.asUInt())));
      return m.placeArray('lane', count, lane, { ...shared, weights, drainIn }).drainOut;
    });
  });
}

interface Taps {
  /** Bias rows and inputs, each of all input lanes. */
  readonly count: number;
  readonly tap: UInt;
  readonly atCapture: Bool;
  /** Wires, driven by what knows when the engine runs: a tap goes to the lanes, the sums are complete. */
  readonly issue: Bool;
  readonly capture: Bool;
  /** The tap is an input, not a bias row. */
  readonly atInput: Bool;
  readonly address: UInt;
  /** A capture is on its way to the lanes, and there. */
  readonly capturing: Bool;
  readonly captured: Bool;
}

function tapWalk(m: ModuleBuilder, layer: LayerPlan, port: UInt): Taps {
  const biasTaps = Math.ceil(layer.biasRows.length / inputLanesOf(layer));
  const elements = wideElements(layer);
  const count = biasTaps + elements;
  m.section('Taps');
  const tap = m.register('tap', uint(unsignedBits(count)), { reset: 0, doc: `${count}: capture` });
  const address = m.outputRegister(port, { reset: 0 });
  const issue = m.wire('issue_tap', bool());
  const capture = m.wire('issue_capture', bool());
  const [capturing, captured] = delayed(m, 'capture', capture, 2);
  const atInput = biasTaps === 0 ? issue : m.name('issue_input', issue.and(tap.greaterOrEqual(biasTaps)));
  m.when(capture, () => {
    m.next(tap, 0);
    m.next(address, 0);
  }).elseWhen(issue, () => {
    m.next(tap, tap.addWrap(1));
    m.when(atInput, () => m.next(address, address.addWrap(1)));
  });
  const atCapture = m.name('at_capture', tap.equals(count));
  return { count, tap, atCapture, issue, capture, atInput, address, capturing: capturing!, captured: captured! };
}

interface PassParts {
  readonly frame: FrameIn;
  readonly taps: Taps;
  readonly chain: Drain;
}

/** A pass hands its sums over once those of the pass before have left. */
function overlappingPasses(
  m: ModuleBuilder,
  { layer, passLanes }: Stage,
  io: EngineIo,
  { frame, taps, chain }: PassParts,
): { readonly idle: Bool; readonly group: UInt } {
  const { potentials } = io;
  m.section('Control: a pass hands its sums over once those of the pass before have left');
  const state = m.register('state', enumeration('state', ['idle', 'run']), { reset: 'idle' });
  const active = m.register('active_lanes', uint(passLanes), { reset: 0 });
  const last = m.register('last_pass', bool(), { reset: 0 });
  const draining = m.register('draining', bool(), { reset: 0, doc: 'the potentials of a pass leave' });
  const drainActive = m.outputRegister(potentials.active, { reset: 0 });
  const drainLast = m.outputRegister(potentials.last, { reset: 0 });
  const group = counter(m, 'group', groupCount(layer), { last: 'at_last_group' });

  const running = m.name('running', state.is('run'));
  const { free, resting = lit(1, bool()) } = potentials;
  const sinkReady = m.name('sink_ready', draining.not().and(free).and(resting));
  const firstGroup = group.atFirst;
  const left = m.name('drain_ends', drainEnds(layer, chain), {
    doc: 'the drain is empty by the time that a capture reaches it',
  });
  const settled = left.and(taps.capturing.not()).and(taps.captured.not());
  const mayHandOver = group.count === 1 ? sinkReady : firstGroup.not().or(sinkReady);
  m.assign(taps.issue, running.and(taps.atCapture.not()));
  m.assign(taps.capture, running.and(taps.atCapture).and(settled).and(mayHandOver));
  m.when(taps.capture, () => group.step());
  const beginDrain = m.name('begin_drain', taps.capture.and(firstGroup));
  const passDone = m.name('pass_done', taps.capture.and(group.atLast));
  const [, lastGroup] = hasUnevenGroups(layer) ? delayed(m, 'last_group', passDone, 2) : [];
  chain.load(taps.captured, lastGroup ?? lit(0, bool()));

  m.switch(state, {
    idle: () => {
      m.when(m.name('start_pass', state.is('idle').and(frame.ready)), () => {
        m.next(state, 'run');
        m.next(active, frame.active);
        m.next(last, frame.last);
      });
    },
    run: () => m.when(passDone, () => m.next(state, 'idle')),
  });
  m.when(beginDrain, () => {
    m.next(draining, 1);
    m.next(drainActive, active);
    m.next(drainLast, last);
  }).elseWhen(potentials.committed, () => m.next(draining, 0));
  m.assign(frame.release, passDone);
  if (potentials.start && potentials.startLast) {
    m.assign(potentials.start, beginDrain);
    m.assign(potentials.startLast, last);
  }
  return { idle: state.is('idle'), group: group.value };
}

/** A capture is on its way for this many clocks; draws that have begun go on meanwhile, one a clock, and one more as it arrives. */
const captureClocks = 2;

function drainEnds({ outputLanes }: LayerPlan, { left, empty, draw }: Drain): Bool {
  const few = outputLanes <= captureClocks + 1 ? draw : draw.and(left.lessOrEqual(captureClocks + 1));
  return empty.or(few);
}

/** What the lanes multiply by: for each time lane the values of the input lanes, or of a bias row. */
function laneValues(m: ModuleBuilder, layer: LayerPlan, frame: FrameIn, taps: Taps): UInt {
  const { timeLanes, valueBits, biasRows, biasValue } = layer;
  const inputLanes = inputLanesOf(layer);
  const [isBias] = biasRows.length === 0 ? [] : delayed(m, 'bias', taps.issue.and(taps.atInput.not()), 1);
  // The frame's words are input by input.
  const words = Array.from({ length: timeLanes }, (_, t) =>
    Array.from({ length: inputLanes }, (_, i) => part(frame.words, i * timeLanes + t, valueBits)),
  );
  const values = packed(words.flat());
  const biases = packed(Array.from({ length: inputLanes * timeLanes }, () => lit(biasValue, uint(valueBits))));
  return m.name('values', isBias ? mux(isBias, biases, values) : values);
}
