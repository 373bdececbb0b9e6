/** classify by a core that was built: what build was told is in it, and need not be said again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
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
