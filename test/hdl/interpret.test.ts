import { describe, expect, it } from 'vitest';
import {
  bool,
  clock,
  component,
  concat,
  defineModule,
  elaborate,
  enumeration,
  input,
  interpret,
  output,
  recordWaves,
  reset,
  sint,
  uint,
} from '../../src/hdl/index.ts';

const ports = {
  ...{ clk: clock(), rst: reset(), enable: input(bool()) },
  ...{ count: output(uint(8)), busy: output(bool()) },
};
const counter = component('counter', ports, (m, { enable, count, busy }) => {
  const START = m.parameter('START', uint(8), 0);
  const value = m.register('value', uint(8), { reset: 0 });
  const state = m.register('state', enumeration('state', ['idle', 'busy']), { reset: 'idle' });
  m.when(enable, () => m.next(value, value.addWrap(1)));
  m.switch(state, {
    idle: () => {
      m.when(enable, () => m.next(state, 'busy'));
    },
    busy: () => {
      m.when(enable.not(), () => m.next(state, 'idle'));
    },
  });
  m.assign(count, value.addWrap(START));
  m.assign(busy, state.is('busy'));
});

describe('the interpreter', () => {
  it('counts, and draws what it did', () => {
    const simulation = interpret(elaborate(counter));
    simulation.reset();
    const waves = recordWaves(simulation, ['enable', 'count', 'state']);
    simulation.step(2);
    simulation.poke('enable', true);
    simulation.step(3);
    simulation.poke('enable', false);
    simulation.step(2);
    expect(waves.text()).toMatchInlineSnapshot(`
      "cycle    0     1     2     3     4     5     6
      enable  ____________/~~~~~~~~~~~~~~~~~\\___________
      count   |0                |1    |2    |3
      state   |idle             |busy             |idle
      "
    `);
    expect(simulation.cycle).toBe(7);
    expect(simulation.peekState('state')).toBe('idle');
    simulation.reset();
    expect(simulation.peek('count')).toBe(0n);
  });

  it('runs instances with parameters of their own', () => {
    const top = defineModule('top', (m) => {
      m.clock('clk');
      m.reset('rst');
      const enable = m.input('enable', bool());
      const one = m.place('one', counter, { enable });
      const two = m.place('two', counter, { enable: one.busy }, { parameters: { START: 100 } });
      m.unused(two.busy, 'not shown');
      m.assign(m.output('count_one', uint(8)), one.count);
      m.assign(m.output('count_two', uint(8)), two.count);
    });
    const simulation = interpret(elaborate(top));
    simulation.reset();
    simulation.poke('enable', 1);
    simulation.step(5);
    expect(simulation.peek('count_one')).toBe(5n);
    expect(simulation.peek('count_two')).toBe(104n);
    expect(simulation.peek('two.value')).toBe(4n);
  });

  it('stores and reads memories, old and new value in a collision, holds without enable', () => {
    const memories = defineModule('memories', (m) => {
      m.clock('clk');
      const address = m.input('address', uint(2));
      const data = m.input('data', sint(8));
      const write = m.input('write', bool());
      const read = m.input('read', bool());
      for (const collision of ['old', 'new'] as const) {
        const memory = m.memory(`ram_${collision}`, { depth: 4, type: sint(8), contents: [1, -2], collision });
        memory.write(address, data, write);
        const output = m.output(`${collision}_value`, sint(8));
        m.assign(output, memory.read(`data_${collision}`, address, { enable: read }));
      }
    });
    const simulation = interpret(elaborate(memories));
    simulation.reset();
    const access = (address: number, data: number, write: boolean, read: boolean) => {
      simulation.poke('address', address);
      simulation.poke('data', data);
      simulation.poke('write', write);
      simulation.poke('read', read);
      simulation.step();
      return [simulation.peek('old_value'), simulation.peek('new_value')];
    };
    expect(access(1, 0, false, true)).toEqual([-2n, -2n]);
    expect(access(1, 50, true, true)).toEqual([-2n, 50n]);
    expect(access(1, 60, true, false)).toEqual([-2n, 50n]);
    expect(access(1, 0, false, true)).toEqual([60n, 60n]);
    expect(access(3, 0, false, true)).toEqual([0n, 0n]);
    expect(simulation.peekMemory('ram_new', 1)).toBe(60n);
  });

  it('gives both ports of a true dual port memory one store', () => {
    const dual = defineModule('dual', (m) => {
      m.clock('clk');
      const memory = m.trueDualMemory('ram', { depth: 8, type: uint(4) });
      for (const side of ['a', 'b']) {
        const address = m.input(`address_${side}`, uint(3));
        const data = m.input(`data_${side}`, uint(4));
        const writeEnable = m.input(`write_${side}`, bool());
        m.assign(m.output(`q_${side}`, uint(4)), memory.port(`read_${side}`, { address, data, writeEnable }));
      }
    });
    const simulation = interpret(elaborate(dual));
    simulation.poke('address_a', 5);
    simulation.poke('data_a', 9);
    simulation.poke('write_a', 1);
    simulation.step();
    simulation.poke('write_a', 0);
    simulation.poke('address_b', 5);
    simulation.step();
    expect([simulation.peek('q_a'), simulation.peek('q_b')]).toEqual([9n, 9n]);
  });

  it('computes shared expressions once: a chain that doubles 200 times is quick', () => {
    const chain = defineModule('chain', (m) => {
      let value = m.input('a', uint(8));
      for (let n = 0; n < 200; n++) value = value.addWrap(value).xor(concat(value.slice(6, 0), value.bit(7)));
      m.assign(m.output('y', uint(8)), value);
    });
    const simulation = interpret(elaborate(chain));
    simulation.poke('a', 37);
    let expected = 37;
    for (let n = 0; n < 200; n++) expected = ((2 * expected) ^ ((expected << 1) | (expected >> 7))) & 255;
    expect(simulation.peek('y')).toBe(BigInt(expected));
  });

  it('names signals that it does not know', () => {
    const simulation = interpret(elaborate(counter));
    expect(() => simulation.peek('lane.value')).toThrow(/did you mean value/);
    expect(() => simulation.poke('count', 1)).toThrow(/inputs are rst, enable/);
    expect(() => simulation.poke('enable', 2)).toThrow(/does not fit/);
  });
});
