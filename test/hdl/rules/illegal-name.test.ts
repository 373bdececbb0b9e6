import { expect, it } from 'vitest';
import { bool, defineModule } from '../../../src/hdl/index.ts';
import { messageOf } from './message.ts';

it('HDL004: names are those that every tool accepts', () => {
  const good = defineModule('good', (m) => m.assign(m.output('y', bool()), m.input('a_1', bool())));
  const keyword = defineModule('bad', (m) => m.assign(m.output('output', bool()), m.input('logic', bool())));
  const analog = defineModule('flow', (m) => m.assign(m.output('y', bool()), m.input('potential', bool())));
  const letters = defineModule('9lives', (m) => m.assign(m.output('y[0]', bool()), m.input('a__b', bool())));
  expect(messageOf(good)).toBe('');
  expect(messageOf(keyword)).toMatchInlineSnapshot(`
    "error HDL004 ILLEGAL NAME: input 'logic' is a word of Verilog or SystemVerilog
      --> test/hdl/rules/illegal-name.test.ts:7
          7 |   const keyword = defineModule('bad', (m) => m.assign(m.output('output', bool()), m.input('logic', bool())));
            help: give it another name

    error HDL004 ILLEGAL NAME: output 'output' is a word of Verilog or SystemVerilog
      --> test/hdl/rules/illegal-name.test.ts:7
          7 |   const keyword = defineModule('bad', (m) => m.assign(m.output('output', bool()), m.input('logic', bool())));
            help: give it another name"
  `);
  expect(messageOf(analog)).toMatchInlineSnapshot(`
    "error HDL004 ILLEGAL NAME: input 'potential' is a word of Verilog-AMS
      --> test/hdl/rules/illegal-name.test.ts:8
          8 |   const analog = defineModule('flow', (m) => m.assign(m.output('y', bool()), m.input('potential', bool())));
            help: give it another name

    error HDL004 ILLEGAL NAME: module 'flow' is a word of Verilog-AMS
      --> test/hdl/rules/illegal-name.test.ts:8
          8 |   const analog = defineModule('flow', (m) => m.assign(m.output('y', bool()), m.input('potential', bool())));
            help: give it another name"
  `);
  expect(messageOf(letters)).toMatchInlineSnapshot(`
    "error HDL004 ILLEGAL NAME: input 'a__b' has two underscores in a row, which tools use for names of their own
      --> test/hdl/rules/illegal-name.test.ts:9
          9 |   const letters = defineModule('9lives', (m) => m.assign(m.output('y[0]', bool()), m.input('a__b', bool())));
            help: give it another name

    error HDL004 ILLEGAL NAME: module '9lives' is not made of letters, digits and _ with a letter first
      --> test/hdl/rules/illegal-name.test.ts:9
          9 |   const letters = defineModule('9lives', (m) => m.assign(m.output('y[0]', bool()), m.input('a__b', bool())));
            help: give it another name

    error HDL004 ILLEGAL NAME: output 'y[0]' is not made of letters, digits and _ with a letter first
      --> test/hdl/rules/illegal-name.test.ts:9
          9 |   const letters = defineModule('9lives', (m) => m.assign(m.output('y[0]', bool()), m.input('a__b', bool())));
            help: give it another name"
  `);
});
