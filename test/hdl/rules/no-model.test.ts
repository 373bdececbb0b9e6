import { expect, it } from 'vitest';
import { bool, defineBlackBox, defineModule, elaborate, interpret } from '../../../src/hdl/index.ts';

it('HDL020: a black box is interpreted by its model', () => {
  const delay = {
    init: () => 0n,
    outputs: (q: unknown) => ({ Q: q as bigint }),
    step: (_q: unknown, i: Readonly<Record<string, bigint>>) => i.D!,
  };
  const using = (model?: typeof delay) => {
    const ff = defineBlackBox('SB_DFF', {
      clocks: ['C'],
      inputs: { D: bool() },
      outputs: { Q: bool() },
      ...(model ? { model } : {}),
    });
    return defineModule('using', (m) => {
      m.clock('clk');
      m.assign(m.output('y', bool()), m.instance('ff', ff, { D: m.input('a', bool()) }).bool('Q'));
    });
  };
  const simulation = interpret(elaborate(using(delay)));
  simulation.poke('a', 1);
  expect(simulation.peek('y')).toBe(0n);
  simulation.step();
  expect(simulation.peek('y')).toBe(1n);
  const opaque = elaborate(using());
  const run = () => interpret(opaque);
  expect(run).toThrowErrorMatchingInlineSnapshot(`
    [SpinfireError: error HDL020 NO MODEL: black box 'ff' has no model, so the design can't be interpreted
      --> test/hdl/rules/no-model.test.ts:28
         28 |   const run = () => interpret(opaque);
            help: give defineBlackBox a model, or simulate the Verilog with the vendor library]
  `);
});
