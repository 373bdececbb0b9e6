import { expect, it } from 'vitest';
import {
  bool,
  clock,
  component,
  counter,
  elaborate,
  emitVerilog,
  input,
  interpret,
  output,
  reset,
  uint,
} from '../../../src/hdl/index.ts';
import { header } from '../tools.ts';

it('makes a register and its port one: output reg', () => {
  const clocked = { clk: clock(), rst: reset() };
  const ports = { ...clocked, go: input(bool(), 'counts'), count: output(uint(3), 'so far'), last: output(bool()) };
  const ring = component('ring', ports, (m, io) => {
    const count = counter(m, io.count, 5, { last: 'at_last' });
    m.when(io.go, () => count.step());
    m.next(m.outputRegister(io.last, { reset: 0 }), count.atLast);
  });
  const { files } = emitVerilog(elaborate(ring), header);
  expect(files[0]!.text.slice(files[0]!.text.indexOf('module'))).toMatchInlineSnapshot(`
    "module ring (
      input  wire       clk,
      input  wire       rst,
      input  wire       go,  // counts
      output reg  [2:0] count,  // so far
      output reg        last
    );
      wire at_last = count == 3'd4;

      always @(posedge clk) begin  // test/hdl/component/output-register.test.ts:22
        if (rst) begin
          count <= 3'd0;
          last <= 1'b0;
        end else begin
          if (go) begin
            if (at_last) count <= 3'd0;
            else count <= count + 3'd1;
          end
          last <= at_last;
        end
      end
    endmodule

    \`default_nettype wire
    "
  `);
  const simulation = interpret(elaborate(ring));
  simulation.reset();
  simulation.poke('go', 1n);
  const seen = Array.from({ length: 7 }, () => {
    const now = [Number(simulation.peek('count')), Number(simulation.peek('last'))];
    simulation.step();
    return now.join('/');
  });
  expect(seen).toEqual(['0/0', '1/0', '2/0', '3/0', '4/0', '0/1', '1/0']);
});

it('makes the register of a memory and its port one', () => {
  const lookup = component(
    'lookup',
    { clk: clock(), address: input(uint(2)), enable: input(bool()), word: output(uint(4), 'a clock later') },
    (m, io) => {
      const contents = m.memory('contents', {
        depth: 4,
        type: uint(4),
        contents: [1, 2, 4, 8],
        contentsFile: 'lookup.mem',
      });
      contents.read(io.word, io.address, { enable: io.enable });
    },
  );
  const design = elaborate(lookup);
  const text = emitVerilog(design, header).files[0]!.text;
  expect(text).toContain('output reg  [3:0] word  // a clock later');
  expect(text).toMatch(/always @\(posedge clk\) {2}\/\/ \S+\n {4}if \(enable\) word <= contents\[address\];/);
  expect(text).not.toMatch(/assign|reg \[3:0\] word;/);
  expect(design.ports().map(({ name, direction }) => `${direction} ${name}`)).toContain('output word');
  const simulation = interpret(design);
  simulation.poke('enable', 1n);
  const seen = [3n, 1n, 0n].map((address) => {
    simulation.poke('address', address);
    simulation.step();
    return Number(simulation.peek('word'));
  });
  expect(seen).toEqual([8, 2, 1]);
});
