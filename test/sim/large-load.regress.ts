/** A core whose largest memory has more words than the host's window, and whose memories differ in width: on every clock, and over the line. */
import { expect, it, onTestFinished } from 'vitest';
import { coreMemories } from '../../src/app/index.ts';
import { planNetwork } from '../../src/core/index.ts';
import { calibrate, logisticCurve, switchingTable } from '../../src/device/index.ts';
import { coreHash, systemEnvironment } from '../../src/flow/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { BoardClient, serialPort } from '../../src/host/index.ts';
import { memoryPageWords } from '../../src/link/index.ts';
import type { QuantisedLayer } from '../../src/network/index.ts';
import { type Plan, reloadedPlan } from '../../src/plan/index.ts';
import { lockstep, mismatchText } from '../../src/sim/index.ts';
import { monitorTraffic } from '../golden/random-monitors.ts';
import { randomFrom } from '../golden/random-plan.ts';
import { writeCoreFiles } from './small-core.ts';
import { noise, simulatorCache, temporaryFolder } from './temporary.ts';
import { startTestBoard } from './test-board.ts';

const environment = systemEnvironment(process.env, process.cwd());
const [side, hidden, classes, timeSteps] = [32, 34, 12, 2];

function dense(name: string, inputs: [number, number, number], channels: number, seed: number): QuantisedLayer {
  const [height, width, channelsIn] = inputs;
  const random = randomFrom(seed);
  const taps = height * width * channelsIn;
  const channelShifts = Array.from({ length: channels }, (_, channel) => (5 * channel) % 4);
  const factor = (channel: number) => 2 ** channelShifts[channel]!;
  const numbers = (count: number, limit: number) => new Int32Array(count).map(() => random(2 * limit + 1) - limit);
  return {
    ...{
      name,
      kind: 'dense',
      input: { height, width, channels: channelsIn },
      output: { height: 1, width: 1, channels },
    },
    ...{ kernelHeight: height, kernelWidth: width, strideY: 1, strideX: 1 },
    ...{ padTop: 0, padLeft: 0, padBottom: 0, padRight: 0, inputMax: 1, inputScale: 1 },
    ...{ weightBits: 6, fractionBits: 4, sigmoid: name === 'hidden' },
    channelShifts,
    weights: numbers(height * width * channelsIn * channels, 31).map((w, i) => w * factor(Math.floor(i / taps))),
    bias: numbers(channels, 20).map((value, channel) => value * factor(channel)),
  };
}

/** 1,024 inputs, 34 neurons of one lane, 12 outputs of 12 lanes: words of one part and of three, on two pages and on one. */
function largePlan(seed: number): Plan {
  const curve = logisticCurve(70e-6, 12e-6);
  return planNetwork(
    {
      ...{ name: 'oak', input: { height: side, width: side, channels: 1 }, encoding: 'bernoulli' },
      layers: [
        dense('hidden', [side, side, 1], hidden, seed),
        { ...dense('out', [1, 1, hidden], classes, seed + 1), sigmoid: false },
      ],
    },
    {
      ...{ name: 'oak', readout: 'potential', seed: 5, maxTimeSteps: 2, defaultTimeSteps: timeSteps, timeLanes: 2 },
      table: (potentialStep) =>
        switchingTable(curve, calibrate(curve), { entries: 64, zMin: -4, zStep: 1 / 8, potentialStep }),
      monitors: { load: true },
      folds: [
        { engine: { kind: 'event' }, outputLanes: 1, positionLanes: 1 },
        { engine: { kind: 'event' }, outputLanes: classes, positionLanes: 1 },
      ],
    },
  );
}

const [plan, other] = [largePlan(11), largePlan(12)];
const weights = coreMemories(plan, other);
const count = 3;
const pixels = noise(count * side * side, 8);

it('has memories of two pages and of several parts', () => {
  const sizes = weights.memories.map(({ words, stride }) => words.length * stride);
  expect(Math.max(...sizes)).toBeGreaterThan(memoryPageWords);
  expect(new Set(weights.memories.map(({ stride }) => stride)).size).toBeGreaterThan(1);
});

it('runs in lockstep while they are read and replaced', async () => {
  const directory = temporaryFolder();
  writeCoreFiles(plan, directory);
  const run = {
    ...{ directory, plan, images: pixels, timeSteps: [2, 1], trace: false },
    ...{ buildDirectory: simulatorCache, bus: monitorTraffic(plan, 4, count) },
  };
  const { mismatch, results } = await lockstep(run, environment);
  expect(mismatch ? mismatchText(mismatch, { top: plan.name }) : '').toBe('');
  expect(results).toHaveLength(count);
}, 1_200_000);

it('answers as the golden model after a load over the line', async () => {
  const { board } = await startTestBoard(plan);
  const options = { timeoutMs: 20_000, coreHash: coreHash(plan) };
  const client = await BoardClient.open(serialPort({ path: board.port }), options);
  onTestFinished(() => client.close());
  const images = Array.from({ length: count }, (_, i) => pixels.subarray(i * side * side, (i + 1) * side * side));
  const answers = async () => {
    const all: number[] = [];
    for await (const { scores } of client.classify(images, { firstImage: 0, timeSteps })) all.push(...scores);
    return all;
  };
  const golden = async (of: Plan) => {
    const { scores } = await classifyImages(of, pixels, { timeSteps, workers: 1 });
    return images.flatMap((_, i) => [
      ...scores.subarray(((i + 1) * timeSteps - 1) * classes, (i + 1) * timeSteps * classes),
    ]);
  };
  const [own, loaded] = [await golden(plan), await golden(reloadedPlan(plan, other))];
  expect(own).not.toEqual(loaded);
  expect(await answers()).toEqual(own);
  await client.load(weights);
  expect(await answers()).toEqual(loaded);
  for (const memory of weights.memories) expect(await client.readMemory(memory)).toEqual(memory.words);
}, 1_800_000);
