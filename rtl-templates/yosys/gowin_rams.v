// Maps the block RAMs of gowin_rams.txt to Gowin's primitives (UG285). yosys 0.23's own map shifts the address of an 18-bit port by two
// bits, and names primitives that placers no longer know.
//
// Word addresses begin at bit 3 of AD for 9 bits, at 4 for 18 and at 5 for 36; the bits below enable the bytes of a write.
`define GOWIN_ADDRESS(width, addr) \
  (width < 18 ? addr : width == 18 ? {addr[13:4], 4'b0011} : {addr[13:5], 5'b01111})

// Modes of 1, 2 and 4 bits use eight of each nine bits of the contents.
`define GOWIN_CONTENTS \
  function [255:0] contents_x8; \
    input integer row; \
    integer i; \
    for (i = 0; i < 32; i = i + 1) contents_x8[i*8+:8] = INIT[(row*32+i)*9+:8]; \
  endfunction \
  function [287:0] contents_x9; \
    input integer row; \
    contents_x9 = INIT[row*288+:288]; \
  endfunction

`define GOWIN_INIT_X8 \
  .INIT_RAM_00(contents_x8(0)), \
  .INIT_RAM_01(contents_x8(1)), \
  .INIT_RAM_02(contents_x8(2)), \
  .INIT_RAM_03(contents_x8(3)), \
  .INIT_RAM_04(contents_x8(4)), \
  .INIT_RAM_05(contents_x8(5)), \
  .INIT_RAM_06(contents_x8(6)), \
  .INIT_RAM_07(contents_x8(7)), \
  .INIT_RAM_08(contents_x8(8)), \
  .INIT_RAM_09(contents_x8(9)), \
  .INIT_RAM_0A(contents_x8(10)), \
  .INIT_RAM_0B(contents_x8(11)), \
  .INIT_RAM_0C(contents_x8(12)), \
  .INIT_RAM_0D(contents_x8(13)), \
  .INIT_RAM_0E(contents_x8(14)), \
  .INIT_RAM_0F(contents_x8(15)), \
  .INIT_RAM_10(contents_x8(16)), \
  .INIT_RAM_11(contents_x8(17)), \
  .INIT_RAM_12(contents_x8(18)), \
  .INIT_RAM_13(contents_x8(19)), \
  .INIT_RAM_14(contents_x8(20)), \
  .INIT_RAM_15(contents_x8(21)), \
  .INIT_RAM_16(contents_x8(22)), \
  .INIT_RAM_17(contents_x8(23)), \
  .INIT_RAM_18(contents_x8(24)), \
  .INIT_RAM_19(contents_x8(25)), \
  .INIT_RAM_1A(contents_x8(26)), \
  .INIT_RAM_1B(contents_x8(27)), \
  .INIT_RAM_1C(contents_x8(28)), \
  .INIT_RAM_1D(contents_x8(29)), \
  .INIT_RAM_1E(contents_x8(30)), \
  .INIT_RAM_1F(contents_x8(31)), \
  .INIT_RAM_20(contents_x8(32)), \
  .INIT_RAM_21(contents_x8(33)), \
  .INIT_RAM_22(contents_x8(34)), \
  .INIT_RAM_23(contents_x8(35)), \
  .INIT_RAM_24(contents_x8(36)), \
  .INIT_RAM_25(contents_x8(37)), \
  .INIT_RAM_26(contents_x8(38)), \
  .INIT_RAM_27(contents_x8(39)), \
  .INIT_RAM_28(contents_x8(40)), \
  .INIT_RAM_29(contents_x8(41)), \
  .INIT_RAM_2A(contents_x8(42)), \
  .INIT_RAM_2B(contents_x8(43)), \
  .INIT_RAM_2C(contents_x8(44)), \
  .INIT_RAM_2D(contents_x8(45)), \
  .INIT_RAM_2E(contents_x8(46)), \
  .INIT_RAM_2F(contents_x8(47)), \
  .INIT_RAM_30(contents_x8(48)), \
  .INIT_RAM_31(contents_x8(49)), \
  .INIT_RAM_32(contents_x8(50)), \
  .INIT_RAM_33(contents_x8(51)), \
  .INIT_RAM_34(contents_x8(52)), \
  .INIT_RAM_35(contents_x8(53)), \
  .INIT_RAM_36(contents_x8(54)), \
  .INIT_RAM_37(contents_x8(55)), \
  .INIT_RAM_38(contents_x8(56)), \
  .INIT_RAM_39(contents_x8(57)), \
  .INIT_RAM_3A(contents_x8(58)), \
  .INIT_RAM_3B(contents_x8(59)), \
  .INIT_RAM_3C(contents_x8(60)), \
  .INIT_RAM_3D(contents_x8(61)), \
  .INIT_RAM_3E(contents_x8(62)), \
  .INIT_RAM_3F(contents_x8(63))

`define GOWIN_INIT_X9 \
  .INIT_RAM_00(contents_x9(0)), \
  .INIT_RAM_01(contents_x9(1)), \
  .INIT_RAM_02(contents_x9(2)), \
  .INIT_RAM_03(contents_x9(3)), \
  .INIT_RAM_04(contents_x9(4)), \
  .INIT_RAM_05(contents_x9(5)), \
  .INIT_RAM_06(contents_x9(6)), \
  .INIT_RAM_07(contents_x9(7)), \
  .INIT_RAM_08(contents_x9(8)), \
  .INIT_RAM_09(contents_x9(9)), \
  .INIT_RAM_0A(contents_x9(10)), \
  .INIT_RAM_0B(contents_x9(11)), \
  .INIT_RAM_0C(contents_x9(12)), \
  .INIT_RAM_0D(contents_x9(13)), \
  .INIT_RAM_0E(contents_x9(14)), \
  .INIT_RAM_0F(contents_x9(15)), \
  .INIT_RAM_10(contents_x9(16)), \
  .INIT_RAM_11(contents_x9(17)), \
  .INIT_RAM_12(contents_x9(18)), \
  .INIT_RAM_13(contents_x9(19)), \
  .INIT_RAM_14(contents_x9(20)), \
  .INIT_RAM_15(contents_x9(21)), \
  .INIT_RAM_16(contents_x9(22)), \
  .INIT_RAM_17(contents_x9(23)), \
  .INIT_RAM_18(contents_x9(24)), \
  .INIT_RAM_19(contents_x9(25)), \
  .INIT_RAM_1A(contents_x9(26)), \
  .INIT_RAM_1B(contents_x9(27)), \
  .INIT_RAM_1C(contents_x9(28)), \
  .INIT_RAM_1D(contents_x9(29)), \
  .INIT_RAM_1E(contents_x9(30)), \
  .INIT_RAM_1F(contents_x9(31)), \
  .INIT_RAM_20(contents_x9(32)), \
  .INIT_RAM_21(contents_x9(33)), \
  .INIT_RAM_22(contents_x9(34)), \
  .INIT_RAM_23(contents_x9(35)), \
  .INIT_RAM_24(contents_x9(36)), \
  .INIT_RAM_25(contents_x9(37)), \
  .INIT_RAM_26(contents_x9(38)), \
  .INIT_RAM_27(contents_x9(39)), \
  .INIT_RAM_28(contents_x9(40)), \
  .INIT_RAM_29(contents_x9(41)), \
  .INIT_RAM_2A(contents_x9(42)), \
  .INIT_RAM_2B(contents_x9(43)), \
  .INIT_RAM_2C(contents_x9(44)), \
  .INIT_RAM_2D(contents_x9(45)), \
  .INIT_RAM_2E(contents_x9(46)), \
  .INIT_RAM_2F(contents_x9(47)), \
  .INIT_RAM_30(contents_x9(48)), \
  .INIT_RAM_31(contents_x9(49)), \
  .INIT_RAM_32(contents_x9(50)), \
  .INIT_RAM_33(contents_x9(51)), \
  .INIT_RAM_34(contents_x9(52)), \
  .INIT_RAM_35(contents_x9(53)), \
  .INIT_RAM_36(contents_x9(54)), \
  .INIT_RAM_37(contents_x9(55)), \
  .INIT_RAM_38(contents_x9(56)), \
  .INIT_RAM_39(contents_x9(57)), \
  .INIT_RAM_3A(contents_x9(58)), \
  .INIT_RAM_3B(contents_x9(59)), \
  .INIT_RAM_3C(contents_x9(60)), \
  .INIT_RAM_3D(contents_x9(61)), \
  .INIT_RAM_3E(contents_x9(62)), \
  .INIT_RAM_3F(contents_x9(63))

