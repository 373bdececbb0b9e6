// Behaviour of the 7 series' block RAMs as UG473 describes them, as far as yosys maps to them: without output registers and without cascades.
`default_nettype none
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSED */
/* verilator lint_off WIDTH */
/* verilator lint_off MULTIDRIVEN */

// Bytes of nine bits, the ninth the parity bit. Port A reads and writes at its address; in the mode SDP it reads and port B writes, words of up to
// the width of both ports' pins.
module xilinx_block_ram #(
    parameter ADDRESS_BITS = 14,
    parameter LANES = 2,
    parameter RAM_MODE = "TDP",
    parameter READ_WIDTH_A = 0,
    parameter READ_WIDTH_B = 0,
    parameter WRITE_WIDTH_A = 0,
    parameter WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A = "WRITE_FIRST",
    parameter WRITE_MODE_B = "WRITE_FIRST",
    parameter [9*LANES-1:0] INIT_A = 0,
    parameter [9*LANES-1:0] INIT_B = 0,
    parameter [9*LANES-1:0] SRVAL_A = 0,
    parameter [9*LANES-1:0] SRVAL_B = 0,
    parameter [2**ADDRESS_BITS-1:0] DATA = 0,
    parameter [2**(ADDRESS_BITS-3)-1:0] PARITY = 0
) (
    input  wire                    clk_a,
    input  wire                    clk_b,
    input  wire                    en_a,
    input  wire                    en_b,
    input  wire                    reset_a,
    input  wire                    reset_b,
    input  wire [ADDRESS_BITS-1:0] addr_a,
    input  wire [ADDRESS_BITS-1:0] addr_b,
    input  wire [LANES-1:0]        we_a,
    input  wire [2*LANES-1:0]      we_b,
    input  wire [8*LANES-1:0]      di_a,
    input  wire [8*LANES-1:0]      di_b,
    input  wire [LANES-1:0]        dip_a,
    input  wire [LANES-1:0]        dip_b,
    output wire [8*LANES-1:0]      do_a,
    output wire [8*LANES-1:0]      do_b,
    output wire [LANES-1:0]        dop_a,
    output wire [LANES-1:0]        dop_b
);
  localparam BYTES = 2 ** (ADDRESS_BITS - 3);
  localparam SDP = RAM_MODE == "SDP";
  localparam LANES_READ = SDP ? 2 * LANES : LANES;
  // Of the pins of both ports side by side a wide word takes all; a narrow one is at port B's.
  localparam WIDE_WRITE = SDP && WRITE_WIDTH_B == 18 * LANES;
  reg [8:0] bytes [0:BYTES-1];
  integer i;
  initial for (i = 0; i < BYTES; i = i + 1) bytes[i] = {PARITY[i], DATA[8*i +: 8]};

  wire [2*LANES-1:0] wide_dip = WIDE_WRITE ? {dip_b, dip_a} : {{LANES{1'b0}}, dip_b};
  wire [16*LANES-1:0] wide_di = WIDE_WRITE ? {di_b, di_a} : {{8*LANES{1'b0}}, di_b};

  // First byte of the word at an address.
  function [ADDRESS_BITS-4:0] first;
    input integer width;
    input [ADDRESS_BITS-1:0] address;
    case (width)
      72: first = (address >> 3) & ~7;
      36: first = (address >> 3) & ~3;
      18: first = (address >> 3) & ~1;
      default: first = address >> 3;
    endcase
  endfunction

  // A byte of which the bits of a narrow word are replaced.
  function [8:0] merged;
    input integer width;
    input [8:0] old;
    input [8:0] data;
    input [2:0] bit_address;
    case (width)
      4: merged = bit_address[2] ? {old[8], data[3:0], old[3:0]} : {old[8:4], data[3:0]};
      2: begin
        merged = old;
        merged[{bit_address[2:1], 1'b0} +: 2] = data[1:0];
      end
      1: begin
        merged = old;
        merged[bit_address] = data[0];
      end
      default: merged = data;
    endcase
  endfunction

  // A byte of a word that is read.
  function [8:0] picked;
    input integer width;
    input [8:0] word;
    input [2:0] bit_address;
    case (width)
      4: picked = bit_address[2] ? word[7:4] : word[3:0];
      2: picked = (word >> {bit_address[2:1], 1'b0}) & 3;
      1: picked = (word >> bit_address) & 1;
      default: picked = word;
    endcase
  endfunction

  reg [8:0] out_a [0:LANES_READ-1];
  reg [8:0] out_b [0:LANES-1];
  wire holds_a = WRITE_MODE_A == "NO_CHANGE" && WRITE_WIDTH_A != 0 && |we_a;
  wire holds_b = WRITE_MODE_B == "NO_CHANGE" && WRITE_WIDTH_B != 0 && |we_b;

  genvar k;
  generate
    for (k = 0; k < LANES; k = k + 1) begin : write_a
      if (WRITE_WIDTH_A > 9 * k) begin : used
        wire [ADDRESS_BITS-4:0] at = first(WRITE_WIDTH_A, addr_a) + k;
        always @(posedge clk_a)
          if (en_a && we_a[k])
            bytes[at] <= merged(WRITE_WIDTH_A, bytes[at], {dip_a[k], di_a[8*k +: 8]}, addr_a[2:0]);
      end
    end
    for (k = 0; k < 2 * LANES; k = k + 1) begin : write_b
      if (WRITE_WIDTH_B > 9 * k) begin : used
        wire [ADDRESS_BITS-4:0] at = first(WRITE_WIDTH_B, addr_b) + k;
        always @(posedge clk_b)
          if (en_b && we_b[k])
            bytes[at] <= merged(WRITE_WIDTH_B, bytes[at], {wide_dip[k], wide_di[8*k +: 8]}, addr_b[2:0]);
      end
    end
    for (k = 0; k < LANES_READ; k = k + 1) begin : read_a
      wire [17:0] initial_a = k < LANES ? {INIT_A[8*LANES + k % LANES], INIT_A[8*(k % LANES) +: 8]} :
                                          {INIT_B[8*LANES + k % LANES], INIT_B[8*(k % LANES) +: 8]};
      initial out_a[k] = initial_a[8:0];
      wire [ADDRESS_BITS-4:0] at = first(READ_WIDTH_A, addr_a) + k;
      wire passes = !SDP && WRITE_MODE_A == "WRITE_FIRST" && WRITE_WIDTH_A == READ_WIDTH_A && we_a[k % LANES];
      always @(posedge clk_a)
        if (READ_WIDTH_A > 9 * k && en_a) begin
          if (reset_a)
            out_a[k] <= k < LANES ? {SRVAL_A[8*LANES + k % LANES], SRVAL_A[8*(k % LANES) +: 8]} :
                                    {SRVAL_B[8*LANES + k % LANES], SRVAL_B[8*(k % LANES) +: 8]};
          else if (passes) out_a[k] <= {dip_a[k % LANES], di_a[8*(k % LANES) +: 8]};
          else if (!holds_a) out_a[k] <= picked(READ_WIDTH_A, bytes[at], addr_a[2:0]);
        end
      if (k < LANES) begin : low
        assign do_a[8*k +: 8] = out_a[k][7:0];
        assign dop_a[k] = out_a[k][8];
      end else begin : high
        assign do_b[8*(k-LANES) +: 8] = out_a[k][7:0];
        assign dop_b[k-LANES] = out_a[k][8];
      end
    end
    if (!SDP) begin : second
      for (k = 0; k < LANES; k = k + 1) begin : read_b
        initial out_b[k] = {INIT_B[8*LANES + k], INIT_B[8*k +: 8]};
        wire [ADDRESS_BITS-4:0] at = first(READ_WIDTH_B, addr_b) + k;
        wire passes = WRITE_MODE_B == "WRITE_FIRST" && WRITE_WIDTH_B == READ_WIDTH_B && we_b[k];
        always @(posedge clk_b)
          if (READ_WIDTH_B > 9 * k && en_b) begin
            if (reset_b) out_b[k] <= {SRVAL_B[8*LANES + k], SRVAL_B[8*k +: 8]};
            else if (passes) out_b[k] <= {dip_b[k], di_b[8*k +: 8]};
            else if (!holds_b) out_b[k] <= picked(READ_WIDTH_B, bytes[at], addr_b[2:0]);
          end
        assign do_b[8*k +: 8] = out_b[k][7:0];
        assign dop_b[k] = out_b[k][8];
      end
    end
  endgenerate
endmodule

module RAMB18E1 #(
    parameter integer DOA_REG = 0,
    parameter integer DOB_REG = 0,
    parameter RAM_MODE = "TDP",
    parameter integer READ_WIDTH_A = 0,
    parameter integer READ_WIDTH_B = 0,
    parameter integer WRITE_WIDTH_A = 0,
    parameter integer WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A = "WRITE_FIRST",
    parameter WRITE_MODE_B = "WRITE_FIRST",
    parameter [17:0] INIT_A = 0,
    parameter [17:0] INIT_B = 0,
    parameter [17:0] SRVAL_A = 0,
    parameter [17:0] SRVAL_B = 0,
    parameter IS_CLKARDCLK_INVERTED = 1'b0,
    parameter IS_CLKBWRCLK_INVERTED = 1'b0,
    parameter IS_ENARDEN_INVERTED = 1'b0,
    parameter IS_ENBWREN_INVERTED = 1'b0,
    parameter IS_RSTRAMARSTRAM_INVERTED = 1'b0,
    parameter IS_RSTRAMB_INVERTED = 1'b0,
    parameter IS_RSTREGARSTREG_INVERTED = 1'b0,
    parameter IS_RSTREGB_INVERTED = 1'b0,
    parameter [255:0] INIT_00 = 256'd0,
    parameter [255:0] INIT_01 = 256'd0,
    parameter [255:0] INIT_02 = 256'd0,
    parameter [255:0] INIT_03 = 256'd0,
    parameter [255:0] INIT_04 = 256'd0,
    parameter [255:0] INIT_05 = 256'd0,
    parameter [255:0] INIT_06 = 256'd0,
    parameter [255:0] INIT_07 = 256'd0,
    parameter [255:0] INIT_08 = 256'd0,
    parameter [255:0] INIT_09 = 256'd0,
    parameter [255:0] INIT_0A = 256'd0,
    parameter [255:0] INIT_0B = 256'd0,
    parameter [255:0] INIT_0C = 256'd0,
    parameter [255:0] INIT_0D = 256'd0,
    parameter [255:0] INIT_0E = 256'd0,
    parameter [255:0] INIT_0F = 256'd0,
    parameter [255:0] INIT_10 = 256'd0,
    parameter [255:0] INIT_11 = 256'd0,
    parameter [255:0] INIT_12 = 256'd0,
    parameter [255:0] INIT_13 = 256'd0,
    parameter [255:0] INIT_14 = 256'd0,
    parameter [255:0] INIT_15 = 256'd0,
    parameter [255:0] INIT_16 = 256'd0,
    parameter [255:0] INIT_17 = 256'd0,
    parameter [255:0] INIT_18 = 256'd0,
    parameter [255:0] INIT_19 = 256'd0,
    parameter [255:0] INIT_1A = 256'd0,
    parameter [255:0] INIT_1B = 256'd0,
    parameter [255:0] INIT_1C = 256'd0,
    parameter [255:0] INIT_1D = 256'd0,
    parameter [255:0] INIT_1E = 256'd0,
    parameter [255:0] INIT_1F = 256'd0,
    parameter [255:0] INIT_20 = 256'd0,
    parameter [255:0] INIT_21 = 256'd0,
    parameter [255:0] INIT_22 = 256'd0,
    parameter [255:0] INIT_23 = 256'd0,
    parameter [255:0] INIT_24 = 256'd0,
    parameter [255:0] INIT_25 = 256'd0,
    parameter [255:0] INIT_26 = 256'd0,
    parameter [255:0] INIT_27 = 256'd0,
    parameter [255:0] INIT_28 = 256'd0,
    parameter [255:0] INIT_29 = 256'd0,
    parameter [255:0] INIT_2A = 256'd0,
    parameter [255:0] INIT_2B = 256'd0,
    parameter [255:0] INIT_2C = 256'd0,
    parameter [255:0] INIT_2D = 256'd0,
    parameter [255:0] INIT_2E = 256'd0,
    parameter [255:0] INIT_2F = 256'd0,
    parameter [255:0] INIT_30 = 256'd0,
    parameter [255:0] INIT_31 = 256'd0,
    parameter [255:0] INIT_32 = 256'd0,
    parameter [255:0] INIT_33 = 256'd0,
    parameter [255:0] INIT_34 = 256'd0,
    parameter [255:0] INIT_35 = 256'd0,
    parameter [255:0] INIT_36 = 256'd0,
    parameter [255:0] INIT_37 = 256'd0,
    parameter [255:0] INIT_38 = 256'd0,
    parameter [255:0] INIT_39 = 256'd0,
    parameter [255:0] INIT_3A = 256'd0,
    parameter [255:0] INIT_3B = 256'd0,
    parameter [255:0] INIT_3C = 256'd0,
    parameter [255:0] INIT_3D = 256'd0,
    parameter [255:0] INIT_3E = 256'd0,
    parameter [255:0] INIT_3F = 256'd0,
    parameter [255:0] INITP_00 = 256'd0,
    parameter [255:0] INITP_01 = 256'd0,
    parameter [255:0] INITP_02 = 256'd0,
    parameter [255:0] INITP_03 = 256'd0,
    parameter [255:0] INITP_04 = 256'd0,
    parameter [255:0] INITP_05 = 256'd0,
    parameter [255:0] INITP_06 = 256'd0,
    parameter [255:0] INITP_07 = 256'd0
) (
    input  wire CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input  wire [13:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [15:0] DIADI, DIBDI,
    input  wire [1:0] DIPADIP, DIPBDIP, WEA,
    input  wire [3:0] WEBWE,
    output wire [15:0] DOADO, DOBDO,
    output wire [1:0] DOPADOP, DOPBDOP
);
  xilinx_block_ram #(
    .ADDRESS_BITS(14), .LANES(2), .RAM_MODE(RAM_MODE), .READ_WIDTH_A(READ_WIDTH_A), .READ_WIDTH_B(READ_WIDTH_B),
    .WRITE_WIDTH_A(WRITE_WIDTH_A), .WRITE_WIDTH_B(WRITE_WIDTH_B), .WRITE_MODE_A(WRITE_MODE_A), .WRITE_MODE_B(WRITE_MODE_B),
    .INIT_A(INIT_A), .INIT_B(INIT_B), .SRVAL_A(SRVAL_A), .SRVAL_B(SRVAL_B),
    .DATA({
    INIT_3F, INIT_3E, INIT_3D, INIT_3C, INIT_3B, INIT_3A, INIT_39, INIT_38, INIT_37, INIT_36,
    INIT_35, INIT_34, INIT_33, INIT_32, INIT_31, INIT_30, INIT_2F, INIT_2E, INIT_2D, INIT_2C,
    INIT_2B, INIT_2A, INIT_29, INIT_28, INIT_27, INIT_26, INIT_25, INIT_24, INIT_23, INIT_22,
    INIT_21, INIT_20, INIT_1F, INIT_1E, INIT_1D, INIT_1C, INIT_1B, INIT_1A, INIT_19, INIT_18,
    INIT_17, INIT_16, INIT_15, INIT_14, INIT_13, INIT_12, INIT_11, INIT_10, INIT_0F, INIT_0E,
    INIT_0D, INIT_0C, INIT_0B, INIT_0A, INIT_09, INIT_08, INIT_07, INIT_06, INIT_05, INIT_04,
    INIT_03, INIT_02, INIT_01, INIT_00
  }),
    .PARITY({
    INITP_07, INITP_06, INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00
  })
  ) ram (
    .clk_a(CLKARDCLK ^ IS_CLKARDCLK_INVERTED), .clk_b(CLKBWRCLK ^ IS_CLKBWRCLK_INVERTED),
    .en_a(ENARDEN ^ IS_ENARDEN_INVERTED), .en_b(ENBWREN ^ IS_ENBWREN_INVERTED),
    .reset_a(RSTRAMARSTRAM ^ IS_RSTRAMARSTRAM_INVERTED), .reset_b(RSTRAMB ^ IS_RSTRAMB_INVERTED),
    .addr_a(ADDRARDADDR[13:0]), .addr_b(ADDRBWRADDR[13:0]), .we_a(WEA), .we_b(WEBWE),
    .di_a(DIADI), .di_b(DIBDI), .dip_a(DIPADIP), .dip_b(DIPBDIP),
    .do_a(DOADO), .do_b(DOBDO), .dop_a(DOPADOP), .dop_b(DOPBDOP)
  );
endmodule

module RAMB36E1 #(
    parameter integer DOA_REG = 0,
    parameter integer DOB_REG = 0,
    parameter RAM_MODE = "TDP",
    parameter integer READ_WIDTH_A = 0,
    parameter integer READ_WIDTH_B = 0,
    parameter integer WRITE_WIDTH_A = 0,
    parameter integer WRITE_WIDTH_B = 0,
    parameter WRITE_MODE_A = "WRITE_FIRST",
    parameter WRITE_MODE_B = "WRITE_FIRST",
    parameter [35:0] INIT_A = 0,
    parameter [35:0] INIT_B = 0,
    parameter [35:0] SRVAL_A = 0,
    parameter [35:0] SRVAL_B = 0,
    parameter IS_CLKARDCLK_INVERTED = 1'b0,
    parameter IS_CLKBWRCLK_INVERTED = 1'b0,
    parameter IS_ENARDEN_INVERTED = 1'b0,
    parameter IS_ENBWREN_INVERTED = 1'b0,
    parameter IS_RSTRAMARSTRAM_INVERTED = 1'b0,
    parameter IS_RSTRAMB_INVERTED = 1'b0,
    parameter IS_RSTREGARSTREG_INVERTED = 1'b0,
    parameter IS_RSTREGB_INVERTED = 1'b0,
    parameter RAM_EXTENSION_A = "NONE",
    parameter RAM_EXTENSION_B = "NONE",
    parameter [255:0] INIT_00 = 256'd0,
    parameter [255:0] INIT_01 = 256'd0,
    parameter [255:0] INIT_02 = 256'd0,
    parameter [255:0] INIT_03 = 256'd0,
    parameter [255:0] INIT_04 = 256'd0,
    parameter [255:0] INIT_05 = 256'd0,
    parameter [255:0] INIT_06 = 256'd0,
    parameter [255:0] INIT_07 = 256'd0,
    parameter [255:0] INIT_08 = 256'd0,
    parameter [255:0] INIT_09 = 256'd0,
    parameter [255:0] INIT_0A = 256'd0,
    parameter [255:0] INIT_0B = 256'd0,
    parameter [255:0] INIT_0C = 256'd0,
    parameter [255:0] INIT_0D = 256'd0,
    parameter [255:0] INIT_0E = 256'd0,
    parameter [255:0] INIT_0F = 256'd0,
    parameter [255:0] INIT_10 = 256'd0,
    parameter [255:0] INIT_11 = 256'd0,
    parameter [255:0] INIT_12 = 256'd0,
    parameter [255:0] INIT_13 = 256'd0,
    parameter [255:0] INIT_14 = 256'd0,
    parameter [255:0] INIT_15 = 256'd0,
    parameter [255:0] INIT_16 = 256'd0,
    parameter [255:0] INIT_17 = 256'd0,
    parameter [255:0] INIT_18 = 256'd0,
    parameter [255:0] INIT_19 = 256'd0,
    parameter [255:0] INIT_1A = 256'd0,
    parameter [255:0] INIT_1B = 256'd0,
    parameter [255:0] INIT_1C = 256'd0,
    parameter [255:0] INIT_1D = 256'd0,
    parameter [255:0] INIT_1E = 256'd0,
    parameter [255:0] INIT_1F = 256'd0,
    parameter [255:0] INIT_20 = 256'd0,
    parameter [255:0] INIT_21 = 256'd0,
    parameter [255:0] INIT_22 = 256'd0,
    parameter [255:0] INIT_23 = 256'd0,
    parameter [255:0] INIT_24 = 256'd0,
    parameter [255:0] INIT_25 = 256'd0,
    parameter [255:0] INIT_26 = 256'd0,
    parameter [255:0] INIT_27 = 256'd0,
    parameter [255:0] INIT_28 = 256'd0,
    parameter [255:0] INIT_29 = 256'd0,
    parameter [255:0] INIT_2A = 256'd0,
    parameter [255:0] INIT_2B = 256'd0,
    parameter [255:0] INIT_2C = 256'd0,
    parameter [255:0] INIT_2D = 256'd0,
    parameter [255:0] INIT_2E = 256'd0,
    parameter [255:0] INIT_2F = 256'd0,
    parameter [255:0] INIT_30 = 256'd0,
    parameter [255:0] INIT_31 = 256'd0,
    parameter [255:0] INIT_32 = 256'd0,
    parameter [255:0] INIT_33 = 256'd0,
    parameter [255:0] INIT_34 = 256'd0,
    parameter [255:0] INIT_35 = 256'd0,
    parameter [255:0] INIT_36 = 256'd0,
    parameter [255:0] INIT_37 = 256'd0,
    parameter [255:0] INIT_38 = 256'd0,
    parameter [255:0] INIT_39 = 256'd0,
    parameter [255:0] INIT_3A = 256'd0,
    parameter [255:0] INIT_3B = 256'd0,
    parameter [255:0] INIT_3C = 256'd0,
    parameter [255:0] INIT_3D = 256'd0,
    parameter [255:0] INIT_3E = 256'd0,
    parameter [255:0] INIT_3F = 256'd0,
    parameter [255:0] INIT_40 = 256'd0,
    parameter [255:0] INIT_41 = 256'd0,
    parameter [255:0] INIT_42 = 256'd0,
    parameter [255:0] INIT_43 = 256'd0,
    parameter [255:0] INIT_44 = 256'd0,
    parameter [255:0] INIT_45 = 256'd0,
    parameter [255:0] INIT_46 = 256'd0,
    parameter [255:0] INIT_47 = 256'd0,
    parameter [255:0] INIT_48 = 256'd0,
    parameter [255:0] INIT_49 = 256'd0,
    parameter [255:0] INIT_4A = 256'd0,
    parameter [255:0] INIT_4B = 256'd0,
    parameter [255:0] INIT_4C = 256'd0,
    parameter [255:0] INIT_4D = 256'd0,
    parameter [255:0] INIT_4E = 256'd0,
    parameter [255:0] INIT_4F = 256'd0,
    parameter [255:0] INIT_50 = 256'd0,
    parameter [255:0] INIT_51 = 256'd0,
    parameter [255:0] INIT_52 = 256'd0,
    parameter [255:0] INIT_53 = 256'd0,
    parameter [255:0] INIT_54 = 256'd0,
    parameter [255:0] INIT_55 = 256'd0,
    parameter [255:0] INIT_56 = 256'd0,
    parameter [255:0] INIT_57 = 256'd0,
    parameter [255:0] INIT_58 = 256'd0,
    parameter [255:0] INIT_59 = 256'd0,
    parameter [255:0] INIT_5A = 256'd0,
    parameter [255:0] INIT_5B = 256'd0,
    parameter [255:0] INIT_5C = 256'd0,
    parameter [255:0] INIT_5D = 256'd0,
    parameter [255:0] INIT_5E = 256'd0,
    parameter [255:0] INIT_5F = 256'd0,
    parameter [255:0] INIT_60 = 256'd0,
    parameter [255:0] INIT_61 = 256'd0,
    parameter [255:0] INIT_62 = 256'd0,
    parameter [255:0] INIT_63 = 256'd0,
    parameter [255:0] INIT_64 = 256'd0,
    parameter [255:0] INIT_65 = 256'd0,
    parameter [255:0] INIT_66 = 256'd0,
    parameter [255:0] INIT_67 = 256'd0,
    parameter [255:0] INIT_68 = 256'd0,
    parameter [255:0] INIT_69 = 256'd0,
    parameter [255:0] INIT_6A = 256'd0,
    parameter [255:0] INIT_6B = 256'd0,
    parameter [255:0] INIT_6C = 256'd0,
    parameter [255:0] INIT_6D = 256'd0,
    parameter [255:0] INIT_6E = 256'd0,
    parameter [255:0] INIT_6F = 256'd0,
    parameter [255:0] INIT_70 = 256'd0,
    parameter [255:0] INIT_71 = 256'd0,
    parameter [255:0] INIT_72 = 256'd0,
    parameter [255:0] INIT_73 = 256'd0,
    parameter [255:0] INIT_74 = 256'd0,
    parameter [255:0] INIT_75 = 256'd0,
    parameter [255:0] INIT_76 = 256'd0,
    parameter [255:0] INIT_77 = 256'd0,
    parameter [255:0] INIT_78 = 256'd0,
    parameter [255:0] INIT_79 = 256'd0,
    parameter [255:0] INIT_7A = 256'd0,
    parameter [255:0] INIT_7B = 256'd0,
    parameter [255:0] INIT_7C = 256'd0,
    parameter [255:0] INIT_7D = 256'd0,
    parameter [255:0] INIT_7E = 256'd0,
    parameter [255:0] INIT_7F = 256'd0,
    parameter [255:0] INITP_00 = 256'd0,
    parameter [255:0] INITP_01 = 256'd0,
    parameter [255:0] INITP_02 = 256'd0,
    parameter [255:0] INITP_03 = 256'd0,
    parameter [255:0] INITP_04 = 256'd0,
    parameter [255:0] INITP_05 = 256'd0,
    parameter [255:0] INITP_06 = 256'd0,
    parameter [255:0] INITP_07 = 256'd0,
    parameter [255:0] INITP_08 = 256'd0,
    parameter [255:0] INITP_09 = 256'd0,
    parameter [255:0] INITP_0A = 256'd0,
    parameter [255:0] INITP_0B = 256'd0,
    parameter [255:0] INITP_0C = 256'd0,
    parameter [255:0] INITP_0D = 256'd0,
    parameter [255:0] INITP_0E = 256'd0,
    parameter [255:0] INITP_0F = 256'd0
) (
    input  wire CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input  wire [15:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [31:0] DIADI, DIBDI,
    input  wire [3:0] DIPADIP, DIPBDIP, WEA,
    input  wire [7:0] WEBWE,
    output wire [31:0] DOADO, DOBDO,
    output wire [3:0] DOPADOP, DOPBDOP
);
  xilinx_block_ram #(
    .ADDRESS_BITS(15), .LANES(4), .RAM_MODE(RAM_MODE), .READ_WIDTH_A(READ_WIDTH_A), .READ_WIDTH_B(READ_WIDTH_B),
    .WRITE_WIDTH_A(WRITE_WIDTH_A), .WRITE_WIDTH_B(WRITE_WIDTH_B), .WRITE_MODE_A(WRITE_MODE_A), .WRITE_MODE_B(WRITE_MODE_B),
    .INIT_A(INIT_A), .INIT_B(INIT_B), .SRVAL_A(SRVAL_A), .SRVAL_B(SRVAL_B),
    .DATA({
    INIT_7F, INIT_7E, INIT_7D, INIT_7C, INIT_7B, INIT_7A, INIT_79, INIT_78, INIT_77, INIT_76,
    INIT_75, INIT_74, INIT_73, INIT_72, INIT_71, INIT_70, INIT_6F, INIT_6E, INIT_6D, INIT_6C,
    INIT_6B, INIT_6A, INIT_69, INIT_68, INIT_67, INIT_66, INIT_65, INIT_64, INIT_63, INIT_62,
    INIT_61, INIT_60, INIT_5F, INIT_5E, INIT_5D, INIT_5C, INIT_5B, INIT_5A, INIT_59, INIT_58,
    INIT_57, INIT_56, INIT_55, INIT_54, INIT_53, INIT_52, INIT_51, INIT_50, INIT_4F, INIT_4E,
    INIT_4D, INIT_4C, INIT_4B, INIT_4A, INIT_49, INIT_48, INIT_47, INIT_46, INIT_45, INIT_44,
    INIT_43, INIT_42, INIT_41, INIT_40, INIT_3F, INIT_3E, INIT_3D, INIT_3C, INIT_3B, INIT_3A,
    INIT_39, INIT_38, INIT_37, INIT_36, INIT_35, INIT_34, INIT_33, INIT_32, INIT_31, INIT_30,
    INIT_2F, INIT_2E, INIT_2D, INIT_2C, INIT_2B, INIT_2A, INIT_29, INIT_28, INIT_27, INIT_26,
    INIT_25, INIT_24, INIT_23, INIT_22, INIT_21, INIT_20, INIT_1F, INIT_1E, INIT_1D, INIT_1C,
    INIT_1B, INIT_1A, INIT_19, INIT_18, INIT_17, INIT_16, INIT_15, INIT_14, INIT_13, INIT_12,
    INIT_11, INIT_10, INIT_0F, INIT_0E, INIT_0D, INIT_0C, INIT_0B, INIT_0A, INIT_09, INIT_08,
    INIT_07, INIT_06, INIT_05, INIT_04, INIT_03, INIT_02, INIT_01, INIT_00
  }),
    .PARITY({
    INITP_0F, INITP_0E, INITP_0D, INITP_0C, INITP_0B, INITP_0A, INITP_09, INITP_08, INITP_07, INITP_06,
    INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00
  })
  ) ram (
    .clk_a(CLKARDCLK ^ IS_CLKARDCLK_INVERTED), .clk_b(CLKBWRCLK ^ IS_CLKBWRCLK_INVERTED),
    .en_a(ENARDEN ^ IS_ENARDEN_INVERTED), .en_b(ENBWREN ^ IS_ENBWREN_INVERTED),
    .reset_a(RSTRAMARSTRAM ^ IS_RSTRAMARSTRAM_INVERTED), .reset_b(RSTRAMB ^ IS_RSTRAMB_INVERTED),
    .addr_a(ADDRARDADDR[14:0]), .addr_b(ADDRBWRADDR[14:0]), .we_a(WEA), .we_b(WEBWE),
    .di_a(DIADI), .di_b(DIBDI), .dip_a(DIPADIP), .dip_b(DIPBDIP),
    .do_a(DOADO), .do_b(DOBDO), .dop_a(DOPADOP), .dop_b(DOPBDOP)
  );
endmodule

`default_nettype wire
