/**
 * The Python package in `training/`: its own tests, and a network from training to the core. SPINFIRE_PYTHON names a python3 that has
 * torch, onnx, onnxscript, onnx2torch and pytest (`pip install './training[test]'`).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const python = process.env.SPINFIRE_PYTHON ?? 'python3';
const { failed } = execaSync(python, ['-c', 'import torch, onnx, onnxscript, onnx2torch, pytest'], { reject: false });
if (failed) console.warn(`training is not tried: ${python} has no torch (pip install './training[test]')`);

const env = { PYTHONPATH: join(root, 'training') };

/** Bright rows and bright columns in noise, 8 x 8, written as IDX by a generator of this file's own. */
function bars(folder: string, name: string, count: number, seed: number): string[] {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const images = Buffer.alloc(16 + 64 * count);
  const labels = Buffer.alloc(8 + count);
  for (const [at, value] of [0x803, count, 8, 8].entries()) images.writeUInt32BE(value, 4 * at);
  for (const [at, value] of [0x801, count].entries()) labels.writeUInt32BE(value, 4 * at);
  for (let image = 0; image < count; image++) {
    const start = 16 + 64 * image;
    for (let pixel = 0; pixel < 64; pixel++) images[start + pixel] = next(80);
    const line = next(8);
    labels[8 + image] = image % 2;
    for (let k = 0; k < 8; k++) images[start + (image % 2 === 0 ? 8 * line + k : 8 * k + line)] = 230;
  }
  const files = [join(folder, `${name}-images`), join(folder, `${name}-labels`)];
  writeFileSync(files[0] ?? '', images);
  writeFileSync(files[1] ?? '', labels);
  return files;
}

describe.skipIf(failed)('training', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-training-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes its own tests', { timeout: 900_000 }, async () => {
    const { stdout, exitCode } = await execa(python, ['-m', 'pytest', '-q', 'training/tests'], {
      cwd: root,
      env,
      reject: false,
    });
    expect(exitCode, stdout).toBe(0);
  });

  it('gives a network whose core is as accurate as PyTorch measured', { timeout: 900_000 }, async () => {
    const [images = '', labels = ''] = bars(folder, 'train', 1200, 7);
    const [shown = '', classes = ''] = bars(folder, 'test', 1000, 8);
    const recipe = join(folder, 'recipe.json');
    const device = join(root, 'models/devices/spin-hall-300K-0p5ns.csv');
    writeFileSync(
      recipe,
      JSON.stringify({
        network: '8x8-6c3p-2s-8c3p-2s-2o',
        float_epochs: 4,
        float_rate: 0.01,
        spike_epochs: 10,
        spike_rate: 0.01,
        batch: 50,
        average: 0.9,
        curve: device,
      }),
    );
    const model = join(folder, 'bars.onnx');
    const data = ['--images', images, '--labels', labels, '--test-images', shown, '--test-labels', classes];
    await execa(python, ['-m', 'spinfire_train', 'train', recipe, '-o', model, ...data, '--seeds', '3'], {
      cwd: folder,
      env,
    });
    const log = JSON.parse(readFileSync(join(folder, 'bars.json'), 'utf8')) as {
      spikes: Record<string, Record<string, number>>;
    };
    const expected = Object.values(log.spikes).reduce((sum, run) => sum + (run['4'] ?? 0), 0) / 3;
    expect(expected).toBeGreaterThan(80);
    const { stdout } = await execa(
      process.execPath,
      [
        join(root, 'bin/spinfire.js'),
        ...['classify', '--model', model, '--images', shown, '--labels', classes],
        ...['--encoding', 'direct', '--timesteps', '4', '--device', device, '--json'],
      ],
      { cwd: folder },
    );
    const { accuracy } = JSON.parse(stdout) as { accuracy: number };
    // Four standard errors of 1,000 images at 90 %, and a point for 8-bit weights.
    expect(Math.abs(100 * accuracy - expected), stdout).toBeLessThan(5);
  });
});
