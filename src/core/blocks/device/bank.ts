/** The neurons of a layer with what their devices really do (docs/microarchitecture-device.md). */
import {
  type Bool,
  bool,
  defineModule,
  lit,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  type Signal,
  sint,
  type UInt,
  uint,
} from '../../../hdl/index.ts';
import type { DeviceNeuron, DevicePlan, LayerPlan, Seeding, StreamPlan } from '../../../plan/index.ts';
import { unsignedBits, wordBits } from '../../../plan/index.ts';
import { counterBits } from '../../registers/map.ts';
import { drawnStream } from '../drawn-stream.ts';
import { counter } from '../parts.ts';
import { seeder } from '../seeder.ts';
import { type Drawn, joined, ones, trimmed, varied } from './drive.ts';
import { faultSource } from './faults.ts';
import { deviceNeuron } from './neuron.ts';
import { instant, type Phases, phased } from './phases.ts';

export interface DeviceBankOptions {
  readonly core: string;
  readonly layer: LayerPlan;
  readonly neurons: DeviceNeuron;
  readonly device: DevicePlan;
  readonly passSteps: number;
  readonly maxTimeSteps: number;
  readonly seeding: Seeding;
}

export function deviceBank(options: DeviceBankOptions): ModuleDefinition {
  const { core, layer, neurons, device, passSteps, seeding } = options;
  const { phases: hasPhases, counters, loadTable, selfTest } = device;
  return defineModule(`${core}_${layer.name}_neurons`, (m) => {
    m.doc(`The MTJ neurons of ${layer.name}, ${passSteps} time steps side by side, as their devices behave.`);
    m.clock('clk');
    m.reset('rst');
    const pass = passInputs(m, options);
    const skip = m.input('skip_image', bool(), { doc: 'the random words go on to the next image' });
    const engineDraw = m.input('draw', bool());
    const enginePotentials = Array.from({ length: layer.timeLanes }, (_, t) =>
      m.input(`potential_${t}`, sint(layer.accumulatorBits)),
    );
    const engineActive = m.input('active', uint(passSteps));
    const restingOut = m.output('resting', bool());
    const busyOut = hasPhases || selfTest ? m.output('busy', bool(), { doc: 'no draw now' }) : undefined;
    const validOut = m.output('valid', bool());
    const spikesOut = m.output('spikes', uint(passSteps));

    const test = selfTest ? testInputs(m, options) : undefined;
    const testing = test ? m.register('testing', bool(), { reset: 0 }) : lit(0, bool());
    const drawIn: Drawn = test
      ? {
          valid: m.name('draw_in', engineDraw.or(test.draw.and(testing))),
          potentials: enginePotentials.map((own, t) => m.name(`drive_in_${t}`, mux(testing, test.potential, own))),
        }
      : { valid: engineDraw, potentials: enginePotentials };
    const active = test
      ? m.name('active_lanes', mux(testing, lit(2 ** passSteps - 1, engineActive.type), engineActive))
      : engineActive;

    const trim = neurons.trim ? trimmed(m, layer, drawIn) : drawIn;
    const own = neurons.variation ? varied(m, core, layer, neurons, neurons.variation, trim) : undefined;
    const fire = own?.valid ?? trim.valid;
    const start = pass.start && test?.start ? m.name('start_in', pass.start.or(test.start.and(testing))) : pass.start;
    const startLast = pass.startLast && (test ? m.name('start_in_last', pass.startLast.or(testing)) : pass.startLast);
    const passLast = pass.last && (test ? m.name('pass_last', pass.last.or(testing)) : pass.last);
    const streams = noise(m, options, { fire, start, startLast, last: passLast, skip });

    m.section('Neurons');
    const s1Valid = m.register('s1_valid', bool(), { reset: 0 });
    m.next(s1Valid, fire);
    const table = loadTable
      ? {
          table_write: m.input('table_write', bool(), { doc: 'the host loads an entry' }),
          entry_index: m.input('table_index', uint(unsignedBits(neurons.table.length - 1))),
          entry_code: m.input('table_data', uint(wordBits)),
        }
      : {};
    const width = trim.potentials[0]!.width;
    const neuron = deviceNeuron({ core, layer, neurons, seeding, loadTable, input: own ? 'address' : width });
    const hits = Array.from({ length: passSteps }, (_, t) => {
      const lane = layer.timeLanes === 1 ? 0 : t;
      const input = own ? { address: own.addresses[lane]! } : { potential_in: trim.potentials[lane]! };
      return m.instance(`lane_${t}`, neuron, { ...streams.lane(t), draw: fire, ...input, ...table }).bool('switches');
    });
    const stuck = own ? m.register('s1_stuck', uint(2), { reset: 0 }) : undefined;
    if (stuck && own) m.when(fire, () => m.next(stuck, own.stuck));

    const stages = [...(neurons.trim ? [trim.valid] : []), ...(own ? [own.valid] : [])];
    const travelling = stages.reduce<Bool>((any, valid) => any.or(valid), lit(0, bool()));
    const phases = hasPhases ? phased(m, s1Valid, travelling) : instant(s1Valid);
    const order = neuronOrder(m, options, phases);
    const forced = (hit: Bool) => (stuck ? mux(stuck.equals(0), hit, stuck.bit(0)) : hit);
    const { faultStream } = neurons;
    const faulty =
      faultStream && order && passLast
        ? faultyReads(m, options, faultStream, {
            hits,
            forced,
            active,
            fire,
            streams,
            order,
            phases,
            last: passLast,
            start,
            startLast,
            skip,
          })
        : { reads: hits.map(forced), resting: undefined, loading: undefined };
    const { reads } = faulty;
    const seeded = faulty.resting ? streams.resting.and(faulty.resting) : streams.resting;
    const loading = faulty.loading ? streams.loading.or(faulty.loading) : streams.loading;
    const spikes = m.name('spikes_now', joined(reads).and(active));
    m.assign(spikesOut, spikes);
    m.assign(validOut, test ? phases.readDone.and(testing.not()) : phases.readDone);
    if (counters) eventCounters(m, phases, active, spikes);

    let resting = hasPhases ? seeded.and(phases.resting) : seeded;
    if (test) {
      m.section('Self-test: claims the neurons between two images');
      const between = [travelling.not(), s1Valid.not(), phases.resting, streams.fresh()];
      if (start) {
        const open = m.register('pass_open', bool(), { reset: 0 });
        m.when(start, () => m.next(open, 1)).elseWhen(phases.resetDone.and(order!.atLast), () => m.next(open, 0));
        between.push(open.not(), pass.start!.not());
      }
      const free = m.name(
        'between_images',
        between.reduce((all, one) => all.and(one), engineDraw.not()),
      );
      m.when(testing.not(), () => m.next(testing, test.run.and(free))).elseWhen(test.run.not(), () =>
        m.next(testing, 0),
      );
      m.assign(test.here, testing);
      m.assign(test.resting, resting);
      m.assign(test.ready, phases.busy.or(loading).not());
      m.assign(test.valid, phases.readDone.and(testing));
      resting = resting.and(testing.not());
    }
    m.assign(restingOut, resting);
    if (busyOut) m.assign(busyOut, phases.busy.or(testing));
    if (pass.loading) m.assign(pass.loading, loading);
  });
}

