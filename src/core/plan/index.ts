/** From a quantised network to a plan: folds, streams, widths, tables. */

import type { SwitchingTable } from '../../device/index.ts';
import { badInput } from '../../errors/index.ts';
import type { QuantisedLayer, QuantisedNetwork } from '../../network/index.ts';
import type { LayerPlan, NeuronPlan, Plan, StreamPlan } from '../../plan/index.ts';
import { planDevice, withDevice } from './device.ts';
import { checkInteger, sigmoidTable } from './integer.ts';
import type { LayerFold, PlanOptions } from './options.ts';
import { planStreams } from './streams.ts';
import { accumulatorBounds, type Bounds, signedBits, splitBias, unsignedBits } from './widths.ts';

export type { LayerFold, PlanOptions };

/** Builds the plan; throws badInput when a fold does not suit its layer. */
export function planNetwork(network: QuantisedNetwork, options: PlanOptions): Plan {
  checkRange('time steps', options.maxTimeSteps, 1, 255);
  checkRange('default time steps', options.defaultTimeSteps, 1, options.maxTimeSteps);
  checkRange('time lanes', options.timeLanes, 1, Math.min(32, options.maxTimeSteps));
  const { folds, seeding } = options;
  const isInteger = network.activation === 'integer';
  if (isInteger) checkInteger(network, options);
  if (options.earlyExit && options.timeLanes >= options.maxTimeSteps)
    throw badInput('early exit wants more than one pass an image', {
      found: `${options.timeLanes} time lanes for ${options.maxTimeSteps} time steps`,
      help: 'fewer time lanes: --time-lanes',
    });
  if (seeding === 'draw' && options.timeLanes > 1)
    throw badInput('streams without a seeder serve one time lane', { found: `${options.timeLanes} time lanes` });
  if (folds.length !== network.layers.length)
    throw badInput('a plan needs one fold for each layer', {
      found: `${folds.length} folds`,
      expected: `${network.layers.length}`,
    });
  const hasNeurons = network.layers.map((layer, index) => {
    const isLast = index === network.layers.length - 1;
    if (!layer.sigmoid && !isLast) throw badInput('a hidden layer has no neurons', { where: `layer ${layer.name}` });
    return !isInteger && (!isLast || options.readout === 'count');
  });
  const drawing = network.layers.filter((_, index) => hasNeurons[index]);
  const pixels = network.input.height * network.input.width * network.input.channels;
  const encoderWords = network.encoding === 'bernoulli' ? [pixels] : [];
  const device = planDevice(options.device);
  if (device !== undefined && options.earlyExit)
    throw badInput('early exit and device behaviour do not go together', {
      found: 'both',
      help: 'build one core with early exit and another with device behaviour',
    });
  if (device !== undefined && folds.some(({ engine }) => engine === 'wide'))
    throw badInput('device behaviour and several inputs a clock do not go together', {
      found: 'both',
      help: 'fold this core with one input a clock',
    });
  if (device && drawing.length === 0)
    throw badInput('a core without neurons has no device to behave like', { help: 'take the count readout' });
  const faultWords = device?.faults ? drawing.map((layer) => 2 * drawingNeurons(layer)) : [];
  const streams = planStreams([...encoderWords, ...drawing.map(drawingNeurons), ...faultWords], options.seed);
  const faultStreams = streams.splice(streams.length - faultWords.length);
  const pixelLanes = options.pixelLanes ?? 1;
  checkPixelLanes(pixelLanes, pixels, folds[0]);
  if (options.earlyExit && folds.some(({ engine }) => engine === 'wide'))
    throw badInput('early exit and a wide engine do not go together: its passes overlap', {
      help: 'choose the window or the event engine',
    });
  if (pixelLanes > 1 && seeding === 'draw' && network.encoding === 'bernoulli')
    throw badInput('streams without a seeder serve one pixel a beat', { found: `${pixelLanes} pixel lanes` });
  const inputStream = network.encoding === 'bernoulli' ? streams.shift() : undefined;

  const neuronsOf = (layer: QuantisedLayer, index: number, stream: StreamPlan): NeuronPlan => {
    const { seed, deviceScale: scale } = options;
    const neurons = planNeurons(layer, options.table(2 ** -layer.fractionBits), stream);
    const own = { index, fractionBits: layer.fractionBits, seed, ...(scale ? { scale } : {}) };
    const faultStream = faultStreams.shift();
    return { ...withDevice(neurons, options.device, own), ...(faultStream ? { faultStream } : {}) };
  };
  let lastBounds: Bounds = { min: 0, max: 0 };
  const layers = network.layers.map((layer, index): LayerPlan => {
    const fold = folds[index]!;
    const direct = index === 0 && network.encoding === 'direct';
    checkFold(layer, fold, direct);
    const taps = layer.kernelHeight * layer.kernelWidth * layer.input.channels;
    const weights = Array.from({ length: layer.output.channels }, (_, output) =>
      Array.from(layer.weights.subarray(output * taps, (output + 1) * taps)),
    );
    const biasValue = direct || isInteger ? layer.inputMax : 1;
    const biasUnits = Array.from(layer.bias, (value) => Math.round(value / biasValue));
    const biasRows = splitBias(biasUnits, layer.weightBits);
    lastBounds = accumulatorBounds(weights, biasRows, layer.inputMax, biasValue);
    const stream = hasNeurons[index] ? streams.shift()! : undefined;
    return {
      name: layer.name,
      kind: layer.kind,
      engine: fold.engine,
      input: layer.input,
      output: layer.output,
      kernelHeight: layer.kernelHeight,
      kernelWidth: layer.kernelWidth,
      strideY: layer.strideY,
      strideX: layer.strideX,
      padTop: layer.padTop,
      padLeft: layer.padLeft,
      padBottom: layer.padBottom,
      padRight: layer.padRight,
      ...(layer.pool ? { pool: layer.pool } : {}),
      inputMax: layer.inputMax,
      valueBits: unsignedBits(layer.inputMax),
      weightBits: layer.weightBits,
      fractionBits: layer.fractionBits,
      weights,
      bias: biasUnits.map((units) => units * biasValue),
      biasRows,
      biasValue,
      accumulatorBits: signedBits(lastBounds.min, lastBounds.max),
      outputLanes: fold.outputLanes,
      positionLanes: fold.positionLanes,
      ...(fold.engine === 'wide' ? { inputLanes: fold.inputLanes ?? 1 } : {}),
      ...(fold.inputBanks === undefined ? {} : { inputBanks: fold.inputBanks }),
      timeLanes: direct ? 1 : options.timeLanes,
      ...(stream ? { neurons: neuronsOf(layer, index, stream) } : {}),
      ...(isInteger && layer.sigmoid
        ? { activation: planActivation(layer, options.table(2 ** -layer.fractionBits)) }
        : {}),
    };
  });

  const steps = options.maxTimeSteps;
  return {
    version: 1,
    name: options.name,
    input: network.input,
    encoding: network.encoding,
    ...(isInteger ? { activation: 'integer' as const } : {}),
    ...(pixelLanes === 1 ? {} : { pixelLanes }),
    ...(options.imageBanks === undefined ? {} : { imageBanks: options.imageBanks }),
    ...(inputStream ? { inputStream } : {}),
    timeSteps: {
      max: steps,
      lanes: options.timeLanes,
      default: options.defaultTimeSteps,
      ...(seeding === undefined || isInteger ? {} : { seeding }),
    },
    ...(options.earlyExit ? { earlyExit: true as const } : {}),
    layers,
    readout: {
      kind: options.readout,
      classes: layers.at(-1)!.output.channels,
      scoreBits:
        options.readout === 'count' ? signedBits(0, steps) : signedBits(lastBounds.min * steps, lastBounds.max * steps),
    },
    ...(device ? { device } : {}),
    seed: options.seed,
  };
}

