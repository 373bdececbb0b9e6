/** Copies that are the body of a generate loop (`loopBody`): what the Verilog says, and what they are called. */
import { describe, expect, it } from 'vitest';
import {
  bool,
  clock,
  component,
  concat,
  elaborate,
  emitVerilog,
  input,
  output,
  reset,
  sint,
  uint,
} from '../../src/hdl/index.ts';

const clocked = { clk: clock(), rst: reset() };

const cell = (name: string, bits: number, family?: string) =>
  component(
    name,
    { ...clocked, go: input(bool()), term: input(sint(bits), 'added'), sum: output(sint(bits)), odd: output(bool()) },
    (m, io) => {
      m.doc('Adds up.');
      m.constant('BITS', bits);
      const held = m.register('held', sint(bits), { reset: 0 });
      const next = m.name('next', held.addWrap(io.term));
      m.when(io.go, () => m.next(held, next));
      m.assign(io.sum, held);
      m.assign(io.odd, next.bit(0));
    },
    { loopBody: true, family },
  );

const row = (name: string, bits: number, copies: number, own = cell(`${name}_adder`, bits)) =>
  component(
    name,
    {
      ...clocked,
      go: input(bool()),
      terms: input(uint(copies * bits)),
      sums: output(uint(copies * bits)),
      odd: output(uint(copies)),
    },
    (m, io) => {
      m.doc('A row.');
      m.constant('COPIES', copies);
      const next = m.register('next', bool(), { reset: 0 });
      m.next(next, io.go);
      const terms = Array.from({ length: copies }, (_, i) => io.terms.slice(i * bits + bits - 1, i * bits).asSInt());
      const all = m.placeArray('adder', copies, own, { go: next, term: terms });
      m.assign(io.sums, concat(...all.sum.toReversed().map((sum) => sum.asUInt())));
      m.assign(io.odd, concat(...all.odd.toReversed()));
    },
    { family: 'row' },
  );

const filesOf = (top: Parameters<typeof elaborate>[0]) =>
  new Map(
    emitVerilog(elaborate(top), { generator: 'test', configuration: 'none' }).files.map((file) => [
      file.path,
      file.text,
    ]),
  );

describe('a loop body', () => {
  it('stands in its loop, with what its ports are connected to; a name that is taken outside gets the loop in front', () => {
    const files = filesOf(row('row', 8, 3));
    expect([...files.keys()]).toEqual(['row.v']);
    const text = files.get('row.v')!.replace(/ *\/\/ test\/.*/g, '');
    expect(text.slice(text.indexOf('  reg next'), text.indexOf('endmodule'))).toMatchInlineSnapshot(`
      "  reg next;

        always @(posedge clk)
          if (rst) next <= 1'b0;
          else next <= go;

        genvar i;

        generate
          for (i = 0; i < 3; i = i + 1) begin : adder
            // Adds up.
            wire signed [7:0] term = terms[8*i +: 8];  // added
            reg signed [7:0] held;
            wire signed [7:0] adder_next = held + term;

            always @(posedge clk)
              if (rst) held <= 8'sd0;
              else if (next) held <= adder_next;

            assign sums[8*i +: 8] = held;
            assign odd[i] = adder_next[0];
          end
        endgenerate
      "
    `);
  });

  it('is found by the name of its copy', () => {
    const design = elaborate(row('row', 8, 2));
    expect(design.registers().map(({ path }) => path)).toEqual(['next', 'adder[0].held', 'adder[1].held']);
  });

  it('takes part in the family of the module around it', () => {
    const top = component(
      'pair',
      { ...clocked, go: input(bool()), a: input(uint(8)), b: input(uint(15)), y: output(uint(28)) },
      (m, io) => {
        const [few, many] = [row('few', 4, 2), row('many', 5, 3)].map((each, i) =>
          m.place(`row_${i}`, each, { go: io.go, terms: i === 0 ? io.a : io.b }),
        );
        m.assign(io.y, concat(few!.sums, few!.odd, many!.sums, many!.odd));
      },
    );
    const files = filesOf(top);
    expect([...files.keys()]).toEqual(['row.v', 'pair.v']);
    expect(files.get('row.v')).toContain('for (i = 0; i < COPIES; i = i + 1) begin : adder');
    expect(files.get('row.v')).toContain('reg signed [BITS-1:0] held;');
    expect(files.get('pair.v')).toContain('.COPIES(3), .BITS(5))');
  });

  it('is a module where it is placed once, and so is what is not one', () => {
    const own = cell('adder', 4);
    const both = component(
      'both',
      { ...clocked, go: input(bool()), a: input(sint(4)), y: output(uint(15)) },
      (m, io) => {
        const one = m.place('one', own, { go: io.go, term: io.a });
        const two = m.placeArray('two', 2, own, { go: io.go, term: io.a });
        const all = [one.sum, ...two.sum].map((sum) => sum.asUInt());
        m.assign(io.y, concat(...all, one.odd, ...two.odd));
      },
    );
    const files = filesOf(both);
    expect([...files.keys()]).toEqual(['adder.v', 'both.v']);
    expect(
      elaborate(both)
        .registers()
        .map(({ path }) => path),
    ).toEqual(['one.held', 'two[0].held', 'two[1].held']);
  });
});
