import { expect, it } from 'vitest';
import { bool, defineModule, elaborate, formatDiagnostic, uint } from '../../../src/hdl/index.ts';

it('HDL021: a register or named value that leads to no output is a warning', () => {
  const build = (used: boolean) =>
    elaborate(
      defineModule('counts', (m) => {
        m.clock('clk');
        m.reset('rst');
        const go = m.input('go', bool());
        const count = m.register('count', uint(4), { reset: 0 });
        m.when(go, () => m.next(count, count.addWrap(1)));
        const half = m.name('half', count.shiftRight(1));
        m.assign(m.output('y', bool()), used ? half.bit(0) : go);
        const spare = m.name('spare', count.xor(5));
        m.unused(spare, 'for a later test');
      }),
    );
  expect(build(true).warnings).toEqual([]);
  expect(build(false).warnings.map(formatDiagnostic).join('\n\n')).toMatchInlineSnapshot(`
    "warning HDL021 UNREAD VALUE: register 'count' of module 'counts' is read by nothing that leads to an output
      --> test/hdl/rules/unread-value.test.ts:11     'count' is declared here
         11 |   const count = m.register('count', uint(4), { reset: 0 });
            help: remove it, or m.unused(count, 'why')

    warning HDL021 UNREAD VALUE: value 'half' of module 'counts' is read by nothing that leads to an output
      --> test/hdl/rules/unread-value.test.ts:13     'half' is declared here
         13 |   const half = m.name('half', count.shiftRight(1));
            help: remove it, or m.unused(half, 'why')"
  `);
});
