/** Convolution and dense layers, one tap a clock for all lanes (docs/microarchitecture.md, "Window engine"). */
import {
  type Bool,
  bool,
  component,
  counter,
  delayed,
  flip,
  type Inside,
  lit,
  type ModuleBuilder,
  mux,
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
import { groupCount, hasUnevenGroups, rowBits, rowsByGroup, walkedTaps } from '../parts/weights.ts';
import { firstInput, walkInputs } from './addresses.ts';
import { windowGeometry } from './geometry.ts';
import { positionWalk, walkDimensions } from './positions.ts';
import { type Taps, tapCount, tapWalk } from './taps.ts';

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
      group: group.value,
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
