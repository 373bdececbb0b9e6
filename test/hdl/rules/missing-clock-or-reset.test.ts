import { expect, it } from 'vitest';
import { bool, defineModule, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL018: registers have a clock, and a reset or the word that they need none', () => {
  const good = defineModule('good', (m) => {
    m.clock('clk');
    const r = m.register('r', bool(), { resetless: true });
    m.next(r, r.not());
    m.assign(m.output('y', bool()), r);
  });
  const clockless = defineModule('clockless', (m) => {
    m.register('r', bool(), { resetless: true });
  });
  const resetless = defineModule('resetless', (m) => {
    m.clock('clk');
    m.register('r', bool(), { reset: 0 });
  });
  const memory = defineModule('memory', (m) => {
    m.memory('ram', { depth: 4, type: uint(4) });
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(clockless)).toMatchInlineSnapshot(`
    "error HDL018 MISSING CLOCK OR RESET: 'r' has no clock: module 'clockless' declares none before it
      --> test/hdl/rules/missing-clock-or-reset.test.ts:13
         13 |   m.register('r', bool(), { resetless: true });
            help: m.clock('clk') at the top of the module"
  `);
  expect(messageOf(resetless)).toMatchInlineSnapshot(`
    "error HDL018 MISSING CLOCK OR RESET: 'r' has a reset value, but module 'resetless' declares no reset before it
      --> test/hdl/rules/missing-clock-or-reset.test.ts:17
         17 |   m.register('r', bool(), { reset: 0 });
            help: m.reset('rst') at the top of the module, or { resetless: true }"
  `);
  expect(messageOf(memory)).toMatchInlineSnapshot(`
    "error HDL018 MISSING CLOCK OR RESET: memory 'ram' has no clock: module 'memory' declares none before it
      --> test/hdl/rules/missing-clock-or-reset.test.ts:20
         20 |   m.memory('ram', { depth: 4, type: uint(4) });
            help: m.clock('clk') at the top of the module"
  `);
});
