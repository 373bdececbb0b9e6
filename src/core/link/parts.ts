/** Links between the parts of the endpoint, and its numbers. */
import { bool, input, link, output, uint } from '../../hdl/index.ts';

/** What the endpoint must know of its core. */
export interface LinkCore {
  /** Name of the core's module. */
  readonly name: string;
  readonly coreHash: number;
  readonly clockHz: number;
  readonly clocksPerBit: number;
  readonly pixels: number;
  readonly classes: number;
  readonly timeSteps: { readonly usual: number; readonly max: number };
  /** Width of `exit_margin` on a core with early exit. */
  readonly exitMarginBits: number | undefined;
  readonly credits: number;
  /** Clocks after which every stream has passed over an image. */
  readonly skipClocks: number;
  /** Address bits of the core's own register bus, where it has one. */
  readonly busBits: number | undefined;
}

/** A frame, byte by byte, as the reader finds it. */
export const frameLink = link('frame', {
  byte: output(uint(8)),
  byteValid: output(bool(), 'one clock: a byte of the frame, without escapes'),
  end: output(bool(), 'one clock: the frame is over; what follows is about it'),
  lineFault: output(bool(), 'a byte in it was broken'),
  timeout: output(bool(), 'it stopped in the middle'),
  crcGood: output(bool()),
});

/** A request on its way to the responder. */
export const requestLink = (addressBits: number) =>
  link('request', {
    valid: output(bool()),
    done: input(bool(), 'one clock: it is answered'),
    sequence: output(uint(8)),
    command: output(uint(8)),
    status: output(uint(4)),
    numbered: output(bool(), 'its image has taken a number'),
    address: output(uint(addressBits)),
    value: output(uint(32)),
  });

/** The bus of the registers, as the one sees it that asks: Wishbone B4 classic with one signal for cycle and strobe. */
export const registerBus = (addressBits: number) =>
  link('register bus', {
    access: output(bool()),
    write: output(bool()),
    address: output(uint(addressBits)),
    writeData: output(uint(32)),
    readData: input(uint(32)),
    ack: input(bool()),
  });

/** Registers of the link stand at 16 to 31. */
export const linkAddressBits = ({ busBits }: LinkCore) => Math.max(5, busBits ?? 0);
