import { expect, it } from 'vitest';
import { defineModule, enumeration, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL011: a switch covers every value', () => {
  const states = enumeration('state', ['idle', 'run', 'flush']);
  const good = defineModule('good', (m) => {
    const y = m.output('y', uint(2));
    m.switch(m.input('state', states), {
      idle: () => m.assign(y, 0),
      default: () => m.assign(y, 1),
    });
  });
  const onStates = defineModule('on_states', (m) => {
    const y = m.output('y', uint(2), { default: 3 });
    const branches = { idle: () => m.assign(y, 0), run: () => m.assign(y, 1) };
    m.switch(m.input('state', states), branches as typeof branches & { flush: () => void });
  });
  const onNumbers = defineModule('on_numbers', (m) => {
    const y = m.output('y', uint(2), { default: 3 });
    m.switchValue(m.input('a', uint(2)), [
      [0, () => m.assign(y, 0)],
      [1, () => m.assign(y, 1)],
      [1, () => m.assign(y, 2)],
    ]);
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(onStates)).toMatchInlineSnapshot(`
    "error HDL011 INCOMPLETE CASE: m.switch on enumeration 'state' has no branch for 'flush'
      --> test/hdl/rules/incomplete-case.test.ts:17     the switch is here
         17 |   m.switch(m.input('state', states), branches as typeof branches & { flush: () => void });
            help: add the missing state, or default: () => {}"
  `);
  expect(messageOf(onNumbers)).toMatchInlineSnapshot(`
    "error HDL011 INCOMPLETE CASE: m.switchValue has two branches for 1
      --> test/hdl/rules/incomplete-case.test.ts:21
         21 |   m.switchValue(m.input('a', uint(2)), [
            help: the second can never be taken: remove it

    error HDL011 INCOMPLETE CASE: m.switchValue on uint(2) has 3 of 4 branches and no default
      --> test/hdl/rules/incomplete-case.test.ts:21     the switch is here
         21 |   m.switchValue(m.input('a', uint(2)), [
            help: add the missing numbers, or a default as the third argument"
  `);
});