/** Neurons that draw a word in one time step: positions that a pool window covers, times output channels. */
function drawingNeurons(layer: QuantisedLayer): number {
  const pool = layer.pool ?? { height: 1, width: 1 };
  const rows = Math.floor(layer.output.height / pool.height) * pool.height;
  const columns = Math.floor(layer.output.width / pool.width) * pool.width;
  return rows * columns * layer.output.channels;
}

/** How a potential becomes an address of the table. */
function tablePlace(layer: QuantisedLayer, table: SwitchingTable) {
  const stepBits = Math.log2(table.zStep);
  const tableOffset = -table.zMin / table.zStep;
  if (
    !Number.isInteger(stepBits) ||
    !Number.isInteger(tableOffset) ||
    !Number.isInteger(Math.log2(table.entries.length))
  )
    throw badInput('the switching table does not suit an address by shifts', {
      found: `${table.entries.length} entries from ${table.zMin} in steps of ${table.zStep}`,
      expected: 'a power of two of entries, a step that is a power of two, and a start that is a multiple of the step',
    });
  return { tableShift: layer.fractionBits + stepBits, tableOffset };
}

function planActivation(layer: QuantisedLayer, table: SwitchingTable) {
  return { table: sigmoidTable(table, 2 ** -layer.fractionBits), ...tablePlace(layer, table) };
}

