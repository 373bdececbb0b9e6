"""The link's numbers, version 1. Made by scripts/write-link.ts from src/link; not to be changed by hand."""

from typing import Final

# frames
PROTOCOL_VERSION: Final = 1
FLAG: Final = 0x7e
ESCAPE: Final = 0x7d
ESCAPE_XOR: Final = 0x20
CRC_POLYNOMIAL: Final = 0x8408
CRC_INITIAL: Final = 0xffff
CRC_XOR_OUT: Final = 0xffff
CRC_RESIDUE: Final = 0xf0b8
GAP_BITS: Final = 4096

# commands
COMMAND_READ: Final = 1
COMMAND_WRITE: Final = 2
COMMAND_CLASSIFY: Final = 3
COMMAND_ANSWER: Final = 4
COMMAND_BLOCK: Final = 5
BLOCK_WORDS: Final = 64

# status of a response
STATUS_OK: Final = 0
STATUS_LINE: Final = 1
STATUS_TIMEOUT: Final = 2
STATUS_CRC: Final = 3
STATUS_OVERRUN: Final = 4
STATUS_VERSION: Final = 5
STATUS_COMMAND: Final = 6
STATUS_LENGTH: Final = 7
STATUS_BUSY: Final = 8

# word addresses of the registers of the link
REGISTER_LINK_ID: Final = 16
REGISTER_CORE_HASH: Final = 17
REGISTER_CLOCK_HZ: Final = 18
REGISTER_PIXELS: Final = 19
REGISTER_CLASSES: Final = 20
REGISTER_MAX_TIME_STEPS: Final = 21
REGISTER_CREDITS: Final = 22
REGISTER_TIME_STEPS: Final = 23
REGISTER_EXIT_MARGIN: Final = 24
REGISTER_IMAGE: Final = 25
REGISTER_ANSWER: Final = 31
REGISTER_SEEKING: Final = 26
REGISTER_ALARMS: Final = 27
REGISTER_DROPPED: Final = 28
REGISTER_LINE_ERRORS: Final = 29
REGISTER_BAD_FRAMES: Final = 30
REGISTER_BOARD: Final = 48
BOARD_WORDS: Final = 4
LINK_ID_VALUE: Final = 0x53504c02

# word addresses of the registers of a core whose memories can be loaded
REGISTER_WRONG_MEMORIES: Final = 41
REGISTER_LOAD: Final = 42
REGISTER_MEMORY: Final = 43
REGISTER_EXPECTED: Final = 44
REGISTER_MEMORY_PAGE: Final = 45
REGISTER_MEMORY_WORDS: Final = 32768
MEMORY_PAGE_WORDS: Final = 32768

# bits of the register LOAD
LOAD_LOADING: Final = 0x1
LOAD_CLOSED: Final = 0x2

# bits of the register ALARMS
ALARM_LINE: Final = 0x1
ALARM_FRAME: Final = 0x2
ALARM_OVERRUN: Final = 0x4
ALARM_DROPPED: Final = 0x8
ALARM_RESTARTED: Final = 0x10
ALARM_MONITOR: Final = 0x20

STATUS_NAMES: Final[dict[int, str]] = {
    0: "ok",
    1: "line",
    2: "timeout",
    3: "crc",
    4: "overrun",
    5: "version",
    6: "command",
    7: "length",
    8: "busy",
}

STATUS_TEXTS: Final[dict[int, str]] = {
    0: "done",
    1: "the line broke inside the frame: a stop bit was missing (noise, a break, a wrong baud rate); send the request again, an image only under its number: write that to IMAGE first; look at cable and baud rate where it comes often",
    2: "the frame stopped in the middle; send the request again, an image only under its number: write that to IMAGE first",
    3: "the checksum is wrong: bytes were changed, lost or added; send the request again, an image only under its number: write that to IMAGE first",
    4: "pixels or requests came faster than the core could take them; with sequence 0 and command 0 it is about all requests whose first bytes had no place; keep at most CREDITS images without an answer, wait for the response to any other request, or lower the baud rate; write the number of the oldest image without an answer to IMAGE and go on from there, since nobody knows which images have numbers",
    5: "the host speaks another version of the protocol; use the host program of the version that made the bitstream",
    6: "no such command; use a command of the table",
    7: "the payload is longer or shorter than the header says, or than the command wants; the register PIXELS tells how many bytes an image has",
    8: "the core is on the way to the image number that was written to IMAGE, or its memories are loaded or checked; wait until SEEKING is 0; a core whose memories are only half loaded never gets there: load them again",
}

ALARM_TEXTS: Final[dict[int, str]] = {
    1: "a byte had no stop bit, or the line was held low",
    2: "a request was damaged, or made no sense",
    4: "pixels or requests came faster than the core could take them",
    8: "an image was dropped",
    16: "the board has started: power, reset button, or a new bitstream",
    32: "the core has seen something abnormal: its register STATUS tells what, and is cleared first",
}
