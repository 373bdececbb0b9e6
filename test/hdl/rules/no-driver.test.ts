import { expect, it } from 'vitest';
import { bool, defineModule, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL007: every signal has a driver', () => {
  const good = defineModule('good', (m) => {
    m.output('constant', uint(4), { default: 5 });
    m.assign(m.output('y', bool()), m.input('a', bool()));
  });
  const bad = defineModule('bad', (m) => {
    m.clock('clk');
    m.reset('rst');
    const w = m.wire('w', bool());
    const r = m.register('r', bool(), { reset: 0 });
    m.output('y', bool());
    m.assign(m.output('z', bool()), w.and(r));
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL007 NO DRIVER: wire 'w' of module 'bad' is never assigned
      --> test/hdl/rules/no-driver.test.ts:13     'w' is declared here
         13 |   const w = m.wire('w', bool());
            help: m.assign(w, ...), or remove it

    error HDL007 NO DRIVER: register 'r' of module 'bad' never gets a next value
      --> test/hdl/rules/no-driver.test.ts:14     'r' is declared here
         14 |   const r = m.register('r', bool(), { reset: 0 });
            help: m.next(r, ...), or a constant: lit(value, type)

    error HDL007 NO DRIVER: output 'y' of module 'bad' is never assigned
      --> test/hdl/rules/no-driver.test.ts:15     'y' is declared here
         15 |   m.output('y', bool());
            help: m.assign(y, ...), or remove it"
  `);
});
