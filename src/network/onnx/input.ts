import { badInput } from '../../errors/index.ts';
import { checkedVolume, type InputStage, type Layout, type View, volume, wholeView } from '../lower/index.ts';
import { type InputScaling, scaledInput } from './interpret.ts';
import type { OnnxGraph, OnnxValueInfo } from './schema.ts';
import { isFloat, typeName } from './tensors.ts';

/** What a person says about a network's input that its file does not. */
export interface InputOptions {
  /** Order of an image's dimensions. */
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  /** Value that a black pixel, or the least value of a vector, had in the training; one for all or one for each channel or value. */
  readonly low?: readonly number[] | undefined;
  readonly high?: readonly number[] | undefined;
  /** As in torchvision's Normalize: subtracted from values of low to high, which are then divided by the deviation. */
  readonly mean?: readonly number[] | undefined;
  readonly deviation?: readonly number[] | undefined;
}

export interface NetworkInput {
  readonly name: string;
  readonly stage: InputStage;
  readonly view: View;
  /** Without the batch. */
  readonly dims: readonly number[];
  readonly batch: number | undefined;
  /** Values that stand for 0 and 1 of the hardware. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** The layout of an image that no node has told; adds a note on what was taken. */
  readonly chooseLayout: () => Layout;
}

/** Channels that a picture has. */
const pictureChannels = 4;

/** The one input of the graph. */
export function readInput(
  graph: OnnxGraph,
  fileName: string,
  options: InputOptions,
  note: (text: string) => void,
): NetworkInput {
  const info = onlyInput(graph, fileName);
  const where = `${fileName}: input '${info.name}'`;
  const type = info.type?.tensor_type;
  const isByte = type?.elem_type === 2;
  if (!type || !(isFloat(type.elem_type) || isByte || type.elem_type === 0)) {
    throw badInput('the input has a type that is not supported', {
      where,
      found: type ? typeName(type.elem_type) : 'no tensor type',
      expected: 'floating-point numbers, or uint8 pixels',
    });
  }
  const all =
    type.shape?.dim.map(({ dim_value }) => (dim_value === undefined || dim_value === 0 ? undefined : dim_value)) ?? [];
  const [batch, ...rest] = all;
  const dims = rest.filter((dim) => dim !== undefined && dim > 0) as number[];
  if (dims.length === 0 || dims.length !== rest.length) {
    throw badInput('the shape of the input is not supported', {
      where,
      found: `[${all.map((dim) => dim ?? '?').join(', ')}]`,
      expected: '[batch, channels, height, width] or [batch, values], all but the batch fixed',
      help: 'export with an example image, and with dynamic_axes for the batch only',
    });
  }
  const size = checkedVolume(dims, where);
  const stage: InputStage = { kind: 'input', size };
  const range = isByte ? 255 : 1;
  const scaling: InputScaling = {
    low: options.low ?? [0],
    high: options.high ?? [range],
    mean: options.mean,
    deviation: options.deviation,
  };
  const channel = checkScaling(scaling, dims, options, where);
  const view = scaledInput(wholeView(stage, [1, ...dims]), scaling, channel);
  const chooseLayout = () => layoutFor(dims, options, where, note);
  return { ...{ name: info.name, stage, view, dims, batch, chooseLayout }, low: scaling.low, high: scaling.high };
}

function onlyInput(graph: OnnxGraph, fileName: string): OnnxValueInfo {
  // Before IR version 4 initializers were listed as inputs too.
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter((input) => !constants.has(input.name));
  const used = new Set(graph.node.flatMap((node) => node.input));
  const live = inputs.length > 1 ? inputs.filter((input) => used.has(input.name)) : inputs;
  const [input] = live;
  if (input !== undefined && live.length === 1) return input;
  const found = live.map((each) => `'${each.name}'`).join(', ') || 'none';
  throw badInput('the network must have one input', {
    where: fileName,
    found,
    expected: 'one image, or one vector of values',
    ...(live.length > 1
      ? {
          help: 'put them into one tensor (channels, or values of a vector) and split it in the first layers of the network',
        }
      : {}),
  });
}

