import { assertUnreachable } from '../../errors/index.ts';
import { largestOf } from './budget.ts';
import { denseOver, isImage, joinSources, resampled } from './join.ts';
import { asPotentials, type Named, rowsView, windowView } from './linear.ts';
import { joinDense, joinWindows, writtenOut } from './maps.ts';
import type {
  DenseMap,
  LinearMap,
  NeuronStage,
  PooledStage,
  PotentialStage,
  SourceStage,
  Stage,
  View,
} from './stages.ts';
import { at } from './stages.ts';
import { imageDims, readImage } from './views.ts';

/** Two stages as one: where element i of each is. */
interface Joined<S extends Stage> {
  readonly stage: S;
  readonly first: (element: number) => number;
  readonly second: (element: number) => number;
}

/**
 * Views of several stages as views of one: layers beside each other that work on the same spikes are one layer with the
 * channels of both, others stand beside each other as they are.
 *
 * @throws SpinfireError (badInput) when they are too large together
 */
export function unify(views: readonly View[], named: Named): View[] {
  let common = [...views];
  const potential = views.find((view) => view.stage.kind === 'potentials');
  if (potential !== undefined && views.some((view) => view.stage !== potential.stage)) {
    common = common.map((view) => asPotentials(view, { ...named, name: '' }));
  }
  for (let i = 1; i < common.length; i += 1) {
    const [base, other] = [common[0]!.stage, common[i]!.stage];
    if (base === other) continue;
    const joined = join(base, other, named);
    const move = (view: View): View => {
      const place = view.stage === other ? joined.second : view.stage === base ? joined.first : undefined;
      if (place === undefined) return view;
      return { ...view, stage: joined.stage, index: view.index.map((element) => (element < 0 ? -1 : place(element))) };
    };
    common = common.map(move);
  }
  return common;
}

function join(a: Stage, b: Stage, named: Named): Joined<Stage> {
  if (a.kind === 'potentials' && b.kind === 'potentials') return joinPotentials(a, b, named);
  if (a.kind === 'potentials' || b.kind === 'potentials')
    throw new Error('values are made potentials where others are');
  return besideEachOther(a, b, named) ?? joinSources(a, b);
}

/** One layer that does the work of both, where these are of one depth and fit. */
function besideEachOther(a: SourceStage, b: SourceStage, named: Named): Joined<SourceStage> | undefined {
  if (depth(a) !== depth(b)) return undefined;
  if (a.kind === 'neurons' && b.kind === 'neurons') return joinNeurons(a, b, named);
  if (a.kind === 'pooled' && b.kind === 'pooled') return joinPools(a, b, named);
  return undefined;
}

function joinNeurons(a: NeuronStage, b: NeuronStage, named: Named): Joined<NeuronStage> {
  const { stage, ...places } = joinPotentials(a.drive, b.drive, named);
  const { layout } = stage;
  return { stage: { kind: 'neurons', size: stage.size, drive: stage, ...(layout ? { layout } : {}) }, ...places };
}

function joinPools(a: PooledStage, b: PooledStage, named: Named): Joined<PooledStage> | undefined {
  const same = a.windowHeight === b.windowHeight && a.windowWidth === b.windowWidth;
  const spikes = same ? joinNeurons(a.spikes, b.spikes, named) : undefined;
  const [first, second] = [a.layout!.shape, b.layout!.shape];
  if (spikes?.stage.drive.map.kind !== 'window') return undefined;
  const channels = first.channels + second.channels;
  const stage: PooledStage = {
    ...a,
    size: a.size + b.size,
    spikes: spikes.stage,
    layout: { shape: { ...first, channels } },
    made: [...a.made, ...b.made],
  };
  return { stage, ...channelPlaces(first.channels, second.channels) };
}

