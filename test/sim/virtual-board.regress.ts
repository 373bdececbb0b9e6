/** A thousand images over a bad line: every answer right, none lost; and how much of a good line the reference core uses. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { demoPlan } from '../../src/app/index.ts';
import { boardDesign, knownBoard, systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { BoardClient, serialPort } from '../../src/host/index.ts';
import { mnistPaths, readIdxFiles } from '../../src/network/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { type LineFaults, readCore, startVirtualBoard } from '../../src/sim/index.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const environment = systemEnvironment(process.env, process.cwd());
const timeSteps = 4;

async function virtualBoard(plan: Plan, baud: number, faults?: LineFaults) {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const core = await readCore(directory, plan.name, simulatorCache);
  const design = boardDesign({ board: knownBoard('icebreaker'), plan, baud });
  const board = await startVirtualBoard({ core, design, link: join(directory, 'port'), faults }, environment);
  onTestFinished(async () => void (await board.stop()));
  return board;
}

async function expectedScores(plan: Plan, pixels: Uint8Array, images: number): Promise<number[][]> {
  const { scores } = await classifyImages(plan, pixels, { timeSteps });
  const { classes } = plan.readout;
  return Array.from({ length: images }, (_, i) => {
    const at = ((i + 1) * timeSteps - 1) * classes;
    return [...scores.subarray(at, at + classes)];
  });
}

async function classify(port: string, pixels: Uint8Array, images: number) {
  const client = await BoardClient.open(serialPort({ path: port }), { timeoutMs: 4000, retries: 30 });
  const size = pixels.length / images;
  const frames = Array.from({ length: images }, (_, i) => pixels.subarray(i * size, (i + 1) * size));
  const answers: number[][] = [];
  for await (const { scores } of client.classify(frames, { firstImage: 0, timeSteps })) answers.push([...scores]);
  await client.close();
  return { answers, recoveries: client.recoveries };
}

it('gets a thousand images right over a line with every fault there is', async () => {
  const plan = smallPlan();
  const { height, width, channels } = plan.input;
  const pixels = noise(1000 * height * width * channels, 9);
  const board = await virtualBoard(plan, 2_531_250, { seed: 77, perByte: 0.002, disconnect: 0.0002, restart: 0.0001 });
  const { answers, recoveries } = await classify(board.port, pixels, 1000);
  const { injected } = await board.stop();
  console.log(`injected ${JSON.stringify(injected)}, sent again ${recoveries} times`);
  expect(answers).toEqual(await expectedScores(plan, pixels, 1000));
  expect(Object.keys(injected).length).toBeGreaterThanOrEqual(9);
}, 1_200_000);

it('uses nine tenths of the line for images back to back', async () => {
  const plan = await demoPlan(root);
  const pixels = readIdxFiles(mnistPaths().test.images).pixels.slice(0, 30 * 784);
  const board = await virtualBoard(plan, 1_000_000);
  const { answers } = await classify(board.port, pixels, 30);
  const { busyShare } = await board.stop();
  console.log(`the line was busy ${(100 * busyShare).toFixed(1)} % of the time`);
  expect(answers).toEqual(await expectedScores(plan, pixels, 30));
  expect(busyShare).toBeGreaterThan(0.9);
}, 1_200_000);

it('answers the Python package with the same scores', async () => {
  const venv = join(root, 'build', 'python-host');
  mkdirSync(join(root, 'build'), { recursive: true });
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', venv]);
  await run(join(venv, 'bin', 'pip'), ['install', '--quiet', join(root, 'src', 'host', 'python')]);
  const plan = smallPlan();
  const { height, width, channels } = plan.input;
  const pixels = noise(40 * height * width * channels, 9);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'images.idx'), Buffer.concat([Buffer.alloc(16), pixels]));
  const board = await virtualBoard(plan, 2_531_250, { seed: 3, perByte: 0.001 });
  const example = join(root, 'src', 'host', 'python', 'example.py');
  const { stdout } = await run(join(venv, 'bin', 'python'), [example, board.port, join(folder, 'images.idx')]);
  const lines = stdout.split('\n').filter((line) => /^\d+ /.test(line));
  const scores = lines.map((line) => line.split(' ').slice(3).map(Number));
  expect(scores).toEqual(await expectedScores(plan, pixels, 40));
}, 600_000);
