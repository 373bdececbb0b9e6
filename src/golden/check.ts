/**
 * What the golden model demands of a plan before it believes it. Written apart from the plan's builder: an accumulator
 * too narrow or a window out of its frame would otherwise be a wrong answer on both sides.
 */
import { badInput } from '../errors/index.ts';
import type { LayerPlan, Plan, StreamPlan, VariationPlan } from '../plan/index.ts';
import { geometryOf, pixelLanesOf, pixelsOf } from './geometry.ts';

/** Time lanes of a pass are kept as the bits of one word. */
const MAX_LANES = 32;

/** Throws badInput that names the layer and the field when the plan contradicts itself or docs/microarchitecture.md. */
export function checkPlan(plan: Plan): void {
  const { max, lanes, default: usual } = plan.timeSteps;
  demand(
    isCount(max) && usual >= 1 && usual <= max,
    'timeSteps',
    `max ${max}, default ${usual}`,
    '1 <= default <= max',
  );
  demand(
    isCount(lanes) && lanes <= Math.min(max, MAX_LANES),
    'timeSteps.lanes',
    `${lanes}`,
    `1..${Math.min(max, MAX_LANES)}`,
  );
  demand(
    plan.timeSteps.seeding === undefined || lanes === 1,
    'timeSteps.seeding',
    `${plan.timeSteps.seeding} with ${lanes} time lanes`,
    'draw with one time lane, or none',
  );
  demand(
    plan.earlyExit === undefined || lanes < max,
    'earlyExit',
    `${lanes} time lanes for at most ${max} time steps`,
    'fewer time lanes than time steps',
  );
  demand(
    plan.device === undefined || (!plan.earlyExit && plan.layers.every(({ engine }) => engine !== 'wide')),
    'device',
    'device behaviour with early exit or a wide engine',
    'one of them',
  );
  const pixelLanes = pixelLanesOf(plan);
  demand(
    isCount(pixelLanes) && pixelLanes <= 64 && pixelsOf(plan) % pixelLanes === 0,
    'pixelLanes',
    `${pixelLanes}`,
    `a divisor of ${pixelsOf(plan)} pixels, at most 64`,
  );
  demand(
    pixelLanes === 1 || plan.timeSteps.seeding === undefined || plan.encoding === 'direct',
    'pixelLanes',
    `${pixelLanes} with streams without a seeder`,
    'one pixel a beat',
  );
  demand(plan.layers.length > 0, 'layers', 'none', 'at least one');
  if (plan.activation === 'integer') checkInteger(plan);
  if (plan.encoding === 'bernoulli') checkStream('inputStream', plan.inputStream, pixelsOf(plan));
  let shape = plan.input;
  let largest = plan.encoding === 'direct' ? 255 : 1;
  plan.layers.forEach((layer, index) => {
    const where = `layer ${layer.name}`;
    demand(
      same(layer.input, shape) && layer.inputMax === largest,
      where,
      `input ${show(layer.input)} of values to ${layer.inputMax}`,
      `${show(shape)} of values to ${largest}, as the layer before gives`,
    );
    checkLayer(plan, layer, index);
    const geometry = geometryOf(layer);
    shape = { height: geometry.windowsY, width: geometry.windowsX, channels: layer.output.channels };
    largest = geometry.poolArea * (plan.activation === 'integer' ? 255 : 1);
  });
  const classes = shape.height * shape.width * shape.channels;
  demand(
    plan.readout.classes === classes,
    'readout.classes',
    `${plan.readout.classes}`,
    `${classes} by the last layer`,
  );
  demand(plan.layers.at(-1)?.pool === undefined, 'the last layer', 'a pool', 'none: the readout takes single neurons');
  checkScores(plan);
  checkDevice(plan);
}

function checkLayer(plan: Plan, layer: LayerPlan, index: number): void {
  const where = `layer ${layer.name}`;
  const geometry = geometryOf(layer);
  const out = layer.output;
  const isLast = index === plan.layers.length - 1;
  const direct = plan.encoding === 'direct' && index === 0;
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
    layer.inputBanks === undefined || (layer.engine === 'window' && !direct),
    where,
    `inputBanks ${layer.inputBanks}`,
    'absent without a frame buffer of its own',
  );
  checkLanes(layer, direct);
  checkInputLanes(layer, index === 0 ? pixelLanesOf(plan) : 1, plan.earlyExit === true || plan.device !== undefined);
  checkWeights(layer);
  const draws = plan.activation === undefined && (!isLast || plan.readout.kind === 'count');
  demand(
    (layer.neurons !== undefined) === draws,
    where,
    layer.neurons === undefined ? 'no neurons' : 'neurons',
    'neurons on every layer but the last of a potential readout',
  );
  if (layer.neurons !== undefined) checkNeurons(layer, geometry.neurons);
  checkActivation(plan, layer, isLast);
}

