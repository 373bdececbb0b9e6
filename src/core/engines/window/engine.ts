/** Convolution and dense layers, one tap a clock for all lanes (docs/microarchitecture.md, "Window engine"). */
import {
  type Bool,
  bool,
  type Counter,
  component,
  counter,
  delayed,
  flip,
  lit,
  type ModuleBuilder,
  mux,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import { type LayerPlan, unsignedBits } from '../../../plan/index.ts';
import { frameAddressBits } from '../../buffers/frame.ts';
import { frameLink } from '../../links/index.ts';
import { checkedRead } from '../../monitors/checked-read.ts';
import { offsetBy } from '../../parts/fit.ts';
import type { Stage } from '../../stage.ts';
import { drain } from '../parts/drain.ts';
import { lanes } from '../parts/lanes.ts';
import { enginePass, enginePorts } from '../parts/ports.ts';
import { groupCount, hasUnevenGroups, rowsByGroup } from '../parts/weights.ts';
import { windowGeometry } from './geometry.ts';

export function windowEngine(stage: Stage) {
  const { core, layer, passLanes } = stage;
  const { timeLanes, valueBits, positionLanes, outputLanes, weightBits } = layer;
  const address = frameAddressBits({ ...layer.input, ...layer });
  const shape = { ...stage, passLanes };
  const frame = frameLink(shape, { word: timeLanes * valueBits, address }, positionLanes);
  return component(`${core}_${layer.name}`, { ...enginePorts(stage), frame: flip(frame) }, (m, io) => {
    m.doc(describe(layer));
    const { potentials } = io;
    const pass = enginePass(m, stage, io, io.frame);
    const chain = drain(m, layer, potentials);
    const taps = tapWalk(m, layer, pass.running, chain.empty);
    const group = counter(m, 'group', groupCount(layer), { last: 'at_last_group' });
    const nextPosition = m.name('next_position', taps.capture.and(group.atLast));
    m.when(taps.capture, () => group.step());

    const [accumulate] = delayed(m, 'accumulate', taps.issue, 1);
    const [isBias] = delayed(m, 'bias', taps.issue.and(taps.atInput.not()), 1);
    const captured = taps.captured;
    const [lastGroup] = hasUnevenGroups(layer) ? delayed(m, 'last_group', nextPosition, 1) : [lit(0, bool())];
    chain.load(captured, lastGroup!);

    m.section('Positions: pool window by pool window');
    const base = m.register('base', uint(address), { reset: 0, doc: "address of the window's first input" });
    const walk = positionWalk(m, layer, base, nextPosition);
    m.assign(io.frame.address, inputAddress(m, layer, taps, { base, next: walk.nextBase, lastGroup: group.atLast }));
    pass.finish(nextPosition.and(walk.atLast));

    m.section('Weights');
    const depth = groupCount(layer) * taps.count;
    const row = counter(m, 'weight_addr', depth, { last: 'at_last_row' });
    m.when(taps.issue, () => row.step());
    const weights = m.memory('weights', {
      depth,
      type: uint(outputLanes * weightBits),
      contents: rowsByGroup(layer, 1),
      contentsFile: `${core}_${layer.name}_weights.mem`,
    });
    lanes(m, stage, potentials, {
      ...{ accumulate: accumulate!, isBias: isBias!, capture: captured, draw: chain.draw },
      weights: checkedRead(m, weights, 'weights_data', { address: row.value, free: pass.idle, check: io.check }),
      words: io.frame.words,
    });
  });
}

function describe(layer: LayerPlan): string {
  const { input, output } = layer;
  const what =
    layer.kind === 'dense'
      ? `dense layer ${input.height * input.width * input.channels}-${output.channels}`
      : `convolution ${layer.kernelHeight}x${layer.kernelWidth}, ${input.height}x${input.width}x${input.channels} to ${output.height}x${output.width}x${output.channels}`;
  return `Window engine of ${layer.name}: ${what}. Lanes: ${layer.positionLanes} positions x ${layer.outputLanes} outputs x ${layer.timeLanes} time steps.`;
}

interface Taps {
  /** Bias rows and inputs of a window. */
  readonly count: number;
  /** A tap goes to the lanes; it is an input, not a bias row. */
  readonly issue: Bool;
  readonly atInput: Bool;
  readonly atLast: Bool;
  /** The sums are complete, and a clock later: they are handed over. */
  readonly capture: Bool;
  readonly captured: Bool;
}

/** One tap a clock, then the capture as soon as the drain chain is empty. */
function tapWalk(m: ModuleBuilder, layer: LayerPlan, running: Bool, drained: Bool): Taps {
  const biasTaps = layer.biasRows.length;
  const count = biasTaps + layer.kernelHeight * windowGeometry(layer).rowInputs;
  m.section('Taps');
  const tap = m.register('tap', uint(unsignedBits(count)), { reset: 0, doc: `${count}: capture` });
  const captured = m.register('s1_capture', bool(), { reset: 0 });
  const atCapture = m.name('at_capture', tap.equals(count));
  const issue = m.name('issue_tap', running.and(atCapture.not()));
  const capture = m.name('issue_capture', running.and(atCapture).and(drained).and(captured.not()));
  m.next(captured, capture);
  m.when(issue, () => m.next(tap, tap.addWrap(1))).elseWhen(capture, () => m.next(tap, 0));
  const atInput = biasTaps === 0 ? issue : m.name('issue_input', issue.and(tap.greaterOrEqual(biasTaps)));
  const atLast = m.name('at_last_tap', tap.equals(count - 1));
  return { count, issue, atInput, atLast, capture, captured };
}

interface Base {
  /** Address of the current window's and of the next one's first input. */
  readonly base: UInt;
  readonly next: UInt;
  readonly lastGroup: Bool;
}

/** The window's inputs row by row; after its last tap back to its base, or to the next window's. */
function inputAddress(m: ModuleBuilder, layer: LayerPlan, taps: Taps, { base, next, lastGroup }: Base): UInt {
  const { rowInputs, rowJump } = windowGeometry(layer);
  m.section('Addresses');
  const address = m.register('in_addr', base.type, { reset: 0 });
  const column = counter(m, 'row_index', rowInputs, { last: 'at_row_end' });
  const advance = (by: number) => m.next(address, address.addWrap(by));
  m.when(taps.atInput, () => column.step());
  m.when(taps.capture, () => m.next(address, mux(lastGroup, next, base))).elseWhen(
    taps.atInput.and(taps.atLast.not()),
    () => {
      // A frame of one row has no next row: its jump may exceed the address, and is never taken.
      m.when(column.atLast, () => advance(rowJump % 2 ** address.width)).otherwise(() => advance(1));
    },
  );
  return address;
}

interface PositionWalk {
  /** The current position is the frame's last. */
  readonly atLast: Bool;
  /** Address of the next position's first input. */
  readonly nextBase: UInt;
}

/**
 * Counters over (window row, window column, row in the window, column in the window), the last one fastest; the base address
 * moves by one constant for each counter that steps.
 */
function positionWalk(m: ModuleBuilder, layer: LayerPlan, base: UInt, advance: Bool): PositionWalk {
  const { stepX, stepY, pool, windowsX, windowsY } = windowGeometry(layer);
  const lanes = layer.positionLanes;
  const dimensions = [
    { name: 'position_x', count: lanes === 1 ? pool.width : 1, distance: stepX },
    { name: 'position_y', count: lanes <= pool.width ? pool.height : 1, distance: stepY },
    { name: 'win_x', count: windowsX, distance: pool.width * stepX },
    { name: 'win_y', count: windowsY, distance: pool.height * stepY },
  ].filter((dimension) => dimension.count > 1);

  if (dimensions.length === 0) m.unused(base, 'the only window begins at 0');

  let rewind = 0;
  let moves = advance;
  const steps: { readonly position: Counter; readonly delta: number }[] = [];
  for (const { name, count, distance } of dimensions) {
    const position = counter(m, name, count, { last: `${name}_at_end` });
    m.when(moves, () => position.step());
    moves = moves.and(position.atLast);
    steps.push({ position, delta: distance - rewind });
    rewind += (count - 1) * distance;
  }
  const atLast = steps.reduce<Bool>((all, { position }) => all.and(position.atLast), lit(1, bool()));
  const nextBase = steps.reduceRight<UInt>(
    (slower, { position, delta }) => mux(position.atLast, slower, offsetBy(base, delta)),
    lit(0, base.type),
  );
  const target = m.name('next_base', nextBase);
  m.when(advance, () => m.next(base, target));
  return { atLast: m.name('at_last_position', atLast), nextBase: target };
}
