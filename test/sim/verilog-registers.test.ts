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

  it('have a file and a line', () => {
    const text =
      '`default_nettype none\n(* keep *)\nmodule top (input wire clk);\n  reg [2:0] x;\n  always @(posedge clk) x <= 1;\nendmodule';
    expect(verilogRegisters([{ path: 'x.v', text }], 'top')).toEqual([
      { path: 'x', module: 'top', name: 'x', file: 'x.v', line: 4 },
    ]);
  });

  it('refuse a top that is not there', () => {
    expect(() => paths('module other (); endmodule')).toThrow(/no top module of this name[\s\S]*found: +other/);
  });
});