function passInputs(m: ModuleBuilder, { seeding, device }: DeviceBankOptions) {
  const last = () => m.input('last', bool(), { doc: "the pass is the image's last" });
  if (seeding === 'draw') return { last: last(), start: undefined, startLast: undefined, loading: undefined };
  return {
    start: m.input('start', bool(), { doc: 'a pass begins' }),
    startLast: m.input('start_last', bool(), { doc: "it is the image's last" }),
    loading: m.output('loading', bool()),
    last: device.faults ? last() : undefined,
  };
}

function testInputs(m: ModuleBuilder, { seeding, layer }: DeviceBankOptions) {
  const wide = m.input('test_potential', sint(32));
  return {
    run: m.input('test_run', bool(), { doc: "the test is this layer's" }),
    start: seeding === 'draw' ? undefined : m.input('test_start', bool(), { doc: 'a pass of the test begins' }),
    draw: m.input('test_draw', bool()),
    potential: m.name('test_drive', wide.saturate(layer.accumulatorBits)),
    here: m.output('test_here', bool(), { doc: 'the neurons are claimed' }),
    resting: m.output('test_resting', bool()),
    ready: m.output('test_ready', bool(), { doc: 'the next draw may come' }),
    valid: m.output('test_valid', bool(), { doc: 'spikes of the test' }),
  };
}

interface NoiseInputs {
  readonly fire: Bool;
  readonly start: Bool | undefined;
  readonly startLast: Bool | undefined;
  readonly last: Bool | undefined;
  readonly skip: Bool;
}

function noise(m: ModuleBuilder, options: DeviceBankOptions, { fire, start, startLast, last, skip }: NoiseInputs) {
  const { neurons, passSteps, maxTimeSteps } = options;
  const { stream } = neurons;
  if (start && startLast) {
    const seeds = seeder(m, { stream, timeLanes: passSteps, maxTimeSteps, start, last: startLast, skip });
    const lane = (t: number): Record<string, Signal> => ({ load: seeds.loadLane(t), seed: seeds.seed });
    return { ...seeds, lane, advance: undefined };
  }
  const drawn = drawnStream(m, { stream, maxTimeSteps, draw: fire, last: last!, skip });
  return { ...drawn, loading: lit(0, bool()), lane: (): Record<string, Signal> => ({ advance: drawn.advance }) };
}

