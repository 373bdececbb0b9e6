/** From a quantised network to a plan: folds, streams, widths, tables. */
import { badInput } from '../../errors/index.ts';
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import { checkFeatures } from '../features.ts';
import { largestCarried } from '../planner/facts.ts';
import {
  type LayerNeuron,
  type LayerPlan,
  type NeuronPlan,
  type Plan,
  planVersion,
  type StreamPlan,
} from '../schema/index.ts';
import { checkFold, checkPixelLanes } from './folds.ts';
import { planMonitors } from './monitors.ts';
import { coreNeuron, kindsAsked, layerNeuron } from './neurons.ts';
import type { LayerFold, PlanOptions } from './options.ts';
import { checkRange } from './ranges.ts';
import { walkedRuns } from './runs.ts';
import { planStreams } from './streams.ts';
import {
  accumulatorBounds,
  type Bounds,
  biasInRows,
  boundsOfAny,
  signedBits,
  unsignedBits,
  withOneTerm,
} from './widths.ts';

/** Builds the plan; throws badInput when a fold does not suit its layer, or when two things do not go together. */
export function planNetwork(network: QuantisedNetwork, options: PlanOptions): Plan {
  checkNumbers(network, options);
  const neuron = coreNeuron(network, options);
  const { pixelLanes = 1, seeding = 'seeder', earlyExit = 'none', imageBanks = 2 } = options;
  checkFeatures({
    encoding: network.encoding,
    readout: options.readout,
    ...kindsAsked(network, options),
    engines: options.folds.map(({ engine }) => engine.kind),
    timeLanes: options.timeLanes,
    maxTimeSteps: options.maxTimeSteps,
    ...{ pixelLanes, seeding, earlyExit },
    spikingLayers: spikingLayers(network, options, neuron).length,
    carriesInput: network.layers[0]?.carry !== undefined,
    rateWatch: options.monitors?.rates !== undefined,
    lockupWatch: options.monitors?.lockup === true,
    loads: options.monitors?.load === true,
  });
  checkPixelLanes(network, pixelLanes, options.folds[0]);
  const streams = planAllStreams(network, options, neuron);
  const made = network.layers.map((layer, index) => {
    const context = { neuron, options, index, streams: streams.layers.get(layer) };
    return planLayer(network, options, index, layerNeuron(layer, context));
  });
  const last = made.at(-1)!;
  const readout = planReadout(options, last.layer, last.bounds);
  return {
    version: planVersion,
    name: options.name,
    input: network.input,
    ...inputValues(network),
    encoding: streams.input ? { kind: 'bernoulli', stream: streams.input } : { kind: 'direct' },
    pixelLanes,
    imageBanks,
    timeSteps: { max: options.maxTimeSteps, lanes: options.timeLanes, default: options.defaultTimeSteps },
    seeding: neuron.kind === 'integer' ? 'seeder' : seeding,
    earlyExit,
    neuron,
    layers: made.map(({ layer }) => layer),
    readout,
    seed: options.seed,
    ...planMonitors(
      options.monitors,
      made.map(({ layer }) => layer),
      readout.scoreBits,
    ),
  };
}

function inputValues({ inputRange, inputOnes }: QuantisedNetwork): Pick<Plan, 'inputValues'> {
  if (inputRange === undefined && inputOnes === undefined) return {};
  const { low, high } = inputRange ?? { low: [0], high: [1] };
  return { inputValues: { low, high, ones: inputOnes === true } };
}

/** Letters of a core's name and of one of its layers'. */
const longestNames = 90;

function checkNumbers({ layers }: QuantisedNetwork, options: PlanOptions): void {
  checkRange('seed', options.seed, 0, 2 ** 32 - 1);
  checkRange('time steps', options.maxTimeSteps, 1, 255);
  checkRange('default time steps', options.defaultTimeSteps, 1, options.maxTimeSteps);
  checkRange('time lanes', options.timeLanes, 1, Math.min(32, options.maxTimeSteps));
  if (options.folds.length !== layers.length)
    throw badInput('a plan needs one fold for each layer', {
      found: `${options.folds.length} folds`,
      expected: `${layers.length}`,
    });
  for (const { name } of layers) {
    const letters = options.name.length + name.length;
    if (letters > longestNames)
      throw badInput('names of core and layer are too long together', {
        where: `layer ${name}`,
        found: `${letters} letters`,
        expected: `at most ${longestNames}: both are part of a module's name, and Verilator warns of more than 127`,
      });
  }
  const { name, pool } = layers.at(-1)!;
  if (pool !== undefined)
    throw badInput('the readout takes single neurons', {
      where: `layer ${name}`,
      found: `a pool of ${pool.height} x ${pool.width} behind the last layer`,
      expected: 'none',
      help: 'put a dense layer behind the pool (one weight of 1 for each class gives the same sums), or leave the pool out',
    });
  for (const layer of layers.slice(0, -1))
    if (!layer.sigmoid) throw badInput('a hidden layer has no neurons', { where: `layer ${layer.name}` });
}

/** Layers whose neurons draw words: all but the last of a potential readout. */
function spikingLayers({ layers }: QuantisedNetwork, { readout }: PlanOptions, { kind }: NeuronPlan): QuantisedLayer[] {
  if (kind === 'integer') return [];
  return readout === 'count' ? [...layers] : layers.slice(0, -1);
}

