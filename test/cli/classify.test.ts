/** classify by a core that was built: what build was told is in it, and need not be said again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { writeModel } from '../network/onnx-writer.ts';
import { aboveZeroModel } from '../network/samples.ts';
import { fakeIo } from './fake-io.ts';
import { workbench } from './small-files.ts';

const bench = workbench();
const images = '--images images.idx --labels labels.idx';
const chosen = '--seed 9 --timesteps 3 --encoding direct --weight-bits 5';

async function spinfire(line: string) {
  const io = fakeIo({ cwd: bench.folder });
  return { code: await runCommandLine(line.split(' '), io, commands), out: io.out(), err: io.err() };
}

async function answers(line: string) {
  const { code, out, err } = await spinfire(`classify ${line} ${images} --json`);
  expect(code, err).toBe(0);
  const { accuracyByTimesteps, accuracy, seed, timesteps } = JSON.parse(out);
  return { accuracyByTimesteps, accuracy, seed, timesteps };
}

beforeAll(async () => {
  const { code, err } = await spinfire(`build model.onnx -o core ${chosen}`);
  expect(code, err).toBe(0);
});
afterAll(() => bench.dispose());

it('answers as its model does with the same options', async () => {
  const core = await answers('--core core');
  expect(core).toMatchObject({ seed: 9, timesteps: 3 });
  expect(core).toEqual(await answers(`--model model.onnx ${chosen}`));
  const longer = await answers('--core core --timesteps 5');
  expect(longer.accuracyByTimesteps.slice(0, 3)).toEqual(core.accuracyByTimesteps);
});

it("is the folder's own Verilog in Verilator", async () => {
  const { accuracy } = await answers('--core core');
  expect((await answers('--core core --engine verilator')).accuracy).toBe(accuracy);
  const readout = join(bench.folder, 'core', 'model_readout.v');
  const text = readFileSync(readout, 'utf8');
  expect(text.split('score > best')).toHaveLength(2);
  writeFileSync(readout, text.replace('score > best', 'score < best'));
  const predictions = async (engine: string) => {
    const line = `classify --core core --images images.idx --engine ${engine} --predictions ${engine}.txt`;
    expect((await spinfire(line)).code).toBe(0);
    return readFileSync(join(bench.folder, `${engine}.txt`), 'utf8');
  };
  expect(await predictions('verilator')).not.toBe(await predictions('golden'));
});

it.each([
  ['classify --core core --model model.onnx', '--model'],
  ['classify --core core --seed 3', '--seed'],
  ['classify --core core --seeds 3', '--seeds'],
  ['classify --core core --calibration images.idx', '--calibration'],
  ['classify --core core --force', '--force'],
  ['classify --core core --timesteps 65', 'at most 64'],
  ['classify --core core --margin 3', 'no early exit'],
  ['classify --core labels.idx', 'no core of this name'],
  ['classify', '--core NAME'],
])('refuses what the core has settled, and says so: %s', async (line, word) => {
  const { code, err } = await spinfire(`${line} ${images}`);
  expect(code).toBe(2);
  expect(err).toContain(word);
});

it('says which values a network was trained on, and is right with them', async () => {
  bench.put('normalised.onnx', writeModel(aboveZeroModel(1, 0)));
  const value = (image: number) => (image % 2 === 0 ? 100 : 160);
  const pixels = Uint8Array.from({ length: 160 }, (_, i) => value(Math.floor(i / 4)));
  bench.put('forty.idx', Buffer.concat([Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2), pixels]));
  bench.put('forty.csv', Array.from({ length: 40 }, (_, i) => `${i % 2}\n`).join(''));
  const line =
    'classify --model normalised.onnx --images forty.idx --labels forty.csv --encoding direct --timesteps 16 --json';
  const { notes, correct } = JSON.parse((await spinfire(line)).out);
  expect(correct).toBe(20);
  const options = '--mean 0.5 --deviation 0.5';
  expect(notes.join()).toContain(`has 40 of 40 of the images right with ${options}, and 20 as it is told now`);
  const told = JSON.parse((await spinfire(`${line} ${options}`)).out);
  expect(told.correct).toBeGreaterThan(36);
  expect(told.notes).toBeUndefined();
});

it('reads colours pixel by pixel for a network that wants them plane by plane', async () => {
  bench.put('colour.onnx', writeModel(aboveZeroModel(3, 1)));
  const value = (image: number, channel: number) => ((image + channel) % 2 === 0 ? 230 : 20);
  const pixels = Uint8Array.from({ length: 40 * 12 }, (_, i) => value(Math.floor(i / 12), i % 3));
  bench.put('forty.bin', pixels);
  bench.put('odd.csv', Array.from({ length: 40 }, (_, i) => `${i % 2}\n`).join(''));
  const options = '--encoding direct --timesteps 16 --mean 0.5 --deviation 0.5 --layout nchw --json';
  const line = `classify --model colour.onnx --images forty.bin --labels odd.csv ${options}`;
  expect(JSON.parse((await spinfire(`${line} --image-layout nhwc`)).out).correct).toBeGreaterThan(36);
  expect(JSON.parse((await spinfire(line)).out).correct).toBeLessThan(30);
});

it('takes MNIST for a network of its size, however its pixels are normalised', async () => {
  for (const model of ['digits-cnn', 'mnist-cnn']) {
    const line = `classify --model ${process.cwd()}/models/${model}.onnx --limit 1 --mean 0.1 --deviation 0.9 --timesteps 1`;
    expect(await spinfire(line)).toMatchObject({ code: 0 });
  }
});
