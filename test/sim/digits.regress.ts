/** 100 whole MNIST images in lockstep, for each of the trained networks. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { planCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { importOnnx, mnistPaths, readIdxFiles } from '../../src/network/index.ts';
import { lockstep, mismatchText } from '../../src/sim/index.ts';
import { writeCoreFiles } from './small-core.ts';
import { simulatorCache, temporaryFolder } from './temporary.ts';

const environment = systemEnvironment(process.env, process.cwd());
const images = 100;

it.each([
  ['digits-cnn', 'bernoulli', 'potential', undefined],
  ['digits-cnn', 'direct', 'count', 11],
  ['digits-mlp', 'bernoulli', 'potential', 12],
] as const)(
  '100 images through %s, %s encoding, %s readout, stall seed %s',
  async (model, encoding, readout, stall) => {
    const file = fileURLToPath(new URL(`../../models/${model}.onnx`, import.meta.url));
    const network = importOnnx(readFileSync(file), file);
    const curve = logisticCurve(73e-6, 12e-6);
    const options = { timeSteps: 4, maxTimeSteps: 16 };
    const plan = planCore({ name: 'checked', network, encoding, readout, curve, options });
    const directory = temporaryFolder();
    writeCoreFiles(plan, directory);
    const { test } = mnistPaths();
    const data = readIdxFiles(test.images, test.labels);
    const result = await lockstep(
      {
        ...{ directory, plan, trace: false, buildDirectory: simulatorCache },
        images: data.pixels.slice(0, images * 28 * 28),
        labels: data.labels!.slice(0, images),
        ...(stall === undefined ? {} : { stall }),
      },
      environment,
    );
    expect(result.mismatch ? mismatchText(result.mismatch, { top: plan.name }) : '').toBe('');
    expect(result.predictions).toHaveLength(images);
    expect(result.correct).toBeGreaterThan(90);
  },
  900_000,
);
