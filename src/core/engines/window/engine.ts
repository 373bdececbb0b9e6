/** Convolution and dense layers, one tap a clock for all lanes (docs/microarchitecture.md, "Window engine"). */
import {
  type Bool,
  bool,
  type Counter,
  component,
  counter,
  delayed,
  flip,
  type Inside,
  lit,
  type ModuleBuilder,
  mux,
  type NamedConstant,
  type UInt,
  uint,
  when,
} from '../../../hdl/index.ts';
import { type LayerPlan, unsignedBits } from '../../../plan/index.ts';
import { frameAddressBits } from '../../buffers/frame.ts';
import { type CarryOut, carryLink, frameLink } from '../../links/index.ts';
import { checkedRead, type Loading } from '../../monitors/checked-read.ts';
import { rom } from '../../parts/rom.ts';
import type { Stage } from '../../stage.ts';
import { drain } from '../parts/drain.ts';
import { lanes } from '../parts/lanes.ts';
import { enginePass, enginePorts } from '../parts/ports.ts';
import { groupCount, hasUnevenGroups, rowBits, rowCount, rowsByGroup, walkedTaps } from '../parts/weights.ts';
import { windowGeometry } from './geometry.ts';

export function windowEngine(stage: Stage) {
  const { core, layer, passLanes } = stage;
  const { timeLanes, valueBits, positionLanes } = layer;
  const address = frameAddressBits({ ...layer.input, ...layer });
  const shape = { ...stage, passLanes };
  const frame = frameLink(shape, { word: timeLanes * valueBits, address }, positionLanes);
  const carried = when(layer.carry !== undefined, carryLink(timeLanes * valueBits));
  const ports = { ...enginePorts(stage), frame: flip(frame), carried };
  const describe = (m: ModuleBuilder, io: Inside<typeof ports>) => {
    m.doc('Window engine: a kernel walks over the frame, one tap a clock for all lanes, then the potentials leave.');
    nameNumbers(m, layer);
    const { potentials } = io;
    const pass = enginePass(m, io, io.frame);
    const chain = drain(m, layer, potentials);
    const waits = io.carried && m.wire('carry_waits', bool());
    const taps = tapWalk(m, layer, { running: pass.running, drained: chain.empty, waits });
    const group = counter(m, 'group', groupCount(layer), { last: 'at_last_group' });
    if (io.carried && waits)
      handOn(m, layer, io.carried, { taps, firstGroup: group.atFirst, waits, word: io.frame.words });
    const nextPosition = group.count === 1 ? taps.capture : m.name('next_position', taps.capture.and(group.atLast));
    m.when(taps.capture, () => group.step());

    const [accumulate] = delayed(m, 'accumulate', taps.issue, 1);
    const [isBias] = delayed(m, 'bias', taps.issue.and(taps.atInput.not()), 1);
    const captured = taps.captured;
    const [lastGroup] = hasUnevenGroups(layer) ? delayed(m, 'last_group', nextPosition, 1) : [lit(0, bool())];
    chain.load(captured, lastGroup!);

    m.section('Positions: pool window by pool window');
    const first = firstInput(layer);
    const base = m.register('base', uint(address), { reset: first, doc: "address of the window's first input" });
    const walk = positionWalk(m, layer, base, nextPosition);
    walkInputs(m, layer, taps, { base, next: walk.nextBase, lastGroup: group.atLast, address: io.frame.address });
    pass.finish(nextPosition.and(walk.atLast));

    m.section('Weights');
    const depth = groupCount(layer) * taps.count;
    const row = counter(m, 'weight_addr', depth, { last: 'at_last_row', constant: 'LAST_WEIGHT_ROW' });
    m.when(taps.issue, () => row.step());
    const width = rowBits(layer, 1);
    const loads = stage.loadsMemories;
    const memory = rom({ core, name: `${core}_${layer.name}_weights`, width, words: rowsByGroup(layer, 1), loads });
    const read = (address: UInt, load: Loading) => m.place('weights', memory, { enable: 1, address, load }).data;
    const bias = BigInt(layer.biasValue);
    const biases = Array.from({ length: positionLanes * timeLanes }, (_, i) => bias << BigInt(i * valueBits));
    const BIASES = m.constant(
      'BIASES',
      biases.reduce((all, each) => all | each),
      { doc: 'values of a bias row' },
    );
    lanes(m, stage, potentials, {
      ...{ accumulate: accumulate!, capture: captured, draw: chain.draw },
      weights: checkedRead(m, read, { address: row.value, free: pass.idle, check: io.check }),
      values: m.name('values', mux(isBias!, BIASES, io.frame.words)),
    });
  };
  return component(`${core}_${layer.name}`, ports, describe, { family: `${core}_window` });
}

