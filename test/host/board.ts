/** A board in memory: the endpoint in software behind a line that can be made bad. */
import type { Connect, MemoryWords, Transport } from '../../src/host/index.ts';
import {
  Endpoint,
  type EndpointCore,
  frameOf,
  loadBits,
  memoryPageWords,
  memoryRegisters,
  statuses,
} from '../../src/link/index.ts';

/** Marsaglia's xorshift32, so that a failure can be run again. */
export function generator(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export const fakeCore: EndpointCore = {
  hash: 0xcafe0123,
  clockHz: 20_250_000,
  board: 'orangecrab-25f',
  pixels: 16,
  classes: 3,
  timeSteps: 8,
  maxTimeSteps: 64,
  credits: 2,
  exitMargin: 0xffff,
  classify: (pixels, image, timeSteps, exitMargin) => {
    const sum = pixels.reduce((total, pixel, i) => total + pixel * (i + 1), 0);
    const scores = [sum * timeSteps, image * 7 - sum, exitMargin % 1000];
    return [...scores, scores.indexOf(Math.max(...scores))];
  },
};

export interface Faults {
  readonly seed: number;
  /** Chance for each byte, towards the core and back. */
  readonly perByte: number;
  /** Chance for each piece of bytes that the port goes away. */
  readonly disconnect?: number;
  /** Chance for each piece that the board starts anew. */
  readonly restart?: number;
}

export interface FakeBoard {
  readonly connect: Connect;
  /** How often each fault was injected. */
  readonly injected: Record<string, number>;
  /** From now on. */
  readonly arm: () => void;
}

export function fakeBoard(faults?: Faults, core: EndpointCore = fakeCore): FakeBoard {
  const random = generator(faults?.seed ?? 1);
  const injected: Record<string, number> = {};
  let deliver: (bytes: Uint8Array) => void = () => {};
  const start = () => new Endpoint(core, (bytes) => deliver(bytes));
  let endpoint = start();
  let armed = false;
  const happens = (name: string, chance = 0) => {
    if (!armed || chance === 0 || random() >= chance) return false;
    injected[name] = (injected[name] ?? 0) + 1;
    return true;
  };
  const spoil = (bytes: Uint8Array): (number | 'break')[] =>
    [...bytes].flatMap((byte) => {
      const chance = faults?.perByte;
      if (happens('lost', chance)) return [];
      if (happens('flipped', chance)) return [byte ^ (1 << Math.floor(random() * 8))];
      if (happens('doubled', chance)) return [byte, byte];
      if (happens('noise', chance)) return [byte, Math.floor(random() * 256)];
      if (happens('break', chance)) return ['break' as const, byte];
      return [byte];
    });
  const connect: Connect = async () => {
    let closed = false;
    let onData: (bytes: Uint8Array) => void = () => {};
    let onClose = () => {};
    deliver = (bytes) => {
      const clean = spoil(bytes).filter((event): event is number => event !== 'break');
      setImmediate(() => {
        if (!closed) onData(Uint8Array.from(clean));
      });
    };
    const transport: Transport = {
      write: async (bytes) => {
        if (closed) throw new Error('write after close');
        if (happens('restarts', faults?.restart)) endpoint = start();
        const cut = happens('disconnects', faults?.disconnect);
        for (const event of spoil(cut ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes))
          endpoint.receive(event);
        if (cut) {
          closed = true;
          onClose();
          return;
        }
        while (endpoint.answer());
      },
      onData: (listener) => {
        onData = listener;
      },
      onClose: (listener) => {
        onClose = listener;
      },
      close: async () => {
        closed = true;
      },
    };
    return transport;
  };
  return {
    connect,
    injected,
    arm: () => {
      armed = true;
    },
  };
}

/** An overrun that is about requests of long ago. */
export const late = frameOf(Uint8Array.of(0x81, 0, 0, statuses.overrun.code, 0, 0, 0, 0));

/** What another program hears that sends nonsense at the same moment: neither of the sequences of `request` nor of those about it. */
export function stranger(request: Uint8Array): Uint8Array {
  return frameOf(Uint8Array.of(0x81, (request[2]! + 100) & 0xff, 9, statuses.command.code, 0, 0, 0, 0));
}

/** The same line, on which `before` may put in a response of its own in front of whatever the host writes. */
export function overheard(
  connect: Connect,
  before: (bytes: Uint8Array, respond: (bytes: Uint8Array) => void) => void,
): Connect {
  return async () => {
    const transport = await connect();
    let listener: (bytes: Uint8Array) => void = () => {};
    return {
      ...transport,
      onData: (each) => {
        listener = each;
        transport.onData(each);
      },
      write: async (bytes) => {
        before(bytes, listener);
        await transport.write(bytes);
      },
    };
  };
}

/** Many words, wide ones, and words of more parts than a block takes. */
export const largeMemories: readonly MemoryWords[] = [
  { rows: 3, parts: 1, stride: 1 },
  { rows: 8250, parts: 3, stride: 4 },
  { rows: 130, parts: 130, stride: 256 },
].map(({ rows, parts, stride }, index) => {
  const random = generator(index + 1);
  const words = Array.from({ length: rows }, () => Array.from({ length: parts }, () => Math.floor(random() * 2 ** 32)));
  return { ...{ name: `m${index}`, index, words, stride, checksum: index } };
});

/** A core that keeps what is written to its memories as docs/microarchitecture.md has it, and what it then holds. */
export function memoryCore() {
  const held = new Map<number, number>();
  const { LOAD, MEMORY, MEMORY_PAGE, MEMORY_WORDS } = memoryRegisters;
  let [loading, memory, page] = [0, 0, 0];
  const at = (address: number) => memory * 2 ** 24 + page * memoryPageWords + address - MEMORY_WORDS;
  const core: EndpointCore = {
    ...fakeCore,
    takesBlocks: true,
    read: (address) => {
      if (address === LOAD) return loading;
      return address >= MEMORY_WORDS && loading ? (held.get(at(address)) ?? 0) : 0;
    },
    write: (address, value) => {
      if (address === LOAD) loading = value & loadBits.loading;
      if (address === MEMORY) [memory, page] = [value, 0];
      if (address === MEMORY_PAGE) page = value;
      if (address >= MEMORY_WORDS && loading) held.set(at(address), value);
    },
  };
  const words = ({ index, stride, words: all }: MemoryWords) =>
    all.map((parts, row) => parts.map((_, part) => held.get(index * 2 ** 24 + row * stride + part)));
  return { core, words };
}
