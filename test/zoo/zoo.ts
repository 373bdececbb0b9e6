import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fileResult, type ImportedModel, networkInput, readModel } from '../../src/network/index.ts';
import { randomSource } from '../network/samples.ts';

/** Files that exporters wrote (see zoo.py), with what onnxruntime computes from them or why they are refused. */
export const tools = [
  'torch-legacy',
  'torch-dynamo',
  'keras',
  'tf2onnx',
  'sklearn',
  'hand',
  'quantised',
  'graphs',
  'spelled',
] as const;

export interface ZooEntry {
  readonly file: string;
  /** Result of each input; absent: the file is refused. */
  readonly results?: readonly (readonly number[])[];
  /** What its error must hold. */
  readonly refused?: string;
  /** Largest difference, when more than rounding. */
  readonly tolerance?: number;
  /** Height, width and channels, where the file's order of them is worth a check. */
  readonly layout?: readonly number[];
}

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export function zooEntries(tool: string): readonly ZooEntry[] {
  const file = path(`${tool}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ZooEntry[]) : [];
}

export function readZooModel(tool: string, { file }: ZooEntry): ImportedModel {
  return readModel(path(`${tool}/${file}.onnx`), `${tool}/${file}.onnx`);
}

/** Input number `seed`, as zoo.py makes it, in the order of the network's own input; 0 to 1. */
function zooInput(model: ImportedModel, seed: number): Float64Array {
  const random = randomSource(seed);
  const size = model.input.dims.reduce((product, dim) => product * dim, 1);
  return networkInput(model, Array.from({ length: size }, random));
}

/** Largest difference of any result, relative where results are large; infinite where the best class is another. */
export function zooDifference(model: ImportedModel, entry: ZooEntry): number {
  let worst = 0;
  for (const [i, expected] of entry.results!.entries()) {
    const image = zooInput(model, i + 1);
    const rounded =
      model.network.inputRange?.high[0] === 255 ? image.map((value) => Math.round(value * 255) / 255) : image;
    const found = fileResult(model, rounded);
    const size = Math.max(1, ...expected.map(Math.abs));
    // Values that only rank the classes, such as a softmax by hand.
    if (model.output.ending === 'other' && best(found) === best(expected)) continue;
    for (const [j, value] of expected.entries()) worst = Math.max(worst, Math.abs(value - found[j]!) / size);
    if (found.length !== expected.length || best(found) !== best(expected)) return Number.POSITIVE_INFINITY;
  }
  return worst;
}

const best = (values: readonly number[]) => values.indexOf(Math.max(...values));
