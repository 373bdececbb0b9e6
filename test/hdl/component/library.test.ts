import { describe, expect, it } from 'vitest';
import {
  bool,
  type Component,
  clock,
  component,
  concat,
  counter,
  delayed,
  elaborate,
  flip,
  input,
  interpret,
  leapForward,
  linearMap,
  link,
  output,
  reset,
  sint,
  uint,
  vector,
  when,
} from '../../../src/hdl/index.ts';
import { messageOf } from '../rules/message.ts';

const clocked = { clk: clock(), rst: reset() };

function started(definition: Component<never>) {
  const simulation = interpret(elaborate(definition));
  simulation.reset();
  return simulation;
}

describe('counter', () => {
  const counting = (count: number) =>
    component(
      'counting',
      { ...clocked, step: input(bool()), value: output(uint(4)), last: output(bool()) },
      (m, io) => {
        const n = counter(m, 'n', count);
        m.when(io.step, () => n.step());
        m.assign(io.value, n.value.extend(4));
        m.assign(io.last, n.atLast);
        if (count === 1) {
          m.unused(io.step, 'one value');
          for (const each of [io.clk, io.rst]) expect(each.entity.name).toMatch(/clk|rst/);
        }
      },
    );

  it.each([2, 3, 5, 8])('of %i values wraps and knows its last one', (count) => {
    const simulation = started(counting(count) as Component<never>);
    for (let clock = 0; clock < 40; clock++) {
      const step = clock % 3 !== 1;
      const expected = Array.from({ length: clock }, (_, c) => Number(c % 3 !== 1)).reduce((a, b) => a + b, 0) % count;
      expect(Number(simulation.peek('value'))).toBe(expected);
      expect(simulation.peek('last')).toBe(expected === count - 1 ? 1n : 0n);
      simulation.poke('step', step);
      simulation.step();
    }
  });

  it('of one value is a constant without a register', () => {
    const one = component('one', { value: output(uint(1)), last: output(bool()) }, (m, io) => {
      const n = counter(m, 'n', 1);
      n.step();
      m.assign(io.value, n.value);
      m.assign(io.last, n.atLast.and(n.atFirst));
    });
    expect(elaborate(one).registers()).toEqual([]);
    expect(interpret(elaborate(one)).peek('last')).toBe(1n);
  });

  it('of one value has a register of one bit where it is asked for, and stays at 0', () => {
    const one = component('one', { ...clocked, value: output(uint(1)), last: output(bool()) }, (m, io) => {
      const n = counter(m, 'n', 1, { width: 1 });
      n.step();
      m.assign(io.value, n.value);
      m.assign(io.last, n.atLast);
    });
    expect(elaborate(one).registers()).toMatchObject([{ path: 'n', width: 1 }]);
    const simulation = started(one as Component<never>);
    simulation.step(3);
    expect([simulation.peek('value'), simulation.peek('last')]).toEqual([0n, 1n]);
  });
});

it('delayed: each stage is a clock later, and stands still without enable', () => {
  const line = component(
    'line',
    { ...clocked, go: input(bool()), d: input(sint(4)), first: output(sint(4)), third: output(sint(4)) },
    (m, io) => {
      const [first, , third] = delayed(m, 'd', io.d, 3, { enable: io.go, reset: -1 });
      m.assign(io.first, first!);
      m.assign(io.third, third!);
    },
  );
  const simulation = started(line as Component<never>);
  let stages = [-1n, -1n, -1n];
  for (let clock = 0; clock < 30; clock++) {
    expect([simulation.peek('first'), simulation.peek('third')]).toEqual([stages[0], stages[2]]);
    const [go, d] = [clock % 4 !== 2, (clock % 16) - 8];
    simulation.poke('go', go);
    simulation.poke('d', d);
    simulation.step();
    if (go) stages = [BigInt(d), stages[0]!, stages[1]!];
  }
});

