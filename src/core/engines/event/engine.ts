/** Dense layers that spend no clock on silent inputs (docs/microarchitecture.md, "Event engine"). */
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
import { eventBits } from '../../buffers/events.ts';
import { eventLink } from '../../links/index.ts';
import { checkedRead, type Loading } from '../../monitors/checked-read.ts';
import { fitted, packed } from '../../parts/fit.ts';
import { rom } from '../../parts/rom.ts';
import type { Stage } from '../../stage.ts';
import { drain } from '../parts/drain.ts';
import { lanes } from '../parts/lanes.ts';
import { enginePass, enginePorts } from '../parts/ports.ts';
import { groupCount, hasUnevenGroups, rowBits, rowsByInput } from '../parts/weights.ts';

export function eventEngine(stage: Stage) {
  const { core, layer } = stage;
  const { outputLanes, timeLanes, valueBits } = layer;
  const elements = layer.weights[0]!.length;
  const bits = eventBits({ elements, elementBits: timeLanes * valueBits });
  const ports = { ...enginePorts(stage), events: flip(eventLink(stage, bits)) };
  return component(`${core}_${layer.name}`, ports, (m, io) => {
    m.doc(
      `Event engine of ${layer.name}: dense layer ${elements}-${layer.output.channels}. Lanes: ${outputLanes} outputs x ${timeLanes} time steps.`,
    );
    const { events, potentials } = io;
    const pass = enginePass(m, io, events);
    const chain = drain(m, layer, potentials);
    const slots = slotWalk(m, layer, {
      running: pass.running,
      drained: chain.empty,
      count: events.count,
      address: events.address,
    });
    const group = counter(m, 'group', groupCount(layer), { last: 'at_last_group' });
    m.when(slots.capture, () => group.step());
    pass.finish(group.count === 1 ? slots.capture : m.name('pass_done', slots.capture.and(group.atLast)));

    m.section('Weights: the event names its row, the bias rows follow the last input');
    const { index, isBias, s1Group } = rowIndex(m, layer, events.index, slots, group);
    const rows = rowsByInput(layer);
    const address = m.name('weight_addr', groupRow(index, group.count, unsignedBits(rows.length - 1), s1Group));
    const width = rowBits(layer, 1);
    const loads = stage.loadsMemories;
    const memory = rom({ core, name: `${core}_${layer.name}_weights`, width, words: rows, loads });
    const read = (row: UInt, load: Loading) => m.place('weights', memory, { enable: 1, address: row, load }).data;

    m.section('Second stage: weight and value meet');
    const accumulate = delayed(m, 'accumulate', slots.issue, 2)[1]!;
    const atLast = s1Group.equals(group.count - 1);
    const lastGroup = hasUnevenGroups(layer) ? m.register('s2_last_group', bool(), { reset: 0 }) : undefined;
    if (lastGroup) m.next(lastGroup, atLast);
    const value = m.register('s2_value', uint(timeLanes * valueBits), { reset: 0 });
    const ones = packed(Array.from({ length: timeLanes }, () => lit(1, uint(valueBits))));
    m.next(value, mux(isBias, ones, events.data));
    chain.load(slots.captured, lastGroup ?? lit(0, bool()));
    lanes(m, stage, potentials, {
      ...{ accumulate, capture: slots.captured, draw: chain.draw },
      weights: checkedRead(m, read, { address, free: pass.idle, check: io.check }),
      group: s1Group,
      values: value,
    });
  });
}

interface Slots {
  /** A bias row or an event goes to the lanes; it is a bias row. */
  readonly issue: Bool;
  readonly isBias: Bool;
  readonly slot: UInt;
  readonly eventAddress: UInt;
  /** The sums are complete; they are handed over two clocks later. */
  readonly capture: Bool;
  readonly captured: Bool;
}

interface SlotInputs {
  readonly running: Bool;
  readonly drained: Bool;
  /** Events of the list. */
  readonly count: UInt;
  /** Port: which event is read. */
  readonly address: UInt;
}

/** Bias rows, then events, one a clock; then the capture as soon as the drain chain is empty. */
function slotWalk(m: ModuleBuilder, layer: LayerPlan, { running, drained, count, address }: SlotInputs): Slots {
  const elements = layer.weights[0]!.length;
  const biasTaps = layer.biasRows.length;
  m.section('Slots');
  const type = uint(unsignedBits(elements + biasTaps));
  const slot = m.register('slot', type, { reset: 0, doc: 'bias rows, then events, then the capture' });
  const eventAddress = m.outputRegister(address, { reset: 0 });
  const capture = m.wire('issue_capture', bool());
  const [s1Capture, s2Capture] = delayed(m, 'capture', capture, 2);
  const atEnd = m.name('at_end', slot.equals(m.name('end_slot', count.extend(type.width).addWrap(biasTaps))));
  const issue = m.name('issue_tap', running.and(atEnd.not()));
  const isBias = biasTaps === 0 ? lit(0, bool()) : m.name('issue_bias', issue.and(slot.lessThan(biasTaps)));
  m.assign(capture, running.and(atEnd).and(drained).and(s1Capture!.not()).and(s2Capture!.not()));
  m.when(capture, () => {
    m.next(slot, 0);
    m.next(eventAddress, 0);
  }).elseWhen(issue, () => {
    m.next(slot, slot.addWrap(1));
    m.when(isBias.not(), () => m.next(eventAddress, eventAddress.addWrap(1)));
  });
  return { issue, isBias, slot, eventAddress, capture, captured: s2Capture! };
}

/** Which input's weights a slot takes, a clock later: the event's, or a bias row's after the last one. */
function rowIndex(m: ModuleBuilder, layer: LayerPlan, event: UInt, slots: Slots, group: Counter) {
  const elements = layer.weights[0]!.length;
  const biasTaps = layer.biasRows.length;
  const bits = unsignedBits(biasTaps === 0 ? elements : elements + biasTaps - 1);
  const isBias = delayed(m, 'bias', slots.isBias, 1)[0]!;
  const moves = { enable: slots.issue.or(slots.capture) };
  const s1Group = group.count > 1 ? delayed(m, 'group', group.value, 1, moves)[0]! : group.value;
  if (biasTaps === 0) return { index: event, isBias, s1Group };
  const row =
    biasTaps === 1
      ? lit(0, uint(1))
      : delayed(m, 'bias_row', slots.slot.truncate(unsignedBits(biasTaps - 1)), 1, { enable: slots.isBias })[0]!;
  return { index: mux(isBias, row.extend(bits).addWrap(elements), event.extend(bits)), isBias, s1Group };
}

/** index * groups + group. */
function groupRow(index: UInt, groups: number, bits: number, group: UInt): UInt {
  if (groups === 1) return index;
  return fitted(index.mulFull(lit(groups, uint(unsignedBits(groups)))), bits).addWrap(group.extend(bits));
}
