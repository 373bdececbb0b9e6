/** Where things lie: addresses of a layer's input frame, and the order in which its neurons are visited. */
import type { LayerPlan, Plan } from '../plan/schema/index.ts';

export interface Geometry {
  /** Input frame with padding. */
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  readonly channels: number;
  /** Elements of the padded frame. */
  readonly elements: number;
  /** Address of the first element that is not padding, and of the last. */
  readonly start: number;
  readonly last: number;
  /** Elements of an image row, and the padding elements between the rows. */
  readonly rowElements: number;
  readonly rowPadding: number;
  /** Inputs of a kernel row; of a window; those that are walked over, with the bias rows. */
  readonly rowTaps: number;
  readonly inputTaps: number;
  readonly taps: number;
  readonly biasTaps: number;
  readonly poolHeight: number;
  readonly poolWidth: number;
  readonly poolArea: number;
  /** Pool windows (positions, when not pooled). */
  readonly windowsY: number;
  readonly windowsX: number;
  readonly outputs: number;
  /** Inputs that are handed on at each position, and they and the outputs together. */
  readonly carried: number;
  readonly channelsOut: number;
  /** Neurons that draw in one time step. */
  readonly neurons: number;
  readonly groups: number;
}

export function geometryOf(layer: LayerPlan): Geometry {
  const paddedHeight = layer.input.height + layer.padTop + layer.padBottom;
  const paddedWidth = layer.input.width + layer.padLeft + layer.padRight;
  const channels = layer.input.channels;
  const rowElements = layer.input.width * channels;
  const start = (layer.padTop * paddedWidth + layer.padLeft) * channels;
  const rowTaps = layer.kernelWidth * channels;
  const poolHeight = layer.pool?.height ?? 1;
  const poolWidth = layer.pool?.width ?? 1;
  const windowsY = Math.floor(layer.output.height / poolHeight);
  const windowsX = Math.floor(layer.output.width / poolWidth);
  const biasTaps = layer.biasRows.length;
  const walked = layer.runs?.reduce((sum, run) => sum + run.count, 0) ?? layer.kernelHeight * rowTaps;
  return {
    paddedHeight,
    paddedWidth,
    channels,
    elements: paddedHeight * paddedWidth * channels,
    start,
    last: start + ((layer.input.height - 1) * paddedWidth + layer.input.width) * channels - 1,
    rowElements,
    rowPadding: (layer.padLeft + layer.padRight) * channels,
    rowTaps,
    inputTaps: layer.kernelHeight * rowTaps,
    taps: biasTaps + walked,
    biasTaps,
    poolHeight,
    poolWidth,
    poolArea: poolHeight * poolWidth,
    windowsY,
    windowsX,
    outputs: layer.output.channels,
    carried: layer.carry?.count ?? 0,
    channelsOut: (layer.carry?.count ?? 0) + layer.output.channels,
    neurons: windowsY * windowsX * poolHeight * poolWidth * layer.output.channels,
    groups: Math.ceil(layer.output.channels / layer.outputLanes),
  };
}

/** First input address of the position (y, x) of the output map. */
export function positionAddress(layer: LayerPlan, geometry: Geometry, y: number, x: number): number {
  return (y * layer.strideY * geometry.paddedWidth + x * layer.strideX) * geometry.channels;
}

/** Largest value that goes from a position to the pool or the next layer. */
export function largestOut(layer: LayerPlan): number {
  return Math.max(layer.neuron.kind === 'integer' ? 255 : 1, layer.carry?.max ?? 0);
}

/**
 * Copies of inputs into the next layer's frame: element `into[i]` there is `from[i]` of the padded input frame; several of the same
 * `into` add up (a pool window).
 *
 * @param target element of the next frame at which each window's channels begin
 */
export function carriedElements(layer: LayerPlan, target: (window: number) => number) {
  const g = geometryOf(layer);
  const positions = g.neurons / g.outputs;
  const from = new Int32Array(positions * g.carried);
  const into = new Int32Array(positions * g.carried);
  for (let position = 0; position < positions; position += 1) {
    const { y, x } = neuronAt(g, position * g.outputs);
    const first = positionAddress(layer, g, y, x);
    const window = target(Math.floor(position / g.poolArea));
    for (let c = 0; c < g.carried; c += 1) {
      const tap = layer.carry!.tap + c;
      const row = Math.floor(tap / g.rowTaps);
      from[position * g.carried + c] = first + row * g.paddedWidth * g.channels + (tap % g.rowTaps);
      into[position * g.carried + c] = window + c;
    }
  }
  return { from, into };
}

export interface NeuronCoordinates {
  readonly channel: number;
  readonly y: number;
  readonly x: number;
}

/** Neuron `index` in visiting order: windows row by row, position inside the window, channel. */
export function neuronAt(geometry: Geometry, index: number): NeuronCoordinates {
  const position = Math.floor(index / geometry.outputs);
  const window = Math.floor(position / geometry.poolArea);
  const inside = position % geometry.poolArea;
  return {
    channel: index % geometry.outputs,
    y: Math.floor(window / geometry.windowsX) * geometry.poolHeight + Math.floor(inside / geometry.poolWidth),
    x: (window % geometry.windowsX) * geometry.poolWidth + (inside % geometry.poolWidth),
  };
}

/** Inputs that the layer's engine takes at once. */
export function inputLanesOf({ engine }: LayerPlan): number {
  return engine.kind === 'wide' ? engine.inputLanes : 1;
}

export function pixelsOf(plan: Plan): number {
  return plan.input.height * plan.input.width * plan.input.channels;
}

/** Fewest bits that hold the largest value of a counter from 0; 0 when it has one value only, so that it does not exist. */
export function bitsFor(largest: number): number {
  return largest <= 0 ? 0 : 32 - Math.clz32(largest);
}

/** Bits of an index 0..count-1 that exists even where there is one value only. */
export function indexBits(count: number): number {
  return Math.max(1, bitsFor(count - 1));
}

/** The power of two that an output lane's channel has for its weights: 2^shift. */
export function channelFactor({ outputLanes, channelShifts }: LayerPlan, group: number, lane: number): number {
  return 2 ** (channelShifts?.[group * outputLanes + lane] ?? 0);
}