module $__SPINFIRE_GOWIN_ROM_ (...);

parameter INIT = 0;
parameter WIDTH = 36;

input PORT_R_CLK;
input PORT_R_RD_EN;
input [13:0] PORT_R_ADDR;
output [WIDTH-1:0] PORT_R_RD_DATA;

`GOWIN_CONTENTS

generate
if (WIDTH < 9) begin
  wire [31:0] data;
  assign PORT_R_RD_DATA = data;

  pROM #(
    `GOWIN_INIT_X8,
    .READ_MODE(1'b0),
    .BIT_WIDTH(WIDTH),
    .RESET_MODE("SYNC")
  ) _TECHMAP_REPLACE_ (
    .CLK(PORT_R_CLK),
    .CE(PORT_R_RD_EN),
    .OCE(1'b0),
    .RESET(1'b0),
    .AD(PORT_R_ADDR),
    .DO(data)
  );
end else begin
  wire [35:0] data;
  assign PORT_R_RD_DATA = data;

  pROMX9 #(
    `GOWIN_INIT_X9,
    .READ_MODE(1'b0),
    .BIT_WIDTH(WIDTH),
    .RESET_MODE("SYNC")
  ) _TECHMAP_REPLACE_ (
    .CLK(PORT_R_CLK),
    .CE(PORT_R_RD_EN),
    .OCE(1'b0),
    .RESET(1'b0),
    .AD(`GOWIN_ADDRESS(WIDTH, PORT_R_ADDR)),
    .DO(data)
  );
