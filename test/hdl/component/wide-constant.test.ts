/** A named constant is as wide as what it meets. */
import { expect, it } from 'vitest';
import { defineModule, elaborate, emitVerilog, uint } from '../../../src/hdl/index.ts';
import { header } from '../tools.ts';

it('emits a constant of 72 bits, of which each is right', () => {
  const value = 2n ** 71n + 2n ** 65n + 1n;
  const module = defineModule('wide_constant', (m) => {
    const all = m.constant('ALL', value, { doc: 'nine bytes' });
    m.assign(m.output('y', uint(72)), m.input('a', uint(72)).and(all));
  });
  const [file] = emitVerilog(elaborate(module), header).files;
  expect(file!.text).toContain(`localparam [71:0] ALL = 72'h${value.toString(16)}`);
});
