/** Convolution and dense layers, one tap a clock for all lanes (docs/microarchitecture.md, "Window engine"). */
import {
  type Bool,
  bool,
  defineModule,
  enumeration,
  lit,
  type ModuleBuilder,
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
import { paddedElements } from './frame-buffer.ts';
import { counter, offsetBy } from './parts.ts';

/** Addresses of a layer's windows in its padded input frame. */
function windowGeometry(layer: LayerPlan) {
  const channels = layer.input.channels;
  const frameRow = (layer.input.width + layer.padLeft + layer.padRight) * channels;
  const pool = layer.pool ?? { height: 1, width: 1 };
  return {
    /** Address distance of neighbouring output positions. */
    stepX: layer.strideX * channels,
    stepY: layer.strideY * frameRow,
    /** Inputs in one row of a window, and the distance from one row's end to the next row's start. */
    rowInputs: layer.kernelWidth * channels,
    rowJump: frameRow - layer.kernelWidth * channels + 1,
    pool,
    windowsX: Math.floor(layer.output.width / pool.width),
    windowsY: Math.floor(layer.output.height / pool.height),
  };
}

/** Address offset of each position lane: consecutive positions of the pool window, row by row. */
export function positionOffsets(layer: LayerPlan): number[] {
  const { stepX, stepY, pool } = windowGeometry(layer);
  return Array.from(
    { length: layer.positionLanes },
    (_, x) => Math.floor(x / pool.width) * stepY + (x % pool.width) * stepX,
  );
}

export function windowEngine(options: EngineOptions): ModuleDefinition {
  const { core, layer, passSteps } = options;
  const { outputLanes, weightBits, timeLanes, valueBits, positionLanes } = layer;
  const geometry = windowGeometry(layer);
  const biasTaps = layer.biasRows.length;
  const inputTaps = layer.kernelHeight * geometry.rowInputs;
  const taps = biasTaps + inputTaps;
  const groups = groupCount(layer);
  const addressBits = unsignedBits(paddedElements({ ...layer.input, ...layer }) - 1);
  // A frame of one row has no next row: its jump may exceed the address, and is never taken.
  const rowJump = geometry.rowJump % 2 ** addressBits;

  return defineModule(`${core}_${layer.name}`, (m) => {
    m.doc(describe(layer));
    const ports = enginePorts(m, options);
    const readAddress = m.output('rd_addr', uint(addressBits));
    const words = Array.from({ length: positionLanes }, (_, x) => m.input(`in_data_${x}`, uint(timeLanes * valueBits)));

    const state = m.register('state', enumeration('state', ['idle', 'run', 'flush']), { reset: 'idle' });
    const active = m.register('active_lanes', uint(passSteps), { reset: 0 });
    const last = m.register('last_pass', bool(), { reset: 0 });
    const tap = m.register('tap', uint(unsignedBits(taps)), { reset: 0, doc: `${taps}: capture` });
    const rowIndex = counter(m, 'row_index', geometry.rowInputs - 1);
    const address = m.register('in_addr', uint(addressBits), { reset: 0 });
    const base = m.register('base', uint(addressBits), { reset: 0, doc: "address of the window's first input" });
    const weightAddress = counter(m, 'weight_addr', groups * taps - 1);
    const group = counter(m, 'group', groups - 1);
    const s1Accumulate = m.register('s1_accumulate', bool(), { reset: 0 });
    const s1Bias = m.register('s1_bias', bool(), { reset: 0 });
    const s1Capture = m.register('s1_capture', bool(), { reset: 0 });
    const s1LastGroup =
      groups > 1 && lastGroupOutputs(layer) !== outputLanes
        ? m.register('s1_last_group', bool(), { reset: 0 })
        : undefined;
    const drainLeft = drainCounter(m, layer);

    m.section('Control');
    const running = m.name('running', state.is('run'));
    const atCapture = m.name('at_capture', tap.equals(taps));
    const issueTap = m.name('issue_tap', running.and(atCapture.not()));
    const issueCapture = m.name('issue_capture', running.and(atCapture).and(drainLeft.equals(0)).and(s1Capture.not()));
    const atInput = biasTaps === 0 ? issueTap : m.name('issue_input', issueTap.and(tap.greaterOrEqual(biasTaps)));
    const lastTap = m.name('at_last_tap', tap.equals(taps - 1));
    const lastGroup = group === undefined ? undefined : m.name('at_last_group', group.equals(groups - 1));
    const nextPosition = lastGroup === undefined ? issueCapture : m.name('next_position', issueCapture.and(lastGroup));
    const { start, drop } = passStart(m, ports, state.is('idle'));

    m.next(s1Accumulate, issueTap);
    m.next(s1Bias, issueTap.and(atInput.not()));
    m.next(s1Capture, issueCapture);
    if (s1LastGroup && lastGroup) m.next(s1LastGroup, issueCapture.and(lastGroup));
    m.when(issueTap, () => m.next(tap, tap.addWrap(1))).elseWhen(issueCapture, () => m.next(tap, 0));
    if (group !== undefined && lastGroup !== undefined) {
      m.when(issueCapture, () => {
        m.when(lastGroup, () => m.next(group, 0)).otherwise(() => m.next(group, group.addWrap(1)));
      });
    }

    m.section('Positions: pool window by pool window');
    const walk = positionWalk(m, layer, base, nextPosition);

    m.section('Addresses');
    if (weightAddress !== undefined) {
      const wraps = lastGroup === undefined ? lastTap : lastTap.and(lastGroup);
      m.when(issueTap, () => {
        m.when(wraps, () => m.next(weightAddress, 0)).otherwise(() => m.next(weightAddress, weightAddress.addWrap(1)));
      });
    }
    m.when(issueCapture, () => {
      if (lastGroup === undefined) m.next(address, walk.nextBase);
      else m.when(lastGroup, () => m.next(address, walk.nextBase)).otherwise(() => m.next(address, base));
    }).elseWhen(atInput, () => {
      const advance = () => {
        if (rowIndex === undefined) {
          m.next(address, address.addWrap(rowJump));
          return;
        }
        m.when(rowIndex.equals(geometry.rowInputs - 1), () => m.next(address, address.addWrap(rowJump))).otherwise(() =>
          m.next(address, address.addWrap(1)),
        );
      };
      m.when(lastTap.not(), advance);
    });
    if (rowIndex !== undefined) {
      m.when(atInput, () => {
        m.when(rowIndex.equals(geometry.rowInputs - 1), () => m.next(rowIndex, 0)).otherwise(() =>
          m.next(rowIndex, rowIndex.addWrap(1)),
        );
      });
    }

    m.section('Pass');
    m.switch(state, {
      idle: () => {
        m.when(start, () => {
          m.next(state, 'run');
          m.next(active, ports.inActive);
          m.next(last, ports.inLast);
        });
      },
      run: () => {
        m.when(nextPosition.and(walk.atLast), () => m.next(state, 'flush'));
      },
      flush: () => {
        m.when(ports.outCommitted, () => m.next(state, 'idle'));
      },
    });
    m.assign(ports.inRelease, drop ? nextPosition.and(walk.atLast).or(drop) : nextPosition.and(walk.atLast));
    if (ports.neurons?.loads) m.assign(ports.neurons.loads.start, start);
    m.assign(ports.active, active);
    m.assign(ports.last, last);
    m.assign(readAddress, address);

    m.section('Weights');
    const weights = m.memory('weights', {
      depth: groups * taps,
      type: uint(outputLanes * weightBits),
      contents: weightRows(layer, groups),
      contentsFile: `${core}_${layer.name}_weights.mem`,
    });
    const row = weights.read('weights_data', weightAddress ?? lit(0, uint(1)));

    lanes(m, options, ports, drainLeft, {
      accumulate: s1Accumulate,
      isBias: s1Bias,
      capture: s1Capture,
      lastGroup: s1LastGroup,
      weights: row,
      words,
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

/** Row g * taps + tap of the weight memory; bias rows come first. */
function weightRows(layer: LayerPlan, groups: number): bigint[] {
  const rows: bigint[] = [];
  const inputTaps = layer.weights[0]!.length;
  for (let group = 0; group < groups; group++) {
    for (const bias of layer.biasRows) rows.push(packGroup(layer, group, (output) => bias[output]!));
    for (let tap = 0; tap < inputTaps; tap++)
      rows.push(packGroup(layer, group, (output) => layer.weights[output]![tap]!));
  }
  return rows;
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
  const inLanes = layer.positionLanes;
  const dimensions = [
    { name: 'sub_x', count: inLanes === 1 ? pool.width : 1, distance: stepX },
    { name: 'sub_y', count: inLanes <= pool.width ? pool.height : 1, distance: stepY },
    { name: 'win_x', count: windowsX, distance: pool.width * stepX },
    { name: 'win_y', count: windowsY, distance: pool.height * stepY },
  ].filter((dimension) => dimension.count > 1);

  let rewind = 0;
  const steps = dimensions.map(({ name, count, distance }) => {
    const register = m.register(name, uint(unsignedBits(count - 1)), { reset: 0 });
    const atEnd = m.name(`${name}_at_end`, register.equals(count - 1));
    const step = { register, atEnd, delta: distance - rewind };
    rewind += (count - 1) * distance;
    return step;
  });
  let moves = advance;
  for (const { register, atEnd } of steps) {
    m.when(moves, () => {
      m.when(atEnd, () => m.next(register, 0)).otherwise(() => m.next(register, register.addWrap(1)));
    });
    moves = moves.and(atEnd);
  }
  const atLast = steps.reduce<Bool>((all, { atEnd }) => all.and(atEnd), lit(1, bool()));
  const nextBase = steps.reduceRight<UInt>(
    (slower, { atEnd, delta }) => mux(atEnd, slower, offsetBy(base, delta)),
    lit(0, base.type),
  );
  const target = m.name('next_base', nextBase);
  m.when(advance, () => m.next(base, target));
  return { atLast: m.name('at_last_position', atLast), nextBase: target };
}
