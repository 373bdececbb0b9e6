/**
 * A test bench in ten lines: hardware against a plain model of it on every clock. Without `verilog: false` the emitted Verilog is the
 * third opinion, where a simulator is installed.
 * Run it: `npx tsx examples/10-test-bench.ts`
 */
import { clock, component, input, output, reset, sint } from 'spinfire/hdl';
import { agree } from 'spinfire/testing';

/** Largest value so far. */
const highest = component(
  'highest',
  { clk: clock(), rst: reset(), value: input(sint(8)), highest: output(sint(8)) },
  (m, io) => {
    const kept = m.register('kept', sint(8), { reset: -128 });
    m.when(io.value.greaterThan(kept), () => m.next(kept, io.value));
    m.assign(io.highest, kept);
  },
);

const model = () => {
  let kept = -128;
  return {
    step: ({ value }: Readonly<Record<string, number>>) => {
      const before = kept;
      kept = Math.max(kept, value!);
      return { highest: before };
    },
  };
};
const { cycles, opinions } = await agree(highest, model, { verilog: false });
console.log(`${cycles} clock cycles in agreement: ${opinions.join(', ')}`);
