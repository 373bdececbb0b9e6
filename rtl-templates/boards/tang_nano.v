`default_nettype none

// Tang Nano 9K and 20K: Gowin GW1NR-9C and GW2AR-18C, 27 MHz, serial line through the board's USB.
// Macros: SPINFIRE_IDIV, _FBDIV, _ODIV set the PLL; SPINFIRE_CLOCKS_PER_BIT and SPINFIRE_PIXELS are serial_core's.
module board (
  input  wire clock_27mhz,
  input  wire serial_in,
  output wire serial_out,
  output wire led_running_n,
  output wire led_error_n  // on: bytes were lost, or an image had the wrong length
);

  wire clk;
  wire locked;
  wire frame_error;
  wire overrun;

  rPLL #(
    .FCLKIN("27"),
    .DYN_IDIV_SEL("false"),
    .IDIV_SEL(`SPINFIRE_IDIV),
    .DYN_FBDIV_SEL("false"),
    .FBDIV_SEL(`SPINFIRE_FBDIV),
    .DYN_ODIV_SEL("false"),
    .ODIV_SEL(`SPINFIRE_ODIV),
    .DYN_SDIV_SEL(2),
    .PSDA_SEL("0000"),
    .DUTYDA_SEL("1000"),
    .DYN_DA_EN("false"),
    .CLKFB_SEL("internal"),
    .CLKOUT_BYPASS("false"),
    .CLKOUTP_BYPASS("false"),
    .CLKOUTD_BYPASS("false"),
    .CLKOUTD_SRC("CLKOUT"),
    .CLKOUTD3_SRC("CLKOUT")
  ) pll (
    .CLKIN(clock_27mhz),
    .CLKFB(1'b0),
    .CLKOUT(clk),
    .LOCK(locked),
    .RESET(1'b0),
    .RESET_P(1'b0),
    .FBDSEL(6'd0),
    .IDSEL(6'd0),
    .ODSEL(6'd0),
    .PSDA(4'd0),
    .DUTYDA(4'd0),
    .FDLY(4'd0)
  );

  serial_core #(
    .CLOCKS_PER_BIT(`SPINFIRE_CLOCKS_PER_BIT),
    .PIXELS(`SPINFIRE_PIXELS)
  ) serial (
    .clk(clk),
    .ready(locked),
    .serial_in(serial_in),
    .serial_out(serial_out),
    .frame_error(frame_error),
    .overrun(overrun)
  );

  assign led_running_n = !locked;
  assign led_error_n = !(frame_error || overrun);

endmodule

`default_nettype wire
