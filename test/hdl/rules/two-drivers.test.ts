import { expect, it } from 'vitest';
import { bool, defineModule, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL006: a signal has one driver', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', bool());
    const y = m.output('y', bool(), { default: 0 });
    m.when(a, () => m.assign(y, 1)).otherwise(() => m.assign(y, a));
  });
  const wires = defineModule('wires', (m) => {
    const a = m.input('a', bool());
    const y = m.output('y', bool());
    m.assign(y, a);
    m.when(a, () => {
      m.assign(y, a.not());
    }).otherwise(() => m.assign(y, a));
  });
  const registers = defineModule('registers', (m) => {
    m.clock('clk');
    m.reset('rst');
    const a = m.input('a', bool());
    const count = m.register('count', uint(4), { reset: 0 });
    m.when(a, () => m.next(count, 0));
    m.next(count, count.addWrap(1));
    m.assign(m.output('y', uint(4)), count);
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(wires)).toMatchInlineSnapshot(`
    "error HDL006 TWO DRIVERS: 'y' is driven twice in module 'wires'
      --> test/hdl/rules/two-drivers.test.ts:16     driven here
         16 |   m.assign(y, a.not());
            note: and driven at test/hdl/rules/two-drivers.test.ts:14
            help: join the two with mux, or in one m.when with elseWhen and otherwise"
  `);
  expect(messageOf(registers)).toMatchInlineSnapshot(`
    "error HDL006 TWO DRIVERS: 'count' is driven twice in module 'registers'
      --> test/hdl/rules/two-drivers.test.ts:24     this has no effect
         24 |   m.when(a, () => m.next(count, 0));
            note: it is replaced at test/hdl/rules/two-drivers.test.ts:25
            help: remove one of them, or put each into a branch of its own"
  `);
});
