import { expectSize, mostWeights } from './budget.ts';
import { type Named, shown, type WindowWeights, windowView } from './linear.ts';
import { at, type PooledStage, type View } from './stages.ts';
import { affineView, type ImageView, imageDims, readImage } from './views.ts';

export interface PoolWindow {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  /** Whether zeros of the padding count as values of a window. */
  readonly countsPadding: boolean;
}

/** Averages over windows: the hardware's own pool where they do not overlap and pool spikes, else weights like any others. */
export function averageView(view: View, pool: PoolWindow, named: Named): View {
  const image = readImage(view);
  if (image !== undefined) {
    const pooled = spikePool(view, image, pool, named);
    if (pooled !== undefined) return pooled;
  }
  const { height, width } = imageDims(view.dims)!;
  const side = (outputs: number, stride: number, kernel: number, before: number, size: number, after: number) =>
    counts(outputs, stride, kernel, before, pool.countsPadding ? [-before, size + after] : [0, size]);
  const rows = side(pool.outputHeight, pool.strideY, pool.kernelHeight, pool.padTop, height, pool.padBottom);
  const columns = side(pool.outputWidth, pool.strideX, pool.kernelWidth, pool.padLeft, width, pool.padRight);
  const even = rows.every((count) => count === rows[0]) && columns.every((count) => count === columns[0]);
  if (even) return windowView(view, averaging(view, pool, 1 / (rows[0]! * columns[0]!), named.where), named);
  // Averages of a * x + b are a * (average of x) + b, as long as only values count.
  const plain = image !== undefined && !pool.countsPadding && !view.index.includes(-1);
  const sums = windowView(plain ? { ...view, scale: 1, shift: 0 } : view, averaging(view, pool, 1, named.where), named);
  const places = pool.outputHeight * pool.outputWidth;
  const share = (i: number) =>
    1 / (rows[Math.floor((i % places) / pool.outputWidth)]! * columns[i % pool.outputWidth]!);
  const channel = (i: number) => Math.floor(i / places);
  const scale = Float64Array.from(sums.index, (_, i) => share(i) * (plain ? image.scale[channel(i)]! : 1));
  const shift = plain ? Float64Array.from(sums.index, (_, i) => image.shift[channel(i)]!) : 0;
  return affineView(sums, scale, shift, '');
}

function averaging(view: View, pool: PoolWindow, share: number, where: string): WindowWeights {
  const { channels, height, width } = imageDims(view.dims)!;
  const places = pool.kernelHeight * pool.kernelWidth;
  expectSize(channels ** 2 * places, mostWeights, 'weights in one layer', where);
  const weights = new Float64Array(channels * places * channels);
  for (let c = 0; c < channels; c += 1) {
    for (let place = 0; place < places; place += 1) weights[(c * places + place) * channels + c] = share;
  }
  // A last window that hangs over the edge (ceil mode) sees nothing there.
  const over = (outputs: number, stride: number, kernel: number, before: number, size: number) =>
    (outputs - 1) * stride + kernel - before - size;
  const below = over(pool.outputHeight, pool.strideY, pool.kernelHeight, pool.padTop, height);
  const beside = over(pool.outputWidth, pool.strideX, pool.kernelWidth, pool.padLeft, width);
  const pads = { padBottom: Math.max(pool.padBottom, below), padRight: Math.max(pool.padRight, beside) };
  return { ...pool, ...pads, weights, bias: new Float64Array(channels) };
}

/** Values in each window along one side; those from `first` to `last` count. */
function counts(
  outputs: number,
  stride: number,
  kernel: number,
  before: number,
  [first, last]: readonly [number, number],
): number[] {
  return Array.from({ length: outputs }, (_, i) => {
    const start = i * stride - before;
    return Math.max(1, Math.min(start + kernel, last) - Math.max(start, first));
  });
}

function spikePool(view: View, image: ImageView, pool: PoolWindow, { name }: Named): View | undefined {
  const { stage } = view;
  const { shape, frame, channel, scale, shift } = image;
  const { kernelHeight, kernelWidth } = pool;
  const bare = frame.top + frame.left + frame.bottom + frame.right + pool.padTop + pool.padLeft === 0;
  const apart = pool.strideY === kernelHeight && pool.strideX === kernelWidth;
  const whole =
    pool.outputHeight === Math.floor(shape.height / kernelHeight) &&
    pool.outputWidth === Math.floor(shape.width / kernelWidth);
  const every =
    channel.length === stage.layout?.shape.channels && channel.every((shownChannel, c) => shownChannel === c);
  if (!bare || !apart || !whole || !every || (stage.kind !== 'neurons' && stage.kind !== 'pooled')) return undefined;
  const before = stage.kind === 'pooled' ? stage : { windowHeight: 1, windowWidth: 1, made: [] };
  const output = { height: pool.outputHeight, width: pool.outputWidth, channels: shape.channels };
  const pooled: PooledStage = {
    kind: 'pooled',
    size: output.height * output.width * output.channels,
    spikes: stage.kind === 'pooled' ? stage.spikes : stage,
    windowHeight: before.windowHeight * kernelHeight,
    windowWidth: before.windowWidth * kernelWidth,
    layout: { shape: output },
    made: [...before.made, ...view.made, name],
  };
  const dims =
    view.dims.length === 4 ? [1, output.channels, output.height, output.width] : [1, output.channels, output.width];
  const plain = shown(pooled, dims, output);
  if (scale.every((each) => each === 1) && shift.every((each) => each === 0)) return plain;
  const places = output.height * output.width;
  const spread = (values: Float64Array) => Float64Array.from(plain.index, (_, i) => at(values, Math.floor(i / places)));
  return affineView(plain, spread(scale), spread(shift), '');
}
