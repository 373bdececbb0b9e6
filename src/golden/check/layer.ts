/** What the golden model demands of a layer: shapes, lanes, weights and the width of their sums. */
import type { LayerPlan, Plan } from '../../plan/schema/index.ts';
import { geometryOf } from '../geometry.ts';
import { checkNeurons } from './neurons.ts';
import { demand, isCount, isIn, show } from './rules.ts';

export function checkLayer(plan: Plan, layer: LayerPlan, index: number): void {
  const where = `layer ${layer.name}`;
  const geometry = geometryOf(layer);
  const out = layer.output;
  const isLast = index === plan.layers.length - 1;
  const direct = plan.encoding.kind === 'direct' && index === 0;
  const fits = (outputs: number, stride: number, kernel: number, inputs: number): boolean =>
    isCount(outputs) && isCount(stride) && isCount(kernel) && (outputs - 1) * stride + kernel <= inputs;
  demand(
    fits(out.height, layer.strideY, layer.kernelHeight, geometry.paddedHeight) &&
      fits(out.width, layer.strideX, layer.kernelWidth, geometry.paddedWidth),
    where,
    `output ${show(out)}, kernel ${layer.kernelHeight}x${layer.kernelWidth}`,
    `windows inside the padded input ${geometry.paddedHeight}x${geometry.paddedWidth}`,
  );
  demand(geometry.neurons > 0, where, 'a pool larger than the map', 'at least one pool window');
  demand(
    layer.valueBits === 32 - Math.clz32(layer.inputMax),
    where,
    `valueBits ${layer.valueBits}`,
    `the bits of ${layer.inputMax}`,
  );
  demand(
    layer.timeLanes === (direct ? 1 : plan.timeSteps.lanes),
    where,
    `timeLanes ${layer.timeLanes}`,
    direct ? '1 under direct encoding' : `timeSteps.lanes = ${plan.timeSteps.lanes}`,
  );
  demand(
    layer.engine.kind !== 'window' || layer.engine.inputBanks === 2 || !direct,
    where,
    'one input bank',
    'two without a frame buffer of its own',
  );
  checkLanes(layer, direct);
  checkInputLanes(layer, index === 0 ? plan.pixelLanes : 1);
  checkWeights(layer);
  checkRuns(layer);
  const expected = isLast && plan.readout.kind === 'potential' ? 'none' : plan.neuron.kind;
  demand(
    layer.neuron.kind === expected,
    where,
    `${layer.neuron.kind} neurons`,
    `${expected}: those of the core on every layer but the last of a potential readout`,
  );
  checkNeuron(layer, geometry.neurons);
}

function checkNeuron(layer: LayerPlan, neurons: number): void {
  const where = `layer ${layer.name}`;
  const { neuron } = layer;
  if (neuron.kind === 'none') return;
  if (neuron.kind !== 'integer') {
    checkNeurons(layer, neuron, neurons);
    return;
  }
  const { table } = neuron;
  demand(
    table.length >= 1 && Number.isInteger(Math.log2(table.length)) && table.every((value) => isIn(value, 0, 255)),
    where,
    `a table of ${table.length} values`,
    'a power of two of values 0..255',
  );
}

function checkLanes(layer: LayerPlan, direct: boolean): void {
  const where = `layer ${layer.name}`;
  const { poolArea, poolWidth } = geometryOf(layer);
  const x = layer.positionLanes;
  demand(
    isCount(layer.outputLanes) && layer.outputLanes <= layer.output.channels,
    where,
    `outputLanes ${layer.outputLanes}`,
    `1..${layer.output.channels}`,
  );
  demand(
    x === 1 || ((x === poolWidth || x === poolArea) && layer.outputLanes === layer.output.channels),
    where,
    `positionLanes ${x} with ${layer.outputLanes} outputLanes`,
    `1, or the pool's width ${poolWidth} or area ${poolArea} with an output lane for each channel`,
  );
  if (layer.engine.kind === 'event') {
    const padding = layer.padTop + layer.padLeft + layer.padBottom + layer.padRight;
    const whole = layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
    demand(
      !direct && x === 1 && whole && padding === 0,
      where,
      'an event engine',
      'a dense layer of spikes with one position',
    );
  }
}

