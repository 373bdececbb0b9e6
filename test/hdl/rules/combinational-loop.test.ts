import { expect, it } from 'vitest';
import { bool, defineModule, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL008: a loop within a module', () => {
  const good = defineModule('good', (m) => {
    m.clock('clk');
    const w = m.wire('w', uint(4));
    const r = m.register('r', uint(4), { resetless: true });
    m.assign(w, r.addWrap(1));
    m.next(r, w);
    m.assign(m.output('y', uint(4)), r);
  });
  const bad = defineModule('bad', (m) => {
    const a = m.input('a', bool());
    const w = m.wire('w', bool());
    const both = m.name('both', w.and(a));
    m.when(a, () => m.assign(w, both)).otherwise(() => m.assign(w, 0));
    m.assign(m.output('y', bool()), w);
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL008 COMBINATIONAL LOOP: 'w' depends on itself within one clock
      --> test/hdl/rules/combinational-loop.test.ts:18     'w' gets its value here
         18 |   m.when(a, () => m.assign(w, both)).otherwise(() => m.assign(w, 0));
            path: w -> both (test/hdl/rules/combinational-loop.test.ts:17) -> w (test/hdl/rules/combinational-loop.test.ts:18)
            help: put a register into the path, or compute one of these from something else"
  `);
});

it('HDL008: two wires of one block, one computed from the other, are no loop', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', bool());
    const x = m.wire('x', bool());
    const y = m.output('y', bool());
    m.when(a, () => {
      m.assign(y, x.not());
      m.assign(x, 1);
    }).otherwise(() => {
      m.assign(y, x);
      m.assign(x, 0);
    });
  });
  expect(messageOf(good)).toBe('');
});

it('HDL008: a loop through two instances, and a path between ports that is none', () => {
  const pass = defineModule('pass', (m) => {
    m.assign(m.output('y', bool()), m.input('a', bool()).not());
    m.assign(m.output('z', bool()), m.input('b', bool()));
  });
  const wired = (crossed: boolean) =>
    defineModule('wired', (m) => {
      const a = m.input('a', bool());
      const back = m.wire('back', bool());
      const one = m.instance('one', pass, { a: crossed ? back : a, b: back });
      const two = m.instance('two', pass, { a: one.bool('y'), b: a });
      m.assign(back, two.bool('y'));
      m.assign(m.output('y', bool()), one.bool('z').and(two.bool('z')));
    });
  expect(messageOf(wired(false))).toBe('');
  expect(messageOf(wired(true))).toMatchInlineSnapshot(`
    "error HDL008 COMBINATIONAL LOOP: 'back' depends on itself within one clock
      --> test/hdl/rules/combinational-loop.test.ts:58     'back' gets its value here
         58 |   m.assign(back, two.bool('y'));
            path: back -> one.a (test/hdl/rules/combinational-loop.test.ts:49) -> one.y (test/hdl/rules/combinational-loop.test.ts:49) -> one_y (test/hdl/rules/combinational-loop.test.ts:56) -> two.a (test/hdl/rules/combinational-loop.test.ts:49) -> two.y (test/hdl/rules/combinational-loop.test.ts:49) -> two_y (test/hdl/rules/combinational-loop.test.ts:57) -> back (test/hdl/rules/combinational-loop.test.ts:58)
            help: put a register into the path, or compute one of these from something else"
  `);
});
