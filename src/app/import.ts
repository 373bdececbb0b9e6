/** Reading a network, and comparing it with what another program computes from the same file. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  elementCount,
  type FloatNetwork,
  fileResult,
  type ImportedModel,
  networkInput,
  openModel,
  writeNir,
} from '../network/index.ts';
import { withTemporaryFolder } from '../store/index.ts';
import type { Surroundings } from './context.ts';
import { writeFileWhole } from './files.ts';
import { type InputWords, inputOptionsOf } from './input.ts';
import { runOnnxruntime } from './onnxruntime.ts';

/** How an imported network compares with another program that runs the same file. */
export interface RuntimeCheck {
  readonly program: string;
  readonly inputs: number;
  /** Largest difference of any result, relative to the largest result where that is above 1. */
  readonly largestDifference: number;
  /** Inputs of which both say the same class. */
  readonly sameClass: number;
  /** Why there was nothing to compare with: the other program does not take the file. */
  readonly problem?: string;
}

/** An imported network, and how it compares with onnxruntime. */
export interface ReadNetwork {
  readonly model: ImportedModel;
  /** Absent: no onnxruntime here. */
  readonly check: RuntimeCheck | undefined;
}

/** Random inputs that both are given. */
const checkInputs = 8;

/** @throws badInput when the file holds what the hardware would not compute */
export async function readNetwork(
  path: string,
  words: InputWords,
  io: Pick<Surroundings, 'cwd' | 'env'>,
): Promise<ReadNetwork> {
  const file = resolve(io.cwd, path);
  const model = await openModel(file, path, inputOptionsOf(words, io.cwd));
  return { model, check: /\.onnx$/i.test(path) ? await compare(file, model, words, io.env) : undefined };
}

/** A network as a NIR file, whole or not at all. */
export async function writeNirFile(path: string, network: FloatNetwork): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, 'network.nir');
    await writeNir(file, network);
    writeFileWhole(path, readFileSync(file));
  });
}

async function compare(
  path: string,
  model: ImportedModel,
  words: InputWords,
  env: Surroundings['env'],
): Promise<RuntimeCheck | undefined> {
  const size = model.input.dims.reduce((product, dim) => product * dim, 1);
  const random = randomNumbers(1);
  const shares = Array.from({ length: checkInputs }, () =>
    Array.from({ length: size }, () => Math.round(random() * 255) / 255),
  );
  const toFile = fileUnits(model, words);
  const request = {
    path,
    output: model.output.name,
    dims: model.input.dims,
    inputs: shares.map((each) => each.map(toFile)),
  };
  const runtime = await runOnnxruntime(request, env);
  if (runtime === undefined) return undefined;
  const { program, problem } = runtime;
  if (problem !== undefined) return { program, problem, inputs: 0, largestDifference: 0, sameClass: 0 };
  let [largestDifference, sameClass] = [0, 0];
  for (const [i, expected] of runtime.results.entries()) {
    const found = fileResult(model, networkInput(model, shares[i]!));
    const scale = Math.max(1, ...expected.map(Math.abs));
    if (best(found) === best(expected)) sameClass += 1;
    if (model.output.ending === 'other') continue;
    for (const [j, value] of expected.entries()) {
      largestDifference = Math.max(largestDifference, Math.abs(value - (found[j] ?? Number.NaN)) / scale);
    }
  }
  return { program, inputs: checkInputs, largestDifference, sameClass };
}

const best = (values: readonly number[]) =>
  values.indexOf(values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));

/** A share of 0 to 1 in the units that the file's first node takes: the range, then mean and deviation. */
function fileUnits({ network, input }: ImportedModel, { mean = [0], deviation = [1] }: InputWords) {
  const { low, high } = network.inputRange ?? { low: [0], high: [1] };
  const channels = network.input.channels - (network.inputOnes ? 1 : 0);
  const ofElement = new Int32Array(elementCount(network.input));
  for (const [i, element] of input.order.entries()) if (element >= 0) ofElement[element] = i % network.input.channels;
  const pick = (list: readonly number[], element: number) =>
    list[list.length === 1 ? 0 : ofElement[element]! % channels]!;
  return (share: number, element: number) => {
    const value = pick(low, element) + share * (pick(high, element) - pick(low, element));
    return (value - pick(mean, element)) / pick(deviation, element);
  };
}

/** xorshift32: the same inputs every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
