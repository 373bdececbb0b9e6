/** One design with everything in it that the emitter can write. */
import {
  bool,
  clock,
  component,
  concat,
  defineModule,
  enumeration,
  flip,
  input,
  linearMap,
  lit,
  type ModuleDefinition,
  mux,
  output,
  reset,
  select,
  sint,
  stream,
  streamBuffer,
  streamFifo,
  sum,
  uint,
} from '../../src/hdl/index.ts';

const lane = defineModule('lane', (m) => {
  m.doc('Scales a sample.');
  m.clock('clk');
  m.reset('rst');
  const GAIN = m.parameter('GAIN', sint(6), -3, { doc: 'factor' });
  const sample = m.input('sample', sint(8), { doc: 'signed sample' });
  const scaled = m.output('scaled', sint(14));
  const sign = m.output('sign', bool());
  const held = m.register('held', sint(14), { reset: -1, doc: 'last product' });
  m.next(held, sample.mulFull(GAIN));
  m.assign(scaled, held);
  m.assign(sign, sample.addGrow(1).isNegative());
});

const cell = component(
  'grid_cell',
  {
    row: input(uint(2)),
    column: input(sint(3)),
    own: input(uint(2)),
    offset: input(uint(4)),
    all: input(bool()),
    y: output(uint(4)),
  },
  (m, { row, column, own, offset, all, y }) => {
    const total = row.extend(4).addWrap(column.extend(4).asUInt()).addWrap(own.extend(4).xor(offset));
    m.assign(y, mux(all, total, total.not()));
  },
);

const tap = component(
  'turn_tap',
  { weight: input(uint(2)), sample: input(sint(8)), y: output(sint(8)) },
  (m, { weight, sample, y }) => {
    m.assign(y, mux(weight.bit(0), sample, mux(weight.bit(1), sample.shiftRight(1).extend(8), 0)));
  },
  { loopBody: true },
);

/** The body of a loop, with what there can be in one: a parameter, states, memories, another loop, outputs that it reads itself. */
const turn = component(
  'turn',
  {
    clk: clock(),
    rst: reset(),
    step: input(bool(), 'takes the sample'),
    sample: input(sint(8)),
    weights: input(uint(4)),
    shared: input(uint(8)),
    quiet: input(bool()),
    y: output(sint(9), 'sum of what the taps gave'),
    busy: output(bool()),
    word: output(uint(4)),
  },
  (m, io) => {
    m.doc('What stands in each turn.');
    const LIMIT = m.parameter('LIMIT', sint(9), 100, { doc: 'no sum is above it' });
    const phase = m.register('phase', enumeration('phase', ['rest', 'add']), { reset: 'rest' });
    const sum = m.register('turn_sum', sint(9), { reset: 0 });
    const weights = [io.weights.slice(1, 0), io.weights.slice(3, 2)];
    const { y } = m.placeArray('tap', 2, tap, { weight: weights, sample: io.sample });
    const mixed = m.name('mixed', linearMap(io.shared, [3n, 6n, 12n, 24n, 48n, 96n, 192n, 129n]));
    m.comment('both taps');
    const total = m.name('total', y[0]!.addGrow(y[1]!));
    m.switch(phase, {
      rest: () => m.when(io.step, () => m.next(phase, 'add')),
      add: () => {
        m.next(phase, 'rest');
        m.next(sum, mux(total.greaterThan(LIMIT), LIMIT, total));
      },
    });
    const kept = m.memory('kept', { depth: 4, type: uint(4), contents: [], collision: 'old' });
    kept.write(io.shared.slice(1, 0), sum.asUInt().truncate(4).xor(mixed.truncate(4)), io.busy);
    const lookup = m.memory('turn_lookup', { depth: 4, type: uint(4), contents: [9, 3, 5, 1] });
    m.assign(
      io.word,
      kept.read('kept_word', io.shared.slice(3, 2)).xor(lookup.read('looked_up', io.shared.slice(5, 4))),
    );
    m.assign(io.busy, phase.is('add').and(io.quiet.not()));
    m.assign(io.y, sum);
  },
  { loopBody: true },
);

