import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkFiles } from '../../scripts/link/files.ts';
import {
  alarms,
  boardNameLetters,
  boardNameOf,
  boardWords,
  type CommandName,
  commands,
  Endpoint,
  encodeRequest,
  frameOf,
  framing,
  gapBits,
  linkRegisters,
  type Received,
  ResponseDecoder,
} from '../../src/link/index.ts';

const core = {
  hash: 0x12345678,
  clockHz: 20_250_000,
  board: 'hx8k',
  pixels: 16,
  classes: 2,
  timeSteps: 8,
  maxTimeSteps: 64,
  credits: 2,
  exitMargin: 0,
  takesBlocks: true,
  classify: (pixels: Uint8Array, image: number, timeSteps: number) => [
    pixels.reduce((sum, pixel) => sum + pixel, 0) * timeSteps,
    -image,
    1,
  ],
};

function bench() {
  const decoder = new ResponseDecoder();
  const received: Received[] = [];
  const endpoint = new Endpoint(core, (bytes) => received.push(...decoder.feed(bytes)));
  const send = (bytes: Iterable<number>) => {
    for (const byte of bytes) endpoint.receive(byte);
  };
  const ask = (command: CommandName, payload: number[], sequence = 1) => {
    received.length = 0;
    send(encodeRequest({ sequence, command, payload: Uint8Array.from(payload) }));
    return received;
  };
  return { endpoint, received, send, ask };
}

const image = Array.from({ length: 16 }, (_, i) => (i * 37 + 120) & 0xff);
const payloads: Readonly<Record<'read' | 'write' | 'block' | 'classify', number[]>> = {
  read: [linkRegisters.PIXELS.address, 0, 2, 0, 0, 0],
  write: [linkRegisters.TIME_STEPS.address, 0, 5, 0, 0, 0],
  block: [0, 0x80, ...Array.from({ length: 12 }, (_, i) => 0x7c + i)],
  classify: image,
};

