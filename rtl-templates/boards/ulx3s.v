`default_nettype none

// ULX3S: ECP5 LFE5U, 25 MHz, serial line through the board's USB (FT231X).
// Macros: SPINFIRE_CLKI_DIV, _CLKFB_DIV, _CLKOP_DIV set the PLL; SPINFIRE_CLOCKS_PER_BIT and SPINFIRE_PIXELS are serial_core's.
module board (
  input  wire clock_25mhz,
  input  wire serial_in,
  output wire serial_out,
  output wire wifi_enable_high,  // a pin that keeps the board's radio from switching it off
  output wire led_running,
  output wire led_error          // on: bytes were lost, or an image had the wrong length
);

  wire clk;
  wire locked;
  wire frame_error;
  wire overrun;

  // The output feeds back, so that it is in phase with the input when CPHASE is half of its divider, less one.
  EHXPLLL #(
    .CLKI_DIV(`SPINFIRE_CLKI_DIV),
    .CLKFB_DIV(`SPINFIRE_CLKFB_DIV),
    .FEEDBK_PATH("CLKOP"),
    .CLKOP_ENABLE("ENABLED"),
    .CLKOP_DIV(`SPINFIRE_CLKOP_DIV),
    .CLKOP_CPHASE(`SPINFIRE_CLKOP_DIV / 2 - 1),
    .CLKOP_FPHASE(0),
    .OUTDIVIDER_MUXA("DIVA"),
    .OUTDIVIDER_MUXB("DIVB"),
    .OUTDIVIDER_MUXC("DIVC"),
    .OUTDIVIDER_MUXD("DIVD"),
    .DPHASE_SOURCE("DISABLED"),
    .INTFB_WAKE("DISABLED"),
    .PLLRST_ENA("DISABLED"),
    .STDBY_ENABLE("DISABLED")
  ) pll (
    .CLKI(clock_25mhz),
    .CLKFB(clk),
    .CLKOP(clk),
    .LOCK(locked),
    .RST(1'b0),
    .STDBY(1'b0),
    .PHASESEL0(1'b0),
    .PHASESEL1(1'b0),
    .PHASEDIR(1'b1),
    .PHASESTEP(1'b1),
    .PHASELOADREG(1'b1),
    .PLLWAKESYNC(1'b0),
    .ENCLKOP(1'b0)
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

  assign wifi_enable_high = 1'b1;
  assign led_running = locked;
  assign led_error = frame_error || overrun;

endmodule

`default_nettype wire