/** Names for the numbers that tell one layer's engine from another's. */
function nameNumbers(m: ModuleBuilder, layer: LayerPlan): void {
  const { rowInputs } = windowGeometry(layer);
  const addressBits = frameAddressBits({ ...layer.input, ...layer });
  m.constant('POTENTIAL_BITS', layer.accumulatorBits);
  m.constant('OUTPUT_LANES', layer.outputLanes);
  m.constant('VALUES_BITS', layer.positionLanes * layer.timeLanes * layer.valueBits);
  m.constant('VALUE_BITS', layer.valueBits);
  m.constant('ADDRESS_BITS', addressBits);
  m.constant('TAP_BITS', unsignedBits(tapCount(layer)));
  if (!layer.runs) m.constant('ROW_BITS', unsignedBits(rowInputs - 1));
  for (const { name, bits } of walkDimensions(layer)) m.constant(`${name}_BITS`.toUpperCase(), bits);
}

function tapCount(layer: LayerPlan): number {
  return rowCount(layer, 1) / groupCount(layer);
}

/** The layer of an engine in words. */
export function describeWindow(layer: LayerPlan): string {
  const { input, output } = layer;
  const what =
    layer.kind === 'dense'
      ? `dense layer ${input.height * input.width * input.channels}-${output.channels}`
      : `convolution ${layer.kernelHeight}x${layer.kernelWidth}, ${input.height}x${input.width}x${input.channels} to ${output.height}x${output.width}x${output.channels}`;
  return `${what}. Lanes: ${layer.positionLanes} positions x ${layer.outputLanes} outputs x ${layer.timeLanes} time steps.`;
}

/** Inputs that the layer hands on leave as they pass by, in the first group, as soon as it is their turn. */
function handOn(
  m: ModuleBuilder,
  layer: LayerPlan,
  carried: CarryOut,
  {
    taps,
    firstGroup,
    waits,
    word,
  }: { readonly taps: Taps; readonly firstGroup: Bool; readonly waits: Bool; readonly word: UInt },
): void {
  const { tap, count } = layer.carry!;
  // All that is handed on is walked over, so it is one piece of the walk.
  const from = layer.biasRows.length + walkedTaps(layer).indexOf(tap);
  const end = from + count;
  const begun = from === 0 ? firstGroup : firstGroup.and(taps.tap.greaterOrEqual(m.constant('FIRST_CARRIED', from)));
  const atCarried = m.name(
    'at_carried',
    end > taps.count - 1 ? begun : begun.and(taps.tap.lessThan(m.constant('CARRIED_END', end))),
  );
  m.assign(waits, atCarried.and(carried.turn.not()));
  const [carry] = delayed(m, 'carry', taps.issue.and(atCarried), 1);
  m.assign(carried.push, carry!);
  m.assign(carried.data, word);
}

interface Taps {
  /** Number of the tap that is next. */
  readonly tap: UInt;
  /** Bias rows and inputs of a window. */
  readonly count: number;
  /** A tap goes to the lanes; it is an input, not a bias row. */
  readonly issue: Bool;
  readonly atInput: Bool;
  /** The sums are complete, and a clock later: they are handed over. */
  readonly capture: Bool;
  readonly captured: Bool;
}