/** Elements come one input at a time, except from the image. */
function checkInputLanes(layer: LayerPlan, arriving: number): void {
  const where = `layer ${layer.name}`;
  const lanes = layer.engine.kind === 'wide' ? layer.engine.inputLanes : 1;
  demand(lanes === arriving, where, `inputLanes ${lanes}`, `${arriving}, as many inputs as arrive at once`);
  if (layer.engine.kind !== 'wide') return;
  const padding = layer.padTop + layer.padLeft + layer.padBottom + layer.padRight;
  const whole = layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
  demand(
    layer.positionLanes === 1 && layer.pool === null && whole && padding === 0,
    where,
    'a wide engine',
    'a dense layer without a pool, with one position',
  );
}

/** Runs with gaps between them, in which nothing is that the layer needs. */
function checkRuns(layer: LayerPlan): void {
  const { runs, carry, engine, weights } = layer;
  if (runs === undefined) return;
  const where = `layer ${layer.name}`;
  const { inputTaps } = geometryOf(layer);
  demand(engine.kind === 'window', where, `runs of taps of a ${engine.kind} engine`, 'a window engine');
  let from = 0;
  const gaps: { from: number; to: number }[] = [];
  for (const { tap, count } of runs) {
    demand(
      isCount(count) && (tap > from || (tap === 0 && from === 0)) && tap + count <= inputTaps,
      where,
      `a run of ${count} taps from ${tap}`,
      `runs in order, with gaps between them, among ${inputTaps} taps`,
    );
    gaps.push({ from, to: tap });
    from = tap + count;
  }
  gaps.push({ from, to: inputTaps });
  for (const gap of gaps) {
    const isCarried = carry !== undefined && carry.tap < gap.to && carry.tap + carry.count > gap.from;
    demand(
      weights.every((row) => row.slice(gap.from, gap.to).every((weight) => weight === 0)) && !isCarried,
      where,
      `taps ${gap.from} to ${gap.to - 1} left out`,
      'only taps without weights that are not handed on',
    );
  }
}

function checkWeights(layer: LayerPlan): void {
  const where = `layer ${layer.name}`;
  const { inputTaps } = geometryOf(layer);
  const channels = layer.output.channels;
  const low = -(2 ** (layer.weightBits - 1));
  const high = -low - 1;
  demand(layer.weights.length === channels, where, `${layer.weights.length} rows of weights`, `${channels}`);
  demand(layer.bias.length === channels, where, `${layer.bias.length} biases`, `${channels}`);
  const shifts = layer.channelShifts ?? new Array<number>(channels).fill(0);
  demand(shifts.length === channels, where, `${shifts.length} channel shifts`, `${channels}`);
  const inRange = (w: number, channel: number): boolean => {
    const stored = w / 2 ** shifts[channel]!;
    return Number.isInteger(stored) && stored >= low && stored <= high;
  };
  for (const row of layer.biasRows) {
    demand(row.length === channels && row.every(inRange), where, 'a bad bias row', `${channels} of ${low}..${high}`);
  }
  const limit = 2 ** (layer.accumulatorBits - 1);
  demand(
    layer.accumulatorBits >= layer.weightBits + Math.max(...shifts) && layer.accumulatorBits <= 32,
    where,
    `accumulatorBits ${layer.accumulatorBits}`,
    `${layer.weightBits + Math.max(...shifts)} as the weights with their shift, to 32`,
  );
  for (let channel = 0; channel < channels; channel += 1) {
    const row = layer.weights[channel]!;
    demand(
      row.length === inputTaps && row.every((weight) => inRange(weight, channel)),
      where,
      `${row.length} weights of channel ${channel}`,
      `${inputTaps} of ${low}..${high}, times ${2 ** shifts[channel]!}`,
    );
    const biases = layer.biasRows.map((biasRow) => biasRow[channel]!);
    const bias = biases.reduce((sum, value) => sum + value * layer.biasValue, 0);
    demand(bias === layer.bias[channel], where, `bias rows that sum to ${bias}`, `bias ${layer.bias[channel]}`);
    // The bias rows come first, then inputs of any size 0..inputMax: the extremes of every partial sum.
    let sum = 0;
    let lowest = 0;
    let highest = 0;
    for (const value of biases) {
      sum += value * layer.biasValue;
      lowest = Math.min(lowest, sum);
      highest = Math.max(highest, sum);
    }
    let negative = sum;
    let positive = sum;
    for (const weight of row) {
      if (weight < 0) negative += weight * layer.inputMax;
      else positive += weight * layer.inputMax;
    }
    demand(
      Math.min(lowest, negative) >= -limit && Math.max(highest, positive) < limit,
      where,
      `accumulatorBits ${layer.accumulatorBits} for channel ${channel}`,
      `room for ${Math.min(lowest, negative)}..${Math.max(highest, positive)}`,
    );
  }
}
