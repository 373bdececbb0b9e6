// Registers of three bits and more that have an enable, for standard cells: no loop back through a multiplexer, but a clock that comes only
// when the register takes something. `$_TBUF_`, which no design of ours has, stands for the gate until those with the same enable are one.

(* techmap_celltype = "$dffe" *)
module gated_dffe (CLK, EN, D, Q);
  parameter WIDTH = 1;
  parameter CLK_POLARITY = 1'b1;
  parameter EN_POLARITY = 1'b1;
  input CLK, EN;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;
  wire _TECHMAP_FAIL_ = WIDTH < 3 || !CLK_POLARITY;
  wire enable, gated;
  generate if (EN_POLARITY) assign enable = EN; else assign enable = ~EN; endgenerate
  \$_TBUF_ gate (.A(CLK), .E(enable), .Y(gated));
  \$dff #(.WIDTH(WIDTH), .CLK_POLARITY(1'b1)) _TECHMAP_REPLACE_ (.CLK(gated), .D(D), .Q(Q));
endmodule

// The reset counts with and without the enable: it opens the gate, too.
(* techmap_celltype = "$sdffe" *)
module gated_sdffe (CLK, SRST, EN, D, Q);
  parameter WIDTH = 1;
  parameter CLK_POLARITY = 1'b1;
  parameter EN_POLARITY = 1'b1;
  parameter SRST_POLARITY = 1'b1;
  parameter SRST_VALUE = 0;
  input CLK, SRST, EN;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;
  wire _TECHMAP_FAIL_ = WIDTH < 3 || !CLK_POLARITY;
  wire reset, enable, gated;
  generate if (SRST_POLARITY) assign reset = SRST; else assign reset = ~SRST; endgenerate
  generate if (EN_POLARITY) assign enable = EN | reset; else assign enable = ~EN | reset; endgenerate
  \$_TBUF_ gate (.A(CLK), .E(enable), .Y(gated));
  \$sdff #(.WIDTH(WIDTH), .CLK_POLARITY(1'b1), .SRST_POLARITY(SRST_POLARITY), .SRST_VALUE(SRST_VALUE))
    _TECHMAP_REPLACE_ (.CLK(gated), .SRST(SRST), .D(D), .Q(Q));
endmodule

// The reset counts only with the enable.
(* techmap_celltype = "$sdffce" *)
module gated_sdffce (CLK, SRST, EN, D, Q);
  parameter WIDTH = 1;
  parameter CLK_POLARITY = 1'b1;
  parameter EN_POLARITY = 1'b1;
  parameter SRST_POLARITY = 1'b1;
  parameter SRST_VALUE = 0;
  input CLK, SRST, EN;
  input [WIDTH-1:0] D;
  output [WIDTH-1:0] Q;
  wire _TECHMAP_FAIL_ = WIDTH < 3 || !CLK_POLARITY;
  wire enable, gated;
  generate if (EN_POLARITY) assign enable = EN; else assign enable = ~EN; endgenerate
  \$_TBUF_ gate (.A(CLK), .E(enable), .Y(gated));
  \$sdff #(.WIDTH(WIDTH), .CLK_POLARITY(1'b1), .SRST_POLARITY(SRST_POLARITY), .SRST_VALUE(SRST_VALUE))
    _TECHMAP_REPLACE_ (.CLK(gated), .SRST(SRST), .D(D), .Q(Q));
endmodule
