import { expect, it } from 'vitest';
import { bool, component, defineModule, input, output, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

const inner = component('inner', { a: input(bool()), y: output(bool()), z: output(bool()) }, (m, { a, y, z }) => {
  m.assign(y, a);
  m.assign(z, a.not());
});

it('HDL010: ports are read, or said to be unused', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', bool());
    m.unused(m.input('spare', uint(4)), 'kept for the next revision');
    const one = m.place('one', inner, { a });
    m.unused(one.z, 'only y matters here');
    m.assign(m.output('y', bool()), one.y);
  });
  const bad = defineModule('bad', (m) => {
    m.clock('clk');
    const a = m.input('a', bool());
    const spare = m.input('spare', uint(4));
    // A name that nothing reads is no use.
    m.name('never_read', spare.not());
    m.assign(m.output('y', bool()), m.place('one', inner, { a }).y);
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL010 UNUSED PORT: clock 'clk' of module 'bad' is never read
      --> test/hdl/rules/unused-port.test.ts:19     'clk' is declared here
         19 |   m.clock('clk');
            help: remove it: nothing in the module is clocked or reset by it

    error HDL010 UNUSED PORT: input 'spare' of module 'bad' is never read
      --> test/hdl/rules/unused-port.test.ts:21     'spare' is declared here
         21 |   const spare = m.input('spare', uint(4));
            help: remove the port, or m.unused(spare, 'why')

    error HDL010 UNUSED PORT: output 'z' of instance 'one' is never read in module 'bad'
      --> test/hdl/rules/unused-port.test.ts:24     one is instantiated here
         24 |   m.assign(m.output('y', bool()), m.place('one', inner, { a }).y);
            help: read it, or m.unused(one.z, 'why')"
  `);
});
