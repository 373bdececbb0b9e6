import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  elementCount,
  fileResult,
  forwardFloat,
  networkInput,
  openModel,
  readModel,
  writeNir,
} from '../../src/network/index.ts';
import { type WrittenGroup, writeHdf5 } from '../../src/network/nir/hdf5.ts';
import { regress } from '../slice.ts';
import { readZooModel, tools, zooEntries } from '../zoo/zoo.ts';
import { accuracy, testImages } from './models.ts';
import { randomSource } from './samples.ts';

const fixture = (name: string) => new URL(`nir/${name}`, import.meta.url).pathname;
const model = (name: string) => new URL(`../../models/${name}`, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'spinfire-nir-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As nir.write lays it out. */
async function written(
  name: string,
  nodes: Record<string, WrittenGroup>,
  edges: readonly (readonly [string, string])[],
) {
  const path = join(folder, `${name}.nir`);
  await writeHdf5(path, { version: '1.0', node: { type: 'NIRGraph', nodes, edges } });
  return path;
}
const whole = (...values: number[]) => ({ dims: [values.length], values: BigInt64Array.from(values, BigInt) });
const ends = { input: { type: 'Input', shape: whole(2) }, output: { type: 'Output', shape: whole(2) } };
const chain = (...names: string[]) => names.slice(1).map((name, i) => [names[i]!, name] as const);
const ones = (...dims: number[]) => ({ dims, values: new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1) });

