`timescale 1ns / 1ps
`default_nettype none
// Stand-alone, self-checking test bench of the core @TOP@ in Verilog-2001. Runs in the core's folder.
// From elsewhere define SPINFIRE_MEMORIES as that folder, in quotes, with a slash at its end.
// First without any gap on either stream: results and their clock cycles must be the expected ones. Then, after a reset, with
// random gaps on both streams: the results must be the same.
`ifdef SPINFIRE_MEMORIES
`define SPINFIRE_VECTORS(name) {`SPINFIRE_MEMORIES, "testbench/vectors/", name}
`else
`define SPINFIRE_VECTORS(name) {"testbench/vectors/", name}
`endif

module tb;
  parameter IMAGES = @ICARUS_IMAGES@;
  localparam PIXELS = @PIXELS@;
  localparam LANES = @LANES@;
  localparam BEATS = @BEATS@;
  localparam ALL_IMAGES = @IMAGES@;
  localparam ALL_ANSWERS = @ANSWERS@;

  reg [7:0] pixels[0:ALL_IMAGES*PIXELS-1];
  reg [7:0] steps[0:ALL_IMAGES-1];
  reg [3:0] marks[0:ALL_IMAGES*PIXELS/LANES-1];
  reg [31:0] answers[0:ALL_IMAGES-1];
  reg [35:0] expected[0:ALL_ANSWERS*BEATS-1];
  reg [31:0] cycles[0:ALL_ANSWERS*BEATS-1];

  reg clk;
  reg rst;
  reg gaps;
  reg s_gap;
  reg m_gap;
  integer pixel;
  integer image;
  integer column;
  integer sent;
  integer due;
  reg wrong;
  reg vectors;
  integer beat;
  integer cycle;
  integer limit;
  integer failures;
  integer total;
  integer seed;

  wire s_axis_tvalid = !rst && !s_gap && image < IMAGES;
  wire s_axis_tready;
  wire [8*LANES-1:0] s_axis_tdata;
  wire at_end = column == PIXELS - LANES;
  // Of the beat that is sent: bit 0 its tlast, bit 1 its tuser; images that are cut short, run on or are marked have no answer.
  wire [3:0] mark = s_axis_tvalid ? marks[sent] : 4'd0;
  wire s_axis_tlast = mark[0];
  wire s_axis_tuser = mark[1];
  wire [7:0] image_steps = steps[image < IMAGES ? image : 0];
  wire [31:0] m_axis_tdata;
  wire m_axis_tvalid;
  wire m_axis_tready = !m_gap;
  wire m_axis_tlast;
  wire frame_error;
  wire image_dropped;
  wire [35:0] found = {3'd0, m_axis_tlast, m_axis_tdata};

  // The pixels of a beat, the first in the low bits.
  genvar lane;
  generate
    for (lane = 0; lane < LANES; lane = lane + 1) begin : beat_pixels
      assign s_axis_tdata[8*lane+:8] = pixels[s_axis_tvalid ? pixel + lane : 0];
    end
  endgenerate

  @TOP@ core (@BUS@
      .clk(clk),
      .rst(rst),
      .time_steps(image_steps[@STEP_BITS@-1:0]),@MARGIN_PORT@
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tready(s_axis_tready),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tuser(s_axis_tuser),
      .m_axis_tdata(m_axis_tdata),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tready(m_axis_tready),
      .m_axis_tlast(m_axis_tlast),
      .frame_error(frame_error),
      .image_dropped(image_dropped),
      .skip_image(1'b0)
  );

  always #5 clk = !clk;

  // A new gap on the input only when no pixel waits: valid never goes back.
  always @(posedge clk) begin
    if (rst) begin
      pixel <= 0;
      image <= 0;
      column <= 0;
      sent <= 0;
      wrong <= 1'b0;
      beat <= 0;
      cycle <= 0;
      s_gap <= 1'b0;
      m_gap <= 1'b0;
    end else begin
      cycle <= cycle + 1;
      if (gaps) begin
        if (!s_axis_tvalid || s_axis_tready) s_gap <= ($random(seed) & 3) == 0;
        m_gap <= ($random(seed) & 3) != 0;
      end
      if (s_axis_tvalid && s_axis_tready) begin
        pixel  <= pixel + LANES;
        sent   <= sent + 1;
        column <= at_end ? 0 : column + LANES;
        if (at_end) image <= image + 1;
        if (s_axis_tlast != at_end || (s_axis_tlast && s_axis_tuser)) wrong <= 1'b1;
      end
      if (m_axis_tvalid === 1'b1 && m_axis_tready) begin
        if (found !== expected[beat]) begin
          failures = failures + 1;
          $display("  cycle %0d, answer %0d, beat %0d: {tlast, tdata} is %h, expected %h", cycle, beat / BEATS, beat % BEATS,
                   found, expected[beat]);
        end else if (!gaps && cycle !== cycles[beat]) begin
          failures = failures + 1;
          $display("  answer %0d, beat %0d: in cycle %0d, expected %0d", beat / BEATS, beat % BEATS, cycle, cycles[beat]);
        end
        beat <= beat + 1;
      end
    end
  end

  task run;
    input with_gaps;
    begin
      gaps  = with_gaps;
      due   = answers[IMAGES-1] * BEATS;
      limit = cycles[due-1] * (with_gaps ? 16 : 1) + 10000;
      rst   = 1'b1;
      repeat (4) @(posedge clk);
      #1 rst = 1'b0;
      while (beat < due && cycle < limit && failures < 10) @(posedge clk) #1;
      if (beat < due) begin
        failures = failures + 1;
        $display("  %0d of %0d result beats after %0d cycles", beat, due, cycle);
      end
      if (frame_error !== wrong) begin
        failures = failures + 1;
        $display("  frame_error is %b", frame_error);
      end
      total = total + cycle;
    end
  endtask

  initial begin
    $readmemh(`SPINFIRE_VECTORS("pixels.hex"), pixels);
    $readmemh(`SPINFIRE_VECTORS("steps.hex"), steps);
    $readmemh(`SPINFIRE_VECTORS("marks.hex"), marks);
    $readmemh(`SPINFIRE_VECTORS("answers.hex"), answers);
    $readmemh(`SPINFIRE_VECTORS("expected.hex"), expected);
    $readmemh(`SPINFIRE_VECTORS("cycles.hex"), cycles);
    clk = 1'b0;
    failures = 0;
    total = 0;
    seed = 1;
    beat = 0;
    cycle = 0;
    image = 0;
    column = 0;
    sent = 0;
    wrong = 1'b0;
    pixel = 0;
    s_gap = 1'b0;
    m_gap = 1'b0;
    // Of what was not read nothing is known: then nothing would be wrong, either.
    vectors = ^pixels[ALL_IMAGES*PIXELS-1] !== 1'bx && ^steps[ALL_IMAGES-1] !== 1'bx;
    vectors = vectors && ^marks[ALL_IMAGES*PIXELS/LANES-1] !== 1'bx && answers[ALL_IMAGES-1] === ALL_ANSWERS;
    vectors = vectors && ^expected[ALL_ANSWERS*BEATS-1] !== 1'bx && ^cycles[ALL_ANSWERS*BEATS-1] !== 1'bx;
    if (vectors) begin
      run(1'b0);
      run(1'b1);
    end
    if (!vectors)
      $display("FAIL @TOP@ in Icarus Verilog: testbench/vectors is not there or not whole; define SPINFIRE_MEMORIES as the core's folder");
    else if (failures == 0)
      $display("PASS @TOP@ in Icarus Verilog: %0d images, with and without gaps, %0d cycles", IMAGES, total);
    else $display("FAIL @TOP@ in Icarus Verilog: %0d images, %0d wrong", IMAGES, failures);
    $finish;
  end
endmodule
`default_nettype wire
