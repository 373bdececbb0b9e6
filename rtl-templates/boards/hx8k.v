`default_nettype none

// iCE40HX8K breakout board (iCE40HX8K-B-EVN): 12 MHz, serial line through the board's USB.
// Macros: SPINFIRE_DIVR, _DIVF, _DIVQ, _FILTER_RANGE set the PLL; SPINFIRE_CLOCKS_PER_BIT and SPINFIRE_PIXELS are serial_core's.
module board (
  input  wire clock_12mhz,
  input  wire serial_in,
  output wire serial_out,
  output wire led_running,
  output wire led_error  // on: bytes were lost, or an image had the wrong length
);

  wire clk;
  wire locked;
  wire frame_error;
  wire overrun;

  SB_PLL40_CORE #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR(`SPINFIRE_DIVR),
    .DIVF(`SPINFIRE_DIVF),
    .DIVQ(`SPINFIRE_DIVQ),
    .FILTER_RANGE(`SPINFIRE_FILTER_RANGE)
  ) pll (
    .REFERENCECLK(clock_12mhz),
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

  assign led_running = locked;
  assign led_error = frame_error || overrun;

endmodule

`default_nettype wire