function joinPotentials(a: PotentialStage, b: PotentialStage, named: Named): Joined<PotentialStage> {
  const [first, second] = a.source === b.source ? [a, b] : overOneSource(a, b, named);
  const made = [...first.made, ...second.made.filter((name) => !first.made.includes(name))];
  const { source, where } = first;
  const base = { kind: 'potentials' as const, source, made, where, size: first.size + second.size };
  if (first.map.kind === 'window' && second.map.kind === 'window') {
    const map = joinWindows(first.map, second.map);
    if (map !== undefined) {
      const places = channelPlaces(first.map.output.channels, second.map.output.channels);
      return { stage: { ...base, map, layout: { shape: map.output } }, ...places };
    }
  }
  const map = joinDense(dense(first, named), dense(second, named));
  return { stage: { ...base, map }, first: (element) => element, second: (element) => element + first.size };
}

const dense = ({ map, source }: PotentialStage, { where }: Named): DenseMap => writtenOut(map, source.layout, where);

/** Where the elements of two images are, (y, x, channel), when the second's channels stand behind the first's. */
function channelPlaces(first: number, second: number) {
  const all = first + second;
  return {
    first: (element: number) => Math.floor(element / first) * all + (element % first),
    second: (element: number) => Math.floor(element / second) * all + first + (element % second),
  };
}

/** Two layers of different sources: both over these as one. */
function overOneSource(a: PotentialStage, b: PotentialStage, named: Named): [PotentialStage, PotentialStage] {
  const beside = besideEachOther(a.source, b.source, named);
  const [first, second] = beside ? [a, b] : onOneGrid(a, b);
  const joined = beside ?? joinSources(first.source, second.source);
  const over = (stage: PotentialStage, place: (element: number) => number): PotentialStage => {
    const source = joined.stage;
    return { ...stage, source, map: widened(stage, source, place, named) };
  };
  return [over(first, joined.first), over(second, joined.second)];
}

/** Where one source is an image of a few times the other's size, and its weights step so much more: only the places that they look at. */
function onOneGrid(a: PotentialStage, b: PotentialStage): readonly [PotentialStage, PotentialStage] {
  const [first, second] = [a.map, b.map];
  if (first.kind !== 'window' || second.kind !== 'window') return [a, b];
  if (!isImage(a.source) || !isImage(b.source)) return [a, b];
  const stride = { y: first.strideY / second.strideY, x: first.strideX / second.strideX };
  const [one, other] = [a.source.layout!.shape, b.source.layout!.shape];
  if (one.height === other.height && one.width === other.width) return [a, b];
  const isLarger = one.height >= other.height && one.width >= other.width;
  const [large, largeMap, small] = isLarger ? [a, first, b] : [b, second, a];
  const steps = isLarger ? stride : { y: 1 / stride.y, x: 1 / stride.x };
  if (!Number.isInteger(steps.y) || !Number.isInteger(steps.x)) return [a, b];
  const { height, width } = small.source.layout!.shape;
  const fewer = resampled({ ...large, map: largeMap }, steps, { height, width });
  if (fewer === undefined) return [a, b];
  const changed: PotentialStage = { ...large, source: fewer.stage, map: fewer.map };
  return isLarger ? [changed, b] : [a, changed];
}

function widened(
  stage: PotentialStage,
  source: SourceStage,
  place: (element: number) => number,
  { where }: Named,
): LinearMap {
  const { map } = stage;
  const shape = source.layout?.shape;
  const own = stage.source.layout;
  const isWindow = map.kind === 'window' && !map.hasOnes && own !== undefined && own.order === undefined;
  const sameGrid = own?.shape.height === shape?.height && own?.shape.width === shape?.width;
  if (isWindow && sameGrid && shape !== undefined) {
    const channels = map.input.channels;
    const weights = new Float64Array((map.weights.length / channels) * shape.channels);
    for (const [i, weight] of map.weights.entries())
      weights[Math.floor(i / channels) * shape.channels + place(i % channels)] = weight;
    return { ...map, input: shape, weights };
  }
  return denseOver(stage, source, place, where);
}

