import { expect, it } from 'vitest';
import { bool, defineModule, enumeration } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL012: a wire has a value on every path', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', bool());
    const y = m.output('y', bool());
    const z = m.output('z', bool(), { default: 0 });
    m.when(a, () => {
      m.assign(y, 1);
      m.assign(z, 1);
    }).otherwise(() => m.assign(y, 0));
  });
  const bad = defineModule('bad', (m) => {
    const a = m.input('a', bool());
    const state = m.input('state', enumeration('state', ['idle', 'run']));
    const x = m.output('x', bool());
    const y = m.output('y', bool());
    const z = m.output('z', bool());
    m.when(a, () => m.assign(x, 1));
    m.when(a, () => m.assign(y, 1))
      .elseWhen(state.is('run'), () => {})
      .otherwise(() => m.assign(y, 0));
    m.switch(state, {
      idle: () => m.assign(z, 0),
      run: () => {
        m.when(a, () => m.assign(z, 1));
      },
    });
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL012 LATCH: 'x' in module 'bad' is not assigned on every path: there is no otherwise
      --> test/hdl/rules/latch.test.ts:21     m.when is here
         21 |   m.when(a, () => m.assign(x, 1));
            note: 'x' is declared at test/hdl/rules/latch.test.ts:18
            help: assign it in every branch, or declare it with { default: ... }

    error HDL012 LATCH: 'y' in module 'bad' is not assigned on every path: elseWhen number 1 does not
      --> test/hdl/rules/latch.test.ts:22     m.when is here
         22 |   m.when(a, () => m.assign(y, 1))
            note: 'y' is declared at test/hdl/rules/latch.test.ts:19
            help: assign it in every branch, or declare it with { default: ... }

    error HDL012 LATCH: 'z' in module 'bad' is not assigned on every path: the branch 'run' does not
      --> test/hdl/rules/latch.test.ts:25     m.switch is here
         25 |   m.switch(state, {
            note: 'z' is declared at test/hdl/rules/latch.test.ts:20
            help: assign it in every branch, or declare it with { default: ... }"
  `);
});