/** The channel, or the place in a vector, of each element. */
function checkScaling(
  scaling: InputScaling,
  dims: readonly number[],
  options: InputOptions,
  where: string,
): (element: number) => number {
  const lists = Object.entries(scaling).filter((entry): entry is [string, readonly number[]] => entry[1] !== undefined);
  const many = lists.find(([, list]) => list.length !== 1);
  for (const [name, list] of lists) {
    const bad = list.find((value) => !Number.isFinite(value) || (name === 'deviation' && value === 0));
    if (bad !== undefined) throw badInput(`the input's ${name} is no usable number`, { where, found: `${bad}` });
  }
  if (many === undefined) return () => 0;
  const axis = dims.length === 1 ? 0 : dims.length === 2 ? -1 : isLast(dims, options, where) ? 2 : 0;
  const count = axis < 0 ? 1 : dims[axis]!;
  const wrong = lists.find(([, list]) => list.length !== 1 && list.length !== count);
  if (wrong !== undefined) {
    throw badInput(`the input's ${wrong[0]} has the wrong number of values`, {
      where,
      found: `${wrong[1].length} values`,
      expected: `1, or ${count}: one for each ${dims.length === 1 ? 'value' : 'channel'} of [${dims.join(', ')}]`,
    });
  }
  const inner = volume(dims.slice(axis + 1));
  return (element) => Math.floor(element / inner) % count;
}

/** Whether the last dimension is the channels: as told, or because it is the likelier one by far. */
function isLast(dims: readonly number[], { layout }: InputOptions, where: string): boolean {
  if (layout !== undefined) return layout === 'nhwc';
  // A vector has its values in one order only.
  if (dims.filter((dim) => dim > 1).length < 2) return false;
  const [first, second, last] = dims as [number, number, number];
  const difference = likeliness(last, first, second) - likeliness(first, second, last);
  if (difference !== 0) return difference > 0;
  throw badInput('the order of the dimensions of the input is not known', {
    where,
    found: `[batch, ${dims.join(', ')}], and no layer that tells`,
    expected: 'height, width, channels, or channels, height, width',
    help: 'say which: --layout nchw (PyTorch) or --layout nhwc (Keras, TensorFlow)',
  });
}

/** Pictures have 1 or 3 channels, rarely 2 or 4, and more than one row and column. */
function likeliness(channels: number, height: number, width: number): number {
  const usual = channels === 1 || channels === 3 ? 4 : channels <= pictureChannels ? 2 : 0;
  return usual - (height === 1 || width === 1 ? 3 : 0);
}

function layoutFor(
  dims: readonly number[],
  options: InputOptions,
  where: string,
  note: (text: string) => void,
): Layout {
  const [first = 1, second = 1, third = 1] = dims;
  if (dims.length === 1) return { shape: { height: 1, width: 1, channels: first } };
  if (dims.length === 2) return { shape: { height: first, width: second, channels: 1 } };
  if (dims.length > 3) {
    throw badInput('the shape of the input is not supported', {
      where,
      found: `[batch, ${dims.join(', ')}]`,
      expected: '[batch, channels, height, width] or [batch, values]',
    });
  }
  const last = isLast(dims, options, where);
  const [height, width, channels] = last ? [first, second, third] : [second, third, first];
  if (options.layout === undefined && (last || channels > 1)) {
    const order = last ? 'height, width, channels (--layout nhwc)' : 'channels, height, width (--layout nchw)';
    note(`the input [${dims.join(', ')}] is read as ${order}: no layer tells which`);
  }
  const shape = { height, width, channels };
  if (last) return { shape };
  const order = Int32Array.from(
    { length: volume(dims) },
    (_, i) => (i % channels) * height * width + Math.floor(i / channels),
  );
  return { shape, order };
}
