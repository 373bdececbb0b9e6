/** The reference core on many whole images. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spinfire-digits-'));
  await spinfire('build', join(root, 'models/digits-cnn.onnx'), '-o', 'digits', '--name', 'digits');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function spinfire(...args: string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCommandLine([...args, '--json'], io, commands);
  expect(code, `${io.err()}\n${io.out()}`).toBe(0);
  return JSON.parse(io.out());
}

it('is equal to the golden model on every clock of 100 images', async () => {
  const { images, mismatches, correct } = await spinfire('verify', 'digits', '--limit', '100');
  expect({ images, mismatches }).toEqual({ images: 100, mismatches: 0 });
  expect(correct).toBeGreaterThan(95);
}, 900_000);

it('classifies 200 images by Verilog as the golden model does, one by one', async () => {
  const model = join(root, 'models/digits-cnn.onnx');
  const common = ['--model', model, '--limit', '200', '--timesteps', '4'];
  const golden = await spinfire('classify', ...common, '--predictions', 'golden.txt');
  const verilog = await spinfire('classify', ...common, '--engine', 'verilator', '--predictions', 'verilog.txt');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  expect(read('verilog.txt')).toBe(read('golden.txt'));
  expect(verilog.correct).toBe(golden.correct);
}, 900_000);
