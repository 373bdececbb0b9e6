/** Energy, area and time of a chip of MTJ neurons and resistive crossbars, from events that were counted on real images. */
import { calibrate, driveAt, type MtjParameters, type SwitchingCurve } from '../device/index.ts';
import type { LayerEvents, NetworkEvents } from '../golden/index.ts';
import { type LayerPlan, type Plan, walkedTaps } from '../plan/index.ts';
import { type Assumptions, type Values, valuesOf } from './assumptions.ts';
import { type Crossbar, layerCrossbar } from './crossbar.ts';
import { drivenPulse, type NeuronCircuit, neuronCircuit, readEnergyJ, writeEnergy } from './neuron.ts';

/** Joules for each image. */
export interface ChipEnergy {
  readonly heavyMetalJ: number;
  readonly driverJ: number;
  readonly readJ: number;
  readonly resetJ: number;
  readonly crossbarJ: number;
  /** Row wires and switches. */
  readonly rowsJ: number;
  /** What holds the columns' voltage while they carry a sum, and copies it. */
  readonly clampsJ: number;
  /** What stands around: spike registers, switches, converters of encoder and readout. */
  readonly peripheryJ: number;
}

/** Parts of the chip's energy and their names. */
export const chipParts = [
  'heavyMetalJ',
  'driverJ',
  'readJ',
  'resetJ',
  'crossbarJ',
  'rowsJ',
  'clampsJ',
  'peripheryJ',
] as const satisfies readonly (keyof ChipEnergy)[];

/** Events for each image. */
export interface ChipCounts {
  readonly writes: number;
  readonly reads: number;
  readonly resets: number;
  readonly spikes: number;
  readonly activeRows: number;
}

/** Joules and events of a layer for each image, the encoder and the readout counted as layers. */
export interface ChipLayer extends ChipEnergy {
  readonly name: string;
  readonly totalJ: number;
  readonly counts: ChipCounts;
  /** Mean and standard deviation of the write current, after the driver's clamp; 0 without writes. */
  readonly writeCurrentA: { readonly mean: number; readonly deviation: number; readonly clampedShare: number };
}

/** An image on a chip of MTJs: energy by part, events, area, time. */
export interface ChipEstimate extends ChipEnergy {
  /** Of what is estimated here: devices, crossbars and their converters; of the whole chip see `ledger`. */
  readonly totalJ: number;
  /** Writes, reads, resets and spike registers of the network's neurons: without encoder, crossbar and readout. */
  readonly neuronsJ: number;
  /** These and the crossbars. */
  readonly neuronsAndSynapsesJ: number;
  readonly counts: ChipCounts;
  /** The encoder (under Bernoulli encoding), then the layers, then the readout. */
  readonly layers: readonly ChipLayer[];
  readonly area: ChipArea;
  readonly latency: ChipLatency;
  readonly circuit: NeuronCircuit;
}

export interface ChipArea {
  readonly neurons: number;
  readonly cells: number;
  readonly neuronsM2: number;
  readonly crossbarsM2: number;
  readonly totalM2: number;
}

export interface ChipLatency {
  /** Phases of one time step of one layer. */
  readonly writeS: number;
  readonly relaxationS: number;
  /** Of a device that is written again at once, as in `unrolledS`; on a shared crossbar it rests while other positions are written. */
  readonly restS: number;
  readonly readS: number;
  readonly resetS: number;
  readonly stepS: number;
  /** A crossbar for each position, all neurons of a layer at once, layers one behind the other in a pipeline of time steps. */
  readonly unrolledS?: number;
  /** One crossbar a layer, position after position; the slowest layer sets the pace. */
  readonly sharedS: number;
  /** Between two images on shared crossbars. */
  readonly paceS: number;
}

/** The device of a chip: its curve, and the parameters that give its resistance and energy. */
export interface ChipDevice {
  readonly curve: SwitchingCurve;
  readonly parameters: MtjParameters;
  /** A telegraphic device: seconds that it is biased in each time step. */
  readonly telegraphS?: number;
}

