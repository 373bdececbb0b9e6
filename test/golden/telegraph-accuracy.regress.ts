/** Accuracy of telegraphic neurons against the sampling interval: the table in docs/telegraph.md, computed again. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { planCore, telegraph } from '../../src/core/index.ts';
import { correlationTimeS, readDwellFile } from '../../src/device/index.ts';
import { classifyImages } from '../../src/golden/index.ts';
import { importOnnx, mnistPaths, readIdxFiles } from '../../src/network/index.ts';

const device = 'models/devices/telegraphic-300K.csv';
const { points: dwells } = readDwellFile(readFileSync(device, 'utf8'), device);
const longestS = Math.max(...dwells.map(correlationTimeS));
const timeSteps = [1, 2, 4, 8];
const intervals = [0.01, 0.1, 0.3, 1, 3];

it('accuracy on 10,000 digits against the sampling interval is what docs/telegraph.md says', async () => {
  const network = importOnnx(readFileSync('models/digits-cnn.onnx'), 'digits-cnn');
  const { pixels, labels } = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
  const rows: string[] = [];
  for (const relative of intervals) {
    const neuron = telegraph({ dwells, intervalS: relative * longestS });
    const options = { timeSteps: 8, maxTimeSteps: 8 };
    const plan = planCore({
      name: 'sampled',
      network,
      encoding: 'bernoulli',
      readout: 'potential',
      ...neuron,
      options,
    });
    const { classes } = await classifyImages(plan, pixels, { timeSteps: 8 });
    const accuracy = timeSteps.map((steps) => {
      const correct = labels!.reduce(
        (sum, label, image) => sum + (classes[image * 8 + steps - 1] === label ? 1 : 0),
        0,
      );
      return `${((100 * correct) / labels!.length).toFixed(2)} %`;
    });
    rows.push(`| ${relative} | ${Math.exp(-relative).toFixed(2)} | ${accuracy.join(' | ')} |`);
  }
  console.log(rows.join('\n'));
  expect(readFileSync('docs/telegraph.md', 'utf8')).toContain(rows.join('\n'));
}, 600_000);