/** An integer core has no spikes, and nothing that belongs to them. */
function checkInteger(plan: Plan): void {
  const { encoding, timeSteps, readout, earlyExit, device, layers } = plan;
  demand(
    encoding === 'direct' && timeSteps.max === 1 && readout.kind === 'potential' && !earlyExit && device === undefined,
    'activation',
    'integer',
    'direct encoding, one time step, the potential readout, no early exit and no device',
  );
  const engines = layers.map(({ engine }) => engine);
  demand(
    engines.every((engine) => engine === 'window'),
    'activation',
    `integer with engines ${engines.join(', ')}`,
    'window engines',
  );
}

function checkActivation(plan: Plan, { name, activation }: LayerPlan, isLast: boolean): void {
  const where = `layer ${name}`;
  demand(
    (activation !== undefined) === (plan.activation === 'integer' && !isLast),
    where,
    activation === undefined ? 'no activation' : 'an activation',
    'an activation on every layer of an integer core but the last',
  );
  if (activation === undefined) return;
  const { table } = activation;
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
  if (layer.engine === 'event') {
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
function checkInputLanes(layer: LayerPlan, arriving: number, special: boolean): void {
  const where = `layer ${layer.name}`;
  const lanes = layer.inputLanes ?? 1;
  demand(
    layer.engine === 'wide' ? layer.inputLanes !== undefined : layer.inputLanes === undefined,
    where,
    `${layer.inputLanes ?? 'no'} inputLanes on engine ${layer.engine}`,
    'on a wide engine, and only there',
  );
  demand(lanes === arriving, where, `inputLanes ${lanes}`, `${arriving}, as many inputs as arrive at once`);
  if (layer.engine !== 'wide') return;
  demand(!special, where, 'a wide engine with early exit or device behaviour', 'another engine with these');
  const padding = layer.padTop + layer.padLeft + layer.padBottom + layer.padRight;
  const whole = layer.kernelHeight === layer.input.height && layer.kernelWidth === layer.input.width;
  demand(
    layer.positionLanes === 1 && layer.pool === undefined && layer.inputBanks === undefined && whole && padding === 0,
    where,
    'a wide engine',
    'a dense layer without a pool, with one position and two input banks',
  );
}

function checkWeights(layer: LayerPlan): void {
  const where = `layer ${layer.name}`;
  const { inputTaps } = geometryOf(layer);
  const channels = layer.output.channels;
  const low = -(2 ** (layer.weightBits - 1));
  const high = -low - 1;
  demand(layer.weights.length === channels, where, `${layer.weights.length} rows of weights`, `${channels}`);
  demand(layer.bias.length === channels, where, `${layer.bias.length} biases`, `${channels}`);
  const inRange = (w: number): boolean => Number.isInteger(w) && w >= low && w <= high;
  for (const row of layer.biasRows) {
    demand(row.length === channels && row.every(inRange), where, 'a bad bias row', `${channels} of ${low}..${high}`);
  }
  const limit = 2 ** (layer.accumulatorBits - 1);
  demand(
    layer.accumulatorBits >= layer.weightBits && layer.accumulatorBits <= 32,
    where,
    `accumulatorBits ${layer.accumulatorBits}`,
    `${layer.weightBits} as the weights, to 32`,
  );
  for (let channel = 0; channel < channels; channel += 1) {
    const row = layer.weights[channel]!;
    demand(
      row.length === inputTaps && row.every(inRange),
      where,
      `${row.length} weights of channel ${channel}`,
      `${inputTaps} of ${low}..${high}`,
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

function checkNeurons(layer: LayerPlan, neurons: number): void {
  const where = `layer ${layer.name}`;
  const { stream, table } = layer.neurons!;
  checkStream(`${where}, stream`, stream, neurons);
  demand(
    table.length >= 1 && Number.isInteger(Math.log2(table.length)),
    where,
    `a table of ${table.length} codes`,
    'a power of two',
  );
  const { trim, variation, faultStream } = layer.neurons!;
  if (faultStream) checkStream(`${where}, faultStream`, faultStream, 2 * neurons);
  demand(
    trim === undefined || layer.accumulatorBits <= 30,
    where,
    `trim of ${layer.accumulatorBits} bits`,
    'accumulatorBits of at most 30',
  );
  if (trim) {
    const reach = 2 ** (layer.accumulatorBits + 1);
    demand(
      isIn(trim.gain, 0, 1023) && isIn(trim.offset, -reach, reach - 1),
      where,
      `trim ${trim.gain}, ${trim.offset}`,
      `gain 0..1023, offset ${-reach}..${reach - 1}`,
    );
  }
  if (variation) checkVariation(where, variation, neurons);
  demand(
    table.every((code) => Number.isInteger(code) && code >= 0 && code <= 65535),
    where,
    'a bad code in the table',
    'codes 0..65535',
  );
}

function checkVariation(where: string, variation: VariationPlan, neurons: number): void {
  const { gain, offset, stuck, gainBits, offsetBits } = variation;
  const reach = 2 ** (offsetBits - 1);
  demand(
    gain.length === neurons && gain.every((value) => isIn(value, 0, 2 ** gainBits - 1)),
    `${where}, variation`,
    `${gain.length} gains`,
    `${neurons} of 0..${2 ** gainBits - 1}`,
  );
  demand(
    offset.length === neurons && offset.every((value) => isIn(value, -reach, reach - 1)),
    `${where}, variation`,
    `${offset.length} offsets`,
    `${neurons} of ${-reach}..${reach - 1}`,
  );
  demand(
    stuck.length === neurons && stuck.every((value) => isIn(value, 0, 2)),
    `${where}, variation`,
    `${stuck.length} flags`,
    `${neurons} of 0..2`,
  );
}

function isIn(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function checkDevice(plan: Plan): void {
  const { phases, faults } = plan.device ?? {};
  const drawing = plan.layers.flatMap(({ name, neurons }) => (neurons ? [{ name, neurons }] : []));
  for (const { name, neurons } of drawing) {
    demand(
      (neurons.faultStream !== undefined) === (faults !== undefined),
      `layer ${name}`,
      neurons.faultStream === undefined ? 'no faultStream' : 'a faultStream',
      'a faultStream exactly with device.faults',
    );
    demand(
      plan.device !== undefined || (neurons.trim === undefined && neurons.variation === undefined),
      `layer ${name}`,
      'trim or variation',
      'plan.device, which brings the register bus',
    );
  }
  demand(plan.device === undefined || drawing.length > 0, 'device', 'no neurons', 'a layer with neurons');
  if (phases) {
    const { writeClocks, readClocks, resetClocks } = phases;
    const lengths = [writeClocks, readClocks, resetClocks];
    demand(
      lengths.every((clocks) => isIn(clocks, 0, 255)),
      'device.phases',
      lengths.join(', '),
      '0..255 each',
    );
  }
  if (faults) {
    const codes = Object.values(faults);
    demand(
      codes.every((code) => isIn(code, 0, 65535)),
      'device.faults',
      codes.join(', '),
      'codes 0..65535',
    );
  }
}

function checkStream(where: string, stream: StreamPlan | undefined, words: number): void {
  if (stream === undefined) throw badInput('The plan lacks a stream', { where, expected: 'taps, leap and seed' });
  const { taps, leap, seed } = stream;
  demand(
    Number.isInteger(leap) && leap >= 16 && leap <= 31,
    where,
    `leap ${leap}`,
    '16..31, so that words do not overlap and advance in one step',
  );
  demand(
    taps[0] === 0 &&
      taps.every((tap, i) => Number.isInteger(tap) && (i === 0 || tap > taps[i - 1]!) && tap <= 32 - leap),
    where,
    `taps ${taps.join(', ')}`,
    `ascending from 0 to at most ${32 - leap}`,
  );
  demand(isCount(seed) && seed < 2 ** 32, where, `seed ${seed}`, '1..2^32-1');
  demand(stream.wordsPerTimeStep === words, where, `wordsPerTimeStep ${stream.wordsPerTimeStep}`, `${words}`);
}

function checkScores(plan: Plan): void {
  const last = plan.layers.at(-1)!;
  const limit = 2 ** (plan.readout.scoreBits - 1);
  demand(plan.readout.scoreBits <= 32, 'readout.scoreBits', `${plan.readout.scoreBits}`, 'at most 32');
  let lowest = 0;
  let highest = plan.readout.kind === 'count' ? plan.timeSteps.max : 0;
  if (plan.readout.kind === 'potential') {
    last.weights.forEach((row, channel) => {
      let negative = last.bias[channel]!;
      let positive = negative;
      for (const weight of row) {
        if (weight < 0) negative += weight * last.inputMax;
        else positive += weight * last.inputMax;
      }
      lowest = Math.min(lowest, negative * plan.timeSteps.max);
      highest = Math.max(highest, positive * plan.timeSteps.max);
    });
  }
  demand(
    lowest >= -limit && highest < limit,
    'readout.scoreBits',
    `${plan.readout.scoreBits}`,
    `room for ${lowest}..${highest}`,
  );
}

function demand(holds: boolean, where: string, found: string, expected: string): void {
  if (!holds) throw badInput('The plan contradicts itself', { where, found, expected });
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

type Shape = LayerPlan['input'];

function same(a: Shape, b: Shape): boolean {
  return a.height === b.height && a.width === b.width && a.channels === b.channels;
}

function show(shape: Shape): string {
  return `${shape.height}x${shape.width}x${shape.channels}`;
}