/** One tap a clock, then the capture as soon as the drain chain is empty. */
function tapWalk(
  m: ModuleBuilder,
  layer: LayerPlan,
  { running, drained, waits }: { readonly running: Bool; readonly drained: Bool; readonly waits: Bool | undefined },
): Taps {
  const biasTaps = layer.biasRows.length;
  const count = tapCount(layer);
  m.section('Taps');
  const TAPS = m.constant('TAPS', count, { doc: 'bias rows and inputs of a position' });
  const tap = m.register('tap', uint(unsignedBits(count)), { reset: 0, doc: 'after the last one: capture' });
  const captured = m.register('s1_capture', bool(), { reset: 0 });
  const atCapture = m.name('at_capture', tap.equals(TAPS));
  const ready = running.and(atCapture.not());
  const issue = m.name('issue_tap', waits ? ready.and(waits.not()) : ready);
  const capture = m.name('issue_capture', running.and(atCapture).and(drained).and(captured.not()));
  m.next(captured, capture);
  m.when(issue, () => m.next(tap, tap.addWrap(1))).elseWhen(capture, () => m.next(tap, 0));
  const atInput =
    biasTaps === 0 ? issue : m.name('issue_input', issue.and(tap.greaterOrEqual(m.constant('BIAS_TAPS', biasTaps))));
  return { tap, count, issue, atInput, capture, captured };
}

interface Base {
  /** Address of the current window's and of the next one's first input. */
  readonly base: UInt;
  readonly next: UInt;
  readonly lastGroup: Bool;
  /** Port: of the input that is read. */
  readonly address: UInt;
}

/** The window's inputs row by row; after its last tap back to its base, or to the next window's. */
function walkInputs(m: ModuleBuilder, layer: LayerPlan, taps: Taps, { base, next, lastGroup, ...port }: Base): void {
  m.section('Addresses');
  const address = m.outputRegister(port.address, { reset: firstInput(layer) });
  const step = layer.runs ? runSteps(m, layer, taps.tap) : rowSteps(m, layer, taps);
  m.when(taps.capture, () => m.next(address, mux(lastGroup, next, base))).elseWhen(taps.atInput, () => {
    // After a window's last input it may be past the frame; nothing uses what is read there.
    step(address);
  });
}

/** Address of the first input that is walked over, from the window's own. */
function firstInput(layer: LayerPlan): number {
  return windowGeometry(layer).runs[0]?.first ?? 0;
}

type Step = (address: UInt) => void;

/** From input to input, and from row to row. */
function rowSteps(m: ModuleBuilder, layer: LayerPlan, { atInput }: Taps): Step {
  const { rowInputs, rowJump } = windowGeometry(layer);
  const column = counter(m, 'row_index', rowInputs, { last: 'at_row_end', constant: 'LAST_ROW_INPUT' });
  m.when(atInput, () => column.step());
  return (address) => {
    const ROW_JUMP = m.constant('ROW_JUMP', rowJump % 2 ** address.width, {
      doc: "from a row's last input to the next row",
    });
    m.when(column.atLast, () => m.next(address, address.addWrap(ROW_JUMP))).otherwise(() =>
      m.next(address, address.addWrap(1)),
    );
  };
}

