`default_nettype none

// Reset of everything behind a board's PLL: as long as the clock is not stable or the button is pressed, and 1,024 clocks longer, because
// block RAMs of iCE40 cannot be read in the first microseconds after configuration. It ends in step with the clock.
module board_reset (
    input  wire clk,
    input  wire locked,  // the clock is stable
    input  wire button,  // pressed
    output reg  rst
);

  // Both come at any time: two flip-flops each.
  (* keep, async_reg = "true" *) reg [1:0] locked_seen = 2'd0;
  (* keep, async_reg = "true" *) reg [1:0] button_seen = 2'd0;
  reg [9:0] count = 10'd0;

  initial rst = 1'b1;

  always @(posedge clk) begin
    locked_seen <= {locked_seen[0], locked};
    button_seen <= {button_seen[0], button};
    rst <= count != 10'h3ff;
    if (!locked_seen[1] || button_seen[1]) count <= 10'd0;
    else if (count != 10'h3ff) count <= count + 10'd1;
  end

endmodule

`default_nettype wire
