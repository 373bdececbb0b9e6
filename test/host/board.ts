/** A board in memory: the endpoint in software behind a line that can be made bad. */
import type { Connect, Transport } from '../../src/host/index.ts';
import { Endpoint, type EndpointCore } from '../../src/link/index.ts';

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