/** Rows of neurons between the network's input and a stage, at most. */
function depth(stage: SourceStage, known = new Map<SourceStage, number>()): number {
  const before = known.get(stage);
  if (before !== undefined) return before;
  const own = depthBehind(stage, known);
  known.set(stage, own);
  return own;
}

function depthBehind(stage: SourceStage, known: Map<SourceStage, number>): number {
  switch (stage.kind) {
    case 'input':
      return 0;
    case 'neurons':
      return 1 + depth(stage.drive.source, known);
    case 'pooled':
      return depth(stage.spikes, known);
    case 'joined':
      return largestOf(
        0,
        stage.parts.map(({ source }) => depth(source, known)),
      );
    default:
      return assertUnreachable(stage);
  }
}

/** Sums of views of equal dimensions, element by element. */
export function sumViews(views: readonly View[], named: Named): View {
  const common = unify(views, named);
  const [first] = common as [View, ...View[]];
  const made = [...common.flatMap((view) => view.made), named.name];
  if (common.every((view) => view.index.every((element, i) => element === first.index[i]))) {
    const total = (of: (view: View) => Float64Array | number) =>
      Float64Array.from(first.index, (_, i) => common.reduce((sum, view) => sum + at(of(view), i), 0));
    return { ...first, scale: total((view) => view.scale), shift: total((view) => view.shift), made };
  }
  return sumOfChannels(common, first, named) ?? sumOfElements(common, first, named);
}

/** As a convolution of one pixel over the channels of all. */
function sumOfChannels(views: readonly View[], first: View, named: Named): View | undefined {
  const outer = imageDims(first.dims);
  if (outer === undefined || first.dims.length === 2) return undefined;
  if (views.some((view) => readImage(view) === undefined || view.index.includes(-1))) return undefined;
  const together = concatViews(views, 1, named);
  const { channels, height, width } = outer;
  const inputs = channels * views.length;
  const weights = new Float64Array(channels * inputs);
  for (let o = 0; o < channels; o += 1) {
    for (let part = 0; part < views.length; part += 1) weights[o * inputs + part * channels + o] = 1;
  }
  const window = { kernelHeight: 1, kernelWidth: 1, strideY: 1, strideX: 1 };
  const pads = { padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
  const size = { outputHeight: height, outputWidth: width };
  return windowView(together, { ...window, ...pads, ...size, weights, bias: new Float64Array(channels) }, named);
}

function sumOfElements(views: readonly View[], first: View, named: Named): View {
  const size = first.index.length;
  const flat = views.map((view) => ({ ...view, dims: [1, size] }));
  const together = concatViews(flat, 1, { ...named, name: '' });
  return rowsView(together, first.dims, named, (row, add) => {
    for (let part = 0; part < views.length; part += 1) add(part * size + row, 1);
    return 0;
  });
}

/** Views of one stage behind each other along an axis; all but that dimension are equal. */
export function concatViews(views: readonly View[], axis: number, named: Named): View {
  const common = unify(views, named);
  const [first] = common as [View, ...View[]];
  const outer = first.dims.slice(0, axis).reduce((product, dim) => product * dim, 1);
  const chunks = common.map((view) => view.index.length / outer);
  const length = chunks.reduce((sum, chunk) => sum + chunk, 0);
  const dims = first.dims.map((dim, i) => (i === axis ? common.reduce((sum, view) => sum + view.dims[axis]!, 0) : dim));
  const index = new Int32Array(outer * length);
  const scale = new Float64Array(outer * length);
  const shift = new Float64Array(outer * length);
  let start = 0;
  for (const [part, view] of common.entries()) {
    const chunk = chunks[part]!;
    for (let i = 0; i < view.index.length; i += 1) {
      const target = Math.floor(i / chunk) * length + start + (i % chunk);
      index[target] = view.index[i]!;
      scale[target] = at(view.scale, i);
      shift[target] = at(view.shift, i);
    }
    start += chunk;
  }
  const made = [...new Set([...common.flatMap((view) => view.made), ...(named.name === '' ? [] : [named.name])])];
  return { stage: first.stage, dims, index, scale, shift, made };
}
