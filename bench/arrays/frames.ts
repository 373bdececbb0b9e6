/** What goes into the two convolutions of the paper's network when it computes with bytes. */
import type { IntegerNeuron, LayerPlan } from '../../src/plan/index.ts';

/** [position][tap] of a layer without padding and with strides of 1, values as bytes. */
export function windowsOf(layer: LayerPlan, frame: ArrayLike<number>): number[][] {
  const { width, channels } = layer.input;
  const across = layer.input.width - layer.kernelWidth + 1;
  const down = layer.input.height - layer.kernelHeight + 1;
  return Array.from({ length: across * down }, (_, at) => {
    const [y, x] = [Math.floor(at / across), at % across];
    return Array.from({ length: layer.kernelHeight * layer.kernelWidth * channels }, (__, tap) => {
      const row = Math.floor(tap / (layer.kernelWidth * channels));
      return frame[((y + row) * width + x) * channels + (tap % (layer.kernelWidth * channels))]!;
    });
  });
}

/** Of a window and the weights of an output. */
export const dot = (weights: readonly number[], window: readonly number[]) =>
  weights.reduce((sum, weight, tap) => sum + weight * window[tap]!, 0);

/** The first layer's values, as means over its pools: bytes, where our own core keeps the sum of four. */
export function pooled(first: LayerPlan, second: LayerPlan, image: ArrayLike<number>): number[] {
  const { table, tableShift, tableOffset } = first.neuron as IntegerNeuron;
  const inputs = windowsOf(first, image);
  const value = (at: number, output: number) => {
    const v = dot(first.weights[output]!, inputs[at]!) + first.bias[output]!;
    return table[Math.max(0, Math.min(table.length - 1, Math.floor(v * 2 ** -tableShift) + tableOffset))]!;
  };
  const { width: side, channels } = second.input;
  return Array.from({ length: side * side * channels }, (_, i) => {
    const [y, x, output] = [Math.floor(i / channels / side), Math.floor(i / channels) % side, i % channels];
    const corner = 2 * y * 2 * side + 2 * x;
    const four = [0, 1, 2 * side, 2 * side + 1].map((step) => value(corner + step, output));
    return Math.min(255, Math.round(four.reduce((sum, one) => sum + one, 0) / 4));
  });
}
