/** Fields of NIR nodes. */
import type { Shape, Window } from '../types.ts';
import type { WrittenArray, WrittenGroup } from './hdf5.ts';

/** A kernel of one weight for each channel. */
export const onePlace = {
  ...{ kernelHeight: 1, kernelWidth: 1, strideY: 1, strideX: 1 },
  ...{ padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 },
};

/** A convolution with its weights as NIR has them. */
export interface Windowed extends Window {
  readonly input: Shape;
  readonly output: Shape;
  /** [output][input channel][ky][kx]. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Without the taps at the edges of the window that no output has a weight for, as far as padding can place the rest. */
export function trimmed(layer: Windowed): Windowed {
  const { kernelHeight, kernelWidth, padTop, padLeft, strideY, strideX, input, output, weight } = layer;
  const taps = [...weight.keys()].filter((i) => weight[i] !== 0);
  const rows = trimmedSide(
    taps.map((i) => Math.floor(i / kernelWidth) % kernelHeight),
    { kernel: kernelHeight, pad: padTop, stride: strideY, size: input.height, places: output.height },
  );
  const columns = trimmedSide(
    taps.map((i) => i % kernelWidth),
    { kernel: kernelWidth, pad: padLeft, stride: strideX, size: input.width, places: output.width },
  );
  const planes = weight.length / (kernelHeight * kernelWidth);
  const rest = Float32Array.from({ length: planes * rows.kernel * columns.kernel }, (_, i) => {
    const [line, kx] = [Math.floor(i / columns.kernel), i % columns.kernel];
    const [plane, ky] = [Math.floor(line / rows.kernel), line % rows.kernel];
    return weight[(plane * kernelHeight + rows.first + ky) * kernelWidth + columns.first + kx]!;
  });
  return {
    ...{ ...layer, weight: rest, kernelHeight: rows.kernel, kernelWidth: columns.kernel },
    ...{ padTop: rows.before, padBottom: rows.after, padLeft: columns.before, padRight: columns.after },
  };
}

function trimmedSide(
  used: readonly number[],
  { kernel, pad, stride, size, places }: Readonly<Record<'kernel' | 'pad' | 'stride' | 'size' | 'places', number>>,
) {
  const first = used.reduce((least, tap) => Math.min(least, tap), pad);
  const before = pad - first;
  const after = (taps: number) => Math.max(0, (places - 1) * stride + taps - before - size);
  const found = (taps: number) => Math.floor((size + before + after(taps) - taps) / stride) + 1;
  let rest = used.reduce((most, tap) => Math.max(most, tap), first) - first + 1;
  // Fewer taps than these would also stand at a place further on.
  while (first + rest < kernel && found(rest) > places) rest += 1;
  return { first, before, after: after(rest), kernel: rest };
}

/** NIR pads both sides alike: a side that has less gets taps of weight 0 that look at the padding. */
export function convolutionNode({ input, output, weight, bias, ...window }: Windowed): WrittenGroup {
  const { kernelHeight, kernelWidth, padTop, padBottom, padLeft, padRight, strideY, strideX } = window;
  const [padY, padX] = [Math.max(padTop, padBottom), Math.max(padLeft, padRight)];
  const [above, left] = [padY - padTop, padX - padLeft];
  const [rows, columns] = [above + kernelHeight + padY - padBottom, left + kernelWidth + padX - padRight];
  const outputs = output.channels;
  const padded = new Float32Array(outputs * input.channels * rows * columns);
  for (const [i, value] of weight.entries()) {
    const [line, kx] = [Math.floor(i / kernelWidth), i % kernelWidth];
    const [plane, ky] = [Math.floor(line / kernelHeight), line % kernelHeight];
    padded[(plane * rows + above + ky) * columns + left + kx] = value;
  }
  return {
    ...{ type: 'Conv2d', input_shape: whole([input.height, input.width]) },
    weight: floats([outputs, input.channels, rows, columns], padded),
    ...{ bias: floats([outputs], bias), stride: whole([strideY, strideX]) },
    ...{ padding: whole([padY, padX]), dilation: whole([1, 1]), groups: number(1) },
  };
}

export const floats = (dims: readonly number[], values: Float32Array): WrittenArray => ({ dims, values });
export const whole = (values: readonly number[]): WrittenArray => ({
  dims: [values.length],
  values: BigInt64Array.from(values, BigInt),
});
export const number = (value: number): WrittenArray => ({ dims: [], values: BigInt64Array.of(BigInt(value)) });