interface NeuronOrder {
  /** The neuron whose reset is next; absent where there is one only. */
  readonly index: UInt | undefined;
  readonly next: UInt;
  readonly atLast: Bool;
}

/** Counts the neurons that are done, where somebody needs to know. */
function neuronOrder(m: ModuleBuilder, options: DeviceBankOptions, { resetDone }: Phases): NeuronOrder | undefined {
  const { device, seeding, neurons } = options;
  if (!device.faults && !(device.selfTest && seeding !== 'draw')) return undefined;
  const count = neurons.stream.wordsPerTimeStep;
  const index = counter(m, 'neuron', count - 1);
  if (index === undefined) return { index, next: lit(0, uint(1)), atLast: lit(1, bool()) };
  const atLast = m.name('at_last_neuron', index.equals(count - 1));
  const next = m.name('next_neuron', mux(resetDone, mux(atLast, lit(0, index.type), index.addWrap(1)), index));
  m.next(index, next);
  return { index, next, atLast };
}

interface FaultInputs extends NoiseInputs {
  readonly hits: readonly Bool[];
  readonly forced: (switched: Bool) => Bool;
  readonly active: UInt;
  readonly streams: { readonly advance: Bool | undefined };
  readonly order: NeuronOrder;
  readonly last: Bool;
  readonly phases: Phases;
}

/** What the reads say when reads err and resets fail; a device that stays switched says so again in the next time step. */
function faultyReads(m: ModuleBuilder, options: DeviceBankOptions, stream: StreamPlan, inputs: FaultInputs) {
  const { core, layer, neurons, passSteps, maxTimeSteps, seeding } = options;
  const { fire, start, startLast, last, order, phases, active, skip } = inputs;
  m.section('Faults');
  const module = faultSource({
    ...{ name: `${core}_${layer.name}_faults`, stream, timeLanes: passSteps, maxTimeSteps, seeding },
  });
  const source = m.instance('faults', module, {
    fire,
    ...(start && startLast ? { start, start_last: startLast, skip_image: skip } : { advance: inputs.streams.advance! }),
    read_missed: m.input('read_missed', uint(wordBits)),
    read_false: m.input('read_false', uint(wordBits)),
    reset_failed: m.input('reset_failed', uint(wordBits)),
  });
  const [miss, falseRead, fail] = [source.uint('miss'), source.uint('false_read'), source.uint('fail')];
  const first = m.register('first_pass', bool(), { reset: 1, doc: 'all devices were reset before this pass' });
  m.when(phases.resetDone.and(order.atLast), () => m.next(first, last));
  const left = m.memory('left_switched', { depth: neurons.stream.wordsPerTimeStep, type: uint(1), contents: [] });
  const stored = left.read('left_data', order.next);

  let switchedBefore = m.name('left_0', stored.bit(0).and(first.not()));
  const reads = inputs.hits.map((hit, t) => {
    const switched = m.name(`switched_${t}`, inputs.forced(hit.or(switchedBefore)));
    const stays = switched.and(miss.bit(t).or(fail.bit(t)));
    switchedBefore = m.name(`left_${t + 1}`, mux(active.bit(t), stays, switchedBefore));
    return m.name(`read_${t}`, mux(switched, miss.bit(t).not(), falseRead.bit(t)));
  });
  left.write(order.index ?? lit(0, uint(1)), switchedBefore.asUInt(), phases.resetDone);
  const seeds = start ? { resting: source.bool('resting'), loading: source.bool('loading') } : undefined;
  return { reads, resting: seeds?.resting, loading: seeds?.loading };
}

/** Events since the host cleared the counters: what the energy is computed from. */
function eventCounters(m: ModuleBuilder, phases: Phases, active: UInt, spikes: UInt): void {
  m.section('Event counters');
  const clear = m.input('clear', bool(), { doc: 'the host clears the counters' });
  const pulses = m.name('lanes_active', ones(active));
  const fired = m.name('lanes_spiking', ones(spikes));
  const count = (name: string, port: string, event: Bool, by: UInt) => {
    const output = m.output(port, uint(counterBits));
    const total = m.register(name, uint(counterBits), { reset: 0 });
    m.when(clear, () => m.next(total, 0)).elseWhen(event, () => m.next(total, total.addWrap(by.extend(counterBits))));
    m.assign(output, total);
  };
  count('writes', 'writes_total', phases.writeDone, pulses);
  count('reads', 'reads_total', phases.readDone, pulses);
  count('resets', 'resets_total', phases.resetDone, fired);
  count('spike_count', 'spikes_total', phases.readDone, fired);
}
