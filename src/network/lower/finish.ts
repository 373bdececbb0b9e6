import { badInput } from '../../errors/index.ts';
import {
  type Carry,
  type ConvolutionLayer,
  type DenseLayer,
  elementCount,
  type FloatLayer,
  type FloatNetwork,
  type Shape,
} from '../types.ts';
import { asPotentials, type Named, rowsView } from './linear.ts';
import { withAffine } from './neurons.ts';
import { atOnePlace, type MadeLayer } from './one-place.ts';
import {
  at,
  type InputStage,
  type Layout,
  type PotentialStage,
  type SourceStage,
  type View,
  type WindowMap,
} from './stages.ts';
import { unroll } from './unroll/index.ts';

/** What became of the file's nodes. */
export interface LayerOrigin {
  /** Name of the layer in the network. */
  readonly layer: string;
  readonly kind: FloatLayer['kind'];
  /** Nodes that it was made from, in the file's order. */
  readonly nodes: readonly string[];
}

export interface Finished {
  readonly network: FloatNetwork;
  readonly origins: readonly LayerOrigin[];
  /** [element of the network's input]: element of the file's input, or -1 where the network has a channel of ones. */
  readonly inputOrder: Int32Array;
  /** What is left to do with the network's results to get the file's: times `scale` plus `shift`. */
  readonly resultScale: number;
  readonly resultShift: number;
  /** The file has one result: class 1 where it is above 0. The network has a class 0 beside it that stays at 0. */
  readonly isYesNo: boolean;
}

/** Of a neuron that always fires: its sigmoid is 1 to seven digits. */
const alwaysBias = 16;

/** One row of neurons, or the last row of potentials. */
interface Row {
  readonly drive: PotentialStage;
  readonly sigmoid: boolean;
  readonly layout: Layout | undefined;
  readonly carry?: Carry;
  readonly pool?: {
    readonly height: number;
    readonly width: number;
    readonly shape: Shape;
    readonly made: readonly string[];
  };
}

/**
 * The layers that end in a view, as a network: a chain, in which layers hand on what others further on need.
 *
 * @param view one value for each class
 * @throws SpinfireError (badInput) when there are no layers, or the result is an image
 */
export function finishNetwork(view: View, name: string, inputLayout: () => Layout, named: Named): Finished {
  if (view.stage.kind === 'input') {
    throw badInput('the network has no layer with weights', {
      where: named.where,
      found: 'none between input and output',
    });
  }
  const wide = view.dims.slice(1).filter((dim) => dim > 1);
  if (wide.length > 1 || (view.dims.length > 1 && view.dims[0] !== 1)) {
    throw badInput('the last layer gives an image instead of one value for each class', {
      where: named.where,
      found: `a result of [${view.dims.join(', ')}]`,
      expected: 'one value for each class',
      help: 'put a dense layer or an average over the whole image behind it',
    });
  }
  const last = lastRow(view, named);
  const isYesNo = view.index.length === 1;
  const { first, rows } = rowsBefore(
    isYesNo ? { ...last.row, drive: withThreshold(last.row.drive), layout: undefined } : last.row,
    inputLayout,
  );
  const { layers, origins } = namedLayers(atOnePlace(layersOf(rows), named.where));
  const ones = onesOf(rows[0]!.drive);
  const { shape, order } = first.layout!;
  const input: Shape = { ...shape, channels: shape.channels + (ones ? 1 : 0) };
  const inputOrder = Int32Array.from({ length: elementCount(input) }, (_, i) => {
    if (!ones) return order?.[i] ?? i;
    const channel = i % input.channels;
    const element = Math.floor(i / input.channels) * shape.channels + channel;
    return channel === shape.channels ? -1 : (order?.[element] ?? element);
  });
  const { resultScale, resultShift } = last;
  return { network: { name, input, layers }, origins, inputOrder, resultScale, resultShift, isYesNo };
}

