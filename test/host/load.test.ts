/** Weights of another network, loaded over the line into the core of a virtual board. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { coreMemories } from '../../src/app/index.ts';
import { coreHash } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { BoardClient, serialPort } from '../../src/host/index.ts';
import { loadMemories } from '../../src/host/memories.ts';
import { linkRegisters, memoryRegisters } from '../../src/link/index.ts';
import { type Plan, reloadedPlan } from '../../src/plan/index.ts';
import { loadablePlan, smallPlan } from '../sim/small-core.ts';
import { noise } from '../sim/temporary.ts';
import { startTestBoard } from '../sim/test-board.ts';

const [plan, other] = [loadablePlan(), loadablePlan(7)];
const reloaded = reloadedPlan(plan, other);
const weights = coreMemories(plan, other);
const [count, size, timeSteps] = [6, 36, 4];
const pixels = noise(count * size, 8);
const images = Array.from({ length: count }, (_, i) => pixels.subarray(i * size, (i + 1) * size));

const openClient = async (port: string) => {
  const options = { timeoutMs: 4000, retries: 20, coreHash: coreHash(plan) };
  const client = await BoardClient.open(serialPort({ path: port }), options);
  onTestFinished(() => client.close());
  return client;
};

async function scoresOf(client: BoardClient): Promise<number[][]> {
  const all: number[][] = [];
  for await (const { scores } of client.classify(images, { firstImage: 0, timeSteps })) all.push([...scores]);
  return all;
}

async function golden(of: Plan): Promise<number[][]> {
  const { scores } = await classifyImages(of, pixels, { timeSteps, workers: 1 });
  const { classes } = of.readout;
  return images.map((_, i) => [...scores.subarray(((i + 1) * timeSteps - 1) * classes, (i + 1) * timeSteps * classes)]);
}

it('a core gives the scores of the network whose weights were loaded, also after a reset', async () => {
  const client = await openClient((await startTestBoard(plan)).board.port);
  const own = await golden(plan);
  expect(await golden(reloaded)).not.toEqual(own);
  expect(await scoresOf(client)).toEqual(own);
  await client.load(weights);
  expect(await scoresOf(client)).toEqual(await golden(reloaded));
  for (const memory of weights.memories) expect(await client.readMemory(memory)).toEqual(memory.words);
  await client.seek(0);
  expect(await scoresOf(client)).toEqual(await golden(reloaded));
  await client.load(coreMemories(plan, plan));
  expect(await scoresOf(client)).toEqual(own);
}, 240_000);

it('a core with half of its weights takes no image, not after a reset either', async () => {
  const client = await openClient((await startTestBoard(plan)).board.port);
  const { LOAD, MEMORY, EXPECTED, MEMORY_WORDS, WRONG_MEMORIES } = memoryRegisters;
  const { index, words, checksum } = weights.memories[0]!;
  await client.write(LOAD, 1);
  await client.write(MEMORY, index);
  await client.write(EXPECTED, checksum);
  for (const [part, value] of words[0]!.entries()) await client.write(MEMORY_WORDS + part, value);
  await expect(client.classifyOne(images[0]!)).rejects.toMatchObject({ code: 'not-loaded' });
  // The reset that the client tried has taken the memories from the host.
  await expect(client.seek(0)).rejects.toMatchObject({ code: 'not-loaded' });
  expect((await client.read(WRONG_MEMORIES))[0]).toBe(1 << index);
  expect((await client.counters()).alarms).toContain('monitor');
  await client.load(weights);
  expect(await scoresOf(client)).toEqual(await golden(reloaded));
}, 240_000);

it('they arrive whole over a bad line', async () => {
  const { board } = await startTestBoard(plan, { seed: 5, perByte: 0.001 });
  const client = await openClient(board.port);
  await client.load(weights);
  expect(await scoresOf(client)).toEqual(await golden(reloaded));
  const { injected } = await board.stop();
  expect(client.recoveries).toBeGreaterThan(0);
  expect(injected.lost).toBeGreaterThan(0);
}, 240_000);

it('a core that is reset in the middle is loaded from the beginning again', async () => {
  const client = await openClient((await startTestBoard(plan)).board.port);
  let blocks = 0;
  const interrupted = {
    identity: client.identity,
    read: (at: number, registers?: number) => client.read(at, registers),
    seek: (image?: number) => client.seek(image),
    write: (at: number, value: number) => client.write(at, value),
    writeBlock: async (at: number, values: readonly number[]) => {
      blocks += 1;
      if (blocks === 2) await client.write(linkRegisters.IMAGE.address, 0);
      await client.writeBlock(at, values);
    },
  };
  expect(await loadMemories(interrupted, weights, { tries: 2, timeoutMs: 4000 })).toBe(1);
  expect(await scoresOf(client)).toEqual(await golden(reloaded));
}, 240_000);

it('a wrong word is found by the checksum', async () => {
  const client = await openClient((await startTestBoard(plan)).board.port);
  const [first, ...others] = weights.memories;
  const words = first!.words.map((parts, row) => (row === 2 ? parts.map((part) => part ^ 4) : parts));
  const wrong = { ...weights, memories: [{ ...first!, words }, ...others] };
  await expect(client.load(wrong)).rejects.toMatchObject({ code: 'not-loaded' });
  await expect(client.classifyOne(images[0]!)).rejects.toMatchObject({ code: 'not-loaded' });
}, 240_000);

it('Python loads what spinfire load writes', async (context) => {
  if (spawnSync('python3', ['-c', 'import serial, numpy']).status !== 0)
    return context.skip('python3 has no pyserial or numpy');
  const { board, directory } = await startTestBoard(plan);
  const file = join(directory, 'weights.json');
  writeFileSync(file, JSON.stringify(weights));
  const program = `
import numpy
from spinfire_host import Board, NotLoaded
images = numpy.array(${JSON.stringify([...pixels])}, dtype=numpy.uint8).reshape(${count}, ${size})
with Board("${board.port}", timeout=4) as board:
    board.write(${memoryRegisters.LOAD}, 1)
    while not board.read(${memoryRegisters.LOAD})[0] & 1:
        pass
    board.write(${memoryRegisters.MEMORY_WORDS}, 0xDEAD)
    try:
        board.classify_one(images[0])
    except NotLoaded as problem:
        print("refused")
    board.load("${file}")
    for answer in board.classify(images, first_image=0, time_steps=${timeSteps}):
        print(*answer.scores)
`;
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const env = { ...process.env, PYTHONPATH: join(root, 'src', 'host', 'python') };
  const { stdout } = await execa('python3', ['-c', program], { cwd: root, env, timeout: 120_000 });
  const expected = (await golden(reloaded)).map((scores) => scores.join(' '));
  expect(stdout.trim().split('\n')).toEqual(['refused', ...expected]);
}, 240_000);

it('weights of another shape, or for a core without a way in, are refused', () => {
  expect(() => reloadedPlan(smallPlan(), other)).toThrow('takes no weights');
  const [first, ...layers] = other.layers;
  expect(() => reloadedPlan(plan, { ...other, layers })).toThrow('another core');
  const wide = first!.weights.map((row) => row.map((weight) => 40 * weight));
  expect(() => reloadedPlan(plan, { ...other, layers: [{ ...first!, weights: wide }, ...layers] })).toThrow(
    'does not fit',
  );
});
