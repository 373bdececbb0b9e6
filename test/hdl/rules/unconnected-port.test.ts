import { expect, it } from 'vitest';
import { bool, defineModule } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

const inner = defineModule('inner', (m) => {
  m.assign(m.output('y', bool()), m.input('a', bool()).and(m.input('b', bool())));
});

it('HDL009: every input of an instance is connected', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', bool());
    m.assign(m.output('y', bool()), m.instance('one', inner, { a, b: 1 }).bool('y'));
  });
  const missing = defineModule('missing', (m) => {
    const a = m.input('a', bool());
    m.assign(m.output('y', bool()), m.instance('one', inner, { a, c: a }).bool('y'));
  });
  const unknown = defineModule('unknown', (m) => {
    const a = m.input('a', bool());
    m.assign(m.output('y', bool()), m.instance('one', inner, { a, b: a }).bool('z'));
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(missing)).toMatchInlineSnapshot(`
    "error HDL009 UNCONNECTED PORT: input 'b' of instance 'one' (module 'inner') is not connected
      --> test/hdl/rules/unconnected-port.test.ts:16     one is instantiated here
         16 |   m.assign(m.output('y', bool()), m.instance('one', inner, { a, c: a }).bool('y'));
            note: 'b' is declared at test/hdl/rules/unconnected-port.test.ts:6
            help: add b: ... to the inputs of m.instance

    error HDL009 UNCONNECTED PORT: module 'inner' has no input 'c', which instance 'one' connects
      --> test/hdl/rules/unconnected-port.test.ts:16     one is instantiated here
         16 |   m.assign(m.output('y', bool()), m.instance('one', inner, { a, c: a }).bool('y'));
            help: its inputs are a, b"
  `);
  expect(messageOf(unknown)).toMatchInlineSnapshot(`
    "error HDL009 UNCONNECTED PORT: instance 'one' of 'inner' has no output 'z'
      --> test/hdl/rules/unconnected-port.test.ts:20
         20 |   m.assign(m.output('y', bool()), m.instance('one', inner, { a, b: a }).bool('z'));
            help: its outputs are y"
  `);
});
