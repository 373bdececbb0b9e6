/** The neurons of a layer with what their devices really do (docs/microarchitecture-device.md). */
import {
  type Bool,
  bool,
  component,
  counter,
  flip,
  lit,
  type ModuleBuilder,
  mux,
  type UInt,
  uint,
  when,
} from '../../../hdl/index.ts';
import type { DeviceNeuron, DevicePlan } from '../../../plan/index.ts';
import { clocked, passLink, potentialsLink, skipPort } from '../../links/index.ts';
import { passOn } from '../../links/pass-on.ts';
import { lockupLink } from '../../monitors/links.ts';
import { ones, packed } from '../../parts/fit.ts';
import { counterBits } from '../../registers/table.ts';
import type { Stage } from '../../stage.ts';
import { handshakeOf } from '../handshake.ts';
import { mtj } from '../parts/mtj.ts';
import { passStreams } from '../parts/streams.ts';
import { type Claimed, claim, claimed } from './claim.ts';
import { type Drawn, trimmed, varied } from './drive.ts';
import { faultyReads } from './faults.ts';
import { type Phases, phases } from './phases.ts';
import { eventNames, type RegistersIn, registersLink } from './registers.ts';

export function deviceBank(stage: Stage, neuron: DeviceNeuron, device: DevicePlan) {
  const { core, layer, passLanes, seeding } = stage;
  const own = { ...layer, neuron };
  const ports = {
    ...clocked,
    potentials: flip(potentialsLink(stage, handshakeOf(stage))),
    registers: flip(registersLink(device, own, passLanes, seeding === 'seeder')),
    skipImage: skipPort(),
    lockup: when(stage.guardsStreams, flip(lockupLink())),
    spikes: passLink(stage, passLanes),
  };
  return component(`${core}_${layer.name}_neurons`, ports, (m, io) => {
    m.doc(`The MTJ neurons of ${layer.name}, ${passLanes} time steps side by side, as their devices behave.`);
    const { potentials, registers, spikes } = io;
    const { test } = registers;
    const given = claimed(m, stage, test, potentials);
    const trim = registers.trim ? trimmed(m, stage, registers.trim, { valid: given.draw, ...given }) : given;
    const drawn: Drawn = 'valid' in trim ? trim : { valid: given.draw, potentials: given.potentials };
    const varying = neuron.variation && varied(m, stage, neuron, neuron.variation, drawn);
    const fire = varying?.valid ?? drawn.valid;
    const streams = passStreams(m, stage, neuron.stream, potentials, {
      ...(given.start && given.startLast ? { start: given.start, startLast: given.startLast } : {}),
      ...{ draw: fire, last: given.last, skip: io.skipImage, lockup: io.lockup, asksFresh: device.selfTest },
    });

    m.section('Neurons');
    const written = m.register('s1_valid', bool(), { reset: 0 });
    m.next(written, fire);
    const stuck = varying && m.register('s1_stuck', uint(2), { reset: 0 });
    if (stuck) m.when(fire, () => m.next(stuck, varying.stuck));
    const drive = varying ? ('address' as const) : drawn.potentials[0]!.width;
    const lane = mtj({ ...stage, neuron, drive, loadTable: device.loadTable });
    const forLanes = <T>(values: readonly T[]) => (layer.timeLanes === 1 ? values[0]! : values);
    const input = varying ? { address: forLanes(varying.addresses) } : { potentialIn: forLanes(drawn.potentials) };
    const words = { ...streams.lanes, draw: fire, entry: registers.table };
    const hits = m.placeArray('lane', passLanes, lane, { ...words, ...input }).switches;

    const nothing = lit(0, bool());
    const travelling = (registers.trim ? drawn.valid : nothing).or(varying ? varying.valid : nothing);
    const course = phases(m, registers.phases, written, travelling);
    const order = counter(m, 'neuron', countsNeurons(stage, device) ? neuron.stream.wordsPerTimeStep : 1);
    m.when(course.resetDone, () => order.step());
    const forced = (hit: Bool) => (stuck ? mux(stuck.equals(0), hit, stuck.bit(0)) : hit);
    const faulty =
      neuron.faultStream && registers.faults
        ? faultyReads(m, stage, neuron.faultStream, {
            ...{ codes: registers.faults, fire, streams, hits, forced, order, resetDone: course.resetDone },
            ...{
              active: given.active,
              start: given.start,
              startLast: given.startLast,
              last: given.last,
              skip: io.skipImage,
            },
          })
        : { reads: hits.map(forced), resting: lit(1, bool()), loading: nothing };
    const resting = streams.resting.and(faulty.resting).and(course.resting);
    const loading = streams.loading.or(faulty.loading);
    const fired = m.name('spikes_now', packed(faulty.reads).and(given.active));
    if (registers.counters) eventCounters(m, registers.counters, course, { active: given.active, spikes: fired });

    if (test) {
      const open = passOpen(m, given, course.resetDone.and(order.atLast));
      const still = [travelling.not(), written.not(), course.resting, streams.fresh(), open.not()];
      claim(m, test, given.testing, {
        between: [potentials.draw.not(), ...still, (potentials.start ?? nothing).not()],
        ready: course.busy.or(loading).not(),
        ...{ resting, readDone: course.readDone, spikes: fired },
      });
    }
    m.assign(potentials.resting!, resting.and(given.testing.not()));
    if (potentials.busy) m.assign(potentials.busy, course.busy.or(given.testing));
    if (potentials.loading) m.assign(potentials.loading, loading);
    m.assign(spikes.push, course.readDone.and(given.testing.not()));
    m.assign(spikes.data, fired);
    passOn(m, potentials, spikes);
  });
}

/** Somebody must know which neuron is done: faults, that leave devices switched, and the test of a core with a seeder. */
function countsNeurons({ seeding }: Stage, { faults, selfTest }: DevicePlan): boolean {
  return faults !== null || (selfTest && seeding === 'seeder');
}

/** A pass has begun, and not all of its devices have been reset. */
function passOpen(m: ModuleBuilder, { start }: Claimed, ends: Bool): Bool {
  if (!start) return lit(0, bool());
  const open = m.register('pass_open', bool(), { reset: 0 });
  m.when(start, () => m.next(open, 1)).elseWhen(ends, () => m.next(open, 0));
  return open;
}

/** Events since the host cleared the counters: what the energy is computed from. */
function eventCounters(
  m: ModuleBuilder,
  counters: NonNullable<RegistersIn['counters']>,
  { writeDone, readDone, resetDone }: Phases,
  { active, spikes }: { readonly active: UInt; readonly spikes: UInt },
): void {
  m.section('Event counters');
  const pulses = m.name('lanes_active', ones(active));
  const fired = m.name('lanes_spiking', ones(spikes));
  const events = {
    writes: { when: writeDone, by: pulses },
    reads: { when: readDone, by: pulses },
    resets: { when: resetDone, by: fired },
    spikes: { when: readDone, by: fired },
  };
  for (const name of eventNames) {
    const event = events[name];
    const total = m.register(name === 'spikes' ? 'spike_count' : name, uint(counterBits), { reset: 0 });
    m.when(counters.clear, () => m.next(total, 0)).elseWhen(event.when, () =>
      m.next(total, total.addWrap(event.by.extend(counterBits))),
    );
    m.assign(counters[name], total);
  }
}
