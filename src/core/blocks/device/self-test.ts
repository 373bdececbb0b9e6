/** Measures the curve of a layer's neurons: potentials from the host, spikes counted (docs/microarchitecture-device.md, "Self-test"). */
import { bool, enumeration, lit, type ModuleBuilder, mux, select, sint, type UInt, uint } from '../../../hdl/index.ts';
import type { Plan } from '../../../plan/index.ts';
import { unsignedBits } from '../../../plan/index.ts';
import { addresses, deviceLayers, testPoints } from '../../registers/map.ts';
import type { BusAccess } from './control.ts';
import { ones } from './drive.ts';

const pointBits = 6;

export function selfTest(m: ModuleBuilder, plan: Plan, bus: BusAccess) {
  const layers = deviceLayers(plan);
  const lanes = plan.timeSteps.lanes;
  const largest = Math.max(...layers.map(({ neuron }) => neuron.stream.wordsPerTimeStep));
  const seeds = plan.seeding !== 'draw';

  m.section('Self-test');
  const states = ['idle', 'wait', 'start', 'draw', 'drain'] as const;
  const state = m.register('test_state', enumeration('test_state', [...states]), { reset: 'idle' });
  const idle = m.name('test_idle', state.is('idle'));
  const setting = (name: string, at: number, bits: number, reset: number) => {
    const register = m.register(name, uint(bits), { reset });
    m.when(bus.writes(at).and(idle), () => m.next(register, bus.data.truncate(bits)));
    bus.show(at, register);
    return register;
  };
  const layer =
    layers.length > 1 ? setting('test_layer', addresses.TEST_LAYER, unsignedBits(layers.length - 1), 0) : undefined;
  const from = setting('test_from', addresses.TEST_FROM, 32, 0);
  const step = setting('test_step', addresses.TEST_STEP, 32, 0);
  const points = setting('test_points', addresses.TEST_POINTS, 7, 0);
  const passes = setting('test_passes', addresses.TEST_PASSES, 16, 0);
  const counted = setting('test_lanes', addresses.TEST_LANES, lanes, 2 ** lanes - 1);
  bus.show(addresses.TEST, idle.not());

  const potentialOut = m.output('test_potential', sint(32));
  const potential = m.register('test_potential_value', uint(32), { reset: 0 });
  m.assign(potentialOut, potential.asSInt());
  const point = m.register('test_point', uint(pointBits), { reset: 0 });
  const pass = m.register('test_pass', uint(16), { reset: 0 });
  const count = m.register('test_count', uint(32), { reset: 0 });
  const small = unsignedBits(largest - 1);
  const drawn = largest > 1 ? m.register('test_drawn', uint(small), { reset: 0 }) : lit(0, uint(small));
  const results = largest > 1 ? m.register('test_results', uint(small), { reset: 0 }) : lit(0, uint(small));

  const chosen = layers.map((_, i) => {
    if (layer === undefined) return lit(1, bool());
    return i === layers.length - 1 ? layer.greaterOrEqual(i) : layer.equals(i);
  });
  const answers = layers.map(({ name }, i) => {
    m.assign(m.output(`${name}_test_run`, bool(), { doc: "the test is this layer's" }), idle.not().and(chosen[i]!));
    return {
      here: m.input(`${name}_test_here`, bool()),
      resting: m.input(`${name}_test_resting`, bool()),
      ready: m.input(`${name}_test_ready`, bool()),
      valid: m.input(`${name}_test_valid`, bool()),
      spikes: m.input(`${name}_test_spikes`, uint(lanes)),
    };
  });
  const of = (what: 'here' | 'resting' | 'ready' | 'valid') =>
    m.name(
      `test_${what}`,
      layer === undefined
        ? answers[0]![what]
        : select(
            layer,
            answers.map((answer) => answer[what]),
          ),
    );
  const spikes =
    layer === undefined
      ? answers[0]!.spikes
      : select(
          layer,
          answers.map((answer) => answer.spikes),
        );
  const lastIndices = layers.map(({ neuron }) => lit(neuron.stream.wordsPerTimeStep - 1, uint(small)));
  const lastNeuron = layer === undefined ? lastIndices[0]! : m.name('test_last_neuron', select(layer, lastIndices));

  const here = of('here');
  const start = m.name('test_starts', state.is('start').and(of('resting')));
  const draw = m.name('test_draws', state.is('draw').and(of('ready')));
  const result = m.name('test_result', of('valid'));
  if (seeds) m.assign(m.output('test_start', bool()), start);
  m.assign(m.output('test_draw', bool()), draw);

  const sum = m.name('test_sum', count.addWrap(ones(spikes.and(counted)).extend(32)));
  const passDone = m.name('test_pass_done', result.and(results.equals(lastNeuron)));
  const pointDone = m.name('test_point_done', passDone.and(pass.addGrow(1).greaterOrEqual(passes.extend(17))));
  const atLastPoint = m.name(
    'test_at_last_point',
    point.equals(testPoints - 1).or(point.extend(7).addWrap(1).greaterOrEqual(points)),
  );
  const counts = m.memory('counts', { depth: testPoints, type: uint(32), contents: [] });
  counts.write(point, sum, pointDone);

  m.when(result, () => m.next(count, mux(pointDone, lit(0, count.type), sum)));
  if (largest > 1) {
    m.when(result, () => m.next(results, mux(passDone, lit(0, results.type), results.addWrap(1))));
    m.when(draw, () => m.next(drawn, mux(drawn.equals(lastNeuron), lit(0, drawn.type), drawn.addWrap(1))));
  }
  m.switch(state, {
    idle: () => {
      m.when(bus.writes(addresses.TEST).and(bus.data.bit(0)), () => {
        m.next(state, 'wait');
        m.next(potential, from);
        m.next(point, 0);
        m.next(pass, 0);
        m.next(count, 0);
      });
    },
    wait: () => {
      m.when(here, () => m.next(state, 'start'));
    },
    start: () => {
      m.when(start, () => m.next(state, 'draw'));
    },
    draw: () => {
      m.when(draw.and(drawn.equals(lastNeuron)), () => m.next(state, 'drain'));
    },
    drain: () => {
      m.when(pointDone, () => {
        m.next(pass, 0);
        m.next(potential, potential.addWrap(step));
        m.when(atLastPoint, () => m.next(state, 'idle')).otherwise(() => {
          m.next(point, point.addWrap(1));
          m.next(state, 'start');
        });
      }).elseWhen(passDone, () => {
        m.next(pass, pass.addWrap(1));
        m.next(state, 'start');
      });
    },
  });

  const reading = m.register('read_counts', bool(), { reset: 0 });
  m.when(bus.taken, () => m.next(reading, isCount(bus.address)));
  return { reading, data: counts.read('count_data', bus.address.slice(pointBits - 1, 0)) };
}

/** Addresses 64 to 127. */
function isCount(address: UInt) {
  return address.slice(address.width - 1, pointBits).equals(1);
}
