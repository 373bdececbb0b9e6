/** The padding of a frame: written by nothing, and so by no push in reset either. */
import { expect, it } from 'vitest';
import { buildHardware, defineCore, mtj, planCore } from '../../src/core/index.ts';
import { logisticCurve } from '../../src/device/index.ts';
import { emitVerilog } from '../../src/hdl/index.ts';

const neuron = mtj({ curve: logisticCurve(70e-6, 12e-6) });
const layer = (outputs: number, taps: number) => ({
  weights: Float32Array.from({ length: outputs * taps }, (_, i) => Math.sin(i)),
  bias: new Float32Array(outputs),
});

function frameBuffers(padding: number): string {
  const size = 6 + 2 * (2 * padding - 2);
  const design = defineCore('padded', ({ input, readout }) => {
    const first = input.image(6, 6, 1).conv(layer(2, 9), { kernel: 3, padding }).neurons(neuron);
    const second = first.conv(layer(2, 18), { kernel: 3, padding }).neurons(neuron);
    readout.potential(second.dense(layer(3, 2 * size * size)));
  });
  const { files } = emitVerilog(buildHardware(planCore(design)), { generator: 'test', configuration: 'none' });
  return files
    .filter(({ text }) => /^ {2,}.*words\[.*\] <= /m.test(text))
    .map(({ text }) => text)
    .join('\n');
}

it('is out of reach while the reset is asserted, whatever the address is then', () => {
  const padded = frameBuffers(1);
  expect(padded).toContain('wire stored = pass_push && !rst;');
  expect(padded).toMatch(/if \(stored\b.*\) words\[.*\] <= pass_data;/);
});

it('needs no such care where there is none', () => {
  expect(frameBuffers(0)).not.toContain('stored');
});
