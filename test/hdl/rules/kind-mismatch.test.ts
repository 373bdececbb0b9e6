import { expect, it } from 'vitest';
import {
  type Bool,
  bool,
  defineModule,
  enumeration,
  type SInt,
  sint,
  type UInt,
  uint,
} from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL002: signed, unsigned, truth values and states are told apart', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', uint(8));
    const s = m.input('s', sint(8));
    m.assign(m.output('y', sint(10)), s.addGrow(a.toSInt()));
  });
  // TypeScript refuses these; a design written in JavaScript gets the message.
  const mixed = defineModule('mixed', (m) => {
    const a = m.input('a', uint(8));
    const s = m.input('s', sint(8));
    m.assign(m.output('y', uint(9)), a.addGrow(s as unknown as UInt));
  });
  const condition = defineModule('condition', (m) => {
    const a = m.input('a', uint(8));
    m.when(a as unknown as Bool, () => {});
  });
  const states = defineModule('states', (m) => {
    const state = m.input('state', enumeration('state', ['idle', 'run']));
    m.assign(m.output('y', bool()), state as unknown as Bool);
    m.assign(m.output('z', sint(1)), state as unknown as SInt);
  });
  expect(messageOf(good)).toBe('');
  expect(messageOf(mixed)).toMatchInlineSnapshot(`
    "error HDL002 KIND MISMATCH: addGrow: 's' (sint(8)) meets 'a' (uint(8))
      --> test/hdl/rules/kind-mismatch.test.ts:24
         24 |   m.assign(m.output('y', uint(9)), a.addGrow(s as unknown as UInt));
            note: 's' is declared at test/hdl/rules/kind-mismatch.test.ts:23
            note: 'a' is declared at test/hdl/rules/kind-mismatch.test.ts:22
            help: toSInt() on the unsigned one keeps both numbers; asUInt() keeps the bits, of which a negative number makes a large one"
  `);
  expect(messageOf(condition)).toMatchInlineSnapshot(`
    "error HDL002 KIND MISMATCH: m.when: the condition is uint(8), not a bool signal
      --> test/hdl/rules/kind-mismatch.test.ts:28
         28 |   m.when(a as unknown as Bool, () => {});
            help: notEquals(0) or bit(i) gives a bool"
  `);
  expect(messageOf(states)).toMatchInlineSnapshot(`
    "error HDL002 KIND MISMATCH: m.assign to 'y': 'state' (enumeration 'state') meets bool()
      --> test/hdl/rules/kind-mismatch.test.ts:32
         32 |   m.assign(m.output('y', bool()), state as unknown as Bool);
            note: 'state' is declared at test/hdl/rules/kind-mismatch.test.ts:31
            help: is('state') gives a bool, asUInt() the encoding

    error HDL002 KIND MISMATCH: m.assign to 'z': 'state' (enumeration 'state') meets sint(1)
      --> test/hdl/rules/kind-mismatch.test.ts:33
         33 |   m.assign(m.output('z', sint(1)), state as unknown as SInt);
            note: 'state' is declared at test/hdl/rules/kind-mismatch.test.ts:31
            help: is('state') gives a bool, asUInt() the encoding"
  `);
});
