import { describe, expect, it } from 'vitest';
import { BoardClient, type Connect, LinkError, type Transport } from '../../src/host/index.ts';
import { loadMemories, readMemoryWords } from '../../src/host/memories.ts';
import { commands, frameOf } from '../../src/link/index.ts';
import { fakeBoard, fakeCore, generator, largeMemories, late, memoryCore, overheard, stranger } from './board.ts';

function images(count: number): Uint8Array[] {
  const random = generator(7);
  return Array.from({ length: count }, () => Uint8Array.from({ length: 16 }, () => random() * 256));
}

const expected = (all: Uint8Array[], first: number, timeSteps: number) =>
  all.map((pixels, i) => [...fakeCore.classify(pixels, first + i, timeSteps, 0xffff)]);

describe('the client', () => {
  it('asks who is there, classifies, and reads the counters', async () => {
    const client = await BoardClient.open(fakeBoard().connect, { timeoutMs: 200 });
    expect(client.identity).toMatchObject({ coreHash: 0xcafe0123, pixels: 16, classes: 3, credits: 2 });
    const all = images(5);
    const answers = [];
    for await (const { scores, class: best } of client.classify(all, { firstImage: 100, timeSteps: 4 }))
      answers.push([...scores, best]);
    expect(answers).toEqual(expected(all, 100, 4));
    expect(await client.counters()).toEqual({ image: 105, dropped: 0, lineErrors: 0, badFrames: 0, alarms: [] });
    const sure = await client.classifyOne(all[0]!, { abstainBelow: 1e9 });
    expect(sure.abstains).toBe(true);
    await client.close();
  });

  it.each([
    ['a bad line', { seed: 11, perByte: 0.0004 }],
    ['a port that goes away', { seed: 12, perByte: 0, disconnect: 0.05 }],
    ['a board that starts anew', { seed: 13, perByte: 0, restart: 0.05 }],
    ['all of it', { seed: 14, perByte: 0.0002, disconnect: 0.01, restart: 0.01 }],
  ])('gets every answer right over %s', async (_, faults) => {
    const { connect, injected, arm } = fakeBoard(faults);
    const client = await BoardClient.open(connect, { timeoutMs: 60, retries: 12 });
    arm();
    const all = images(150);
    const answers = [];
    for await (const { scores, class: best } of client.classify(all, { firstImage: 3, timeSteps: 5 }))
      answers.push([...scores, best]);
    expect(answers).toEqual(expected(all, 3, 5));
    expect(Object.values(injected).reduce((a, b) => a + b, 0)).toBeGreaterThan(5);
    expect(client.recoveries).toBeGreaterThan(0);
    await client.close();
  });

  const dead: Transport = {
    write: async () => {},
    onData: () => {},
    onClose: () => {},
    close: async () => {},
  };

  it('says so when nothing answers, when another core does, and when an image has another size', async () => {
    const silent = BoardClient.open(async () => dead, { timeoutMs: 20, retries: 2 });
    await expect(silent).rejects.toMatchObject({ code: 'silent', message: expect.stringContaining('no byte at all') });
    const other = BoardClient.open(fakeBoard().connect, { coreHash: 1 });
    await expect(other).rejects.toThrow(/another core is on the board[\s\S]*cafe0123[\s\S]*00000001/);
    const elsewhere = BoardClient.open(fakeBoard().connect, { board: 'hx8k' });
    await expect(elsewhere).rejects.toMatchObject({
      code: 'wrong-device',
      message: expect.stringMatching(/another board answers[\s\S]*orangecrab-25f[\s\S]*hx8k/),
    });
    const client = await BoardClient.open(fakeBoard().connect, { board: 'orangecrab-25f' });
    expect(client.identity).toMatchObject({ board: 'orangecrab-25f', clockHz: 20_250_000 });
    await expect(client.classifyOne(new Uint8Array(15))).rejects.toThrow(/another size[\s\S]*15 pixels[\s\S]*16/);
    await expect(client.classifyOne(new Uint8Array(16))).resolves.toMatchObject({ image: 0 });
    await client.close();
    await expect(client.read(16)).rejects.toBeInstanceOf(LinkError);
  });

  it('writes a block whole, over a bad line too, and is told where a core takes none', async () => {
    const words = new Map<number, number>();
    const core = { ...fakeCore, takesBlocks: true, write: (at: number, value: number) => words.set(at, value) };
    const { connect, arm, injected } = fakeBoard({ seed: 9, perByte: 0.0004 }, core);
    const client = await BoardClient.open(connect, { timeoutMs: 40, retries: 20 });
    arm();
    const random = generator(3);
    const values = Array.from({ length: 640 }, () => Math.floor(random() * 2 ** 32));
    for (let at = 0; at < values.length; at += 64) await client.writeBlock(0x8000 + at, values.slice(at, at + 64));
    expect([...words.entries()].toSorted(([a], [b]) => a - b)).toEqual(values.map((value, i) => [0x8000 + i, value]));
    expect(injected.flipped).toBeGreaterThan(0);
    await client.close();
    const plain = await BoardClient.open(fakeBoard().connect);
    await expect(plain.writeBlock(0x8000, [1])).rejects.toMatchObject({ code: 'refused' });
    await plain.close();
  });

  it('sends no image twice under two numbers when an overrun is told late, about requests of long ago', async () => {
    let [sent, told] = [0, 0];
    const connectLate = overheard(fakeBoard().connect, (bytes, respond) => {
      if (bytes[3] !== commands.classify.code) return;
      sent += 1;
      if (sent % 3 !== 0) return;
      told += 1;
      respond(late);
    });
    const client = await BoardClient.open(connectLate, { timeoutMs: 60, retries: 12 });
    const all = images(20);
    const answers = [];
    for await (const { image, scores, class: best } of client.classify(all, { firstImage: 3, timeSteps: 5 }))
      answers.push([image, ...scores, best]);
    expect(answers).toEqual(expected(all, 3, 5).map((each, i) => [3 + i, ...each]));
    expect(told).toBeGreaterThan(3);
    await client.close();
  });

  it('waits for a quiet line before it sends again: a heap of late errors is no bad line', async () => {
    let heap = 0;
    const burst = overheard(fakeBoard().connect, (_, respond) => {
      for (; heap > 0; heap -= 1) respond(late);
    });
    const client = await BoardClient.open(burst, { timeoutMs: 60 });
    heap = 20;
    expect(await client.counters()).toMatchObject({ image: 0 });
    expect(client.recoveries).toBe(1);
    await client.close();
  });

  it('is refused nothing that others have asked, and says so where it hears nothing else', async () => {
    const heard = overheard(fakeBoard().connect, (bytes, respond) => respond(stranger(bytes)));
    const client = await BoardClient.open(heard, { timeoutMs: 60 });
    expect(await client.counters()).toMatchObject({ image: 0 });
    expect(client.recoveries).toBe(0);
    const all = images(2);
    await expect(client.classifyOne(all[0]!)).rejects.toMatchObject({
      code: 'unreliable',
      message: expect.stringContaining('another program'),
    });
    await client.close();
    const alone = BoardClient.open(
      overheard(
        async () => dead,
        (bytes, respond) => respond(stranger(bytes)),
      ),
      { timeoutMs: 20, retries: 2 },
    );
    await expect(alone).rejects.toMatchObject({
      code: 'unreliable',
      message: expect.stringContaining('another program'),
    });
  });

  it('puts words of any width and number where the core looks for them', async () => {
    const { core, words } = memoryCore();
    const client = await BoardClient.open(fakeBoard(undefined, core).connect);
    await loadMemories(client, { coreHash: core.hash, memories: largeMemories }, { tries: 1, timeoutMs: 100 });
    for (const memory of largeMemories) expect(words(memory)).toEqual(memory.words);
    for (const memory of largeMemories) expect(await readMemoryWords(client, memory, 100)).toEqual(memory.words);
    await client.close();
  });

  it.each([
    ['reads fewer registers than were asked for', 0x81, 'another number of registers'],
    ['speaks another version of the protocol', 0x82, 'another version of the protocol'],
  ])('says so when the core %s', async (_, version, text) => {
    const short: Connect = async () => {
      let listener: (bytes: Uint8Array) => void = () => {};
      return {
        ...dead,
        onData: (each) => {
          listener = each;
        },
        write: async (bytes) => {
          if (bytes.length > 4) listener(frameOf(Uint8Array.of(version, bytes[2]!, commands.read.code, 0, 0, 0, 0, 0)));
        },
      };
    };
    const opened = BoardClient.open(short, { timeoutMs: 20, retries: 2 });
    await expect(opened).rejects.toMatchObject({ code: 'wrong-device', message: expect.stringContaining(text) });
  });

  it('gives up on a line that lets nothing through', async () => {
    const { connect, arm } = fakeBoard({ seed: 5, perByte: 0.2 });
    const client = await BoardClient.open(connect, { timeoutMs: 20, retries: 8 });
    arm();
    await expect(client.counters()).rejects.toMatchObject({ code: 'unreliable' });
  });
});
