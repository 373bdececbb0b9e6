/** Links between the parts of the endpoint, and its numbers. */
import { bool, input, link, output, uint, when } from '../../hdl/index.ts';
import { commands, linkRegisters } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';

/** What the endpoint must know of its core. */
export interface LinkCore {
  /** Name of the core's module. */
  readonly name: string;
  readonly coreHash: number;
  readonly clockHz: number;
  /** Name of the board, at most 16 letters. */
  readonly board: string;
  readonly clocksPerBit: number;
  readonly pixels: number;
  readonly classes: number;
  readonly timeSteps: { readonly usual: number; readonly max: number };
  /** Width of `exit_margin` on a core with early exit. */
  readonly exitMarginBits: number | undefined;
  readonly credits: number;
  /** Clocks after which every stream has passed over an image. */
  readonly skipClocks: number;
  /** Images that can be in the core at once. */
  readonly imagesInside: number;
  /** Whether the core watches over itself and has an alarm of its own. */
  readonly hasMonitors: boolean;
  /** Whether the host may load its memories, and it takes no image meanwhile. */
  readonly loads: boolean;
  /** Address bits of the core's own register bus, where it has one. */
  readonly busBits: number | undefined;
}

/** A frame, byte by byte, as the reader finds it. */
export const frameLink = link('frame', {
  byte: output(uint(8), 'of the frame'),
  byteValid: output(bool(), 'one clock: a byte of the frame, without escapes'),
  end: output(bool(), 'one clock: the frame is over; what follows is about it'),
  lineFault: output(bool(), 'a byte in it was broken'),
  timeout: output(bool(), 'it stopped in the middle'),
  crcGood: output(bool(), 'its check sum is right'),
});

/** Words of the longest block. */
export const blockWords = commands.block.words.most;

/** A request on its way to the responder. */
export const requestLink = (core: LinkCore) =>
  link('request', {
    valid: output(bool(), 'a request waits'),
    done: input(bool(), 'one clock: it is answered'),
    sequence: output(uint(8), 'number by which the host knows its answer'),
    command: output(uint(8), 'what the host asks for'),
    status: output(uint(4), 'why it is refused; 0: it is not'),
    numbered: output(bool(), 'its image has taken a number'),
    address: output(uint(linkAddressBits(core)), 'of a register'),
    value: output(uint(writeBits(core)), 'what to write'),
    blockWords: when(core.loads, output(uint(unsignedBits(blockWords)), 'words of a block')),
    blockIndex: when(core.loads, input(uint(unsignedBits(blockWords - 1)), 'the one that is wanted')),
    blockWord: when(core.loads, output(uint(32), 'which comes one clock later')),
  });

/** The bus of the registers, as the one sees it that asks: Wishbone B4 classic with one signal for cycle and strobe. */
export const registerBus = (addressBits: number) =>
  link('register bus', {
    access: output(bool(), 'cycle and strobe in one'),
    write: output(bool(), 'writes, does not read'),
    address: output(uint(addressBits), 'of a register'),
    writeData: output(uint(32), 'what to write'),
    readData: input(uint(32), 'what was read, with ack'),
    ack: input(bool(), 'the access is done'),
  });

/** The registers as the responder sees them: a byte after the other, because the line is no faster. */
export const byteBus = (core: LinkCore) =>
  link('byte bus', {
    access: output(bool(), 'cycle and strobe in one'),
    write: output(bool(), 'writes, does not read'),
    address: output(uint(linkAddressBits(core)), 'of a register'),
    writeData: output(uint(writeBits(core)), 'what to write'),
    ack: input(bool(), 'the access is done'),
    lane: output(uint(2), 'which byte of the register'),
    sending: output(bool(), 'the bytes of the register are being sent: it must not change between them'),
    readByte: input(uint(8), 'byte of the register that `lane` names'),
  });

/** Bits of a value that is written: those that the widest register keeps. */
const writeBits = ({ busBits, exitMarginBits }: LinkCore) =>
  busBits === undefined ? Math.max(linkRegisters.IMAGE.width, exitMarginBits ?? 0) : 32;

/** Images without an answer: those in the core, and one whose last pixel waits before it. */
export const pendingBits = ({ imagesInside }: LinkCore) => unsignedBits(imagesInside + 1);

/** Registers of the link stand at 16 to 31 and 48 to 63. */
export const ownAddressBits = 6;
export const linkAddressBits = ({ busBits }: LinkCore) => Math.max(ownAddressBits, busBits ?? 0);
