import { expect, it } from 'vitest';
import { defineModule, select, type UInt, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL019: bits, shifts and choices stay inside their operands', () => {
  const using = (describe: (a: UInt) => UInt) =>
    defineModule('using', (m) => {
      const value = describe(m.input('a', uint(4)));
      m.assign(m.output('y', value.type), value);
    });
  const good = using((a) => a.slice(3, 0));
  const outside = using((a) => a.slice(4, 0));
  const empty = using((a) => a.slice(0, 3));
  const negative = using((a) => a.bit(-1).asUInt());
  const nothingLeft = using((a) => a.shiftRight(4));
  const tooMany = using((a) => select(a.truncate(1), [a, a, a]));
  expect(messageOf(good)).toBe('');
  expect(messageOf(outside)).toMatchInlineSnapshot(`
    "error HDL019 INDEX OUT OF RANGE: slice(4) reaches outside uint(4), whose bits are 3..0
      --> test/hdl/rules/index-out-of-range.test.ts:12
         12 |   const outside = using((a) => a.slice(4, 0));
            help: count bits from 0, the least significant"
  `);
  expect(messageOf(empty)).toMatchInlineSnapshot(`
    "error HDL019 INDEX OUT OF RANGE: slice(0, 3) is empty: the high bit comes first
      --> test/hdl/rules/index-out-of-range.test.ts:13
         13 |   const empty = using((a) => a.slice(0, 3));
            help: slice(3, 0)"
  `);
  expect(messageOf(negative)).toMatchInlineSnapshot(`
    "error HDL019 INDEX OUT OF RANGE: bit(-1) reaches outside uint(4), whose bits are 3..0
      --> test/hdl/rules/index-out-of-range.test.ts:14
         14 |   const negative = using((a) => a.bit(-1).asUInt());
            help: count bits from 0, the least significant"
  `);
  expect(messageOf(nothingLeft)).toMatchInlineSnapshot(`
    "error HDL019 INDEX OUT OF RANGE: shiftRight(4) leaves no bit of uint(4)
      --> test/hdl/rules/index-out-of-range.test.ts:15
         15 |   const nothingLeft = using((a) => a.shiftRight(4));
            help: shift by 0 to 3"
  `);
  expect(messageOf(tooMany)).toMatchInlineSnapshot(`
    "error HDL019 INDEX OUT OF RANGE: select: an index of 1 bits can't pick from 3 values
      --> test/hdl/rules/index-out-of-range.test.ts:16
         16 |   const tooMany = using((a) => select(a.truncate(1), [a, a, a]));
            help: from 1 up to 2^width values"
  `);
});
