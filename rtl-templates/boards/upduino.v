`default_nettype none

// UPduino 3: iCE40UP5K. Its 12 MHz come in at gpio_20 when the OSC jumper is closed; the serial line shares pins with the
// configuration flash, which is kept deselected.
// Macros: SPINFIRE_DIVR, _DIVF, _DIVQ, _FILTER_RANGE set the PLL; SPINFIRE_CLOCKS_PER_BIT and SPINFIRE_PIXELS are serial_core's.
module board (
  input  wire clock_12mhz,
  input  wire serial_in,
  output wire serial_out,
  output wire flash_select_n,
  output wire led_red_n,   // on: bytes were lost, or an image had the wrong length
  output wire led_green_n  // on: the clock runs
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

  assign flash_select_n = 1'b1;
  assign led_red_n = !(frame_error || overrun);
  assign led_green_n = !locked;

endmodule

`default_nettype wire