const none: ChipCounts = { writes: 0, reads: 0, resets: 0, spikes: 0, activeRows: 0 };
const noCurrent = { mean: 0, deviation: 0, clampedShare: 0 };
const noEnergy: ChipEnergy = {
  heavyMetalJ: 0,
  driverJ: 0,
  readJ: 0,
  resetJ: 0,
  crossbarJ: 0,
  rowsJ: 0,
  clampsJ: 0,
  peripheryJ: 0,
};

/** The chip's figures for the mean image of `events`, which must be of this plan. */
export function estimateChip(
  plan: Plan,
  events: NetworkEvents,
  device: ChipDevice,
  assumptions: Assumptions,
): ChipEstimate {
  const chip = valuesOf<'chip'>(assumptions.chip);
  const circuit = neuronCircuit(device.curve, device.parameters, chip, calibrate(device.curve), device.telegraphS);
  const { images } = events;
  const layers = plan.layers.map((layer, index) =>
    layerEnergy(
      layer,
      events.layers[index]!,
      images,
      index === 0 && plan.encoding.kind === 'direct',
      events.timeSteps,
      circuit,
      chip,
    ),
  );
  const encoder = plan.encoding.kind === 'bernoulli' ? [encoderEnergy(events, device.curve, circuit, chip)] : [];
  const readout = readoutEnergy(plan, events, chip);
  const all = [...encoder, ...layers, readout];
  const parts = Object.fromEntries(chipParts.map((part) => [part, sum(all, (layer) => layer[part])])) as unknown as {
    -readonly [Part in keyof ChipEnergy]: number;
  };
  const own = (part: keyof ChipEnergy) => sum(layers, (layer) => layer[part]);
  const neuronsJ =
    own('heavyMetalJ') +
    own('driverJ') +
    own('readJ') +
    own('resetJ') +
    sum(layers, (layer) => layer.counts.reads) * perUpdateJ(chip);
  return {
    ...parts,
    totalJ: sum(all, (layer) => layer.totalJ),
    neuronsJ,
    neuronsAndSynapsesJ: sum(layers, (layer) => layer.totalJ),
    counts: {
      writes: sum(all, ({ counts }) => counts.writes),
      reads: sum(all, ({ counts }) => counts.reads),
      resets: sum(all, ({ counts }) => counts.resets),
      spikes: sum(all, ({ counts }) => counts.spikes),
      activeRows: sum(all, ({ counts }) => counts.activeRows),
    },
    layers: all,
    area: chipArea(plan, events, chip),
    latency: chipLatency(events, circuit),
    circuit,
  };
}

function layerEnergy(
  layer: LayerPlan,
  events: LayerEvents,
  images: number,
  graded: boolean,
  timeSteps: number,
  circuit: NeuronCircuit,
  chip: Values<'chip'>,
): ChipLayer {
  const crossbar = layerCrossbar(layer, graded, circuit.calibration.slopeA, chip);
  // A direct pixel's frame is seen once a time step too: its row is driven in each.
  const updates = events.updates / images;
  const onS = circuit.writeS + chip.crossbarSettleS;
  const biasRows = (events.positions * timeSteps * images) / images;
  let conductance = biasRows * crossbar.bias.conductanceS;
  let rows = biasRows;
  let rowJ = biasRows * rowEnergyJ(crossbar, chip);
  crossbar.taps.forEach((tap, index) => {
    const active = (graded ? events.tapSquares[index]! / 255 ** 2 : events.tapSum[index]!) / images;
    const switched = (graded ? events.tapSum[index]! / 255 : events.tapSum[index]!) / images;
    conductance += active * tap.conductanceS;
    rows += switched;
    rowJ += switched * rowEnergyJ(crossbar, chip);
  });
  const crossbarJ = chip.crossbarRowV ** 2 * conductance * onS;
  // Each count of a pool's sum is a row of its own, so the columns carry the same sum; without neurons a converter takes it.
  if (!('stream' in layer.neuron)) {
    return named(layer.name, { ...noEnergy, crossbarJ, rowsJ: rowJ }, { ...none, activeRows: rows }, noCurrent);
  }
  const writes = writeTotals(layer, events, circuit, chip);
  const spikes = events.spikes / images;
  const silent = updates - spikes;
  const resets = spikes + silent * chip.resetOfSilent;
  const reset = drivenPulse(circuit.resetA, circuit.resetS, circuit, chip);
  const energy: ChipEnergy = {
    heavyMetalJ: writes.heavyMetalJ / images,
    driverJ: writes.driverJ / images + updates * circuit.calibration.i50A * chip.driverSupplyV * chip.biasExtraS,
    readJ: spikes * readEnergyJ(true, circuit, chip) + silent * readEnergyJ(false, circuit, chip),
    resetJ: resets * (reset.heavyMetalJ + reset.driverJ),
    crossbarJ,
    rowsJ: rowJ,
    clampsJ: updates * chip.virtualGroundJ,
    peripheryJ: updates * perUpdateJ(chip),
  };
  return named(
    layer.name,
    energy,
    { writes: updates, reads: updates, resets, spikes, activeRows: rows },
    writes.currentA,
  );
}

