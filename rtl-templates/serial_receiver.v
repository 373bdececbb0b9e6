`default_nettype none

// Receives bytes from a serial line: 8 data bits, no parity, 1 stop bit.
module serial_receiver #(
  parameter CLOCKS_PER_BIT = 176
) (
  input  wire       clk,
  input  wire       rst,
  input  wire       line,
  output reg  [7:0] data,
  output reg        valid  // high for one clock for each byte
);

  localparam COUNTER_BITS = $clog2(CLOCKS_PER_BIT + 1);
  localparam [COUNTER_BITS-1:0] WHOLE_BIT = CLOCKS_PER_BIT - 1;
  // The edge is seen two to three clocks late, by the synchroniser.
  localparam [COUNTER_BITS-1:0] HALF_BIT = CLOCKS_PER_BIT / 2 - 1;

  reg [1:0] synchroniser;
  reg [COUNTER_BITS-1:0] counter;
  reg [3:0] bits_left;  // start bit, 8 data bits, stop bit

  wire level = synchroniser[1];

  always @(posedge clk) begin
    if (rst) begin
      synchroniser <= 2'b11;
      counter <= {COUNTER_BITS{1'b0}};
      bits_left <= 4'd0;
      data <= 8'd0;
      valid <= 1'b0;
    end else begin
      synchroniser <= {synchroniser[0], line};
      valid <= 1'b0;
      if (bits_left == 4'd0) begin
        counter <= HALF_BIT;
        if (!level) bits_left <= 4'd10;
      end else if (counter != {COUNTER_BITS{1'b0}}) begin
        counter <= counter - 1'b1;
      end else begin
        counter <= WHOLE_BIT;
        bits_left <= bits_left - 4'd1;
        if (bits_left == 4'd10) begin
          if (level) bits_left <= 4'd0;  // a glitch, no start bit
        end else if (bits_left != 4'd1) begin
          data <= {level, data[7:1]};
        end else begin
          valid <= level;  // without a stop bit it was no byte
        end
      end
    end
  end

endmodule

`default_nettype wire
