import { expect, it } from 'vitest';
import { type Bool, bool, component, defineModule, input, output } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL017: a module is made of its own signals', () => {
  let leaked: Bool | undefined;
  const inner = component('inner', { a: input(bool()), y: output(bool()) }, (m, { a, y }) => {
    leaked = m.name('secret', a.not());
    m.assign(y, leaked);
  });
  const bad = defineModule('bad', (m) => {
    const one = m.place('one', inner, { a: m.input('a', bool()) });
    m.assign(m.output('y', bool()), one.y.and(leaked!));
  });
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL017 FOREIGN SIGNAL: 'secret' belongs to module 'inner' and is used in 'bad'
      --> test/hdl/rules/foreign-signal.test.ts:13
         13 |   m.assign(m.output('y', bool()), one.y.and(leaked!));
            note: 'secret' is declared at test/hdl/rules/foreign-signal.test.ts:8
            help: pass it through a port: an input here, connected by m.place"
  `);
});
