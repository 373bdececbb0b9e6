/** One design with everything in it that the emitter can write. */
import {
  bool,
  component,
  concat,
  defineModule,
  enumeration,
  flip,
  input,
  lit,
  type ModuleDefinition,
  mux,
  output,
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
