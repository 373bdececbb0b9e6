/**
 * One network, four cores: from two adders to 3,600 at once. The same seed gives the same spikes on each of them, so that the scores of
 * an image are the same to the last bit; what differs is the clocks and the area.
 * Run it: `npx tsx examples/06-folds.ts`
 */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Budget, type CoreDesign, estimateCore, planCore } from 'spinfire/core';
import { readCurveFile } from 'spinfire/device';
import { importOnnx, mnistPaths, readIdxFiles } from 'spinfire/network';
import { textTable } from 'spinfire/report';
import { goldenResults } from 'spinfire/sim';

const file = (path: string) => readFileSync(new URL(`../models/${path}`, import.meta.url));
const perceptron: CoreDesign = {
  name: 'perceptron',
  network: importOnnx(file('digits-mlp.onnx'), 'digits-mlp.onnx'),
  encoding: 'bernoulli',
  readout: 'potential',
  curve: readCurveFile(file('devices/spin-hall-300K-0p5ns.csv').toString(), 'spin-hall-300K-0p5ns.csv'),
  options: { timeSteps: 4, maxTimeSteps: 4, family: 'ecp5' },
};
const digits = readIdxFiles(mnistPaths().test.images).pixels.subarray(0, 10 * 28 * 28);

const wishes: readonly Budget[] = [{ lanes: 2 }, { luts: 4000 }, { luts: 8000 }, { cyclesPerImage: 160 }];
const rows: string[][] = [];
let answers: string[] | undefined;
for (const fit of wishes) {
  const design = { ...perceptron, options: { ...perceptron.options, fit } };
  const plan = planCore(design);
  // Clock by clock, in the golden model; `spinfire verify` shows that the Verilog does the same.
  const results = goldenResults(plan, { pixels: digits, timeSteps: 4 });
  const scores = results.map((image) => image.scores.join(' '));
  answers ??= scores;
  if (!isDeepStrictEqual(scores, answers)) throw new Error('another fold, other scores');
  const clocks = (results.at(-1)!.resultCycle - results[1]!.resultCycle) / (results.length - 2);
  const { luts, rams } = estimateCore(design, plan);
  rows.push([
    plan.layers.map(({ engine, outputLanes }) => `${engine.kind} ${outputLanes}`).join(', '),
    `${plan.timeSteps.lanes}`,
    `${plan.pixelLanes}`,
    clocks.toFixed(0),
    `${luts}`,
    `${rams}`,
  ]);
}
console.log(
  textTable({
    title: '784-128-10, 4 time steps: ten digits, the same scores from each core',
    columns: ['engines and lanes', 'time lanes', 'pixels a beat', 'clocks an image', 'LUT4 (expected)', 'RAMs'],
    rows,
  }),
);
