// Adders, subtractors and comparisons in Gowin's ALU cells. yosys 0.23's own map gives a subtraction the X of an addition, so that every
// comparison that asks for equality too (<=, >) goes wrong.
(* techmap_celltype = "$alu" *)
module _80_spinfire_gowin_alu (A, B, CI, BI, X, Y, CO);

parameter A_SIGNED = 0;
parameter B_SIGNED = 0;
parameter A_WIDTH = 1;
parameter B_WIDTH = 1;
parameter Y_WIDTH = 1;

(* force_downto *)
input [A_WIDTH-1:0] A;
(* force_downto *)
input [B_WIDTH-1:0] B;
input CI;
input BI;
(* force_downto *)
output [Y_WIDTH-1:0] X;
(* force_downto *)
output [Y_WIDTH-1:0] Y;
(* force_downto *)
output [Y_WIDTH-1:0] CO;

// Two bits are cheaper in LUTs.
wire _TECHMAP_FAIL_ = Y_WIDTH <= 2;

(* force_downto *)
wire [Y_WIDTH-1:0] a;
(* force_downto *)
wire [Y_WIDTH-1:0] b;
\$pos #(.A_SIGNED(A_SIGNED), .A_WIDTH(A_WIDTH), .Y_WIDTH(Y_WIDTH)) extend_a (.A(A), .Y(a));
\$pos #(.A_SIGNED(B_SIGNED), .A_WIDTH(B_WIDTH), .Y_WIDTH(Y_WIDTH)) extend_b (.A(B), .Y(b));

(* force_downto *)
wire [Y_WIDTH-1:0] carry_in = {CO, CI};

genvar i;
generate
  for (i = 0; i < Y_WIDTH; i = i + 1) begin : bits
    // Mode 2 adds when I3 is high and subtracts when it is low.
    ALU #(.ALU_MODE(2)) alu (
      .I0(a[i]),
      .I1(b[i]),
      .I3(~BI),
      .CIN(carry_in[i]),
      .COUT(CO[i]),
      .SUM(Y[i])
    );
  end
endgenerate

assign X = a ^ b ^ {Y_WIDTH{BI}};

endmodule