function planNeurons(layer: QuantisedLayer, table: SwitchingTable, stream: StreamPlan): NeuronPlan {
  return { stream, table: table.entries, ...tablePlace(layer, table) };
}

function checkFold(layer: QuantisedLayer, fold: LayerFold, direct: boolean): void {
  const where = `layer ${layer.name}`;
  checkRange(`output lanes of ${where}`, fold.outputLanes, 1, layer.output.channels);
  const pool = layer.pool ?? { height: 1, width: 1 };
  const allowed = [...new Set([1, pool.width, pool.width * pool.height])];
  if (!allowed.includes(fold.positionLanes))
    throw badInput('position lanes do not suit the pool window', {
      where,
      found: String(fold.positionLanes),
      expected: `one of ${allowed.join(', ')}`,
    });
  if (fold.positionLanes > 1 && fold.outputLanes < layer.output.channels)
    throw badInput('position lanes need every output channel in a lane of its own', {
      where,
      found: `${fold.outputLanes} output lanes`,
      expected: `${layer.output.channels}`,
    });
  if (fold.inputBanks === 1 && (fold.engine === 'event' || direct))
    throw badInput('only a frame buffer can have one bank', { where, help: "the image's own is imageBanks" });
  checkInputLanes(layer, fold, where);
  if (fold.engine === 'event') {
    const covers = layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
    if (!covers || direct || fold.positionLanes > 1)
      throw badInput('an event engine wants a dense layer of spikes', { where, help: 'choose the window engine here' });
  }
}

/** Several pixels a beat go straight into an engine that takes as many inputs. */
function checkPixelLanes(pixelLanes: number, pixels: number, first: LayerFold | undefined): void {
  checkRange('pixel lanes', pixelLanes, 1, 64);
  if (pixels % pixelLanes !== 0)
    throw badInput('pixel lanes do not divide the image', {
      found: `${pixelLanes} pixel lanes, ${pixels} pixels`,
      expected: `a divisor of ${pixels}`,
    });
  const taken = first?.engine === 'wide' ? (first.inputLanes ?? 1) : 1;
  if (taken !== pixelLanes)
    throw badInput('the first layer takes another number of pixels at once than arrive', {
      found: `${pixelLanes} pixel lanes, ${taken} input lanes`,
      expected: 'as many input lanes of a wide engine as pixel lanes',
    });
}

function checkInputLanes(layer: QuantisedLayer, fold: LayerFold, where: string): void {
  if (fold.engine !== 'wide') {
    if ((fold.inputLanes ?? 1) !== 1)
      throw badInput('input lanes want a wide engine', {
        where,
        found: `${fold.inputLanes} on a ${fold.engine} engine`,
      });
    return;
  }
  const inputs = layer.input.height * layer.input.width * layer.input.channels;
  const inputLanes = fold.inputLanes ?? 1;
  checkRange(`input lanes of ${where}`, inputLanes, 1, 64);
  const covers = layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
  if (!covers || layer.pool || fold.positionLanes > 1 || fold.inputBanks === 1)
    throw badInput('a wide engine wants a dense layer and two input banks', {
      where,
      help: 'choose the window engine here',
    });
  if (inputs % inputLanes !== 0)
    throw badInput('input lanes do not divide the inputs', {
      where,
      found: `${inputLanes} input lanes, ${inputs} inputs`,
      expected: `a divisor of ${inputs}`,
    });
}

function checkRange(what: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high)
    throw badInput(`${what} out of range`, { found: String(value), expected: `${low}..${high}` });
}
