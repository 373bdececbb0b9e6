/** A whole board in Verilator: pins, PLL, link, core, and the client that people use. */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { boardDesign, knownBoard, systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { BoardClient, serialPort } from '../../src/host/index.ts';
import { type LineFaults, readCore, startVirtualBoard } from '../../src/sim/index.ts';
import { slice } from '../slice.ts';
import { smallPlan, writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const plan = smallPlan();
const imageSize = plan.input.height * plan.input.width * plan.input.channels;

async function virtualBoard(faults?: LineFaults) {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const core = await readCore(directory, plan.name, simulatorCache);
  // Eight clocks a bit: the fastest line there is.
  const design = boardDesign({ board: knownBoard('icebreaker'), plan, baud: 2_531_250 });
  const board = await startVirtualBoard({ core, design, link: join(directory, 'port'), faults }, environment);
  onTestFinished(async () => void (await board.stop()));
  return { board, design };
}

async function classifyAll(port: string, pixels: Uint8Array, firstImage: number, timeSteps: number) {
  const client = await BoardClient.open(serialPort({ path: port }), { timeoutMs: 4000, retries: 20 });
  const images = Array.from({ length: pixels.length / imageSize }, (_, i) =>
    pixels.subarray(i * imageSize, (i + 1) * imageSize),
  );
  const answers = [];
  for await (const answer of client.classify(images, { firstImage, timeSteps })) answers.push([...answer.scores]);
  const counters = await client.counters();
  await client.close();
  return { answers, counters, recoveries: client.recoveries };
}

async function expectedScores(pixels: Uint8Array, firstImage: number, timeSteps: number) {
  const { scores } = await classifyImages(plan, pixels, { timeSteps, firstImage, workers: 1 });
  const { classes } = plan.readout;
  // After the last time step.
  return Array.from({ length: pixels.length / imageSize }, (_, i) => {
    const at = ((i + 1) * timeSteps - 1) * classes;
    return [...scores.subarray(at, at + classes)];
  });
}

describe('the virtual board', () => {
  it('gives the scores of the golden model, from any image number on, with any number of time steps', async () => {
    const { board, design } = await virtualBoard();
    const pixels = noise(12 * imageSize, 3);
    for (const [firstImage, timeSteps] of [
      [0, 4],
      [7, 6],
    ] as const) {
      const { answers, counters, recoveries } = await classifyAll(board.port, pixels, firstImage, timeSteps);
      expect(answers).toEqual(await expectedScores(pixels, firstImage, timeSteps));
      expect(counters).toMatchObject({ image: firstImage + 12, dropped: 0, badFrames: 0, alarms: [] });
      expect(recoveries).toBe(0);
    }
    expect(design.clocksPerBit).toBe(8);
  }, 120_000);

  it('gives them over a bad line too, and tells of it', async () => {
    const { board } = await virtualBoard({ seed: 5, perByte: 0.005, disconnect: 0.0003, restart: 0.0002 });
    const pixels = noise(slice(24, 120) * imageSize, 4);
    const { answers, recoveries } = await classifyAll(board.port, pixels, 2, 5);
    expect(answers).toEqual(await expectedScores(pixels, 2, 5));
    expect(recoveries).toBeGreaterThan(0);
    const { injected } = await board.stop();
    expect(Object.values(injected).reduce((all, count) => all + count, 0)).toBeGreaterThan(5);
  }, 120_000);
});