end
endgenerate

endmodule

module $__SPINFIRE_GOWIN_SDP_ (...);

parameter INIT = 0;
parameter WIDTH = 36;

input PORT_R_CLK;
input PORT_R_RD_EN;
input [13:0] PORT_R_ADDR;
output [WIDTH-1:0] PORT_R_RD_DATA;

input PORT_W_CLK;
input PORT_W_WR_EN;
input [13:0] PORT_W_ADDR;
input [WIDTH-1:0] PORT_W_WR_DATA;

`GOWIN_CONTENTS

// A write is a clock of port A with its enable high.
generate
if (WIDTH < 9) begin
  wire [31:0] data;
  wire [31:0] write_data = PORT_W_WR_DATA;
  assign PORT_R_RD_DATA = data;

  SDPB #(
    `GOWIN_INIT_X8,
    .READ_MODE(1'b0),
    .BIT_WIDTH_0(WIDTH),
    .BIT_WIDTH_1(WIDTH),
    .BLK_SEL_0(3'b000),
    .BLK_SEL_1(3'b000),
    .RESET_MODE("SYNC")
  ) _TECHMAP_REPLACE_ (
    .CLKA(PORT_W_CLK),
    .CEA(PORT_W_WR_EN),
    .BLKSELA(3'b000),
    .ADA(PORT_W_ADDR),
    .DI(write_data),
    .CLKB(PORT_R_CLK),
    .CEB(PORT_R_RD_EN),
    .BLKSELB(3'b000),
    .ADB(PORT_R_ADDR),
    .OCE(1'b0),
    .RESET(1'b0),
    .DO(data)
  );
end else begin
  wire [35:0] data;
  wire [35:0] write_data = PORT_W_WR_DATA;
  assign PORT_R_RD_DATA = data;

  SDPX9B #(
    `GOWIN_INIT_X9,
    .READ_MODE(1'b0),
    .BIT_WIDTH_0(WIDTH),
    .BIT_WIDTH_1(WIDTH),
    .BLK_SEL_0(3'b000),
    .BLK_SEL_1(3'b000),
    .RESET_MODE("SYNC")
  ) _TECHMAP_REPLACE_ (
    .CLKA(PORT_W_CLK),
    .CEA(PORT_W_WR_EN),
    .BLKSELA(3'b000),
    .ADA(`GOWIN_ADDRESS(WIDTH, PORT_W_ADDR)),
    .DI(write_data),
    .CLKB(PORT_R_CLK),
    .CEB(PORT_R_RD_EN),
    .BLKSELB(3'b000),
    .ADB(`GOWIN_ADDRESS(WIDTH, PORT_R_ADDR)),
    .OCE(1'b0),
    .RESET(1'b0),
    .DO(data)
  );
end
endgenerate

endmodule
