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

`define GOWIN_INIT(row_of) \
  .INIT_RAM_00(row_of(0)), \
  .INIT_RAM_01(row_of(1)), \
  .INIT_RAM_02(row_of(2)), \
  .INIT_RAM_03(row_of(3)), \
  .INIT_RAM_04(row_of(4)), \
  .INIT_RAM_05(row_of(5)), \
  .INIT_RAM_06(row_of(6)), \
  .INIT_RAM_07(row_of(7)), \
  .INIT_RAM_08(row_of(8)), \
  .INIT_RAM_09(row_of(9)), \
  .INIT_RAM_0A(row_of(10)), \
  .INIT_RAM_0B(row_of(11)), \
  .INIT_RAM_0C(row_of(12)), \
  .INIT_RAM_0D(row_of(13)), \
  .INIT_RAM_0E(row_of(14)), \
  .INIT_RAM_0F(row_of(15)), \
  .INIT_RAM_10(row_of(16)), \
  .INIT_RAM_11(row_of(17)), \
  .INIT_RAM_12(row_of(18)), \
  .INIT_RAM_13(row_of(19)), \
  .INIT_RAM_14(row_of(20)), \
  .INIT_RAM_15(row_of(21)), \
  .INIT_RAM_16(row_of(22)), \
  .INIT_RAM_17(row_of(23)), \
  .INIT_RAM_18(row_of(24)), \
  .INIT_RAM_19(row_of(25)), \
  .INIT_RAM_1A(row_of(26)), \
  .INIT_RAM_1B(row_of(27)), \
  .INIT_RAM_1C(row_of(28)), \
  .INIT_RAM_1D(row_of(29)), \
  .INIT_RAM_1E(row_of(30)), \
  .INIT_RAM_1F(row_of(31)), \
  .INIT_RAM_20(row_of(32)), \
  .INIT_RAM_21(row_of(33)), \
  .INIT_RAM_22(row_of(34)), \
  .INIT_RAM_23(row_of(35)), \
  .INIT_RAM_24(row_of(36)), \
  .INIT_RAM_25(row_of(37)), \
  .INIT_RAM_26(row_of(38)), \
  .INIT_RAM_27(row_of(39)), \
  .INIT_RAM_28(row_of(40)), \
  .INIT_RAM_29(row_of(41)), \
  .INIT_RAM_2A(row_of(42)), \
  .INIT_RAM_2B(row_of(43)), \
  .INIT_RAM_2C(row_of(44)), \
  .INIT_RAM_2D(row_of(45)), \
  .INIT_RAM_2E(row_of(46)), \
  .INIT_RAM_2F(row_of(47)), \
  .INIT_RAM_30(row_of(48)), \
  .INIT_RAM_31(row_of(49)), \
  .INIT_RAM_32(row_of(50)), \
  .INIT_RAM_33(row_of(51)), \
  .INIT_RAM_34(row_of(52)), \
  .INIT_RAM_35(row_of(53)), \
  .INIT_RAM_36(row_of(54)), \
  .INIT_RAM_37(row_of(55)), \
  .INIT_RAM_38(row_of(56)), \
  .INIT_RAM_39(row_of(57)), \
  .INIT_RAM_3A(row_of(58)), \
  .INIT_RAM_3B(row_of(59)), \
  .INIT_RAM_3C(row_of(60)), \
  .INIT_RAM_3D(row_of(61)), \
  .INIT_RAM_3E(row_of(62)), \
  .INIT_RAM_3F(row_of(63))

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
    `GOWIN_INIT(contents_x8),
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
    `GOWIN_INIT(contents_x9),
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
    `GOWIN_INIT(contents_x8),
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
    `GOWIN_INIT(contents_x9),
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
