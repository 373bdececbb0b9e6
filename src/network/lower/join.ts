/** Stages of different depths as one, so that weights can work on all of them. */
import { largestOf, smallestOf } from './budget.ts';
import { writtenOut } from './maps.ts';
import type {
  DenseMap,
  FlatPart,
  ImagePart,
  JoinedStage,
  Part,
  PotentialStage,
  Sampling,
  SourceStage,
  WindowMap,
} from './stages.ts';

export interface JoinedSources {
  readonly stage: JoinedStage;
  readonly first: (element: number) => number;
  readonly second: (element: number) => number;
}

const whole: Sampling = { strideY: 1, strideX: 1, offsetY: 0, offsetX: 0 };

/** Channels of a part of an image, or elements of another. */
function partSize({ source, sampling }: Part): number {
  return sampling === undefined ? source.size : source.layout!.shape.channels;
}

/** Two stages beside each other: as images of the same size channel by channel, otherwise element by element. */
export function joinSources(a: SourceStage, b: SourceStage): JoinedSources {
  const [first, second] = [imageOf(a), imageOf(b)];
  const isImage =
    first !== undefined && second !== undefined && first.height === second.height && first.width === second.width;
  if (!isImage) {
    const [left, right] = [flatParts(a), flatParts(b)];
    const { parts, firsts, seconds } = merged(left, right);
    const size = parts.reduce((sum, part) => sum + partSize(part), 0);
    const place = (starts: readonly number[], own: readonly Part[]) => {
      const ends = runningSums(own.map(partSize));
      return (element: number) => {
        const part = ends.findIndex((end) => element < end);
        return starts[part]! + element - (part === 0 ? 0 : ends[part - 1]!);
      };
    };
    return { stage: { kind: 'joined', size, parts }, first: place(firsts, left), second: place(seconds, right) };
  }
  const [left, right] = [imageParts(a), imageParts(b)];
  const { parts, firsts, seconds } = merged(left, right);
  const channels = parts.reduce((sum, part) => sum + partSize(part), 0);
  const { height, width } = first;
  const place = (starts: readonly number[], own: readonly Part[], from: SourceStage) => {
    const channelTo = own.flatMap((part, i) => Array.from({ length: partSize(part) }, (_, c) => starts[i]! + c));
    const inverse = inverseOrder(from);
    return (element: number) => {
      const at = inverse?.[element] ?? element;
      return Math.floor(at / channelTo.length) * channels + channelTo[at % channelTo.length]!;
    };
  };
  const shape = { height, width, channels };
  const stage: JoinedStage = { kind: 'joined', size: height * width * channels, parts, layout: { shape } };
  return { stage, first: place(firsts, left, a), second: place(seconds, right, b) };
}

/** The parts of both, those that both have once; where each of them begins. */
function merged<P extends Part>(left: readonly P[], right: readonly P[]) {
  const parts: P[] = [];
  const starts: number[] = [];
  let end = 0;
  const place = (part: P): number => {
    const found = parts.findIndex((other) => samePart(part, other));
    if (found >= 0) return starts[found]!;
    parts.push(part);
    starts.push(end);
    end += partSize(part);
    return starts.at(-1)!;
  };
  return { parts, firsts: left.map(place), seconds: right.map(place) };
}

function samePart(a: Part, b: Part): boolean {
  if (!sameStage(a.source, b.source)) return false;
  const [one, other] = [a.sampling, b.sampling];
  if (one === undefined || other === undefined) return one === other;
  return (
    one.strideY === other.strideY &&
    one.strideX === other.strideX &&
    one.offsetY === other.offsetY &&
    one.offsetX === other.offsetX
  );
}

/** A pool may have been made twice of the same spikes. */
function sameStage(a: SourceStage, b: SourceStage): boolean {
  if (a === b) return true;
  if (a.kind !== 'pooled' || b.kind !== 'pooled') return false;
  return a.spikes === b.spikes && a.windowHeight === b.windowHeight && a.windowWidth === b.windowWidth;
}

const runningSums = (sizes: readonly number[]): number[] => {
  let sum = 0;
  return sizes.map((size) => {
    sum += size;
    return sum;
  });
};

const imageOf = (stage: SourceStage) => (isFlat(stage) ? undefined : stage.layout?.shape);

/** The parts of a joined stage without places; a layout that was read into it later arranges its elements, not its parts. */
export function flatOnly(parts: JoinedStage['parts']): readonly FlatPart[] | undefined {
  return parts[0]!.sampling === undefined ? (parts as readonly FlatPart[]) : undefined;
}

const isFlat = (stage: SourceStage) => stage.kind === 'joined' && flatOnly(stage.parts) !== undefined;

function flatParts(stage: SourceStage): readonly FlatPart[] {
  return (stage.kind === 'joined' ? flatOnly(stage.parts) : undefined) ?? [{ source: stage }];
}

/** Of a stage whose image can be joined with others. */
export function imageParts(stage: SourceStage): readonly ImagePart[] {
  return stage.kind === 'joined' ? (stage.parts as readonly ImagePart[]) : [{ source: stage, sampling: whole }];
}

