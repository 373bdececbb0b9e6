/** A whole board in Verilator: pins, PLL, link, core, and the client that people use. */
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boardDesign, boardNames, knownBoard } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { BoardClient, serialPort } from '../../src/host/index.ts';
import { slice } from '../slice.ts';
import { smallPlan, tinyPlan, writeCoreFiles } from './small-core.ts';
import { noise, temporaryFolder } from './temporary.ts';
import { startTestBoard } from './test-board.ts';

const plan = smallPlan();
const imageSize = plan.input.height * plan.input.width * plan.input.channels;

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

/** One board for each primitive that makes a clock, and one without. */
const tops = [...new Map(boardNames.map((name) => [knownBoard(name).pll, name])).entries()];
const models = fileURLToPath(new URL('../../sim/board/pll_models.v', import.meta.url));

describe('the virtual board', () => {
  it.each(tops)('has a model of %s, as %s wants it', (_, name) => {
    const folder = temporaryFolder();
    const core = tinyPlan();
    writeCoreFiles(core, folder);
    const { sources } = boardDesign({ board: knownBoard(name), plan: core, baud: 1_000_000 });
    for (const { path, content } of sources) writeFileSync(join(folder, path), content);
    const verilog = readdirSync(folder).filter((file) => file.endsWith('.v'));
    const options = ['--lint-only', '-Wno-lint', '-Wno-style', '--top-module', 'board'];
    execFileSync('verilator', [...options, ...verilog, models], { cwd: folder, stdio: 'pipe' });
  });

  it('gives the scores of the golden model, from any image number on, with any number of time steps', async () => {
    const { board, design } = await startTestBoard(plan);
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
    const { board } = await startTestBoard(plan, { seed: 5, perByte: 0.005, disconnect: 0.0003, restart: 0.0002 });
    const pixels = noise(slice(24, 120) * imageSize, 4);
    const { answers, recoveries } = await classifyAll(board.port, pixels, 2, 5);
    expect(answers).toEqual(await expectedScores(pixels, 2, 5));
    expect(recoveries).toBeGreaterThan(0);
    const { injected } = await board.stop();
    expect(Object.values(injected).reduce((all, count) => all + count, 0)).toBeGreaterThan(5);
  }, 120_000);
});
