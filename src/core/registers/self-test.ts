/** Measures the curve of a layer's neurons: potentials from the host, spikes counted (docs/microarchitecture-device.md, "Self-test"). */
import {
  type Bool,
  bool,
  enumeration,
  lit,
  type ModuleBuilder,
  mux,
  type Signal,
  select,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import type { RegistersOut } from '../neurons/device/registers.ts';
import { ones } from '../parts/fit.ts';
import { type BusAccess, setting } from './bus.ts';
import type { BusRegister, CoreRegisters } from './map.ts';
import { type DeviceLayer, testPoints } from './table.ts';

const pointBits = unsignedBits(testPoints - 1);

export interface TestedLayer {
  readonly layer: DeviceLayer;
  readonly registers: RegistersOut;
}

type CoreMap = CoreRegisters['core'];

export function selfTest(m: ModuleBuilder, map: CoreMap, bus: BusAccess, layers: readonly TestedLayer[]) {
  const testAddress = map.TEST!.address;
  m.section('Self-test');
  const states = ['idle', 'wait', 'start', 'draw', 'drain'] as const;
  const state = m.register('test_state', enumeration('test_state', states), { reset: 'idle' });
  const idle = m.name('test_idle', state.is('idle'));
  const settings = testSettings(m, map, bus, idle.not());
  bus.show(testAddress, idle.not());
  const tested = testedLayer(m, layers, settings.layer);
  const potential = m.register('test_potential_value', uint(32), { reset: 0 });
  const start = m.name('test_starts', state.is('start').and(tested.resting));
  const draw = m.name('test_draws', state.is('draw').and(tested.ready));
  for (const [i, { registers }] of layers.entries()) {
    const { test } = registers;
    if (!test) continue;
    m.assign(test.run, idle.not().and(tested.isChosen(i)));
    if (test.start) m.assign(test.start, start);
    m.assign(test.draw, draw);
    m.assign(test.drive, potential.asSInt());
  }
  const progress = testProgress(m, settings, tested, draw);
  m.switch(state, {
    idle: () => {
      m.when(bus.writes(testAddress).and(bus.data.bit(0)), () => {
        m.next(state, 'wait');
        m.next(potential, settings.from);
        progress.clear();
      });
    },
    wait: () => m.when(tested.here, () => m.next(state, 'start')),
    start: () => m.when(start, () => m.next(state, 'draw')),
    draw: () => m.when(progress.allDrawn, () => m.next(state, 'drain')),
    drain: () => {
      m.when(progress.pointDone, () => {
        progress.nextPoint();
        m.next(potential, potential.addWrap(settings.step));
        m.next(state, mux(progress.atLastPoint, lit('idle', state.type), lit('start', state.type)));
      }).elseWhen(progress.passDone, () => {
        progress.nextPass();
        m.next(state, 'start');
      });
    },
  });

  const reading = m.register('read_counts', bool(), { reset: 0 });
  // The row of counts lies at a multiple of its own length.
  const isCount = bus.address.slice(bus.address.width - 1, pointBits).equals(map.TEST_COUNTS!.address / testPoints);
  m.when(bus.taken, () => m.next(reading, isCount));
  return { reading, data: progress.counts.read('count_data', bus.address.slice(pointBits - 1, 0)) };
}

type Settings = ReturnType<typeof testSettings>;

/** The test's registers, which take no writes while it runs. */
function testSettings(m: ModuleBuilder, map: CoreMap, bus: BusAccess, running: Bool) {
  const own = (register: BusRegister) =>
    setting(m, bus, 'uint', register, { name: register.name.toLowerCase(), unless: running });
  const layer = map.TEST_LAYER ? own(map.TEST_LAYER) : undefined;
  return {
    layer,
    from: own(map.TEST_FROM!),
    step: own(map.TEST_STEP!),
    points: own(map.TEST_POINTS!),
    passes: own(map.TEST_PASSES!),
    counted: own(map.TEST_LANES!),
  };
}

type Tested = ReturnType<typeof testedLayer>;

/** The answers of the layer under test. */
function testedLayer(m: ModuleBuilder, layers: readonly TestedLayer[], chosen: UInt | undefined) {
  const tests = layers.flatMap(({ registers }) => (registers.test ? [registers.test] : []));
  const counts = layers.map(({ layer }) => layer.neuron.stream.wordsPerTimeStep);
  const type = uint(unsignedBits(Math.max(...counts) - 1));
  const of = <S extends Signal>(values: readonly S[]): S => (chosen ? select(chosen, values) : values[0]!);
  const answer = (what: 'here' | 'resting' | 'ready' | 'valid') =>
    m.name(`test_${what}`, of(tests.map((test) => test[what])));
  const last = of(counts.map((count) => lit(count - 1, type)));
  return {
    here: answer('here'),
    resting: answer('resting'),
    ready: answer('ready'),
    valid: answer('valid'),
    spikes: of(tests.map((test) => test.spikes)),
    /** No layer has more than one neuron. */
    single: Math.max(...counts) === 1,
    lastNeuron: chosen ? m.name('test_last_neuron', last) : last,
    isChosen: (index: number) => {
      if (!chosen) return lit(1, bool());
      return index === layers.length - 1 ? chosen.greaterOrEqual(index) : chosen.equals(index);
    },
  };
}

/** Neurons drawn and answered, passes of a point, points; and the spikes of each. */
function testProgress(m: ModuleBuilder, settings: Settings, tested: Tested, draw: Bool) {
  const { lastNeuron, single, valid: result, spikes } = tested;
  const { type } = lastNeuron;
  const neuron = (name: string, steps: Bool) => {
    if (single) return lit(0, type);
    const register = m.register(name, type, { reset: 0 });
    m.when(steps, () => m.next(register, mux(register.equals(lastNeuron), 0, register.addWrap(1))));
    return register;
  };
  const point = m.register('test_point', uint(pointBits), { reset: 0 });
  const pass = m.register('test_pass', uint(16), { reset: 0 });
  const count = m.register('test_count', uint(32), { reset: 0 });
  const drawn = neuron('test_drawn', draw);
  const results = neuron('test_results', result);
  const spiking = m.name('test_spiking', spikes.and(settings.counted));
  const sum = m.name('test_sum', count.addWrap(ones(spiking).extend(32)));
  const passDone = m.name('test_pass_done', result.and(results.equals(lastNeuron)));
  const lastPass = pass.addGrow(1).greaterOrEqual(settings.passes.extend(17));
  const pointDone = m.name('test_point_done', passDone.and(lastPass));
  const atLastPoint = m.name(
    'test_at_last_point',
    point.equals(testPoints - 1).or(point.extend(7).addWrap(1).greaterOrEqual(settings.points)),
  );
  const counts = m.memory('counts', { depth: testPoints, type: uint(32), contents: [] });
  counts.write(point, sum, pointDone);
  m.when(result, () => m.next(count, mux(pointDone, 0, sum)));
  return {
    allDrawn: draw.and(drawn.equals(lastNeuron)),
    ...{ passDone, pointDone, atLastPoint, counts },
    clear: () => {
      m.next(point, 0);
      m.next(pass, 0);
      m.next(count, 0);
    },
    nextPass: () => m.next(pass, pass.addWrap(1)),
    nextPoint: () => {
      m.next(pass, 0);
      m.when(atLastPoint.not(), () => m.next(point, point.addWrap(1)));
    },
  };
}
