/**
 * The paper's network, layer by layer: 28x28-6c5-2s-12c5-2s-10o, with neurons whose curve comes from a device file.
 * Build it: `npx spinfire build examples/02-digits.ts`
 */
import { readFileSync } from 'node:fs';
import { defineCore, mtj, weightsOf } from 'spinfire/core';
import { readCurveFile } from 'spinfire/device';
import { importOnnx } from 'spinfire/network';

const file = (path: string) => readFileSync(new URL(`../models/${path}`, import.meta.url));
const weights = weightsOf(importOnnx(file('digits-cnn.onnx'), 'digits-cnn.onnx'));
const curve = readCurveFile(file('devices/spin-hall-300K-0p5ns.csv').toString(), 'spin-hall-300K-0p5ns.csv');

export default defineCore(
  'digits_by_layers',
  ({ input, readout }) => {
    const neuron = mtj({ curve });
    const pixels = input.image(28, 28, 1, { encoding: 'bernoulli' });
    const edges = pixels.conv(weights.conv1!, { kernel: 5, name: 'conv1' }).neurons(neuron);
    const parts = edges.averagePool(2).conv(weights.conv2!, { kernel: 5, name: 'conv2' }).neurons(neuron);
    readout.potential(parts.averagePool(2).dense(weights.out!, { name: 'out' }));
  },
  { weightBits: 8, timeSteps: 8, fit: { luts: 4600, rams: 30 } },
);
