/** The registers of what watches over a core, its sticky bits and its alarm (docs/monitors.md). */
import {
  type Bool,
  bool,
  component,
  concat,
  flip,
  type Inside,
  lit,
  type ModuleBuilder,
  mux,
  output,
  uint,
  when,
  wishbone,
} from '../../hdl/index.ts';
import type { MonitorPlan, Plan } from '../../plan/index.ts';
import { clocked } from '../links/index.ts';
import { type BusAccess, registerBus, setting } from '../registers/bus.ts';
import { type BusRegister, busAddressBits, watchBase } from '../registers/map.ts';
import { type CheckedMemory, checkMemories, type MemoryWatch } from './check.ts';
import { abstainLink, checkLink, dropsLink, lockupLink, progressLink, watchLink, watchShapes } from './links.ts';
import {
  abstentionBits,
  activityBits,
  firstRateBit,
  monitorAddresses,
  monitorFeatures,
  monitorMap,
  statusBits,
  watchAddresses,
  watchedLayers,
} from './map.ts';

/** The random streams that are watched, by the name of the layer; the encoder's is `input`. */
export function guardedStreams(plan: Plan, { lockup }: MonitorPlan): string[] {
  if (!lockup) return [];
  return [
    ...(plan.encoding.kind === 'bernoulli' ? ['input'] : []),
    ...watchedLayers(plan).map(({ layer }) => layer.name),
  ];
}

const recordOf = <T>(names: readonly string[], of: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, of(name)]));

function blockPorts(plan: Plan, monitors: MonitorPlan, memories: readonly CheckedMemory[]) {
  const bits = busAddressBits(plan);
  const shapes = watchShapes(plan, monitors);
  return {
    ...clocked,
    wb: flip(wishbone(bits)),
    device: when(plan.neuron.kind === 'device', wishbone(bits)),
    alarm: output(bool(), 'something abnormal has been seen; STATUS tells what'),
    abstain: when(monitors.abstain !== null, abstainLink(plan.readout.scoreBits)),
    drops: when(monitors.abstain !== null, dropsLink()),
    closed: when(monitors.load === true, output(bool(), 'no image is taken: memories are loaded or checked')),
    progress: when(monitors.stall !== null || monitors.activity || monitors.load === true, progressLink()),
    streams: recordOf(guardedStreams(plan, monitors), lockupLink),
    checks: Object.fromEntries(memories.map(({ name, words, loadBits }) => [name, checkLink(words.length, loadBits)])),
    passes: recordOf(Object.keys(shapes), (name) => watchLink(shapes[name]!)),
  };
}
type BlockIo = Inside<ReturnType<typeof blockPorts>>;

export function monitorBlock(plan: Plan, monitors: MonitorPlan, memories: readonly CheckedMemory[]) {
  return component(`${plan.name}_monitor`, blockPorts(plan, monitors, memories), (m, io) => {
    m.doc('Watches over the core: registers for the host, a bit for each thing that is not as it should be, an alarm.');
    const map = monitorMap(plan, monitors, memories);
    const registers = [map.core, ...map.layers].flatMap((each) => Object.values(each));
    const bus = busOf(m, plan, io, registers);
    bus.show(monitorAddresses.MONITORS, lit(monitorFeatures(monitors), uint(32)));
    const seen: [number, Bool][] = [];
    if (io.abstain && io.drops && monitors.abstain) {
      m.section('Abstaining');
      const { below } = io.abstain;
      const abstained = m.name('abstained', io.abstain.abstained.and(io.drops.dropped.not()));
      m.assign(below, setting(m, bus, 'uint', map.core.ABSTAIN_BELOW!, { name: 'abstain_limit' }));
      counted(m, bus, 'abstentions', abstentionBits, monitorAddresses.ABSTENTIONS, abstained);
      seen.push([statusBits.abstained, abstained]);
    }
    if (monitors.lockup) {
      const locked = Object.values(io.streams).map((stream) => stream.locked);
      seen.push([statusBits.lockup, locked.reduce((any, one) => any.or(one), lit(0, bool()))]);
    }
    if (io.progress) watchProgress(m, monitors, bus, io.progress, seen);
    const { wb, progress } = io;
    const load = io.closed && progress && { name: plan.name, write: wb.we, busy: progress.busy };
    const watch = memories.length > 0 ? checkMemories(m, memories, bus, io.checks, load) : undefined;
    if (watch) seen.push([statusBits.damaged, watch.damaged]);
    if (io.closed && watch?.load) m.assign(io.closed, watch.load.closed);
    watchPasses(m, plan, map.layers, bus, io, seen);
    status(m, bus, io.alarm, seen);
    bus.finish(watch?.load);
  });
}

