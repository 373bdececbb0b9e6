/** The trained networks in models/ that want direct encoding: what models/README.md says of them, on a part of the test images. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from '../cli/fake-io.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it.each([
  ['mnist-cnn', 98.5],
  ['mnist-resnet8', 95.5],
])('%s answers at least %s percent of 500 images at T = 4', async (name, least) => {
  const io = fakeIo({ cwd: root });
  const words = [
    'classify',
    '--model',
    `models/${name}.onnx`,
    '--encoding',
    'direct',
    '--timesteps',
    '4',
    '--limit',
    '500',
  ];
  expect(await runCommandLine(words, io, commands), io.err()).toBe(0);
  expect(Number(/right: ([\d.]+) %/.exec(io.out())?.[1])).toBeGreaterThan(least);
});
