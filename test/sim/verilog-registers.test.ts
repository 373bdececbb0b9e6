import { describe, expect, it } from 'vitest';
import { verilogRegisters } from '../../src/sim/verilog-registers.ts';

function paths(text: string, top = 'top'): string[] {
  return verilogRegisters([{ path: 'a.v', text }], top).map(({ path }) => path);
}

describe('registers of the Verilog', () => {
  it('are what clocked blocks assign, through the hierarchy', () => {
    const text = `
      module leaf (input wire clk, output reg [3:0] count, output reg comb);
        reg signed [7:0] wide = 8'sd0; // reg [1:0] comment;
        reg [7:0] memory [0:15];
        /* reg other; */
        always @(posedge clk) begin : named
          if (count <= 4'd3) count <= count + 4'd1;
          else begin
            case (count)
              4'd7, 4'd8: count <= wide <= 3 ? 4'd0 : 4'd1;
              default: memory[count] <= wide;
            endcase
          end
          wide[3:0] <= memory[{count[3], count[2:0]}];
        end
        always @* comb = count[0];
      endmodule
      module top #(parameter N = 3) (input wire clk);
        reg a, b, unused;
        wire [N-1:0] w = {N{a}};
        leaf #(.P(1)) first (.clk(clk), .count(), .comb());
        leaf second (.clk (clk));
        vendor_ram ram (.clk(clk));
        always @(posedge clk or negedge clk) {a, b} <= {b, a};
      endmodule`;
    expect(paths(text)).toEqual(['a', 'b', 'first.count', 'first.wide', 'second.count', 'second.wide']);
  });

  it('say whether a reset gives them a value', () => {
    const text = `module top (input wire clk, input wire rst);
  reg a; reg b;
  always @(posedge clk) begin
    if (rst) begin
      a <= 1'b0;
    end else begin
      a <= !a;
      b <= a;
    end
  end
endmodule`;
    const found = verilogRegisters([{ path: 'x.v', text }], 'top').map(({ name, hasReset }) => [name, hasReset]);
    expect(found).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('have a file and a line', () => {
    const text =
      '`default_nettype none\n(* keep *)\nmodule top (input wire clk);\n  reg [2:0] x;\n  always @(posedge clk) x <= 1;\nendmodule';
    expect(verilogRegisters([{ path: 'x.v', text }], 'top')).toEqual([
      { path: 'x', module: 'top', name: 'x', file: 'x.v', line: 4, width: 3, hasReset: false },
    ]);
  });

  it('are repeated by generate loops, up to a number, a constant, a parameter or a sum of products', () => {
    const text = `
      module leaf (input wire clk, output reg q);
        always @(posedge clk) q <= !q;
      endmodule
      module row #(parameter N = 1) (input wire clk);
        localparam [1:0] TWO = 2'd2;
        genvar i;
        reg [3:0] memory [0:1];
        integer word;
        initial for (word = 0; word < 2; word = word + 1) memory[word] = 4'd0;
        generate
          for (i = 0; i < N; i = i + 1) begin : some
            leaf unit (.clk(clk), .q());
          end
          for (i = 0; i < TWO; i = i + 1) begin : two
            leaf unit (.clk(clk), .q());
          end
          for (i = 0; i < 2*N - 3; i = i + 1) begin : twice
            leaf unit (.clk(clk), .q());
          end
        endgenerate
        leaf last (.clk(clk), .q());
      endmodule
      module top (input wire clk);
        row #(.N(3)) row (.clk(clk));
      endmodule`;
    const units = [
      'some[0].unit',
      'some[1].unit',
      'some[2].unit',
      'two[0].unit',
      'two[1].unit',
      'twice[0].unit',
      'twice[1].unit',
      'twice[2].unit',
      'last',
    ];
    expect(paths(text)).toEqual(units.map((unit) => `row.${unit}.q`));
  });

  it('take what an instance sets, also sums of products', () => {
    const text = `module rom #(parameter WORD_BITS = 8) (input wire clk);
  reg [WORD_BITS-1:0] word; always @(posedge clk) word <= word;
endmodule
module engine #(parameter LANES = 2) (input wire clk); rom #(.WORD_BITS(8*LANES + 1), .FILE("a-b.mem")) weights (.clk(clk)); endmodule
module top (input wire clk); engine #(.LANES(6)) one (.clk(clk)); engine two (.clk(clk)); endmodule`;
    expect(verilogRegisters([{ path: 'a.v', text }], 'top').map(({ width }) => width)).toEqual([49, 17]);
  });

  it('are as wide as constants that are made of others say', () => {
    const text = `module rom #(parameter [3:0] LANES = 4'd2, parameter OTHER = 1) (input wire clk);
  localparam WIDE = 8*LANES + 1, NEXT = 3;
  reg [WIDE-1:0] word; reg [NEXT-1:0] next; always @(posedge clk) begin word <= word; next <= next; end
endmodule
module top (input wire clk); rom #(.LANES(4'd5)) one (.clk(clk)); rom two (.clk(clk)); endmodule`;
    expect(verilogRegisters([{ path: 'a.v', text }], 'top').map(({ width }) => width)).toEqual([41, 3, 17, 3]);
  });

  it('refuse a width that an instance sets in a way that is not understood, and nothing else that it sets so', () => {
    const text = (width: string) => `module rom #(parameter BITS = 8, parameter OTHER = 1) (input wire clk);
  reg [${width}-1:0] word; always @(posedge clk) word <= word;
endmodule
module top (input wire clk); rom #(.BITS(2*(3 + 1)), .OTHER({4'd3, 4'd4})) one (.clk(clk)); endmodule`;
    const widths = (width: string) =>
      verilogRegisters([{ path: 'a.v', text: text(width) }], 'top').map((each) => each.width);
    expect(() => widths('BITS')).toThrow(/is not known/);
    expect(widths('5')).toEqual([5]);
  });

  it('have bounds that are sums of products', () => {
    const text = `module leaf #(parameter BITS = 3) (input wire clk);
  reg [2*BITS-2:0] address; always @(posedge clk) address <= address;
endmodule
module top (input wire clk); leaf #(.BITS(7)) one (.clk(clk)); endmodule`;
    expect(verilogRegisters([{ path: 'a.v', text }], 'top').map(({ width }) => width)).toEqual([13]);
  });

  it('refuse a top that is not there', () => {
    expect(() => paths('module other (); endmodule')).toThrow(/no top module of this name[\s\S]*found: +other/);
  });
});
