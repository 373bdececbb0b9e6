import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type FloatNetwork,
  forwardFloat,
  type IdxData,
  importOnnx,
  mnistPaths,
  readIdxFiles,
} from '../../src/network/index.ts';

/** The networks that are kept in git. */
export const modelNames = ['digits-cnn', 'digits-mlp'] as const;

function modelPath(file: string): string {
  return fileURLToPath(new URL(`../../models/${file}`, import.meta.url));
}

/** Whether the model was trained yet in this checkout. */
export function isTrained(name: string): boolean {
  return existsSync(modelPath(`${name}.onnx`)) && existsSync(modelPath(`${name}.json`));
}

export function loadModel(name: string): FloatNetwork {
  return importOnnx(readFileSync(modelPath(`${name}.onnx`)), `${name}.onnx`);
}

/** Percent of the 10,000 test images that PyTorch's evaluation of the same file classified correctly. */
export function recordedAccuracy(name: string): number {
  const record: unknown = JSON.parse(readFileSync(modelPath(`${name}.json`), 'utf8'));
  if (typeof record !== 'object' || record === null) throw new Error(`${name}.json holds no object`);
  const { images, float } = record as { images?: unknown; float?: unknown };
  if (images !== 10_000 || typeof float !== 'number')
    throw new Error(`${name}.json holds no accuracy of 10,000 images`);
  return float;
}

export function testImages(): IdxData {
  const { test } = mnistPaths();
  return readIdxFiles(test.images, test.labels);
}

/** Percent correct on every `step`-th image. */
export function accuracy(network: FloatNetwork, data: IdxData, step: number): number {
  const size = data.rows * data.columns;
  let [correct, total] = [0, 0];
  for (let index = 0; index < data.count; index += step) {
    const pixels = data.pixels.subarray(index * size, (index + 1) * size);
    const outputs = forwardFloat(
      network,
      Float64Array.from(pixels, (pixel) => pixel / 255),
    );
    const best = outputs.indexOf(Math.max(...outputs));
    if (best === data.labels![index]) correct += 1;
    total += 1;
  }
  return (100 * correct) / total;
}
