`default_nettype none

// Sends bytes over a serial line: 8 data bits, no parity, 1 stop bit.
module serial_transmitter #(
  parameter CLOCKS_PER_BIT = 176
) (
  input  wire       clk,
  input  wire       rst,
  input  wire [7:0] data,
  input  wire       valid,
  output wire       ready,
  output wire       line
);

  localparam COUNTER_BITS = $clog2(CLOCKS_PER_BIT + 1);
  localparam [COUNTER_BITS-1:0] WHOLE_BIT = CLOCKS_PER_BIT - 1;

  reg [9:0] shift;  // bit 0 is on the line; all ones when idle
  reg [COUNTER_BITS-1:0] counter;
  reg [3:0] bits_left;

  assign ready = bits_left == 4'd0;
  assign line = shift[0];

  always @(posedge clk) begin
    if (rst) begin
      shift <= 10'h3ff;
      counter <= {COUNTER_BITS{1'b0}};
      bits_left <= 4'd0;
    end else if (ready) begin
      counter <= WHOLE_BIT;
      if (valid) begin
        shift <= {1'b1, data, 1'b0};
        bits_left <= 4'd10;
      end
    end else if (counter != {COUNTER_BITS{1'b0}}) begin
      counter <= counter - 1'b1;
    end else begin
      counter <= WHOLE_BIT;
      shift <= {1'b1, shift[9:1]};
      bits_left <= bits_left - 4'd1;
    end
  end

endmodule

`default_nettype wire
