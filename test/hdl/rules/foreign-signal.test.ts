import { expect, it } from 'vitest';
import { type Bool, bool, defineModule } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL017: a module is made of its own signals', () => {
  let leaked: Bool | undefined;
  const inner = defineModule('inner', (m) => {
    const a = m.input('a', bool());
    leaked = m.name('secret', a.not());
    m.assign(m.output('y', bool()), leaked);
  });
  const bad = defineModule('bad', (m) => {
    const one = m.instance('one', inner, { a: m.input('a', bool()) });
    m.assign(m.output('y', bool()), one.bool('y').and(leaked!));
  });
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL017 FOREIGN SIGNAL: 'secret' belongs to module 'inner' and is used in 'bad'
      --> test/hdl/rules/foreign-signal.test.ts:14
         14 |   m.assign(m.output('y', bool()), one.bool('y').and(leaked!));
            note: 'secret' is declared at test/hdl/rules/foreign-signal.test.ts:9
            help: pass it through a port: an input here, connected by m.instance"
  `);
});