describe('the link', () => {
  it('has its check value', () => {
    // CRC-16/X-25 of '123456789' is 906e (catalogue of parametrised CRC algorithms).
    const frame = frameOf(new TextEncoder().encode('123456789'));
    expect([...frame.slice(-3)]).toEqual([0x6e, 0x90, framing.flag]);
  });

  it('reads and writes registers, classifies, numbers the images', () => {
    const { ask, endpoint, received } = bench();
    expect(ask('read', payloads.read)).toMatchObject([{ response: { status: 'ok', words: Uint32Array.of(16, 2) } }]);
    expect(ask('write', payloads.write)).toMatchObject([{ response: { status: 'ok', command: 'write' } }]);
    expect(ask('classify', image, 9)).toMatchObject([
      { response: { sequence: 9, words: Uint32Array.of(0), pending: 1 } },
    ]);
    received.length = 0;
    endpoint.answer();
    const sum = image.reduce((a, b) => a + b, 0);
    expect(received).toMatchObject([
      { response: { command: 'answer', words: Uint32Array.of(0, sum * 5, 0, 1), pending: 0 } },
    ]);
    ask('write', [linkRegisters.IMAGE.address, 0, 0x2a, 0, 0, 0]);
    expect(ask('classify', image)).toMatchObject([{ response: { words: Uint32Array.of(42) } }]);
  });

  it('says the name of its board, letter by letter', () => {
    const { address, words } = linkRegisters.BOARD;
    const [answer] = bench().ask('read', [address, 0, words, 0, 0, 0]);
    // 'hx8k', the first letter lowest.
    expect(answer).toMatchObject({ response: { words: Uint32Array.of(0x6b387868, 0, 0, 0) } });
    const names = fc.stringMatching(/^[!-~]*$/).filter(({ length }) => length <= boardNameLetters);
    fc.assert(fc.property(names, (name) => boardNameOf(boardWords(name)) === name));
    expect(boardNameOf(boardWords('sixteen-letters!'))).toBe('sixteen-letters!');
  });

  it.each([
    ['crc', (frame: number[]) => frame.with(9, frame[9]! ^ 4)],
    ['crc', (frame: number[]) => frame.toSpliced(12, 1)],
    ['crc', (frame: number[]) => frame.toSpliced(12, 0, 55)],
    ['length', () => [...frameOf(Uint8Array.of(1, 7, commands.classify.code, 3, 0, 0, 1, 2, 3))]],
    ['length', () => [...frameOf(Uint8Array.of(1, 7, commands.read.code, 6, 0, 0, 1, 2))]],
    ['command', () => [...frameOf(Uint8Array.of(1, 7, 99, 0, 0, 0))]],
    ['version', () => [...frameOf(Uint8Array.of(2, 7, commands.read.code, 6, 0, 0, 16, 0, 1, 0, 0, 0))]],
  ])('answers %s to a frame that is so, and is well with the next', (status, damage) => {
    const { send, ask, received } = bench();
    const frame = [...encodeRequest({ sequence: 7, command: 'classify', payload: Uint8Array.from(image) })];
    send(damage(frame));
    expect(received).toMatchObject([{ response: { status } }]);
    expect(received).toMatchObject([{ response: { alarms: expect.any(Number) } }]);
    expect(ask('read', payloads.read)).toMatchObject([{ response: { status: 'ok' } }]);
  });

  it('ends a frame that stops, and blames a broken line', () => {
    const { endpoint, send, received, ask } = bench();
    const frame = encodeRequest({ sequence: 7, command: 'classify', payload: Uint8Array.from(image) });
    send(frame.slice(0, 12));
    endpoint.idle(gapBits);
    expect(received).toMatchObject([{ response: { status: 'timeout' } }]);
    received.length = 0;
    send(frame.slice(0, 12));
    endpoint.receive('break');
    send(frame.slice(12));
    expect(received).toMatchObject([{ response: { status: 'line' } }]);
    expect(ask('read', [linkRegisters.DROPPED.address, 0, 2, 0, 0, 0])).toMatchObject([
      { response: { words: Uint32Array.of(2, 1), alarms: expect.any(Number) } },
    ]);
    const all = 2 ** Object.keys(alarms).length - 1 - 2 ** alarms.overrun.bit - 2 ** alarms.monitor.bit;
    expect(ask('read', [linkRegisters.ALARMS.address, 0, 1, 0, 0, 0])).toMatchObject([
      { response: { words: Uint32Array.of(all) } },
    ]);
  });

  it('never carries out a damaged request in silence, and always the next one (fuzz)', () => {
    const fault = fc.record({
      kind: fc.constantFrom('flip', 'drop', 'double', 'insert', 'break', 'cut'),
      at: fc.nat(),
      value: fc.integer({ min: 1, max: 255 }),
    });
    const command = fc.constantFrom('read' as const, 'write' as const, 'block' as const, 'classify' as const);
    fc.assert(
      fc.property(command, fc.array(fault, { minLength: 1, maxLength: 3 }), (name, faults) => {
        const { endpoint, received, ask } = bench();
        const good = [...encodeRequest({ sequence: 5, command: name, payload: Uint8Array.from(payloads[name]) })];
        let line: (number | 'break')[] = good;
        for (const { kind, at, value } of faults) {
          const i = at % line.length;
          const byte = line[i]!;
          if (kind === 'flip' && byte !== 'break') line = line.with(i, byte ^ value);
          else if (kind === 'drop') line = line.toSpliced(i, 1);
          else if (kind === 'double') line = line.toSpliced(i, 0, byte);
          else if (kind === 'insert') line = line.toSpliced(i, 0, value);
          else if (kind === 'break') line = line.toSpliced(i, 0, 'break' as const);
          else line = line.slice(0, i);
          if (line.length === 0) break;
        }
        const same = line.join() === good.join();
        for (const event of line) endpoint.receive(event);
        endpoint.idle(gapBits);
        const done = received.filter((entry) => entry.kind === 'response' && entry.response.status === 'ok');
        // Only what adds empty frames, or noise in frames of its own, leaves the request whole: then it is carried out once.
        const whole = line.join().includes(good.join().slice(4, -4));
        if (!whole && !same) expect(done).toEqual([]);
        const opened = line.some((event) => event !== framing.flag);
        if (opened) expect(received.length).toBeGreaterThan(0);
        expect(ask('read', payloads.read)).toMatchObject([{ response: { status: 'ok' } }]);
      }),
      { numRuns: 2000, seed: 20260728 },
    );
  });

  it('throws nothing at any bytes from the core, and finds a frame behind them (fuzz)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
        const decoder = new ResponseDecoder();
        decoder.feed(noise);
        const frame = frameOf(Uint8Array.of(0x81, 3, 1, 0, 4, 0, 0, 0, 1, 2, 3, 4));
        const last = decoder.feed(frame).at(-1);
        expect(last).toMatchObject({ kind: 'response', response: { words: Uint32Array.of(0x04030201) } });
      }),
      { numRuns: 1000, seed: 20260728 },
    );
  });

  it('has its constants and its page made from the tables', () => {
    for (const { path, text } of linkFiles()) expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