function lastRow(view: View, named: Named): { row: Row; resultScale: number; resultShift: number } {
  const { stage, index, scale, shift } = view;
  const isImage = stage.kind === 'potentials' && stage.map.kind === 'window' && stage.size > stage.map.output.channels;
  const whole = !isImage && index.length === stage.size && index.every((element, i) => element === i);
  const uniform = (values: Float64Array | number) =>
    typeof values === 'number' || values.every((each) => each === values[0]);
  if (stage.kind === 'neurons' && whole && uniform(scale) && uniform(shift) && at(scale, 0) > 0) {
    const row = { drive: stage.drive, sigmoid: true, layout: stage.layout };
    return { row, resultScale: at(scale, 0), resultShift: at(shift, 0) };
  }
  const sums = whole ? asPotentials(view, named) : view;
  const potentials = sums.stage as PotentialStage;
  const map = sums.stage.kind === 'potentials' && whole ? withAffine(potentials.map, sums) : undefined;
  const drive: PotentialStage =
    map === undefined
      ? (rowsView(sums, sums.dims, { ...named, name: '' }, copyRow).stage as PotentialStage)
      : { ...potentials, map, made: [...potentials.made, ...sums.made] };
  return { row: { drive, sigmoid: false, layout: undefined }, resultScale: 1, resultShift: 0 };
}

/** A first output that is always 0 in front of the only one. */
function withThreshold(drive: PotentialStage): PotentialStage {
  const { map } = drive;
  const weights = new Float64Array(2 * map.weights.length);
  weights.set(map.weights, map.weights.length);
  const bias = Float64Array.of(0, map.bias[0]!);
  const wider =
    map.kind === 'dense'
      ? { ...map, outputs: 2, weights, bias }
      : { ...map, output: { ...map.output, channels: 2 }, weights, bias };
  return { ...drive, map: wider, size: 2 };
}

const copyRow = (row: number, add: (element: number, weight: number) => void) => {
  add(row, 1);
  return 0;
};

/** The rows up to the last one, each over the frame in front of it. */
function rowsBefore(last: Row, inputLayout: () => Layout): { first: InputStage; rows: readonly Row[] } {
  const rows = [last];
  let source = last.drive.source;
  while (source.kind !== 'input') {
    if (source.kind === 'joined') return rowsOfGraph(last, inputLayout);
    const neurons = source.kind === 'pooled' ? source.spikes : source;
    const pool =
      source.kind === 'pooled'
        ? { height: source.windowHeight, width: source.windowWidth, shape: source.layout!.shape, made: source.made }
        : undefined;
    rows.push({ drive: neurons.drive, sigmoid: true, layout: neurons.layout, ...(pool ? { pool } : {}) });
    source = neurons.drive.source;
  }
  source.layout ??= inputLayout();
  return { first: source, rows: rows.reverse() };
}

function rowsOfGraph(last: Row, inputLayout: () => Layout): { first: InputStage; rows: readonly Row[] } {
  const first = inputOf(last.drive.source);
  first.layout ??= inputLayout();
  const unrolled = unroll(last.drive);
  const rows = unrolled.map(({ drive, stage, map, frame, carry, pool }): Row => {
    const layout = stage?.layout ?? (map.kind === 'window' ? { shape: map.output } : undefined);
    const shape = layout?.shape ?? { height: 1, width: 1, channels: drive.size };
    const size = pool && {
      height: Math.floor(shape.height / pool.height),
      width: Math.floor(shape.width / pool.width),
    };
    return {
      // Its elements are those of the frame now, in their order.
      drive: {
        ...drive,
        map,
        source: { ...first, size: frame.height * frame.width * frame.channels, layout: { shape: frame } },
      },
      sigmoid: stage !== undefined || last.sigmoid,
      layout: stage === undefined ? last.layout : layout,
      ...(carry ? { carry } : {}),
      ...(pool && size
        ? { pool: { ...pool, shape: { ...size, channels: shape.channels + (carry?.count ?? 0) } } }
        : {}),
    };
  });
  return { first, rows };
}

function inputOf(stage: SourceStage): InputStage {
  if (stage.kind === 'input') return stage;
  if (stage.kind === 'joined') return inputOf(stage.parts[0]!.source);
  return inputOf(stage.kind === 'pooled' ? stage.spikes.drive.source : stage.drive.source);
}

const onesOf = ({ map }: PotentialStage): boolean => map.kind === 'window' && map.hasOnes;

