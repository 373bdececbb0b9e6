/** The trained networks in models/ that want direct encoding: what models/README.md says of them, on a part of the test images. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { importOnnx } from '../../src/network/index.ts';
import { fakeIo } from '../cli/fake-io.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Percent of 500 images that a kept network has right at T = 4. */
async function rightOf(name: string, images: readonly string[] = []): Promise<number> {
  const io = fakeIo({ cwd: root });
  const direct = ['--encoding', 'direct', '--timesteps', '4', '--limit', '500'];
  const words = ['classify', '--model', `models/${name}.onnx`, ...images, ...direct];
  expect(await runCommandLine(words, io, commands), io.err()).toBe(0);
  return Number(/right: ([\d.]+) %/.exec(io.out())?.[1]);
}

it.each([
  ['mnist-cnn', 98.5],
  ['mnist-resnet8', 95.5],
])('%s answers at least %s percent of 500 images at T = 4', async (name, least) => {
  expect(await rightOf(name)).toBeGreaterThan(least);
});

const pictures = process.env.SPINFIRE_CIFAR10;

it('cifar10-cnn answers at least 81 percent of 500 test images at T = 4', async ({ skip }) => {
  if (pictures === undefined || !existsSync(pictures)) {
    const why = "CIFAR-10's pictures are not here: SPINFIRE_CIFAR10=…/test_batch.bin names its binary test batch";
    console.log(`skipped: ${why}`);
    return skip(why);
  }
  expect(await rightOf('cifar10-cnn', ['--images', pictures])).toBeGreaterThan(81);
});

it('cifar10-cnn is planned for a ULX3S-85F at 50 images a second, with fewer than 430,000 weights', async () => {
  const network = importOnnx(readFileSync(`${root}/models/cifar10-cnn.onnx`), 'cifar10-cnn.onnx');
  const weights = network.layers.reduce((sum, layer) => sum + ('weights' in layer ? layer.weights.length : 0), 0);
  expect(weights).toBe(424_976);
  const io = fakeIo({ cwd: root });
  const plan = [
    'build',
    'models/cifar10-cnn.onnx',
    '--encoding',
    'direct',
    '--timesteps',
    '4',
    '--weight-bits',
    '6',
    '--fit',
    'ulx3s-85f',
    '--fps',
    '50',
    '--explore',
    '--json',
  ];
  expect(await runCommandLine(plan, io, commands), io.err()).toBe(0);
  const { candidates } = JSON.parse(io.out()) as { candidates: { chosen: boolean; cyclesPerImage: number }[] };
  const chosen = candidates.filter((candidate) => candidate.chosen);
  expect(chosen).toHaveLength(1);
  // 50 MHz by 50 images.
  expect(chosen[0]!.cyclesPerImage).toBeLessThanOrEqual(1_000_000);
});
