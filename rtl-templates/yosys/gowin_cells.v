// The block RAMs that gowin_rams.v maps to, for a yosys that does not know them yet (UG285).
`define GOWIN_INIT \
  parameter INIT_RAM_00 = 0, \
  parameter INIT_RAM_01 = 0, \
  parameter INIT_RAM_02 = 0, \
  parameter INIT_RAM_03 = 0, \
  parameter INIT_RAM_04 = 0, \
  parameter INIT_RAM_05 = 0, \
  parameter INIT_RAM_06 = 0, \
  parameter INIT_RAM_07 = 0, \
  parameter INIT_RAM_08 = 0, \
  parameter INIT_RAM_09 = 0, \
  parameter INIT_RAM_0A = 0, \
  parameter INIT_RAM_0B = 0, \
  parameter INIT_RAM_0C = 0, \
  parameter INIT_RAM_0D = 0, \
  parameter INIT_RAM_0E = 0, \
  parameter INIT_RAM_0F = 0, \
  parameter INIT_RAM_10 = 0, \
  parameter INIT_RAM_11 = 0, \
  parameter INIT_RAM_12 = 0, \
  parameter INIT_RAM_13 = 0, \
  parameter INIT_RAM_14 = 0, \
  parameter INIT_RAM_15 = 0, \
  parameter INIT_RAM_16 = 0, \
  parameter INIT_RAM_17 = 0, \
  parameter INIT_RAM_18 = 0, \
  parameter INIT_RAM_19 = 0, \
  parameter INIT_RAM_1A = 0, \
  parameter INIT_RAM_1B = 0, \
  parameter INIT_RAM_1C = 0, \
  parameter INIT_RAM_1D = 0, \
  parameter INIT_RAM_1E = 0, \
  parameter INIT_RAM_1F = 0, \
  parameter INIT_RAM_20 = 0, \
  parameter INIT_RAM_21 = 0, \
  parameter INIT_RAM_22 = 0, \
  parameter INIT_RAM_23 = 0, \
  parameter INIT_RAM_24 = 0, \
  parameter INIT_RAM_25 = 0, \
  parameter INIT_RAM_26 = 0, \
  parameter INIT_RAM_27 = 0, \
  parameter INIT_RAM_28 = 0, \
  parameter INIT_RAM_29 = 0, \
  parameter INIT_RAM_2A = 0, \
  parameter INIT_RAM_2B = 0, \
  parameter INIT_RAM_2C = 0, \
  parameter INIT_RAM_2D = 0, \
  parameter INIT_RAM_2E = 0, \
  parameter INIT_RAM_2F = 0, \
  parameter INIT_RAM_30 = 0, \
  parameter INIT_RAM_31 = 0, \
  parameter INIT_RAM_32 = 0, \
  parameter INIT_RAM_33 = 0, \
  parameter INIT_RAM_34 = 0, \
  parameter INIT_RAM_35 = 0, \
  parameter INIT_RAM_36 = 0, \
  parameter INIT_RAM_37 = 0, \
  parameter INIT_RAM_38 = 0, \
  parameter INIT_RAM_39 = 0, \
  parameter INIT_RAM_3A = 0, \
  parameter INIT_RAM_3B = 0, \
  parameter INIT_RAM_3C = 0, \
  parameter INIT_RAM_3D = 0, \
  parameter INIT_RAM_3E = 0, \
  parameter INIT_RAM_3F = 0

(* blackbox *)
module pROM #(
  parameter READ_MODE = 1'b0,
  parameter BIT_WIDTH = 32,
  parameter RESET_MODE = "SYNC",
  `GOWIN_INIT
) (
  input  CLK,
  input  CE,
  input  OCE,
  input  RESET,
  input  [13:0] AD,
  output [31:0] DO
);
endmodule

(* blackbox *)
module pROMX9 #(
  parameter READ_MODE = 1'b0,
  parameter BIT_WIDTH = 36,
  parameter RESET_MODE = "SYNC",
  `GOWIN_INIT
) (
  input  CLK,
  input  CE,
  input  OCE,
  input  RESET,
  input  [13:0] AD,
  output [35:0] DO
);
endmodule

(* blackbox *)
module SDPB #(
  parameter READ_MODE = 1'b0,
  parameter BIT_WIDTH_0 = 32,
  parameter BIT_WIDTH_1 = 32,
  parameter BLK_SEL_0 = 3'b000,
  parameter BLK_SEL_1 = 3'b000,
  parameter RESET_MODE = "SYNC",
  `GOWIN_INIT
) (
  input  CLKA,
  input  CEA,
  input  [2:0] BLKSELA,
  input  [13:0] ADA,
  input  [31:0] DI,
  input  CLKB,
  input  CEB,
  input  [2:0] BLKSELB,
  input  [13:0] ADB,
  input  OCE,
  input  RESET,
  output [31:0] DO
);
endmodule

(* blackbox *)
module SDPX9B #(
  parameter READ_MODE = 1'b0,
  parameter BIT_WIDTH_0 = 36,
  parameter BIT_WIDTH_1 = 36,
  parameter BLK_SEL_0 = 3'b000,
  parameter BLK_SEL_1 = 3'b000,
  parameter RESET_MODE = "SYNC",
  `GOWIN_INIT
) (
  input  CLKA,
  input  CEA,
  input  [2:0] BLKSELA,
  input  [13:0] ADA,
  input  [35:0] DI,
  input  CLKB,
  input  CEB,
  input  [2:0] BLKSELB,
  input  [13:0] ADB,
  input  OCE,
  input  RESET,
  output [35:0] DO
);
endmodule
