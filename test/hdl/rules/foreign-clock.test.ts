import { expect, it } from 'vitest';
import {
  bool,
  type Clock,
  clock,
  component,
  defineModule,
  input,
  output,
  type Reset,
  uint,
} from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

let theirs: Clock | undefined;
let theirReset: Reset | undefined;
const other = defineModule('other', (m) => {
  theirs = m.clock('clk');
  theirReset = m.reset('rst');
  const q = m.register('q', bool(), { reset: 0 });
  m.next(q, m.input('d', bool()));
  m.assign(m.output('y', bool()), q);
});
other.ir();

it('HDL017: registers, memories and instances take clocks and resets of their own module only', () => {
  const register = defineModule('register', (m) => {
    m.clock('clk');
    m.reset('rst');
    m.register('r', bool(), { reset: 0, clock: theirs!, resetSignal: theirReset! });
  });
  const memory = defineModule('memory', (m) => {
    m.clock('clk');
    m.memory('ram', { depth: 4, type: uint(4), clock: theirs! });
  });
  const read = defineModule('read', (m) => {
    m.clock('clk');
    const ram = m.memory('ram', { depth: 4, type: uint(4), contents: [] });
    m.assign(m.output('y', uint(4)), ram.read('q', m.input('a', uint(2)), { clock: theirs! }));
  });
  const instance = defineModule('parent', (m) => {
    m.clock('clk');
    m.reset('rst');
    m.assign(m.output('y', bool()), m.instance('one', other, { clk: theirs!, d: m.input('d', bool()) }).bool('y'));
  });
  expect(messageOf(register)).toMatchInlineSnapshot(`
    "error HDL017 FOREIGN SIGNAL: 'clk' belongs to module 'other' and is used in 'register'
      --> test/hdl/rules/foreign-clock.test.ts:30
         30 |   m.register('r', bool(), { reset: 0, clock: theirs!, resetSignal: theirReset! });
            note: 'clk' is declared at test/hdl/rules/foreign-clock.test.ts:18
            help: give this module a clock of its own, which its parent connects

    error HDL017 FOREIGN SIGNAL: 'rst' belongs to module 'other' and is used in 'register'
      --> test/hdl/rules/foreign-clock.test.ts:30
         30 |   m.register('r', bool(), { reset: 0, clock: theirs!, resetSignal: theirReset! });
            note: 'rst' is declared at test/hdl/rules/foreign-clock.test.ts:19
            help: give this module a reset of its own, which its parent connects"
  `);
  expect(messageOf(memory)).toMatchInlineSnapshot(`
    "error HDL017 FOREIGN SIGNAL: 'clk' belongs to module 'other' and is used in 'memory'
      --> test/hdl/rules/foreign-clock.test.ts:34
         34 |   m.memory('ram', { depth: 4, type: uint(4), clock: theirs! });
            note: 'clk' is declared at test/hdl/rules/foreign-clock.test.ts:18
            help: give this module a clock of its own, which its parent connects"
  `);
  expect(messageOf(read)).toMatchInlineSnapshot(`
    "error HDL017 FOREIGN SIGNAL: 'clk' belongs to module 'other' and is used in 'read'
      --> test/hdl/rules/foreign-clock.test.ts:39
         39 |   m.assign(m.output('y', uint(4)), ram.read('q', m.input('a', uint(2)), { clock: theirs! }));
            note: 'clk' is declared at test/hdl/rules/foreign-clock.test.ts:18
            help: give this module a clock of its own, which its parent connects"
  `);
  expect(messageOf(instance)).toMatchInlineSnapshot(`
    "error HDL017 FOREIGN SIGNAL: 'clk' belongs to module 'other' and is used in 'parent'
      --> test/hdl/rules/foreign-clock.test.ts:44
         44 |   m.assign(m.output('y', bool()), m.instance('one', other, { clk: theirs!, d: m.input('d', bool()) }).bool('y'));
            note: 'clk' is declared at test/hdl/rules/foreign-clock.test.ts:18
            help: give this module a clock of its own, which its parent connects"
  `);
});

it('HDL002: a clock is no reset, and no value is a clock', () => {
  const swapped = defineModule('swapped', (m) => {
    const clk = m.clock('clk');
    m.reset('rst');
    m.assign(m.output('y', bool()), m.instance('one', other, { rst: clk, d: 1 }).bool('y'));
  });
  const value = defineModule('value', (m) => {
    m.clock('clk');
    m.reset('rst');
    m.assign(m.output('y', bool()), m.instance('one', other, { clk: m.input('gate', bool()), d: 1 }).bool('y'));
  });
  expect(messageOf(swapped)).toMatchInlineSnapshot(`
    "error HDL002 KIND MISMATCH: clock 'clk' stands where a reset is needed
      --> test/hdl/rules/foreign-clock.test.ts:86
         86 |   m.assign(m.output('y', bool()), m.instance('one', other, { rst: clk, d: 1 }).bool('y'));
            note: 'clk' is declared at test/hdl/rules/foreign-clock.test.ts:84
            help: give a reset of module 'swapped'"
  `);
  expect(messageOf(value)).toMatchInlineSnapshot(`
    "error HDL010 UNUSED PORT: clock 'clk' of module 'value' is never read
      --> test/hdl/rules/foreign-clock.test.ts:89     'clk' is declared here
         89 |   m.clock('clk');
            help: remove it: nothing in the module is clocked or reset by it

    error HDL002 KIND MISMATCH: input 'clk' of instance 'one' is a clock, not bool()
      --> test/hdl/rules/foreign-clock.test.ts:91
         91 |   m.assign(m.output('y', bool()), m.instance('one', other, { clk: m.input('gate', bool()), d: 1 }).bool('y'));
            help: clocks and resets connect only to clocks and resets"
  `);
});

it('a clock of one name in two modules is two clocks; each instance gets the one it was given', () => {
  const inner = component('inner', { fast: clock(), slow: clock(), d: input(bool()), y: output(bool()) }, (m, io) => {
    const a = m.register('a', bool(), { resetless: true, clock: io.fast });
    const b = m.register('b', bool(), { resetless: true, clock: io.slow });
    m.next(a, io.d);
    m.next(b, a);
    m.waive('HDL014', b, 'the test is about wires');
    m.assign(io.y, b);
  });
  const top = component('top', { slow: clock(), fast: clock(), d: input(bool()), y: output(bool()) }, (m, io) => {
    const byName = m.place('by_name', inner, { d: io.d });
    const swapped = m.place('swapped', inner, { fast: io.slow, slow: io.fast, d: byName.y });
    m.waive('HDL014', swapped.y, 'the test is about wires');
    m.assign(io.y, swapped.y);
  });
  const clocks = top.ir().instances.map(({ inputs }) =>
    ['fast', 'slow'].map((port) => {
      const expr = inputs.get(port)!;
      return expr.kind === 'ref' ? expr.entity.name : undefined;
    }),
  );
  expect(clocks).toEqual([
    ['fast', 'slow'],
    ['slow', 'fast'],
  ]);
});
