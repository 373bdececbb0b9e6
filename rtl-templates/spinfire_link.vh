// Spinfire's link, version 1: to be included in a module. Made by scripts/write-link.ts from src/link; not to be changed by hand.

// frames
localparam [7:0] SPINFIRE_PROTOCOL_VERSION = 8'd1;
localparam [7:0] SPINFIRE_FLAG = 8'h7e;
localparam [7:0] SPINFIRE_ESCAPE = 8'h7d;
localparam [7:0] SPINFIRE_ESCAPE_XOR = 8'h20;
localparam [15:0] SPINFIRE_CRC_POLYNOMIAL = 16'h8408;
localparam [15:0] SPINFIRE_CRC_INITIAL = 16'hffff;
localparam [15:0] SPINFIRE_CRC_XOR_OUT = 16'hffff;
localparam [15:0] SPINFIRE_CRC_RESIDUE = 16'hf0b8;
localparam [15:0] SPINFIRE_GAP_BITS = 16'd4096;

// commands
localparam [7:0] SPINFIRE_COMMAND_READ = 8'd1;
localparam [7:0] SPINFIRE_COMMAND_WRITE = 8'd2;
localparam [7:0] SPINFIRE_COMMAND_CLASSIFY = 8'd3;
localparam [7:0] SPINFIRE_COMMAND_ANSWER = 8'd4;
localparam [7:0] SPINFIRE_COMMAND_BLOCK = 8'd5;
localparam [7:0] SPINFIRE_BLOCK_WORDS = 8'd64;

// status of a response
localparam [7:0] SPINFIRE_STATUS_OK = 8'd0;
localparam [7:0] SPINFIRE_STATUS_LINE = 8'd1;
localparam [7:0] SPINFIRE_STATUS_TIMEOUT = 8'd2;
localparam [7:0] SPINFIRE_STATUS_CRC = 8'd3;
localparam [7:0] SPINFIRE_STATUS_OVERRUN = 8'd4;
localparam [7:0] SPINFIRE_STATUS_VERSION = 8'd5;
localparam [7:0] SPINFIRE_STATUS_COMMAND = 8'd6;
localparam [7:0] SPINFIRE_STATUS_LENGTH = 8'd7;
localparam [7:0] SPINFIRE_STATUS_BUSY = 8'd8;

// word addresses of the registers of the link
localparam [7:0] SPINFIRE_REGISTER_LINK_ID = 8'd16;
localparam [7:0] SPINFIRE_REGISTER_CORE_HASH = 8'd17;
localparam [7:0] SPINFIRE_REGISTER_CLOCK_HZ = 8'd18;
localparam [7:0] SPINFIRE_REGISTER_PIXELS = 8'd19;
localparam [7:0] SPINFIRE_REGISTER_CLASSES = 8'd20;
localparam [7:0] SPINFIRE_REGISTER_MAX_TIME_STEPS = 8'd21;
localparam [7:0] SPINFIRE_REGISTER_CREDITS = 8'd22;
localparam [7:0] SPINFIRE_REGISTER_TIME_STEPS = 8'd23;
localparam [7:0] SPINFIRE_REGISTER_EXIT_MARGIN = 8'd24;
localparam [7:0] SPINFIRE_REGISTER_IMAGE = 8'd25;
localparam [7:0] SPINFIRE_REGISTER_ANSWER = 8'd31;
localparam [7:0] SPINFIRE_REGISTER_SEEKING = 8'd26;
localparam [7:0] SPINFIRE_REGISTER_ALARMS = 8'd27;
localparam [7:0] SPINFIRE_REGISTER_DROPPED = 8'd28;
localparam [7:0] SPINFIRE_REGISTER_LINE_ERRORS = 8'd29;
localparam [7:0] SPINFIRE_REGISTER_BAD_FRAMES = 8'd30;
localparam [7:0] SPINFIRE_REGISTER_BOARD = 8'd48;
localparam [7:0] SPINFIRE_BOARD_WORDS = 8'd4;
localparam [31:0] SPINFIRE_LINK_ID_VALUE = 32'h53504c02;

// word addresses of the registers of a core whose memories can be loaded
localparam [7:0] SPINFIRE_REGISTER_WRONG_MEMORIES = 8'd41;
localparam [7:0] SPINFIRE_REGISTER_LOAD = 8'd42;
localparam [7:0] SPINFIRE_REGISTER_MEMORY = 8'd43;
localparam [7:0] SPINFIRE_REGISTER_EXPECTED = 8'd44;
localparam [7:0] SPINFIRE_REGISTER_MEMORY_PAGE = 8'd45;
localparam [15:0] SPINFIRE_REGISTER_MEMORY_WORDS = 16'd32768;
localparam [15:0] SPINFIRE_MEMORY_PAGE_WORDS = 16'd32768;

// bits of the register LOAD
localparam [7:0] SPINFIRE_LOAD_LOADING = 8'h1;
localparam [7:0] SPINFIRE_LOAD_CLOSED = 8'h2;

// bits of the register ALARMS
localparam [7:0] SPINFIRE_ALARM_LINE = 8'h1;
localparam [7:0] SPINFIRE_ALARM_FRAME = 8'h2;
localparam [7:0] SPINFIRE_ALARM_OVERRUN = 8'h4;
localparam [7:0] SPINFIRE_ALARM_DROPPED = 8'h8;
localparam [7:0] SPINFIRE_ALARM_RESTARTED = 8'h10;
localparam [7:0] SPINFIRE_ALARM_MONITOR = 8'h20;