/** [element]: its place in (y, x, channel) order; undefined where these are the same. */
function inverseOrder({ layout }: SourceStage): Int32Array | undefined {
  if (layout?.order === undefined) return undefined;
  const inverse = new Int32Array(layout.order.length);
  for (const [place, element] of layout.order.entries()) inverse[element] = place;
  return inverse;
}

/** Whether a stage's image can be joined with others place by place. */
export function isImage(stage: SourceStage): boolean {
  return imageOf(stage) !== undefined;
}

/**
 * Weights that step over `stride` places of an image as weights over only every so manyth of them: for each offset that they need, a
 * channel of its own; where the smaller image has not all places that they look at, for each of their places. Undefined when they
 * do not step so.
 *
 * @param grid places of the smaller image
 */
export function resampled(
  { source, map }: PotentialStage & { readonly map: WindowMap },
  stride: { readonly y: number; readonly x: number },
  grid: { readonly height: number; readonly width: number },
): { readonly stage: JoinedStage; readonly map: WindowMap } | undefined {
  const { shape } = source.layout!;
  if (map.hasOnes || map.strideY % stride.y !== 0 || map.strideX % stride.x !== 0) return undefined;
  const rows = axis(map.kernelHeight, map.padTop, { stride: stride.y, size: shape.height, places: grid.height });
  const columns = axis(map.kernelWidth, map.padLeft, { stride: stride.x, size: shape.width, places: grid.width });
  const offsets = rows.offsets.flatMap((y) => columns.offsets.map((x) => ({ y, x })));
  const parts = offsets.flatMap(({ y, x }) =>
    imageParts(source).map(({ source: from, sampling: before }): ImagePart => {
      return {
        source: from,
        sampling: {
          strideY: before.strideY * stride.y,
          strideX: before.strideX * stride.x,
          offsetY: before.offsetY + before.strideY * y,
          offsetX: before.offsetX + before.strideX * x,
        },
      };
    }),
  );
  const channels = offsets.length * shape.channels;
  const [kernelHeight, kernelWidth] = [rows.kernel, columns.kernel];
  const outputs = map.output.channels;
  const weights = new Float64Array(outputs * kernelHeight * kernelWidth * channels);
  for (const [i, weight] of map.weights.entries()) {
    const channel = i % shape.channels;
    const place = Math.floor(i / shape.channels);
    const kx = place % map.kernelWidth;
    const ky = Math.floor(place / map.kernelWidth) % map.kernelHeight;
    const o = Math.floor(place / (map.kernelWidth * map.kernelHeight));
    const [row, column] = [rows.taps[ky]!, columns.taps[kx]!];
    const block = row.offset * columns.offsets.length + column.offset;
    const tap = (o * kernelHeight + row.place) * kernelWidth + column.place;
    weights[tap * channels + block * shape.channels + channel] = weight;
  }
  const [strideY, strideX] = [map.strideY / stride.y, map.strideX / stride.x];
  const after = (places: number, step: number, kernel: number, before: number, size: number) =>
    Math.max(0, (places - 1) * step + kernel - before - size);
  const input = { ...grid, channels };
  return {
    stage: { kind: 'joined', size: grid.height * grid.width * channels, parts, layout: { shape: input } },
    map: {
      ...map,
      ...{ input, kernelHeight, kernelWidth, strideY, strideX, weights },
      ...{ padTop: rows.pad, padLeft: columns.pad },
      padBottom: after(map.output.height, strideY, kernelHeight, rows.pad, grid.height),
      padRight: after(map.output.width, strideX, kernelWidth, columns.pad, grid.width),
    },
  };
}

/** Taps of one side of a window by offset and place on the smaller image. */
function axis(
  kernel: number,
  pad: number,
  { stride, size, places }: { readonly stride: number; readonly size: number; readonly places: number },
) {
  const few = Array.from({ length: kernel }, (_, k) => {
    const place = Math.floor((k - pad) / stride);
    return { place, offset: k - pad - place * stride };
  });
  const isCovered = few.every(({ offset }) => places * stride + offset >= size);
  const all = isCovered ? few : few.map((_, k) => ({ place: 0, offset: k - pad }));
  const offsets = [...new Set(all.map(({ offset }) => offset))].sort((x, y) => x - y);
  const first = smallestOf(
    0,
    all.map(({ place }) => place),
  );
  const last = largestOf(
    all[0]!.place,
    all.map(({ place }) => place),
  );
  const taps = all.map(({ place, offset }) => ({ place: place - first, offset: offsets.indexOf(offset) }));
  return { offsets, taps, pad: -first, kernel: last - first + 1 };
}

/** The map over a stage in which the source's elements are those at `place`. */
export function denseOver(
  { map, source }: PotentialStage,
  joined: SourceStage,
  place: (element: number) => number,
  where: string,
): DenseMap {
  const full = writtenOut(map, source.layout, where);
  const weights = new Float64Array(full.outputs * joined.size);
  for (const [i, weight] of full.weights.entries()) {
    weights[Math.floor(i / full.inputs) * joined.size + place(i % full.inputs)] = weight;
  }
  return { ...full, inputs: joined.size, weights };
}
