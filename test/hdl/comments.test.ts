/** Texts of a description stay in comments of the Verilog, whatever line breaks they have. */
import { expect, it } from 'vitest';
import { bool, defineModule, elaborate, emitVerilog, uint } from '../../src/hdl/index.ts';

it.each(['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'])('a text with %j ends no comment', (end) => {
  const text = `first${end}endmodule`;
  const module = defineModule('texts', (m) => {
    m.doc(text);
    m.clock('clk', { doc: text });
    m.reset('rst', { doc: text });
    const on = m.input('on', bool(), { doc: text });
    const out = m.output('out', uint(4), { doc: text });
    m.section(text);
    m.comment(text);
    const state = m.register('state', uint(4), { reset: 0, doc: text });
    m.when(on, () => {
      m.comment(text);
      m.next(state, state.addWrap(1));
    });
    m.assign(out, state);
  });
  const { files } = emitVerilog(elaborate(module), { generator: 'spinfire', configuration: 'a test' });
  const verilog = files.find(({ path }) => path === 'texts.v')!.text;
  const bare = verilog.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).filter((line) => /^\s*endmodule/.test(line));
  expect(bare).toEqual(['endmodule']);
  expect(verilog).toContain('// first endmodule');
});
