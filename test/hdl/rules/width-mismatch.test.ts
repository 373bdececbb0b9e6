import { expect, it } from 'vitest';
import { defineModule, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL001: widths agree or are made to', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', uint(8));
    const b = m.input('b', uint(4));
    m.assign(m.output('y', uint(8)), a.addWrap(b.extend(8)));
  });
  const inOperator = defineModule('bad', (m) => {
    const a = m.input('a', uint(8));
    const b = m.input('b', uint(4));
    m.assign(m.output('y', uint(8)), a.addWrap(b));
  });
  const inAssignment = defineModule('bad', (m) => {
    const a = m.input('a', uint(8));
    m.assign(m.output('y', uint(9)), a);
    m.assign(m.output('z', uint(7)), a);
  });
  const nothing = () => uint(0);
  expect(messageOf(good)).toBe('');
  expect(messageOf(inOperator)).toMatchInlineSnapshot(`
    "error HDL001 WIDTH MISMATCH: addWrap: 'b' (uint(4)) meets 'a' (uint(8))
      --> test/hdl/rules/width-mismatch.test.ts:14
         14 |   m.assign(m.output('y', uint(8)), a.addWrap(b));
            note: 'b' is declared at test/hdl/rules/width-mismatch.test.ts:13
            note: 'a' is declared at test/hdl/rules/width-mismatch.test.ts:12
            help: extend(8) makes the narrower one as wide"
  `);
  expect(messageOf(inAssignment)).toMatchInlineSnapshot(`
    "error HDL001 WIDTH MISMATCH: m.assign to 'y': 'a' (uint(8)) meets uint(9)
      --> test/hdl/rules/width-mismatch.test.ts:18
         18 |   m.assign(m.output('y', uint(9)), a);
            note: 'a' is declared at test/hdl/rules/width-mismatch.test.ts:17
            help: extend(9) makes the narrower one as wide

    error HDL001 WIDTH MISMATCH: m.assign to 'z': 'a' (uint(8)) meets uint(7)
      --> test/hdl/rules/width-mismatch.test.ts:19
         19 |   m.assign(m.output('z', uint(7)), a);
            note: 'a' is declared at test/hdl/rules/width-mismatch.test.ts:17
            help: truncate(7) or saturate(7) makes the wider one as narrow"
  `);
  expect(nothing).toThrowErrorMatchingInlineSnapshot(`
    [SpinfireError: error HDL001 WIDTH MISMATCH: uint(0) is not a type: a width is a whole number of bits from 1 to 65536
      --> test/hdl/rules/width-mismatch.test.ts:21
         21 |   const nothing = () => uint(0);
            help: check the expression that computes the width]
  `);
});