export const everything: ModuleDefinition = defineModule('everything', (m) => {
  m.doc('Everything that the emitter writes, once.');
  m.clock('clk');
  m.reset('rst');
  const mode = m.input('mode', enumeration('mode', ['off', 'slow', 'fast']));
  const a = m.input('a', sint(8));
  const b = m.input('b', uint(8), { doc: 'only some bits are used' });
  const pointX = m.output('point_x', sint(14));
  const pointY = m.output('point_y', sint(14));
  const level = m.output('level', uint(3), { default: 2 });

  m.section('Lanes');
  const left = m.instance('left', lane, { sample: a });
  const right = m.instance('right', lane, { sample: a.addWrap(1) }, { parameters: { GAIN: 7 }, doc: 'the other gain' });
  m.unused(right.bool('sign'), 'the signs are equal');
  m.assign(pointX, left.sint('scaled'));
  m.assign(pointY, right.sint('scaled'));

  const RATES = m.constant('RATES', 3, { doc: 'lanes with a gain of 2' });
  const rates = m.instance(
    'rate',
    lane,
    { sample: concat(b, a.asUInt(), b.xor(0x55)) },
    { parameters: { GAIN: 2 }, repeat: RATES.value },
  );
  const lonely = m.instance('lonely', lane, { sample: a }, { repeat: 1 });
  m.unused(lonely.uint('scaled'), 'only its sign counts');
  m.assign(m.output('rates', uint(42)), rates.uint('scaled'));
  m.assign(m.output('signs', uint(4)), concat(lonely.uint('sign'), rates.uint('sign')));
  m.assign(m.output('at_rates', bool()), b.equals(RATES).or(a.lessThan(RATES)));

  m.section('Grid: two rows of three');
  const nine = m.name('nine', concat(a.asUInt(), b.bit(7)));
  const twelve = m.name('twelve', concat(b, a.slice(3, 0)));
  const places = [0, 1, 2, 3, 4, 5];
  const grid = m.placeArray(
    'grid',
    places.length,
    cell,
    {
      row: places.map((i) => b.slice(2 * Math.floor(i / 3) + 1, 2 * Math.floor(i / 3))),
      column: places.map((i) => nine.slice(3 * (i % 3) + 2, 3 * (i % 3)).asSInt()),
      own: places.map((i) => twelve.slice(2 * i + 1, 2 * i)),
      offset: places.map((i) => lit(i, uint(4))),
      all: places.map(() => a.isNegative()),
    },
    { columns: 3 },
  );
  m.assign(m.output('grid_sums', uint(24)), concat(...grid.y));

  m.section('Control');
  const state = m.register('state', enumeration('state', ['idle', 'run', 'flush']), { reset: 'idle' });
  const timer = m.register('countdown', uint(5), { reset: 17, doc: 'clocks left' });
  const history = m.register('history', uint(4), { resetless: true, doc: 'signs' });
  m.comment('The timer runs down, then the state moves on.');
  m.switch(state, {
    idle: () => {
      m.when(mode.notEquals('off'), () => m.next(state, 'run'));
    },
    run: () => {
      m.when(timer.equals(0), () => {
        m.comment('start again');
        m.next(timer, 17);
        m.next(state, 'flush');
      }).otherwise(() => m.next(timer, timer.subWrap(1)));
    },
    flush: () => m.next(state, 'idle'),
  });
  m.next(history, concat(history.truncate(3), left.bool('sign')));
  m.switch(mode, {
    off: () => m.assign(level, 0),
    slow: () => {},
    fast: () => {
      m.when(timer.greaterThan(9), () => m.assign(level, 7));
    },
  });
  const code = m.output('code', uint(2));
  m.switch(state, {
    idle: () => m.assign(code, 3),
    run: () => m.assign(code, timer.truncate(2)),
    flush: () => m.assign(code, history.truncate(2)),
  });
  m.output('version', uint(8), { default: 42, doc: 'always the same' });
  const third = m.instance('third', lane, { sample: b.asSInt() });
  m.unused(third.sint('scaled'), 'only its sign counts');
  const late = m.wire('late', bool());
  m.assign(late, third.bool('sign'));
  m.assign(m.output('late_sign', bool()), late.xor(late.and(mode.is('slow'))));
  const choice = m.wire('choice', uint(2));
  m.switchValue(
    b.truncate(3),
    [
      [0, () => m.assign(choice, 1)],
      [5, () => m.assign(choice, 2)],
    ],
    () => m.assign(choice, select(b.slice(2, 1), [history.truncate(2), choiceOf(3), choiceOf(0)])),
  );
  m.assign(m.output('chosen', uint(4)), mux(choice.bit(0), history, history.not()));

  m.section('Arithmetic');
  const total = m.name('total', sum([a, a, a, a, a]), { doc: 'five times a' });
  m.assign(m.output('clipped', sint(6)), total.saturate(6));
  m.assign(m.output('shifted', sint(8)), a.shiftRightBy(b.truncate(2)));
  m.assign(m.output('parity', bool()), b.truncate(5).and(0x15).reduceXor());

  m.section('Memories');
  const ram = m.memory('ram', { depth: 64, type: uint(12), contents: [], doc: 'scratch', style: 'block' });
  ram.write(b.truncate(6), concat(history, b), left.bool('sign'));
  const rom = m.memory('rom', { depth: 5, type: sint(4), contents: [1, -1, 7], collision: 'undefined' });
  const lookup = m.memory('lookup', { depth: 4, type: uint(2), contents: [], style: 'distributed' });
  lookup.write(b.truncate(2), choice, left.bool('sign'));
  const bypass = m.memory('bypass', { depth: 8, type: sint(6), contents: [], collision: 'new' });
  bypass.write(timer.truncate(3), a.truncate(6), b.bit(1));
  m.assign(m.output('bypass_out', sint(6)), bypass.read('bypass_data', b.truncate(3), { enable: b.bit(4) }));
  m.assign(m.output('ram_out', uint(12)), ram.read('ram_data', timer.extend(6), { enable: b.bit(0) }));
  m.assign(m.output('rom_out', sint(4)), rom.read('rom_data', b.truncate(3)));
  m.assign(m.output('lookup_out', uint(2)), lookup.readAsync('lookup_data', history.truncate(2)));

  m.section('Turns');
  const turns = m.placeArray('turn', 3, turn, {
    ...{ step: a.bit(0), weights: [b.slice(3, 0), b.slice(5, 2), b.slice(7, 4)], quiet: a.equals(b.asSInt()) },
    ...{ sample: [a, a.addWrap(1), b.asSInt()], shared: b },
  });
  m.assign(m.output('turn_sums', sint(11)), sum(turns.y));
  m.assign(m.output('turn_words', uint(12)), concat(...turns.word));
  m.assign(m.output('turns_busy', uint(3)), concat(...turns.busy));
  const single = m.placeArray('single', 1, tap, { weight: b.slice(1, 0), sample: a });
  m.assign(m.output('single_tap', sint(8)), single.y[0]!);

  m.section('Stream');
  const shared = { type: sint(8), packets: true };
  const ends = m.ports({ s: flip(stream(sint(8), shared)), m: stream(sint(8), shared) });
  const first = m.place('first_buffer', streamBuffer('everything_buffer', shared), { s: ends.s });
  const second = m.place('second_buffer', streamFifo('everything_fifo', { ...shared, depth: 4 }), {});
  m.connect(first.m, second.s);
  m.connect(second.m, ends.m);

  function choiceOf(value: number) {
    return select(a.slice(0, 0), [history.truncate(2).addWrap(value), history.truncate(2)]);
  }
});
