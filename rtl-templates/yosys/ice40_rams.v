// iCE40 block RAMs for yosys: the same cells, contents and wiring as yosys's own map (ice40/brams_map.v), in a fraction of its time. That
// one computes each of the 4,096 initial bits of each RAM by indexing all 4,096; with 245 RAMs this took 70 % of a synthesis.
//
// In hardware, bit i of a 16-bit word is data bit reverse(i), 4 bits reversed, so that narrow words lie where the narrow modes want them.
module $__ICE40_RAM4K_ (...);

parameter INIT = 0;
parameter OPTION_HAS_BE = 1;
parameter PORT_R_WIDTH = 16;
parameter PORT_W_WIDTH = 16;
parameter PORT_W_WR_BE_WIDTH = 16;
parameter PORT_R_CLK_POL = 1;
parameter PORT_W_CLK_POL = 1;

input PORT_R_CLK;
input PORT_R_RD_EN;
input [10:0] PORT_R_ADDR;
output [PORT_R_WIDTH-1:0] PORT_R_RD_DATA;

input PORT_W_CLK;
input PORT_W_WR_EN;
input [15:0] PORT_W_WR_BE;
input [10:0] PORT_W_ADDR;
input [PORT_W_WIDTH-1:0] PORT_W_WR_DATA;

// Falling clocks are left to yosys's own map.
wire _TECHMAP_FAIL_ = !PORT_R_CLK_POL || !PORT_W_CLK_POL;

`define HARDWARE_ORDER(word) \
  {word[15], word[7], word[11], word[3], word[13], word[5], word[9], word[1], \
   word[14], word[6], word[10], word[2], word[12], word[4], word[8], word[0]}

wire [15:0] RDATA;
wire [15:0] WDATA;
wire [15:0] MASK;
wire [10:0] RADDR = {PORT_R_ADDR[0], PORT_R_ADDR[1], PORT_R_ADDR[2], PORT_R_ADDR[10:3]};
wire [10:0] WADDR = {PORT_W_ADDR[0], PORT_W_ADDR[1], PORT_W_ADDR[2], PORT_W_ADDR[10:3]};

function [1:0] mode;
  input integer width;
  case (width)
    16: mode = 0;
    8: mode = 1;
    4: mode = 2;
    2: mode = 3;
  endcase
endfunction

function [15:0] reorder_word;
  input [15:0] word;
  reorder_word = `HARDWARE_ORDER(word);
endfunction

function [255:0] reorder;
  input [255:0] words;
  integer i;
  for (i = 0; i < 16; i = i + 1) reorder[i*16 +: 16] = reorder_word(words[i*16 +: 16]);
endfunction

SB_RAM40_4K #(
  .INIT_0(reorder(INIT[255:0])),
  .INIT_1(reorder(INIT[511:256])),
  .INIT_2(reorder(INIT[767:512])),
  .INIT_3(reorder(INIT[1023:768])),
  .INIT_4(reorder(INIT[1279:1024])),
  .INIT_5(reorder(INIT[1535:1280])),
  .INIT_6(reorder(INIT[1791:1536])),
  .INIT_7(reorder(INIT[2047:1792])),
  .INIT_8(reorder(INIT[2303:2048])),
  .INIT_9(reorder(INIT[2559:2304])),
  .INIT_A(reorder(INIT[2815:2560])),
  .INIT_B(reorder(INIT[3071:2816])),
  .INIT_C(reorder(INIT[3327:3072])),
  .INIT_D(reorder(INIT[3583:3328])),
  .INIT_E(reorder(INIT[3839:3584])),
  .INIT_F(reorder(INIT[4095:3840])),
  .READ_MODE(mode(PORT_R_WIDTH)),
  .WRITE_MODE(mode(PORT_W_WIDTH))
) _TECHMAP_REPLACE_ (
  .RDATA(RDATA),
  .RCLK(PORT_R_CLK),
  .RCLKE(PORT_R_RD_EN),
  .RE(1'b1),
  .RADDR(RADDR),
  .WDATA(WDATA),
  .WCLK(PORT_W_CLK),
  .WCLKE(PORT_W_WR_EN),
  .WE(1'b1),
  .WADDR(WADDR),
  .MASK(MASK)
);

generate

case (PORT_R_WIDTH)
  2: assign PORT_R_RD_DATA = {RDATA[11], RDATA[3]};
  4: assign PORT_R_RD_DATA = {RDATA[13], RDATA[5], RDATA[9], RDATA[1]};
  8: assign PORT_R_RD_DATA = {RDATA[14], RDATA[6], RDATA[10], RDATA[2], RDATA[12], RDATA[4], RDATA[8], RDATA[0]};
  16: assign PORT_R_RD_DATA = `HARDWARE_ORDER(RDATA);
endcase

case (PORT_W_WIDTH)
  2: assign {WDATA[11], WDATA[3]} = PORT_W_WR_DATA;
  4: assign {WDATA[13], WDATA[5], WDATA[9], WDATA[1]} = PORT_W_WR_DATA;
  8: assign {WDATA[14], WDATA[6], WDATA[10], WDATA[2], WDATA[12], WDATA[4], WDATA[8], WDATA[0]} = PORT_W_WR_DATA;
  16: begin
    assign WDATA = `HARDWARE_ORDER(PORT_W_WR_DATA);
    assign MASK = ~`HARDWARE_ORDER(PORT_W_WR_BE);
  end
endcase

endgenerate

endmodule
