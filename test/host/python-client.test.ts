/** The Python client at a core in software, over a socket in place of a serial port: what the TypeScript client is tried with, too. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import type { Connect } from '../../src/host/index.ts';
import { commands, frameOf, linkRegisters } from '../../src/link/index.ts';
import { temporaryFolder } from '../sim/temporary.ts';
import { fakeBoard, fakeCore, largeMemories, late, memoryCore, overheard, stranger } from './board.ts';

const missing = spawnSync('python3', ['-c', 'import serial, numpy']).status !== 0;
const tried = (name: string, body: () => Promise<void>) =>
  it(name, { timeout: 60_000 }, async (context) => {
    if (missing) return context.skip('python3 has no pyserial or numpy');
    await body();
  });
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the program prints, a line each; `board` is open in it. */
async function python(connect: Connect, program: string): Promise<string[]> {
  const server = createServer(async (socket) => {
    const transport = await connect();
    transport.onData((bytes) => void socket.write(bytes));
    transport.onClose(() => void socket.end());
    let rest: number[] = [];
    // A frame at a time, as a host writes them.
    socket.on('data', (data) => {
      for (const byte of data) {
        rest.push(byte);
        if (byte !== 0x7e || rest.length === 1) continue;
        void transport.write(Uint8Array.from(rest));
        rest = [];
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const script = `
import numpy
from spinfire_host import Board, Refused, Unreliable, WrongDevice
images = [numpy.full(16, i, dtype=numpy.uint8) for i in range(20)]
with Board("socket://127.0.0.1:${address.port}", timeout=0.2, retries=12) as board:
${program.replace(/^/gm, '    ')}
`;
  const env = { ...process.env, PYTHONPATH: join(root, 'src', 'host', 'python') };
  const { stdout } = await execa('python3', ['-c', script], { cwd: root, env, timeout: 60_000 });
  return stdout.trim().split('\n');
}

const images = Array.from({ length: 20 }, (_, i) => new Uint8Array(16).fill(i));
const answers = images.map((pixels, i) =>
  [3 + i, ...fakeCore.classify(pixels, 3 + i, 5, 0xffff).slice(0, -1)].join(' '),
);

tried('sends no image twice under two numbers when an overrun is told late', async () => {
  let [sent, told] = [0, 0];
  const connect = overheard(fakeBoard().connect, (bytes, respond) => {
    if (bytes[3] !== commands.classify.code) return;
    sent += 1;
    if (sent % 3 !== 0) return;
    told += 1;
    respond(late);
  });
  const lines = await python(
    connect,
    'for answer in board.classify(images, first_image=3, time_steps=5):\n    print(answer.image, *answer.scores)',
  );
  expect(lines).toEqual(answers);
  expect(told).toBeGreaterThan(3);
});

tried('says which board answers, and takes no other', async () => {
  const lines = await python(
    fakeBoard().connect,
    `print(board.identity.board, board.identity.clock_hz, board.identity.pixels)
try:
    Board(board._port_name, timeout=0.2, board="hx8k")
except WrongDevice as error:
    print(error)`,
  );
  expect(lines).toEqual([
    'orangecrab-25f 20250000 16',
    'board orangecrab-25f answers, or a bitstream for it, not hx8k',
  ]);
});

tried('waits for a quiet line before it sends again', async () => {
  let heap = 20;
  const connect = overheard(fakeBoard().connect, (bytes, respond) => {
    // The counters' request, whose first address is IMAGE.
    if (bytes[3] !== commands.read.code || bytes[7] !== linkRegisters.IMAGE.address) return;
    for (; heap > 0; heap -= 1) respond(late);
  });
  const lines = await python(connect, 'print(board.counters().image, board.recoveries)');
  expect(lines).toEqual(['0 1']);
});

tried('is refused nothing that others have asked, and says so', async () => {
  const connect = overheard(fakeBoard().connect, (bytes, respond) => {
    if (bytes.length > 4) respond(stranger(bytes));
  });
  const lines = await python(
    connect,
    `
print(board.counters().image, board.recoveries)
try:
    board.classify_one(images[0])
except Unreliable as problem:
    print("another program" in str(problem))
try:
    board.write_block(0x8000, [1])
except Refused as problem:
    print("refused")
`,
  );
  expect(lines).toEqual(['0 0', 'True', 'refused']);
});

tried('says so where the core speaks another version of the protocol', async () => {
  const program = `
from spinfire_host.frames import Decoder
decoder = Decoder()
print(decoder.feed(bytes.fromhex("${Buffer.from(frameOf(Uint8Array.of(0x82, 1, 1, 0, 0, 0, 0, 0))).toString('hex')}")), decoder.other_version)
board._decoder.other_version = True
board._send = lambda *request: None
try:
    board.read(16)
except WrongDevice as problem:
    print("another version" in str(problem))
`;
  expect(await python(fakeBoard().connect, program)).toEqual(['[None] True', 'True']);
});

tried('puts words of any width and number where the core looks for them', async () => {
  const { core, words } = memoryCore();
  const file = join(temporaryFolder(), 'weights.json');
  writeFileSync(file, JSON.stringify({ coreHash: core.hash, memories: largeMemories }));
  expect(await python(fakeBoard(undefined, core).connect, `print(board.load("${file}"))`)).toEqual(['None']);
  for (const memory of largeMemories) expect(words(memory)).toEqual(memory.words);
});
