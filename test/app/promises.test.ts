import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import { promise, promiseOnImages } from '../../src/app/index.ts';
import {
  type CoreDesign,
  coreSearch,
  defineCore,
  explore,
  fitBudget,
  type LayerFold,
  mtj,
  planCore,
  quantiseCore,
  rateCore,
} from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { SpinfireError } from '../../src/errors/index.ts';
import { importOnnx, mnistPaths, readIdxFiles } from '../../src/network/index.ts';
import { profileCore } from '../../src/sim/index.ts';

const perceptron: CoreDesign = {
  ...digits,
  name: 'perceptron',
  network: importOnnx(readFileSync(new URL('../../models/digits-mlp.onnx', import.meta.url)), 'digits-mlp.onnx'),
  options: { timeSteps: 4, maxTimeSteps: 4, pixelLanes: 1 },
};
const { pixels } = readIdxFiles(mnistPaths().test.images);
const images = (count: number, change = (pixel: number) => pixel) => ({
  ...{ count, rows: 28, columns: 28, notes: [] },
  pixels: Uint8Array.from(pixels.subarray(0, count * 784), change),
});
const wish = (fit: NonNullable<CoreDesign['options']['fit']>) => ({
  ...perceptron,
  options: { ...perceptron.options, fit },
});
const io = { cwd: process.cwd() };

describe('promises', () => {
  it('hold for any image without images, and are closer with them', () => {
    const { plan, cycles } = promise(wish({ cyclesPerImage: 3000 }));
    expect(cycles!.most).toBeLessThanOrEqual(3000);
    expect(cycles!.least).toBeLessThan(cycles!.most);
    expect(rateCore(perceptron, plan, 1)!.cyclesPerImage).toBe(cycles!.most);
    const dark = promiseOnImages(wish({ cyclesPerImage: 3000 }), () => images(40), io);
    expect(dark.onImages.cyclesPerImage).toBeLessThanOrEqual(3000);
    expect(dark.onImages.countedImages).toBe(40);
    // Fewer lanes are enough for digits, which are dark.
    const lanes = (of: typeof plan) => of.layers.reduce((sum, layer) => sum + layer.outputLanes * layer.timeLanes, 0);
    expect(lanes(dark.plan)).toBeLessThan(lanes(plan));
    expect(dark.plan.expected!.layers[0]!.spikes!.mean).toBeGreaterThan(0);
  });

  it('are a range, too, where several pixels come at once and only later layers leave silent inputs out', () => {
    const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
    const weights = (outputs: number, taps: number) => ({
      weights: Float32Array.from({ length: outputs * taps }, (_, i) => Math.sin(i)),
      bias: new Float32Array(outputs),
    });
    const lane = { outputLanes: 1, positionLanes: 1 };
    const folds: LayerFold[] = [
      { engine: { kind: 'wide', inputLanes: 13 }, ...lane },
      { engine: { kind: 'event' }, ...lane },
    ];
    const design = defineCore(
      'wide',
      ({ input, readout }) => {
        const hidden = input.image(1, 13, 1).dense(weights(16, 13)).neurons(neuron);
        readout.potential(hidden.dense(weights(3, 16)));
      },
      { timeSteps: 12, maxTimeSteps: 12, timeLanes: 4, pixelLanes: 13, folds },
    );
    const { plan, cycles } = promise(design);
    expect(cycles!.least).toBeLessThan(cycles!.most);
    const { cyclesPerImage } = profileCore({ plan, images: pixels.subarray(3000, 3000 + 40 * 13), timeSteps: 12 });
    expect(cyclesPerImage).toBeGreaterThanOrEqual(cycles!.least);
    expect(cyclesPerImage).toBeLessThan(cycles!.most);
  });

  it('follow the images: bright ones take more clocks, as the golden model counts', () => {
    const design = wish({ luts: 4000 });
    const dark = promiseOnImages(design, () => images(30), io);
    const bright = promiseOnImages(design, () => images(30, (pixel) => 255 - pixel), io);
    expect(bright.onImages.activity.layers[0]!.inputs[4]!).toBeGreaterThan(
      2 * dark.onImages.activity.layers[0]!.inputs[4]!,
    );
    for (const { plan, onImages } of [dark, bright]) {
      const activity = onImages.activity.layers.map(({ inputs }) => inputs);
      const rated = rateCore(perceptron, plan, activity)!.cyclesPerImage;
      expect(Math.abs(rated - onImages.cyclesPerImage) / onImages.cyclesPerImage).toBeLessThan(0.05);
    }
  });

  it('take the cheapest folds that are fast enough, RAMs counted too, and fail where none are', () => {
    const design = wish({ cyclesPerImage: 20_000 });
    const search = coreSearch(design);
    const best = fitBudget(quantiseCore(design), search, { cyclesPerImage: 20_000 });
    const others = explore(quantiseCore(design), search).filter(({ cyclesPerImage }) => cyclesPerImage <= 20_000);
    expect(others.length).toBeGreaterThan(5);
    for (const { cost } of others)
      expect(cost.luts + 176 * cost.rams).toBeGreaterThanOrEqual(best.cost.luts + 176 * best.cost.rams);
    let error: unknown;
    try {
      planCore(wish({ cyclesPerImage: 20 }));
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(SpinfireError);
    expect((error as SpinfireError).exitCode).toBe(1);
  });
});
