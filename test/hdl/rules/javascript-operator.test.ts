import { expect, it } from 'vitest';
import { defineModule, type UInt, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL015: JavaScript operators do not work on signals', () => {
  const sum = defineModule('sum', (m) => {
    const a = m.input('a', uint(8));
    m.assign(m.output('y', uint(8)), ((a as unknown as number) + 1) as unknown as UInt);
  });
  const text = defineModule('text', (m) => {
    const a = m.input('a', uint(8));
    m.assign(m.output(`y_${a}`, uint(8)), a);
  });
  expect(messageOf(sum)).toMatchInlineSnapshot(`
    "error HDL015 JAVASCRIPT OPERATOR: JavaScript operator on a signal of type uint(8)
      --> test/hdl/rules/javascript-operator.test.ts:8
          8 |   m.assign(m.output('y', uint(8)), ((a as unknown as number) + 1) as unknown as UInt);
            help: use the methods of the signal: addWrap, equals, and, ... or mux and m.when for a choice"
  `);
  expect(messageOf(text)).toMatchInlineSnapshot(`
    "error HDL015 JAVASCRIPT OPERATOR: JavaScript operator on a signal of type uint(8)
      --> test/hdl/rules/javascript-operator.test.ts:12
         12 |   m.assign(m.output(\`y_\${a}\`, uint(8)), a);
            help: use the methods of the signal: addWrap, equals, and, ... or mux and m.when for a choice"
  `);
});
