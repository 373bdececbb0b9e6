/** Dense layers that spend no clock on silent inputs (docs/microarchitecture.md, "Event engine"). */
import {
  bool,
  concat,
  defineModule,
  enumeration,
  lit,
  type ModuleDefinition,
  mux,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import type { LayerPlan } from '../../plan/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import {
  drainCounter,
  type EngineOptions,
  enginePorts,
  groupCount,
  lanes,
  lastGroupOutputs,
  packGroup,
  passStart,
} from './engine-parts.ts';
import { counter } from './parts.ts';

export function eventEngine(options: EngineOptions): ModuleDefinition {
  const { core, layer, passSteps } = options;
  const { outputLanes, weightBits, timeLanes, valueBits } = layer;
  const elements = layer.weights[0]!.length;
  const biasTaps = layer.biasRows.length;
  const groups = groupCount(layer);
  const rows = (elements + biasTaps) * groups;
  const indexBits = unsignedBits(elements - 1);
  const countBits = unsignedBits(elements);
  const slotBits = unsignedBits(elements + biasTaps);

  return defineModule(`${core}_${layer.name}`, (m) => {
    m.doc(
      `Event engine of ${layer.name}: dense layer ${elements}-${layer.output.channels}. Lanes: ${outputLanes} outputs x ${timeLanes} time steps.`,
    );
    const ports = enginePorts(m, options);
    const count = m.input('in_count', uint(countBits), { doc: 'events of the frame' });
    const readAddress = m.output('rd_addr', uint(indexBits));
    const eventIndex = m.input('in_index', uint(indexBits));
    const eventData = m.input('in_data', uint(timeLanes * valueBits));

    const state = m.register('state', enumeration('state', ['idle', 'run', 'flush']), { reset: 'idle' });
    const active = m.register('active_lanes', uint(passSteps), { reset: 0 });
    const last = m.register('last_pass', bool(), { reset: 0 });
    const slot = m.register('slot', uint(slotBits), { reset: 0, doc: 'bias rows, then events, then the capture' });
    const eventAddress = m.register('event_addr', uint(indexBits), { reset: 0 });
    const group = counter(m, 'group', groups - 1);
    const s1Accumulate = m.register('s1_accumulate', bool(), { reset: 0 });
    const s1Bias = m.register('s1_bias', bool(), { reset: 0 });
    const s1BiasRow = counter(m, 's1_bias_row', Math.max(0, biasTaps - 1));
    const s1Capture = m.register('s1_capture', bool(), { reset: 0 });
    const s1Group = counter(m, 's1_group', groups - 1);
    const s2Accumulate = m.register('s2_accumulate', bool(), { reset: 0 });
    const s2Capture = m.register('s2_capture', bool(), { reset: 0 });
    const s2LastGroup =
      groups > 1 && lastGroupOutputs(layer) !== outputLanes
        ? m.register('s2_last_group', bool(), { reset: 0 })
        : undefined;
    const s2Value = m.register('s2_value', uint(timeLanes * valueBits), { reset: 0 });
    const drainLeft = drainCounter(m, layer);

    m.section('Control');
    const running = m.name('running', state.is('run'));
    const end = m.name('end_slot', count.extend(slotBits).addWrap(biasTaps));
    const atEnd = m.name('at_end', slot.equals(end));
    const issueTap = m.name('issue_tap', running.and(atEnd.not()));
    const issueBias = m.name('issue_bias', biasTaps === 0 ? lit(0, bool()) : issueTap.and(slot.lessThan(biasTaps)));
    const settled = drainLeft.equals(0).and(s1Capture.not()).and(s2Capture.not());
    const issueCapture = m.name('issue_capture', running.and(atEnd).and(settled));
    const lastGroup = group === undefined ? undefined : m.name('at_last_group', group.equals(groups - 1));
    const passDone = m.name('pass_done', lastGroup === undefined ? issueCapture : issueCapture.and(lastGroup));
    const { start, drop } = passStart(m, ports, state.is('idle'));

    m.next(s1Accumulate, issueTap);
    m.next(s1Bias, issueBias);
    m.next(s1Capture, issueCapture);
    if (s1BiasRow !== undefined) m.when(issueBias, () => m.next(s1BiasRow, slot.truncate(s1BiasRow.width)));
    if (s1Group !== undefined) m.when(issueTap.or(issueCapture), () => m.next(s1Group, group!));
    m.when(issueCapture, () => {
      m.next(slot, 0);
      m.next(eventAddress, 0);
    }).elseWhen(issueTap, () => {
      m.next(slot, slot.addWrap(1));
      m.when(issueBias.not(), () => m.next(eventAddress, eventAddress.addWrap(1)));
    });
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
        m.when(passDone, () => m.next(state, 'flush'));
      },
      flush: () => {
        m.when(ports.outCommitted, () => m.next(state, 'idle'));
      },
    });
    m.assign(ports.inRelease, drop ? passDone.or(drop) : passDone);
    if (ports.neurons?.loads) m.assign(ports.neurons.loads.start, start);
    m.assign(ports.active, active);
    m.assign(ports.last, last);
    m.assign(readAddress, eventAddress);

    m.section('Weights: the event names its row, the bias rows follow the last input');
    const rowBits = unsignedBits(rows - 1);
    const elementIndexBits = unsignedBits(biasTaps === 0 ? elements : elements + biasTaps - 1);
    const biasIndex: UInt =
      s1BiasRow === undefined
        ? lit(elements, uint(elementIndexBits))
        : s1BiasRow.extend(elementIndexBits).addWrap(elements);
    const index = biasTaps === 0 ? eventIndex : mux(s1Bias, biasIndex, eventIndex.extend(elementIndexBits));
    const rowAddress = m.name('weight_addr', groupRow(index, groups, rowBits, s1Group));
    const weights = m.memory('weights', {
      depth: rows,
      type: uint(outputLanes * weightBits),
      contents: weightRows(layer, groups),
      contentsFile: `${core}_${layer.name}_weights.mem`,
    });
    const row = weights.read('weights_data', rowAddress);

    m.section('Second stage: weight and value meet');
    m.next(s2Accumulate, s1Accumulate);
    m.next(s2Capture, s1Capture);
    if (s2LastGroup) m.next(s2LastGroup, s1Group!.equals(groups - 1));
    const ones = Array.from({ length: timeLanes }, () => lit(1, uint(valueBits)));
    m.next(s2Value, mux(s1Bias, concat(...ones), eventData));

    lanes(m, options, ports, drainLeft, {
      accumulate: s2Accumulate,
      isBias: undefined,
      capture: s2Capture,
      lastGroup: s2LastGroup,
      weights: row,
      words: [s2Value],
    });
  });
}

/** index * groups + group. */
function groupRow(index: UInt, groups: number, bits: number, group: UInt | undefined): UInt {
  if (group === undefined) return index;
  const scaled = index.mulFull(lit(groups, uint(unsignedBits(groups))));
  const sized = scaled.width < bits ? scaled.extend(bits) : scaled.truncate(bits);
  return sized.addWrap(group.extend(bits));
}

/** Row index * groups + group of the weight memory; the bias rows are the indices after the last input. */
function weightRows(layer: LayerPlan, groups: number): bigint[] {
  const rows: bigint[] = [];
  const eachGroup = (weightOf: (output: number) => number) => {
    for (let group = 0; group < groups; group++) rows.push(packGroup(layer, group, weightOf));
  };
  for (let tap = 0; tap < layer.weights[0]!.length; tap++) eachGroup((output) => layer.weights[output]![tap]!);
  for (const bias of layer.biasRows) eachGroup((output) => bias[output]!);
  return rows;
}