/** The encoder's stream, and those of each layer that draws; the streams for faults come after all others. */
function planAllStreams(network: QuantisedNetwork, options: PlanOptions, neuron: NeuronPlan) {
  const { height, width, channels } = network.input;
  const encoder = network.encoding === 'bernoulli' ? [height * width * channels] : [];
  const drawing = spikingLayers(network, options, neuron);
  const faults = neuron.kind === 'device' && neuron.faults !== null ? drawing : [];
  const words = [...encoder, ...drawing.map(drawingNeurons), ...faults.map((layer) => 2 * drawingNeurons(layer))];
  const streams = planStreams(words, options.seed);
  const firstFault = encoder.length + drawing.length;
  return {
    input: encoder.length === 0 ? undefined : streams[0],
    layers: new Map(
      drawing.map((layer, i): [QuantisedLayer, { stream: StreamPlan; faultStream: StreamPlan | null }] => [
        layer,
        { stream: streams[encoder.length + i]!, faultStream: streams[firstFault + i] ?? null },
      ]),
    ),
  };
}

/** Neurons that draw a word in one time step: positions that a pool window covers, times output channels. */
function drawingNeurons(layer: QuantisedLayer): number {
  const pool = layer.pool ?? { height: 1, width: 1 };
  const rows = Math.floor(layer.output.height / pool.height) * pool.height;
  const columns = Math.floor(layer.output.width / pool.width) * pool.width;
  return rows * columns * layer.output.channels;
}

/** The layer's plan, and the bounds of its potentials. */
function planLayer(
  network: QuantisedNetwork,
  options: PlanOptions,
  index: number,
  neuron: LayerNeuron,
): { layer: LayerPlan; bounds: Bounds } {
  const layer = network.layers[index]!;
  const fold = options.folds[index]!;
  const direct = index === 0 && network.encoding === 'direct';
  checkFold(layer, fold, direct);
  const taps = layer.kernelHeight * layer.kernelWidth * layer.input.channels;
  const weights = Array.from({ length: layer.output.channels }, (_, output) =>
    Array.from(layer.weights.subarray(output * taps, (output + 1) * taps)),
  );
  const biasValue = direct || network.activation === 'integer' ? layer.inputMax : 1;
  const { units: biasUnits, rows: biasRows } = biasInRows(layer, biasValue);
  const proved = options.monitors?.load
    ? boundsOfAny(layer, { taps, biasRows: biasRows.length, biasValue })
    : accumulatorBounds(weights, biasRows, layer.inputMax, biasValue);
  const bounds = withOneTerm(proved, layer);
  return {
    bounds,
    layer: {
      name: layer.name,
      kind: layer.kind,
      engine: fold.engine,
      input: layer.input,
      output: layer.output,
      ...planCarry(layer),
      kernelHeight: layer.kernelHeight,
      kernelWidth: layer.kernelWidth,
      strideY: layer.strideY,
      strideX: layer.strideX,
      padTop: layer.padTop,
      padLeft: layer.padLeft,
      padBottom: layer.padBottom,
      padRight: layer.padRight,
      ...planRuns(layer, fold),
      pool: layer.pool ?? null,
      inputMax: layer.inputMax,
      valueBits: unsignedBits(layer.inputMax),
      weightBits: layer.weightBits,
      ...(layer.channelShifts === undefined ? {} : { channelShifts: [...layer.channelShifts] }),
      fractionBits: layer.fractionBits,
      weights,
      bias: biasUnits.map((units) => units * biasValue),
      biasRows,
      biasValue,
      accumulatorBits: accumulatorBits(layer, bounds),
      outputLanes: fold.outputLanes,
      positionLanes: fold.positionLanes,
      timeLanes: direct ? 1 : options.timeLanes,
      neuron,
    },
  };
}

function planCarry(layer: QuantisedLayer): Pick<LayerPlan, 'carry'> {
  return layer.carry === undefined ? {} : { carry: { ...layer.carry, max: largestCarried(layer) } };
}

function planRuns(layer: QuantisedLayer, { engine }: LayerFold): Pick<LayerPlan, 'runs'> {
  const runs = engine.kind === 'window' ? walkedRuns(layer) : undefined;
  return runs === undefined ? {} : { runs: runs.map((run) => ({ ...run })) };
}

/** Bits of the datapath's sums, and of a score. */
const widestSum = 32;

/** Throws badInput for sums that the datapath has no room for. */
function accumulatorBits({ name, weightBits, fractionBits, bias }: QuantisedLayer, { min, max }: Bounds): number {
  const bits = signedBits(min, max);
  if (bits <= widestSum) return bits;
  const largest = bias.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  const shown = (value: number) => Number((value * 2 ** -fractionBits).toPrecision(4));
  throw badInput("a layer's sums have more bits than an accumulator", {
    where: `layer ${name}`,
    found: `sums from ${shown(min)} to ${shown(max)} in steps of 2^-${fractionBits}: ${bits} bits; the largest bias is ${shown(largest)}`,
    expected: `at most ${widestSum} bits`,
    help: `smaller biases, fewer inputs, or fewer bits of a weight than ${weightBits}`,
  });
}

/** Every position of the last layer's map is a class. */
function classesOf({ output, pool }: LayerPlan): number {
  const positions = (size: number, window: number | undefined) => Math.floor(size / (window ?? 1));
  return positions(output.height, pool?.height) * positions(output.width, pool?.width) * output.channels;
}

function planReadout({ readout, maxTimeSteps }: PlanOptions, layer: LayerPlan, { min, max }: Bounds): Plan['readout'] {
  const scoreBits =
    readout === 'count' ? signedBits(0, maxTimeSteps) : signedBits(min * maxTimeSteps, max * maxTimeSteps);
  if (scoreBits > widestSum)
    throw badInput('the scores have more bits than the readout', {
      where: `layer ${layer.name}`,
      found: `sums from ${min} to ${max}, over ${maxTimeSteps} time steps: ${scoreBits} bits`,
      expected: `at most ${widestSum} bits`,
      help: 'smaller biases, fewer bits of a weight, or fewer time steps at most',
    });
  return { kind: readout, classes: classesOf(layer), scoreBits };
}
