/** Talks to a core on a board, or on the virtual one, over a serial port. */
export type { Answer, ClassifyOptions } from './answer.ts';
export { BoardClient, type Counters } from './client.ts';
export type { ClientOptions, Identity } from './connection.ts';
export { LinkError, type LinkErrorCode } from './errors.ts';
export type { CoreMemories, MemoryWords } from './memories.ts';
export { type Connect, type SerialOptions, serialPort, type Transport, usualBaud } from './transport.ts';
