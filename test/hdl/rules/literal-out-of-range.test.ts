import { expect, it } from 'vitest';
import { bool, defineModule, lit, sint, uint } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL003: a literal fits its type', () => {
  const good = defineModule('good', (m) => {
    const a = m.input('a', sint(8));
    m.assign(m.output('y', bool()), a.equals(-128));
  });
  const bad = defineModule('bad', (m) => {
    const a = m.input('a', uint(4));
    m.assign(m.output('y', bool()), a.equals(16));
  });
  const reset = defineModule('reset', (m) => {
    m.clock('clk');
    m.reset('rst');
    const a = m.register('a', sint(4), { reset: 8 });
    m.next(a, a.addWrap(1));
    m.assign(m.output('y', sint(4)), a);
  });
  const half = () => lit(0.5, uint(4));
  expect(messageOf(good)).toBe('');
  expect(messageOf(bad)).toMatchInlineSnapshot(`
    "error HDL003 LITERAL OUT OF RANGE: 16 does not fit uint(4), which holds 0 to 15
      --> test/hdl/rules/literal-out-of-range.test.ts:12
         12 |   m.assign(m.output('y', bool()), a.equals(16));
            help: widen the signal beside it with extend(width), or use a literal that fits"
  `);
  expect(messageOf(reset)).toMatchInlineSnapshot(`
    "error HDL003 LITERAL OUT OF RANGE: 8 does not fit sint(4), which holds -8 to 7
      --> test/hdl/rules/literal-out-of-range.test.ts:17
         17 |   const a = m.register('a', sint(4), { reset: 8 });
            help: widen the signal beside it with extend(width), or use a literal that fits"
  `);
  expect(half).toThrowErrorMatchingInlineSnapshot(`
    [SpinfireError: error HDL003 LITERAL OUT OF RANGE: 0.5 is not a whole number that JavaScript holds exactly
      --> test/hdl/rules/literal-out-of-range.test.ts:21
         21 |   const half = () => lit(0.5, uint(4));
            help: write large values as bigint, e.g. 0xffff_ffff_ffffn]
  `);
});
