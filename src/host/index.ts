/** Talks to a core on a board, or on the virtual one, over a serial port. */
export {
  type Answer,
  BoardClient,
  type ClassifyOptions,
  type ClientOptions,
  type Counters,
  type Identity,
} from './client.ts';
export { LinkError, type LinkErrorCode } from './errors.ts';
export type { CoreMemories, MemoryWords } from './memories.ts';
export { type Connect, type SerialOptions, serialPort, type Transport, usualBaud } from './transport.ts';
