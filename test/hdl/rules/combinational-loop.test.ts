import { expect, it } from 'vitest';
import { bool, component, defineModule, input, output, uint } from '../../../src/hdl/index.ts';
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
  const ports = { a: input(bool()), b: input(bool()), y: output(bool()), z: output(bool()) };
  const pass = component('pass', ports, (m, { a, b, y, z }) => {
    m.assign(y, a.not());
    m.assign(z, b);
  });
  const wired = (crossed: boolean) =>
    defineModule('wired', (m) => {
      const a = m.input('a', bool());
      const back = m.wire('back', bool());
      const one = m.place('one', pass, { a: crossed ? back : a, b: back });
      const two = m.place('two', pass, { a: one.y, b: a });
      m.assign(back, two.y);
      m.assign(m.output('y', bool()), one.z.and(two.z));
    });
  expect(messageOf(wired(false))).toBe('');
  expect(messageOf(wired(true))).toMatchInlineSnapshot(`
    "error HDL008 COMBINATIONAL LOOP: 'back' depends on itself within one clock
      --> test/hdl/rules/combinational-loop.test.ts:59     'back' gets its value here
         59 |   m.assign(back, two.y);
            path: back -> one.a (test/hdl/rules/combinational-loop.test.ts:48) -> one.y (test/hdl/rules/combinational-loop.test.ts:50) -> one_y (test/hdl/rules/combinational-loop.test.ts:57) -> two.a (test/hdl/rules/combinational-loop.test.ts:48) -> two.y (test/hdl/rules/combinational-loop.test.ts:50) -> two_y (test/hdl/rules/combinational-loop.test.ts:58) -> back (test/hdl/rules/combinational-loop.test.ts:59)
            help: put a register into the path, or compute one of these from something else"
  `);
});