describe('NIR', () => {
  it.each(['dense', 'images', 'signal'])('computes what numpy does: %s', async (name) => {
    const imported = await openModel(fixture(`${name}.nir`), `${name}.nir`);
    const { inputs, outputs } = JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8')) as Record<string, number[][]>;
    expect(inputs).toHaveLength(4);
    for (const [i, input] of inputs!.entries()) {
      const found = fileResult(imported, networkInput(imported, input));
      expect(found).toHaveLength(outputs![i]!.length);
      for (const [j, value] of found.entries()) expect(value).toBeCloseTo(outputs![i]![j]!, 5);
    }
  });

  it.each([
    ['LIF', "NIR's LIF has a state", 'a membrane that leaks and is reset'],
    ['CubaLIF', "NIR's CubaLIF has a state", 'a synaptic current'],
    ['LI', "NIR's LI has a state", 'a membrane that leaks'],
    ['Threshold', "NIR's Threshold is a step without noise", 'no metadata spinfire'],
  ])('refuses %s and says what to do', async (name, summary, why) => {
    const refusal = openModel(fixture(`refused-${name}.nir`), 'some.nir');
    await expect(refusal).rejects.toThrow(`some.nir: node 'neuron' (${name})`);
    for (const text of [summary, why, "metadata spinfire = 'sigmoid'", 'train'])
      await expect(refusal).rejects.toThrow(text);
  });

  it.each(['digits-mlp.onnx', 'digits-cnn.onnx'])('reads back what it writes: %s', async (name) => {
    const { network } = readModel(model(name), name);
    const path = join(folder, name.replace('onnx', 'nir'));
    await writeNir(path, network);
    expect((await openModel(path, path.slice(folder.length + 1))).network).toEqual(network);
  });

  it('takes mean and deviation of a network that was trained on normalised images', async () => {
    const { network } = readModel(model('digits-mlp.onnx'), 'digits-mlp.onnx');
    const [mean, deviation] = [0.1307, 0.3081];
    const [first, ...rest] = network.layers;
    if (first?.kind !== 'dense') throw new Error('the first layer is dense');
    // The same network, as it would be had it met (pixel - mean) / deviation.
    const size = first.weights.length / first.outputs;
    const sum = (row: number) => first.weights.subarray(row * size, (row + 1) * size).reduce((a, b) => a + b, 0);
    const weights = first.weights.map((weight) => weight * deviation);
    const normalised = { ...first, weights, bias: first.bias.map((bias, row) => bias + mean * sum(row)) };
    const path = join(folder, 'normalised.nir');
    await writeNir(path, { ...network, layers: [normalised, ...rest] });
    const told = (await openModel(path, 'normalised.nir', { mean: [mean], deviation: [deviation] })).network;
    const untold = (await openModel(path, 'normalised.nir')).network;
    const data = testImages();
    const right = accuracy(network, data, 50);
    expect(accuracy(told, data, 50)).toBe(right);
    expect(accuracy(untold, data, 50)).toBeLessThan(right - 5);
  });

  it('adds what several edges bring to a node', async () => {
    const dense = (weight: number) => ({
      type: 'Linear',
      weight: { dims: [2, 2], values: Float32Array.of(weight, 0, 0, 1) },
    });
    const edges = [...chain('input', 'a', 'output'), ...chain('input', 'b', 'output')];
    const path = await written('sum', { ...ends, a: dense(2), b: dense(3) }, edges);
    const imported = await openModel(path, 'sum.nir');
    expect(fileResult(imported, networkInput(imported, [0.5, 0.25]))).toEqual([2.5, 0.5]);
  });

  it('adds spikes of neurons of different depths', async () => {
    const affine = (...weights: number[]) => ({
      type: 'Affine',
      ...{ weight: { dims: [2, 2], values: Float32Array.from(weights) }, bias: ones(2) },
    });
    const fires = () => ({
      type: 'Threshold',
      threshold: { dims: [2], values: new Float32Array(2) },
      metadata: { spinfire: 'sigmoid' },
    });
    const nodes = {
      ...ends,
      a: affine(1, 2, 3, -4),
      s: fires(),
      b: affine(-1, 1, 2, 1),
      t: fires(),
      c: affine(1, 0, 2, 1),
    };
    const edges = [...chain('input', 'a', 's', 'b', 't', 'c', 'output'), ['s', 'c'] as const];
    const imported = await openModel(await written('skip', nodes, edges), 'skip.nir');
    expect(imported.network.layers[1]).toMatchObject({ carry: { tap: 0, count: 2 } });
    const [x, y] = [0.5, 0.25];
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    const s = [sigmoid(x + 2 * y + 1), sigmoid(3 * x - 4 * y + 1)] as const;
    const t = [sigmoid(s[1] - s[0] + 1), sigmoid(2 * s[0] + s[1] + 1)] as const;
    const found = fileResult(imported, networkInput(imported, [x, y]));
    expect(found[0]).toBeCloseTo(s[0] + t[0] + 1, 5);
    expect(found[1]).toBeCloseTo(2 * (s[0] + t[0]) + s[1] + t[1] + 1, 5);
    const again = join(folder, 'skip-again.nir');
    await writeNir(again, imported.network);
    expect((await openModel(again, 'skip-again.nir')).network).toEqual({ ...imported.network, name: 'skip_again' });
  });

  it('computes the same out of what it writes of any network, and of as many weights where layers meet', async () => {
    const random = randomSource(1);
    const entries = (regress ? tools : (['graphs'] as const)).flatMap((tool) =>
      zooEntries(tool).map((entry) => ({ tool, entry })),
    );
    for (const { tool, entry } of entries) {
      if (!regress && entry.file.endsWith('_dynamo')) continue;
      if (entry.results === undefined) continue;
      const what = `${tool}/${entry.file}`;
      const { network } = readZooModel(tool, entry);
      const path = join(folder, 'zoo.nir');
      if (entry.file === 'unflatten') {
        await expect(writeNir(path, network)).rejects.toThrow("an image of 4 x 4 x 2 made of a dense layer's outputs");
        continue;
      }
      await writeNir(path, network);
      const back = (await openModel(path, 'zoo.nir')).network;
      expect(back.inputOnes, what).toBe(network.inputOnes);
      const { channels } = network.input;
      const isOne = (i: number) => network.inputOnes && i % channels === channels - 1;
      const image = Float64Array.from({ length: elementCount(network.input) }, (_, i) => (isOne(i) ? 1 : random()));
      const [expected, found] = [forwardFloat(network, image), forwardFloat(back, image)];
      expect(found.length, what).toBe(expected.length);
      for (const [i, value] of expected.entries())
        expect(Math.abs(found[i]! - value), what).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      const size = ({ layers }: typeof network) =>
        layers.reduce((sum, layer) => sum + (layer.kind === 'averagePool' ? 0 : layer.weights.length), 0);
      // Room for padding that NIR wants alike on both sides.
      expect(size(back), what).toBeLessThanOrEqual(1.5 * size(network));
    }
  });

  it('refuses files that are none, cut, or of something else', async () => {
    const cut = join(folder, 'cut.nir');
    writeFileSync(cut, readFileSync(fixture('dense.nir')));
    for (const length of [20_000, 3000, 40, 0]) {
      truncateSync(cut, length);
      await expect(openModel(cut, 'cut.nir'), `${length}`).rejects.toThrow(
        /damaged, truncated or no HDF5[\s\S]*cut\.nir/,
      );
    }
    const text = join(folder, 'text.nir');
    writeFileSync(text, 'a network');
    await expect(openModel(text, 'text.nir')).rejects.toThrow('no HDF5 file');
    await expect(openModel(join(folder, 'none.nir'), 'none.nir')).rejects.toThrow('cannot be read');
    const other = join(folder, 'other.nir');
    await writeHdf5(other, { layers: { weight: ones(2, 2) } });
    await expect(openModel(other, 'other.nir')).rejects.toThrow('the HDF5 file holds no NIR graph');
  });

  it.each<[string, Record<string, WrittenGroup>, readonly (readonly [string, string])[], string]>([
    ['no weight', { fc: { type: 'Linear' } }, chain('input', 'fc', 'output'), 'Linear.weight: nothing'],
    ['a rank', { fc: { type: 'Linear', weight: ones(2) } }, chain('input', 'fc', 'output'), 'dimensions [2]'],
    ['a size', { fc: { type: 'Linear', weight: ones(2, 3) } }, chain('input', 'fc', 'output'), "node 'fc' (Linear)"],
    ['an edge', { fc: { type: 'Linear', weight: ones(2, 2) } }, chain('input', 'gone', 'output'), "'gone'"],
    ['a lost node', { fc: { type: 'Linear', weight: ones(2, 2) } }, chain('input', 'output'), 'no input'],
    ['another Input', { fc: { type: 'Input', shape: whole(2) } }, chain('input', 'output'), 'one Input'],
    ['a type', { fc: { type: 'constructor' } }, chain('input', 'fc', 'output'), 'node constructor of NIR'],
    ['a graph in it', { fc: { type: 'NIRGraph' } }, chain('input', 'fc', 'output'), 'into the outer graph'],
    [
      'a delay',
      { fc: { type: 'Delay', delay: ones(2) } },
      chain('input', 'fc', 'output'),
      'its input of earlier times',
    ],
    [
      'a ring',
      { a: { type: 'Scale', scale: ones(2) } },
      [...chain('input', 'a', 'output'), ['a', 'a']],
      "node 'a' (Scale)",
    ],
  ])('refuses %s', async (name, nodes, edges, message) => {
    const path = await written(name.replaceAll(' ', '-'), { ...ends, ...nodes }, edges);
    const refusal = openModel(path, 'bad.nir');
    await expect(refusal).rejects.toThrow('bad.nir');
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toHaveProperty('name', 'SpinfireError');
  });
});