/** Spike register, and the gates of the switches, of one update. */
export function perUpdateJ(chip: Values<'chip'>): number {
  return chip.stepControlJ + chip.neuronSwitchF * chip.logicSupplyV ** 2;
}

function rowEnergyJ({ bias }: Crossbar, chip: Values<'chip'>): number {
  return bias.cells * chip.cellCapacitanceF * chip.crossbarRowV ** 2 + chip.rowSwitchF * chip.logicSupplyV ** 2;
}

/** Sums over the histogram of potentials: every write at its own current. */
function writeTotals(layer: LayerPlan, events: LayerEvents, circuit: NeuronCircuit, chip: Values<'chip'>) {
  const { i50A, slopeA } = circuit.calibration;
  const binZ = 2 ** (events.potentialShift - layer.fractionBits);
  // The middle of a bin's potentials.
  const middle = (2 ** events.potentialShift - 1) / 2 / 2 ** events.potentialShift;
  let [heavyMetalJ, driverJ, count, first, second, clamped] = [0, 0, 0, 0, 0, 0];
  events.potentials.forEach((times, bin) => {
    if (times === 0) return;
    const z = (events.firstBin + bin + middle) * binZ;
    const one = writeEnergy(z, circuit, chip);
    const wanted = i50A + z * slopeA;
    const currentA = Math.max(circuit.leastA, Math.min(chip.driverMaxA, wanted));
    heavyMetalJ += times * one.heavyMetalJ;
    driverJ += times * one.driverJ;
    count += times;
    first += times * currentA;
    second += times * currentA * currentA;
    if (currentA !== wanted) clamped += times;
  });
  const mean = first / count;
  return {
    heavyMetalJ,
    driverJ,
    currentA: {
      mean,
      deviation: Math.sqrt(Math.max(0, second / count - mean * mean)),
      clampedShare: clamped / count,
    },
  };
}

