// Xilinx 7-series block RAMs for yosys: a word of 37 to 72 bits that is written as two RAMs of half the width, which together are one of
// 36 kbit. The map of yosys 0.23 (xilinx/brams_xc6v_map.v) ties the parity of the high half to that of the low one. All others are left to it.
module $__XILINX_BLOCKRAM_SDP_ (...);

parameter INIT = 0;
parameter OPTION_MODE = "FULL";
parameter OPTION_WRITE_MODE = "READ_FIRST";

parameter PORT_W_WIDTH = 1;
parameter PORT_W_WR_EN_WIDTH = 1;
parameter PORT_W_USED = 1;

parameter PORT_R_WIDTH = 1;
parameter PORT_R_USED = 0;
parameter PORT_R_RD_INIT_VALUE = 0;
parameter PORT_R_RD_SRST_VALUE = 0;

input CLK_C;

input PORT_W_CLK;
input PORT_W_CLK_EN;
input [15:0] PORT_W_ADDR;
input [PORT_W_WIDTH-1:0] PORT_W_WR_DATA;
input [PORT_W_WR_EN_WIDTH-1:0] PORT_W_WR_EN;

input PORT_R_CLK;
input PORT_R_CLK_EN;
input [15:0] PORT_R_ADDR;
output [PORT_R_WIDTH-1:0] PORT_R_RD_DATA;
input PORT_R_RD_SRST;

wire _TECHMAP_FAIL_ = OPTION_MODE != "FULL" || !PORT_W_USED || PORT_W_WIDTH != 72 || PORT_R_WIDTH != 72;

// Constant ranges: indexing by a variable takes yosys as long as all the rest.
`define HALF1(i, at) INIT[(i) * 72 + (at) + 35 : (i) * 72 + (at)]
`define HALF8(i, at) {`HALF1((i) + 7, at), `HALF1((i) + 6, at), `HALF1((i) + 5, at), `HALF1((i) + 4, at), `HALF1((i) + 3, at), `HALF1((i) + 2, at), `HALF1((i) + 1, at), `HALF1((i) + 0, at)}
`define HALF64(i, at) {`HALF8((i) + 56, at), `HALF8((i) + 48, at), `HALF8((i) + 40, at), `HALF8((i) + 32, at), `HALF8((i) + 24, at), `HALF8((i) + 16, at), `HALF8((i) + 8, at), `HALF8((i) + 0, at)}
`define HALF512(i, at) {`HALF64((i) + 448, at), `HALF64((i) + 384, at), `HALF64((i) + 320, at), `HALF64((i) + 256, at), `HALF64((i) + 192, at), `HALF64((i) + 128, at), `HALF64((i) + 64, at), `HALF64((i) + 0, at)}

generate
// The widths that it is for: in others the ranges would be out of bounds.
if (PORT_W_WIDTH == 72 && PORT_R_WIDTH == 72) begin
\$__XILINX_BLOCKRAM_SDP_ #(
	.INIT(`HALF512(0, 0)),
	.OPTION_MODE("HALF"),
	.OPTION_WRITE_MODE(OPTION_WRITE_MODE),
	.PORT_W_WIDTH(36),
	.PORT_W_WR_EN_WIDTH(4),
	.PORT_W_USED(PORT_W_USED),
	.PORT_R_WIDTH(36),
	.PORT_R_USED(PORT_R_USED),
	.PORT_R_RD_INIT_VALUE(PORT_R_RD_INIT_VALUE[35:0]),
	.PORT_R_RD_SRST_VALUE(PORT_R_RD_SRST_VALUE[35:0])
) low (
	.CLK_C(CLK_C),
	.PORT_W_CLK(PORT_W_CLK),
	.PORT_W_CLK_EN(PORT_W_CLK_EN),
	.PORT_W_ADDR(PORT_W_ADDR >> 1),
	.PORT_W_WR_DATA(PORT_W_WR_DATA[35:0]),
	.PORT_W_WR_EN(PORT_W_WR_EN[3:0]),
	.PORT_R_CLK(PORT_R_CLK),
	.PORT_R_CLK_EN(PORT_R_CLK_EN),
	.PORT_R_ADDR(PORT_R_ADDR >> 1),
	.PORT_R_RD_DATA(PORT_R_RD_DATA[35:0]),
	.PORT_R_RD_SRST(PORT_R_RD_SRST)
);

\$__XILINX_BLOCKRAM_SDP_ #(
	.INIT(`HALF512(0, 36)),
	.OPTION_MODE("HALF"),
	.OPTION_WRITE_MODE(OPTION_WRITE_MODE),
	.PORT_W_WIDTH(36),
	.PORT_W_WR_EN_WIDTH(4),
	.PORT_W_USED(PORT_W_USED),
	.PORT_R_WIDTH(36),
	.PORT_R_USED(PORT_R_USED),
	.PORT_R_RD_INIT_VALUE(PORT_R_RD_INIT_VALUE[71:36]),
	.PORT_R_RD_SRST_VALUE(PORT_R_RD_SRST_VALUE[71:36])
) high (
	.CLK_C(CLK_C),
	.PORT_W_CLK(PORT_W_CLK),
	.PORT_W_CLK_EN(PORT_W_CLK_EN),
	.PORT_W_ADDR(PORT_W_ADDR >> 1),
	.PORT_W_WR_DATA(PORT_W_WR_DATA[71:36]),
	.PORT_W_WR_EN(PORT_W_WR_EN[7:4]),
	.PORT_R_CLK(PORT_R_CLK),
	.PORT_R_CLK_EN(PORT_R_CLK_EN),
	.PORT_R_ADDR(PORT_R_ADDR >> 1),
	.PORT_R_RD_DATA(PORT_R_RD_DATA[71:36]),
	.PORT_R_RD_SRST(PORT_R_RD_SRST)
);
end
endgenerate

`undef HALF1
`undef HALF8
`undef HALF64
`undef HALF512

endmodule