it('leapForward moves an LFSR by many bits, linearMap by any matrix', () => {
  const [taps, leap, degree] = [[0, 3], 3, 7];
  const step = (state: number) =>
    (state >> 1) | ((taps.reduce((sum, tap) => sum ^ (state >> tap), 0) & 1) << (degree - 1));
  // Row i of the matrix of one step: which bits of the state make bit i of the next one.
  const rows = Array.from({ length: degree }, (_, i) => {
    let mask = 0n;
    for (let bit = 0; bit < degree; bit++) if ((step(1 << bit) >> i) & 1) mask |= 1n << BigInt(bit);
    return mask;
  });
  const maps = component(
    'maps',
    { s: input(uint(degree)), leapt: output(uint(degree)), once: output(uint(degree)) },
    (m, io) => {
      m.assign(io.leapt, leapForward(io.s, taps, leap));
      m.assign(io.once, linearMap(io.s, rows));
    },
  );
  const simulation = interpret(elaborate(maps));
  for (let state = 1; state < 128; state++) {
    simulation.poke('s', state);
    expect(Number(simulation.peek('leapt'))).toBe(step(step(step(state))));
    expect(Number(simulation.peek('once'))).toBe(step(state));
  }
});

describe('links', () => {
  const handshake = (tagged: boolean) =>
    link('handshake', {
      data: output(sint(6)),
      tag: when(tagged, output(uint(2))),
      valid: output(bool()),
      ready: input(bool()),
    });
  const source = (tagged: boolean) =>
    component('source', { a: input(sint(6)), to: handshake(tagged), went: output(bool()) }, (m, io) => {
      m.assign(io.to.data, io.a);
      if (io.to.tag) m.assign(io.to.tag, io.a.slice(1, 0));
      m.assign(io.to.valid, io.a.notEquals(0));
      m.assign(io.went, io.to.ready);
    });
  const sink = (tagged: boolean) =>
    component('sink', { from: flip(handshake(tagged)), y: output(sint(8)) }, (m, io) => {
      m.assign(io.from.ready, io.from.data.isNegative().and(io.from.valid));
      const tag = io.from.tag ? io.from.tag.toSInt() : 0;
      m.assign(io.y, typeof tag === 'number' ? io.from.data.extend(8) : io.from.data.extend(8).addWrap(tag.extend(8)));
    });
  const pair = (first: boolean, second: boolean, late: boolean) =>
    component('pair', { a: input(sint(6)), y: output(sint(8)), went: output(bool()) }, (m, io) => {
      const one = m.place('one', source(first), { a: io.a });
      const two = m.place('two', sink(second), late ? {} : { from: one.to });
      if (late) m.connect(one.to, two.from);
      m.assign(io.y, two.y);
      m.assign(io.went, one.went);
    });

  it.each([true, false])('carry wires both ways, connected late: %s', (late) => {
    const simulation = interpret(elaborate(pair(true, true, late)));
    for (let a = -32; a < 32; a++) {
      simulation.poke('a', a);
      expect(Number(simulation.peek('y'))).toBe(a + (a & 3));
      expect(simulation.peek('went')).toBe(a < 0 ? 1n : 0n);
    }
  });

  it('go through a module that only passes them on', () => {
    const through = component('through', { from: flip(handshake(false)), to: handshake(false) }, (m, io) => {
      m.connect(io.from, io.to);
    });
    const top = component('top', { a: input(sint(6)), y: output(sint(8)), went: output(bool()) }, (m, io) => {
      const one = m.place('one', source(false), { a: io.a });
      const between = m.place('between', through, { from: one.to });
      m.assign(io.y, m.place('two', sink(false), { from: between.to }).y);
      m.assign(io.went, one.went);
    });
    const simulation = interpret(elaborate(top));
    simulation.poke('a', -5);
    expect([simulation.peek('y'), simulation.peek('went')]).toEqual([-5n, 1n]);
  });

  it('HDL002, HDL007: both ends alike, and both connected', () => {
    expect(messageOf(pair(true, false, true))).toMatchInlineSnapshot(`
      "error HDL002 KIND MISMATCH: m.connect: only the one that gives has 'tag'
        --> test/hdl/component/library.test.ts:161
          161 |   if (late) m.connect(one.to, two.from);
              help: m.connect(from, to) joins two ends of one link, made with the same widths and options"
    `);
    expect(messageOf(pair(false, true, false))).toMatchInlineSnapshot(`
      "error HDL002 KIND MISMATCH: link 'from' of instance 'two': only the one that takes has 'tag'
        --> test/hdl/component/library.test.ts:160
          160 |   const two = m.place('two', sink(second), late ? {} : { from: one.to });
              help: both ends are of one link, made with the same widths and options"
    `);
    const open = component('open', { a: input(sint(6)), went: output(bool()) }, (m, io) => {
      const one = m.place('one', source(false), { a: io.a });
      m.assign(io.went, one.went);
      for (const field of [one.to.data, one.to.valid]) m.unused(field, 'the test is about ready');
    });
    expect(messageOf(open)).toMatchInlineSnapshot(`
      "error HDL007 NO DRIVER: wire 'one_to_ready' of module 'open' is never assigned
        --> test/hdl/component/library.test.ts:204     'one_to_ready' is declared here
          204 |   const one = m.place('one', source(false), { a: io.a });
              help: m.assign(one_to_ready, ...), or remove it"
    `);
  });
});

