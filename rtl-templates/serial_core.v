`default_nettype none

// A core on a plain serial line. In: PIXELS bytes an image, row by row. Out: the result packet, each 32-bit word as four bytes, the low
// byte first. There is no flow control: a byte that comes while the core cannot take one is lost and `overrun` stays high for good.
//
// Macros: SPINFIRE_CORE is the core's module, SPINFIRE_TIME_STEPS the value of its port time_steps; SPINFIRE_EXIT_MARGIN, on a core with
// early exit, that of exit_margin.
module serial_core #(
  parameter CLOCKS_PER_BIT = 176,
  parameter PIXELS = 784
) (
  input  wire clk,
  input  wire ready,  // the clock is stable
  input  wire serial_in,
  output wire serial_out,
  output wire frame_error,
  output reg  overrun
);

  // Block RAMs of iCE40 cannot be read in the first microseconds after configuration.
  reg [9:0] reset_counter = 10'd0;
  reg rst = 1'b1;

  always @(posedge clk) begin
    if (!ready) begin
      reset_counter <= 10'd0;
      rst <= 1'b1;
    end else begin
      rst <= reset_counter != 10'h3ff;
      if (reset_counter != 10'h3ff) reset_counter <= reset_counter + 10'd1;
    end
  end

  // Pixels
  localparam PIXEL_BITS = $clog2(PIXELS + 1);
  localparam [PIXEL_BITS-1:0] LAST_PIXEL = PIXELS - 1;

  wire [7:0] received;
  wire received_valid;
  reg [7:0] pixel;
  reg pixel_valid;
  wire pixel_ready;
  reg [PIXEL_BITS-1:0] pixel_index;
  wire pixel_last = pixel_index == LAST_PIXEL;

  serial_receiver #(
    .CLOCKS_PER_BIT(CLOCKS_PER_BIT)
  ) receiver (
    .clk(clk),
    .rst(rst),
    .line(serial_in),
    .data(received),
    .valid(received_valid)
  );

  always @(posedge clk) begin
    if (rst) begin
      pixel <= 8'd0;
      pixel_valid <= 1'b0;
      pixel_index <= {PIXEL_BITS{1'b0}};
      overrun <= 1'b0;
    end else begin
      if (pixel_valid && pixel_ready) begin
        pixel_valid <= 1'b0;
        pixel_index <= pixel_last ? {PIXEL_BITS{1'b0}} : pixel_index + 1'b1;
      end
      if (received_valid) begin
        if (pixel_valid && !pixel_ready) begin
          overrun <= 1'b1;
        end else begin
          pixel <= received;
          pixel_valid <= 1'b1;
        end
      end
    end
  end

  // Results
  wire [31:0] result;
  wire result_valid;
  wire result_last;
  reg [31:0] word;
  reg [2:0] bytes_left;
  wire byte_ready;
  wire result_ready = bytes_left == 3'd0;

  always @(posedge clk) begin
    if (rst) begin
      word <= 32'd0;
      bytes_left <= 3'd0;
    end else if (result_ready) begin
      if (result_valid) begin
        word <= result;
        bytes_left <= 3'd4;
      end
    end else if (byte_ready) begin
      word <= {8'd0, word[31:8]};
      bytes_left <= bytes_left - 3'd1;
    end
  end

  serial_transmitter #(
    .CLOCKS_PER_BIT(CLOCKS_PER_BIT)
  ) transmitter (
    .clk(clk),
    .rst(rst),
    .data(word[7:0]),
    .valid(!result_ready),
    .ready(byte_ready),
    .line(serial_out)
  );

  `SPINFIRE_CORE core (
    .clk(clk),
    .rst(rst),
    .time_steps(`SPINFIRE_TIME_STEPS),
`ifdef SPINFIRE_EXIT_MARGIN
    .exit_margin(`SPINFIRE_EXIT_MARGIN),
`endif
    .s_axis_tdata(pixel),
    .s_axis_tvalid(pixel_valid),
    .s_axis_tready(pixel_ready),
    .s_axis_tlast(pixel_last),
    .m_axis_tdata(result),
    .m_axis_tvalid(result_valid),
    .m_axis_tready(result_ready),
    .m_axis_tlast(result_last),
    .frame_error(frame_error)
  );

  // The number of words in a packet is known to the host.
  wire unused = result_last;

endmodule

`default_nettype wire
