`default_nettype none

// iCEBreaker: iCE40UP5K, 12 MHz on the PLL's own pin, serial line through the board's USB.
// Macros: SPINFIRE_DIVR, _DIVF, _DIVQ, _FILTER_RANGE set the PLL; SPINFIRE_CLOCKS_PER_BIT and SPINFIRE_PIXELS are serial_core's.
module board (
  input  wire clock_12mhz,
  input  wire serial_in,
  output wire serial_out,
  output wire led_red_n,   // on: bytes were lost, or an image had the wrong length
  output wire led_green_n  // on: the clock runs
);

  wire clk;
  wire locked;
  wire frame_error;
  wire overrun;

  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR(`SPINFIRE_DIVR),
    .DIVF(`SPINFIRE_DIVF),
    .DIVQ(`SPINFIRE_DIVQ),
    .FILTER_RANGE(`SPINFIRE_FILTER_RANGE)
  ) pll (
    .PACKAGEPIN(clock_12mhz),
    .PLLOUTGLOBAL(clk),
    .LOCK(locked),
    .RESETB(1'b1),
    .BYPASS(1'b0)
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

  assign led_red_n = !(frame_error || overrun);
  assign led_green_n = !locked;

endmodule

`default_nettype wire
