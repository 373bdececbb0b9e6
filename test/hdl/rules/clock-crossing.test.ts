import { expect, it } from 'vitest';
import { bool, clock, component, defineModule, input, output, synchronise } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

const sampler = component('sampler', { clk: clock(), d: input(bool()), y: output(bool()) }, (m, { d, y }) => {
  const q = m.register('q', bool(), { resetless: true });
  m.next(q, d);
  m.assign(y, q);
});

function crossing(safe: boolean) {
  return defineModule('crossing', (m) => {
    const fast = m.clock('fast');
    const slow = m.clock('slow');
    const toggle = m.register('toggle', bool(), { resetless: true, clock: fast });
    m.next(toggle, toggle.not());
    const enable = m.input('enable', bool());
    const there = safe ? synchronise(m, 'there', toggle, slow) : m.name('gated', toggle.and(enable));
    const d = safe ? there.and(enable) : there;
    m.assign(m.output('y', bool()), m.place('sample', sampler, { clk: slow, d }).y);
  });
}

it('HDL014: registers read registers of their own clock', () => {
  expect(messageOf(crossing(true))).toBe('');
  expect(messageOf(crossing(false))).toMatchInlineSnapshot(`
    "error HDL014 CLOCK CROSSING: 'toggle' (fast) is read by 'sample.q' (slow)
      --> test/hdl/rules/clock-crossing.test.ts:7     'sample.q' takes its value here
          7 |   m.next(q, d);
            note: 'toggle' is clocked by fast and declared at test/hdl/rules/clock-crossing.test.ts:15
            path: toggle -> gated -> sample.d -> sample.q
            help: synchronise(m, name, signal, clock) for one bit, or m.waive('HDL014', toggle, 'why it is stable')"
  `);
});
