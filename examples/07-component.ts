/**
 * A component inside another one: ports are a typed record, so a typo or a missing input is an error of the TypeScript compiler.
 * Run it: `npx tsx examples/07-component.ts`
 */
import { bool, clock, component, counter, elaborate, emitVerilog, input, output, reset, uint } from 'spinfire/hdl';

const clocked = { clk: clock(), rst: reset() };

/** Counts its steps modulo ten. */
const digit = component(
  'digit',
  {
    ...clocked,
    step: input(bool(), 'one more'),
    value: output(uint(4)),
    carry: output(bool(), 'the digit after it steps'),
  },
  (m, io) => {
    const count = counter(m, 'count', 10);
    m.when(io.step, () => count.step());
    m.assign(io.value, count.value);
    m.assign(io.carry, io.step.and(count.atLast));
  },
);

/** Counts to ninety-nine in decimal. */
export const decimal = component(
  'decimal',
  { ...clocked, step: input(bool()), ones: output(uint(4)), tens: output(uint(4)) },
  (m, io) => {
    const ones = m.place('ones_digit', digit, { step: io.step });
    const tens = m.place('tens_digit', digit, { step: ones.carry });
    m.assign(io.ones, ones.value);
    m.assign(io.tens, tens.value);
    m.unused(tens.carry, 'it begins again after 99');
  },
);

const { files } = emitVerilog(elaborate(decimal), { generator: 'spinfire', configuration: 'example component' });
console.log(files.find(({ path }) => path === 'decimal.v')?.text);