/** A device for each pixel, driven to the pixel's own probability; a black pixel is not driven at all. */
function encoderEnergy(
  events: NetworkEvents,
  curve: SwitchingCurve,
  circuit: NeuronCircuit,
  chip: Values<'chip'>,
): ChipLayer {
  const { images, timeSteps, pixelValues } = events;
  const perDrive = curve.unit === 'A' ? 1 : 1 / curve.writeResistanceOhm!;
  let [heavyMetalJ, driverJ, writes, first, second] = [0, 0, 0, 0, 0];
  pixelValues.forEach((times, pixel) => {
    if (pixel === 0 || times === 0) return;
    const probability = Math.min(pixel / 255, 0.999);
    const currentA = Math.max(circuit.leastA, Math.min(chip.driverMaxA, driveAt(curve, probability) * perDrive));
    const pulse = drivenPulse(currentA, circuit.writeS, circuit, chip);
    const count = (times * timeSteps) / images;
    writes += count;
    heavyMetalJ += count * pulse.heavyMetalJ;
    driverJ += count * pulse.driverJ;
    first += count * currentA;
    second += count * currentA * currentA;
  });
  const spikes = events.inputSpikes / images;
  const silent = Math.max(0, writes - spikes);
  const resets = spikes + silent * chip.resetOfSilent;
  const reset = drivenPulse(circuit.resetA, circuit.resetS, circuit, chip);
  const mean = writes === 0 ? 0 : first / writes;
  return named(
    'encoder',
    {
      ...noEnergy,
      heavyMetalJ,
      driverJ,
      readJ: spikes * readEnergyJ(true, circuit, chip) + silent * readEnergyJ(false, circuit, chip),
      resetJ: resets * (reset.heavyMetalJ + reset.driverJ),
      peripheryJ: writes * (chip.encoderDacJ + perUpdateJ(chip)),
    },
    { writes, reads: writes, resets, spikes, activeRows: 0 },
    {
      mean,
      deviation: writes === 0 ? 0 : Math.sqrt(Math.max(0, second / writes - mean * mean)),
      clampedShare: 0,
    },
  );
}

function readoutEnergy(plan: Plan, events: NetworkEvents, chip: Values<'chip'>): ChipLayer {
  const peripheryJ =
    plan.readout.kind === 'potential'
      ? plan.readout.classes * events.timeSteps * chip.readoutAdcJ
      : (events.layers.at(-1)!.spikes / events.images) * chip.readoutCountJ;
  return named('readout', { ...noEnergy, peripheryJ }, none, noCurrent);
}

function named(
  name: string,
  energy: ChipEnergy,
  counts: ChipCounts,
  writeCurrentA: ChipLayer['writeCurrentA'],
): ChipLayer {
  return { name, ...energy, totalJ: sum(chipParts, (part) => energy[part]), counts, writeCurrentA };
}

/** One device for each neuron and pixel, one crossbar for each layer: positions share it in time. */
function chipArea(plan: Plan, events: NetworkEvents, chip: Values<'chip'>): ChipArea {
  const pixels = plan.encoding.kind === 'bernoulli' ? plan.input.height * plan.input.width * plan.input.channels : 0;
  const neurons = pixels + sum(plan.layers, (layer, i) => ('stream' in layer.neuron ? events.layers[i]!.neurons : 0));
  const cells = sum(plan.layers, (layer) => {
    // Inputs that are counts have a row for each neuron of the pool window.
    const copies = layer.inputMax === 255 ? 1 : layer.inputMax;
    return 2 * layer.output.channels * (walkedTaps(layer) * copies + 1);
  });
  const neuronsM2 = neurons * chip.neuronAreaM2;
  const crossbarsM2 = cells * chip.crosspointAreaM2;
  return { neurons, cells, neuronsM2, crossbarsM2, totalM2: neuronsM2 + crossbarsM2 };
}

function chipLatency(events: NetworkEvents, circuit: NeuronCircuit): ChipLatency {
  const stages = events.layers.length + 1;
  const positions = events.layers.map((layer) => layer.positions);
  const slowest = Math.max(...positions, 1);
  const once = positions.reduce((total, count) => total + count, 1);
  return {
    writeS: circuit.writeS,
    relaxationS: circuit.relaxationS,
    restS: circuit.restS,
    readS: circuit.readS,
    resetS: circuit.resetS,
    stepS: circuit.stepS,
    unrolledS: (events.timeSteps + stages - 1) * (circuit.stepS + circuit.restS),
    sharedS: (once + (events.timeSteps - 1) * slowest) * circuit.stepS,
    paceS: slowest * events.timeSteps * circuit.stepS,
  };
}

function sum<Item>(items: readonly Item[], of: (item: Item, index: number) => number): number {
  return items.reduce((total, item, index) => total + of(item, index), 0);
}