/** The bus as registers see it; what is not for them goes on to the device's registers, where there are such. */
function busOf(
  m: ModuleBuilder,
  plan: Plan,
  { wb, device }: BlockIo,
  registers: readonly BusRegister[],
): BusAccess & { readonly finish: (window: MemoryWatch['load']) => void } {
  m.section('Bus');
  m.unused(wb.datW, 'no register needs all of it in every core');
  m.unused(wb.we, 'a core may have nothing to write');
  const above = wb.adr.greaterOrEqual(lit(watchBase(plan, 0), wb.adr.type));
  const own = device
    ? m.name('is_own', above.or(wb.adr.shiftRight(4).equals(monitorAddresses.MONITORS >> 4)))
    : undefined;
  const bus = registerBus(m, wb, registers, own && ((asked) => asked.and(own)));
  return {
    ...bus,
    finish: (window) => {
      const registers = bus.readData();
      const readData = window ? mux(window.answers, window.data, registers) : registers;
      if (!device || !own) {
        m.assign(wb.ack, bus.ack);
        m.assign(wb.datR, readData);
        return;
      }
      const answers = m.register('answers_own', bool(), { reset: 0, doc: 'the last access was to these registers' });
      m.when(bus.asked, () => m.next(answers, own));
      m.assign(device.cyc, wb.cyc.and(own.not()));
      m.assign(device.stb, wb.stb);
      m.assign(device.we, wb.we);
      m.assign(device.adr, wb.adr);
      m.assign(device.datW, wb.datW);
      m.assign(wb.ack, bus.ack.or(device.ack));
      m.assign(wb.datR, mux(answers, readData, device.datR));
    },
  };
}

function counted(m: ModuleBuilder, bus: BusAccess, name: string, bits: number, address: number, event: Bool): void {
  const total = m.register(name, uint(bits), { reset: 0 });
  m.when(event, () => m.next(total, total.addWrap(1)));
  bus.show(address, total);
}

function watchProgress(
  m: ModuleBuilder,
  { stall, activity }: MonitorPlan,
  bus: BusAccess,
  { busy, moves }: NonNullable<BlockIo['progress']>,
  seen: [number, Bool][],
): void {
  m.section('Progress');
  if (activity) counted(m, bus, 'busy_clocks', activityBits, monitorAddresses.BUSY_CLOCKS, busy);
  if (!stall) {
    m.unused(moves, 'nobody asks for stalls');
    return;
  }
  const still = m.register('still_clocks', uint(stall.bits), { reset: 0, doc: 'clocks without a beat' });
  const stalled = m.name('stalled', still.reduceAnd());
  m.when(moves.or(busy.not()), () => m.next(still, 0)).elseWhen(stalled.not(), () => m.next(still, still.addWrap(1)));
  seen.push([statusBits.stalled, stalled]);
}

function watchPasses(
  m: ModuleBuilder,
  plan: Plan,
  map: ReturnType<typeof monitorMap>['layers'],
  bus: BusAccess,
  { passes }: BlockIo,
  seen: [number, Bool][],
): void {
  const { input } = passes;
  if (input?.spikes) bus.show(monitorAddresses.INPUT_SPIKES, input.spikes);
  for (const [i, { layer, index }] of watchedLayers(plan).entries()) {
    const watch = passes[layer.name];
    if (!watch) continue;
    m.section(`Layer ${layer.name}`);
    const { RATE_LOW, RATE_HIGH } = map[i]!;
    if (watch.limits && RATE_LOW && RATE_HIGH) {
      const { low, high, tooFew, tooMany } = watch.limits;
      m.assign(low, setting(m, bus, 'uint', RATE_LOW, { name: `${layer.name}_rate_low` }));
      m.assign(high, setting(m, bus, 'uint', RATE_HIGH, { name: `${layer.name}_rate_high` }));
      seen.push([firstRateBit + 2 * i, tooFew], [firstRateBit + 2 * i + 1, tooMany]);
    }
    if (watch.spikes) bus.show(watchBase(plan, index) + watchAddresses.SPIKES, watch.spikes);
    if (watch.steps) bus.show(monitorAddresses.TIME_STEPS_DONE, watch.steps);
  }
}

/** A bit for each thing that was seen, until the host writes a 1 to it. */
function status(m: ModuleBuilder, bus: BusAccess, alarm: Bool, seen: readonly (readonly [number, Bool])[]): void {
  if (seen.length === 0) {
    m.assign(alarm, 0);
    return;
  }
  m.section('What has been seen');
  const writes = m.name('status_written', bus.writes(monitorAddresses.STATUS));
  const bits = new Map(
    seen.map(([at, event]) => {
      const bit = m.register(`seen_${at}`, bool(), { reset: 0 });
      m.when(event, () => m.next(bit, 1)).elseWhen(writes.and(bus.data.bit(at)), () => m.next(bit, 0));
      return [at, bit] as const;
    }),
  );
  const width = Math.max(...bits.keys()) + 1;
  const word = Array.from({ length: width }, (_, at) => bits.get(at) ?? lit(0, bool()));
  bus.show(monitorAddresses.STATUS, concat(...word.toReversed()));
  const wrong = [...bits].flatMap(([at, bit]) => (at === statusBits.abstained ? [] : [bit]));
  m.assign(
    alarm,
    wrong.reduce<Bool>((any, one) => any.or(one), lit(0, bool())),
  );
}
