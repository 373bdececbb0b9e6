import { forwardFloat } from './forward.ts';
import type { ImportedModel } from './onnx/index.ts';

/** The network's own input, from the file's: values of 0 to 1 in the order that the file has them. */
export function networkInput({ input }: ImportedModel, values: ArrayLike<number>): Float64Array {
  return Float64Array.from(input.order, (element) => (element < 0 ? 1 : values[element]!));
}

/**
 * What the file's last node gives, computed by the imported network in floats.
 *
 * @param image values of 0 to 1 in the network's order
 */
export function fileResult({ network, output }: ImportedModel, image: ArrayLike<number>): number[] {
  const own = Array.from(forwardFloat(network, image)).slice(output.isYesNo ? 1 : 0);
  const values = own.map((value) => value * output.scale + output.shift);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = values.reduce((sum, value) => sum + Math.exp(value - most), 0);
  switch (output.ending) {
    case 'softmax':
      return values.map((value) => Math.exp(value - most) / total);
    case 'logSoftmax':
      return values.map((value) => value - most - Math.log(total));
    case 'argMax':
      return [values.indexOf(most)];
    default:
      return values;
  }
}