/** The layers of the rows, without their names. */
function layersOf(rows: readonly Row[]): MadeLayer[] {
  return rows.flatMap((row, i): MadeLayer[] => {
    const givesOnes = i < rows.length - 1 && onesOf(rows[i + 1]!.drive);
    const made = { layer: layerOf(row, givesOnes), made: row.drive.made.filter((node) => node !== '') };
    if (row.pool === undefined) return [made];
    const more = givesOnes ? 1 : 0;
    const { shape, height, width } = row.pool;
    const output = { ...shape, channels: shape.channels + more };
    const own = row.layout!.shape.channels + (row.carry?.count ?? 0);
    const input = { ...row.layout!.shape, channels: own + more };
    const pool = { kind: 'averagePool', name: '', input, output, windowHeight: height, windowWidth: width } as const;
    return [made, { layer: pool, made: row.pool.made }];
  });
}

/** conv1, conv2, dense1, pool1 ...; the last one is `out`. */
function namedLayers(made: readonly MadeLayer[]): { layers: FloatLayer[]; origins: LayerOrigin[] } {
  const counts = { convolution: 0, dense: 0, averagePool: 0 };
  const prefixes = { convolution: 'conv', dense: 'dense', averagePool: 'pool' };
  const named = made.map(({ layer, made: nodes }, i) => {
    counts[layer.kind] += 1;
    const name = i === made.length - 1 ? 'out' : `${prefixes[layer.kind]}${counts[layer.kind]}`;
    return { layer: { ...layer, name }, nodes };
  });
  return {
    layers: named.map(({ layer }) => layer),
    origins: named.map(({ layer: { name, kind }, nodes }) => ({ layer: name, kind, nodes })),
  };
}

function layerOf(row: Row, givesOnes: boolean): ConvolutionLayer | DenseLayer {
  const { drive, sigmoid, carry } = row;
  const layer =
    drive.map.kind === 'window'
      ? convolution(drive.map, sigmoid, givesOnes, drive.where)
      : dense(row, drive.source, givesOnes);
  return carry ? { ...layer, carry } : layer;
}

function convolution(map: WindowMap, sigmoid: boolean, givesOnes: boolean, where: string): ConvolutionLayer {
  const { kind: _, hasOnes: __, weights, bias, ...window } = map;
  const output = givesOnes ? { ...map.output, channels: map.output.channels + 1 } : map.output;
  const taps = weights.length / map.output.channels;
  const extended = new Float64Array(taps * output.channels);
  extended.set(weights);
  const layer = { ...window, output, weights: finite(extended, where), bias: biases(bias, givesOnes ? 1 : 0, where) };
  return { kind: 'convolution', name: '', ...layer, sigmoid };
}

function dense({ drive, sigmoid, layout }: Row, source: SourceStage, givesOnes: boolean): DenseLayer {
  const { map, where } = drive;
  if (map.kind !== 'dense') throw new Error('a dense layer has a dense map');
  const input = source.layout?.shape ?? { height: 1, width: 1, channels: source.size };
  const columns = source.layout?.order;
  const channels = layout?.shape.channels ?? map.outputs;
  const places = map.outputs / channels;
  const all = givesOnes ? channels + 1 : channels;
  const outputs = places * all;
  const weights = new Float64Array(outputs * map.inputs);
  const bias = new Float64Array(outputs).fill(alwaysBias);
  for (let element = 0; element < map.outputs; element += 1) {
    const from = layout?.order?.[element] ?? element;
    const row = Math.floor(element / channels) * all + (element % channels);
    bias[row] = map.bias[from]!;
    for (let i = 0; i < map.inputs; i += 1) {
      weights[row * map.inputs + i] = map.weights[from * map.inputs + (columns?.[i] ?? i)]!;
    }
  }
  return {
    kind: 'dense',
    name: '',
    input,
    outputs,
    weights: finite(weights, where),
    bias: finite(bias, where),
    sigmoid,
  };
}

function biases(bias: Float64Array, more: number, where: string): Float32Array {
  const result = new Float64Array(bias.length + more).fill(alwaysBias);
  result.set(bias);
  return finite(result, where);
}

/** As float32; what does not fit was refused where it was read, unless folding made it so. */
function finite(values: Float64Array, where: string): Float32Array {
  const result = Float32Array.from(values);
  const wrong = result.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return result;
  throw badInput('a weight is not a finite float32 number', {
    where,
    found: `${values[wrong]} after folding`,
    expected: 'finite weights',
  });
}