describe('placeArray', () => {
  const lane = component(
    'lane',
    { ...clocked, go: input(bool()), terms: vector(2, input(sint(4))), sum: output(sint(5)), odd: output(bool()) },
    (m, io) => {
      const held = m.register('held', sint(5), { reset: 0 });
      m.when(io.go, () => m.next(held, io.terms[0]!.addGrow(io.terms[1]!)));
      m.assign(io.sum, held);
      m.assign(io.odd, held.bit(0));
    },
  );
  const lanes = (copies: number) =>
    component(
      'lanes',
      {
        ...clocked,
        go: input(bool()),
        a: vector(copies, input(sint(4))),
        b: input(sint(4)),
        sums: vector(copies, output(sint(5))),
        odd: output(uint(copies)),
      },
      (m, io) => {
        const all = m.placeArray('lane', copies, lane, { go: io.go, terms: [io.a, io.b] });
        for (const [i, sum] of all.sum.entries()) m.assign(io.sums[i]!, sum);
        m.assign(io.odd, concat(...all.odd.toReversed()));
      },
    );

  it.each([1, 3])('of %i copies: shared inputs go to all, arrays to each', (copies) => {
    const simulation = started(lanes(copies) as Component<never>);
    simulation.poke('go', 1);
    simulation.poke('b', -8);
    for (let i = 0; i < copies; i++) simulation.poke(`a_${i}`, i - 3);
    simulation.step();
    let odd = 0n;
    for (let i = 0; i < copies; i++) {
      expect(simulation.peek(`sums_${i}`)).toBe(BigInt(i - 11));
      odd |= BigInt((i - 11) & 1) << BigInt(i);
    }
    expect(simulation.peek('odd')).toBe(odd);
  });

  it('HDL009: an array has a value for each copy', () => {
    const wrong = component('wrong', { ...clocked, a: input(sint(4)), y: output(sint(5)) }, (m, io) => {
      const { sum, odd } = m.placeArray('lane', 3, lane, { go: true, terms: [[io.a, io.a], io.a] });
      for (const each of odd) expect(each.kind).toBe('bool');
      m.assign(io.y, sum[0]!.addWrap(sum[1]!).addWrap(sum[2]!));
    });
    expect(messageOf(wrong)).toMatchInlineSnapshot(`
      "error HDL002 KIND MISMATCH: input 'terms_0' of instance 'lane': uint(8) meets sint(4)
        --> test/hdl/component/library.test.ts:262
          262 |   const { sum, odd } = m.placeArray('lane', 3, lane, { go: true, terms: [[io.a, io.a], io.a] });
              help: toSInt() keeps the number (one bit wider), asSInt() keeps the bits

      error HDL009 UNCONNECTED PORT: 2 values for port 'terms_0' of the 3 copies of instance 'lane'
        --> test/hdl/component/library.test.ts:262
          262 |   const { sum, odd } = m.placeArray('lane', 3, lane, { go: true, terms: [[io.a, io.a], io.a] });
              help: give one value for each

      error HDL010 UNUSED PORT: output 'odd' of instance 'lane' is never read in module 'wrong'
        --> test/hdl/component/library.test.ts:262     lane is instantiated here
          262 |   const { sum, odd } = m.placeArray('lane', 3, lane, { go: true, terms: [[io.a, io.a], io.a] });
              help: read it, or m.unused(lane.odd, 'why')"
    `);
  });
});