/** From input to input, and over the inputs between two runs, for which no output has a weight. */
function runSteps(m: ModuleBuilder, layer: LayerPlan, tap: UInt): Step {
  const { runs } = windowGeometry(layer);
  const jumps = new Map<number, number[]>();
  for (const [i, { last, lastTap }] of runs.slice(0, -1).entries()) {
    const jump = runs[i + 1]!.first - last;
    if (jump !== 1) jumps.set(jump, [...(jumps.get(jump) ?? []), layer.biasRows.length + lastTap]);
  }
  const steps = [...jumps].map(([jump, ends], index) => {
    const isEnd = ends.map((end, i) =>
      tap.equals(m.constant(`LAST_TAP_${index}_${i}`, end, { doc: 'the last one before a jump' })),
    );
    return {
      jump,
      at: m.name(
        `at_end_${index}`,
        isEnd.reduce((any, each) => any.or(each)),
      ),
    };
  });
  return (address) => {
    let by: UInt = lit(1, address.type);
    for (const [index, { jump, at }] of steps.entries()) {
      const doc = 'over inputs without weights';
      by = mux(at, m.constant(`JUMP_${index}`, BigInt.asUintN(address.width, BigInt(jump)), { doc }), by);
    }
    m.next(address, address.addWrap(steps.length > 0 ? m.name('step', by) : 1));
  };
}

interface PositionWalk {
  /** The current position is the frame's last. */
  readonly atLast: Bool;
  /** Address of the next position's first input. */
  readonly nextBase: UInt;
}

interface Dimension {
  readonly name: string;
  readonly count: number;
  readonly bits: number;
  /** How far the base address moves when this counter steps and those before it begin again. */
  readonly delta: number;
}

/**
 * Counters over (window row, window column, row in the window, column in the window), the last one first. Those in a window are there
 * with every pool: lanes that take several of its positions at once leave one value.
 */
function walkDimensions(layer: LayerPlan): Dimension[] {
  const { stepX, stepY, pool, windowsX, windowsY } = windowGeometry(layer);
  const lanes = layer.positionLanes;
  const all = [
    { name: 'position_x', count: lanes === 1 ? pool.width : 1, size: pool.width, distance: stepX },
    { name: 'position_y', count: lanes <= pool.width ? pool.height : 1, size: pool.height, distance: stepY },
    { name: 'win_x', count: windowsX, size: windowsX, distance: pool.width * stepX },
    { name: 'win_y', count: windowsY, size: windowsY, distance: pool.height * stepY },
  ];
  let rewind = 0;
  return all
    .filter(({ size }) => size > 1)
    .map(({ name, count, size, distance }) => {
      const delta = distance - rewind;
      rewind += (count - 1) * distance;
      return { name, count, bits: unsignedBits(size - 1), delta };
    });
}

/** The base address moves by one constant for each counter that steps. */
function positionWalk(m: ModuleBuilder, layer: LayerPlan, base: UInt, advance: Bool): PositionWalk {
  const first = firstInput(layer);
  const dimensions = walkDimensions(layer);
  if (dimensions.length === 0) m.unused(base, 'the only window begins at 0');
  const steps: { readonly position: Counter; readonly distance: NamedConstant }[] = [];
  let isEnd = advance;
  for (const [index, { name, count, bits, delta }] of dimensions.entries()) {
    const NAME = name.toUpperCase();
    const constant = `LAST_${NAME}`;
    const position = counter(m, name, count, { last: `${name}_at_end`, width: bits, constant });
    const moves = index === 0 ? advance : m.name(`${name}_steps`, isEnd);
    m.when(moves, () => position.step());
    isEnd = moves.and(position.atLast);
    // Distances back are written as what they are modulo the addresses.
    const doc = `what base moves by as ${name} steps`;
    const distance = m.constant(`NEXT_${NAME}`, BigInt.asUintN(base.width, BigInt(delta)), { doc });
    steps.push({ position, distance });
  }
  const atLast = steps.reduce<Bool>((all, { position }) => all.and(position.atLast), lit(1, bool()));
  const nextBase = steps.reduceRight<UInt>(
    (slower, { position, distance }) => mux(position.atLast, slower, base.addWrap(distance)),
    lit(first, base.type),
  );
  const target = m.name('next_base', nextBase);
  m.when(advance, () => m.next(base, target));
  return { atLast: m.name('at_last_position', atLast), nextBase: target };
}
