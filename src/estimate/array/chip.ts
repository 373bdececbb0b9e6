/** One chip of tiles: whether it can be built, what an image costs, how large and how fast it is. */
import type { NetworkEvents } from '../../golden/index.ts';
import type { LayerPlan, Plan } from '../../plan/index.ts';
import { type Assumptions, valuesOf, withValue } from '../assumptions.ts';
import {
  type ChipDevice,
  type ChipEnergy,
  type ChipEstimate,
  type ChipLayer,
  chipParts,
  estimateChip,
} from '../chip.ts';
import { type NeuronCircuit, neuronCircuit } from '../neuron.ts';
import {
  type ArrayCircuit,
  arrayCircuit,
  biasM2,
  objections,
  type ReadMargin,
  readMargin,
  switchWidthM,
  type TileCurrents,
} from './circuit.ts';
import { besides, type Cell, type ChipChoice, type ChipParts, cellOf, type ProcessValues } from './parts.ts';
import { type Layout, layOut } from './tiles.ts';

/** A chip as it would be built, without its figures. */
export interface BuiltChip {
  readonly choice: ChipChoice;
  /** All cells of one sign of a weight. */
  readonly cell: Cell;
  readonly neuron: NeuronCircuit;
  readonly margin: ReadMargin;
  readonly layouts: readonly Layout[];
  readonly circuits: readonly ArrayCircuit[];
}

/** Lays the network out and sizes its circuits. */
export function buildChip(
  plan: Plan,
  { curve, parameters }: ChipDevice,
  assumptions: Assumptions,
  { process, cells }: ChipParts,
  choice: ChipChoice,
): BuiltChip {
  const cell = besides(cellOf(cells, choice.cell, 'cell'), choice.cellsPerWeight);
  const neuron = neuronCircuit(curve, parameters, valuesOf<'chip'>(assumptions.chip));
  const layouts = plan.layers.map((layer, index) =>
    layOut(layer, index === 0 && plan.encoding.kind === 'direct', neuron.calibration.slopeA, cell, choice),
  );
  return {
    choice,
    cell,
    neuron,
    margin: readMargin(neuron, choice, process, parameters),
    layouts,
    circuits: layouts.map((layout) => arrayCircuit(layout, neuron, cell, choice, process)),
  };
}

/** Why the chip can't be built; empty when it can. */
export function chipObjections(
  chip: BuiltChip,
  currents: readonly TileCurrents[],
  assumptions: Assumptions,
  { process }: ChipParts,
): string[] {
  const supply = { volts: assumptions.chip.driverSupplyV.value, driverMaxA: assumptions.chip.driverMaxA.value };
  const found = chip.layouts.flatMap((layout, i) =>
    objections(layout, currents[i]!, chip.neuron, process, chip.cell, chip.choice, supply),
  );
  const { marginV, offsetV, stuckShare } = chip.margin;
  if (stuckShare > largestStuckShare) {
    const millivolts = (value: number) => `${(value * 1e3).toPrecision(3)} mV`;
    found.push(
      `latches with ${millivolts(offsetV)} of offset beside a margin of ${millivolts(marginV)} hold ${(100 * stuckShare).toPrecision(2)} % of the devices stuck`,
    );
  }
  if (chip.margin.disturb > largestDisturb) {
    found.push(
      `a read of ${(chip.margin.readA * 1e6).toPrecision(3)} uA flips the junction with probability ${chip.margin.disturb.toPrecision(2)}`,
    );
  }
  return found;
}

/** More stuck devices than this are no chip. */
const largestStuckShare = 0.05;
/** A read that flips more often than this is a reset. */
const largestDisturb = 0.001;

/** Joules of an image, by what they go into. */
export interface ArrayEnergy {
  readonly writeJ: number;
  readonly readJ: number;
  readonly resetJ: number;
  readonly crossbarJ: number;
  readonly rowsJ: number;
  /** Clamps and mirrors: what they draw at rest while rows stand, and in their outputs while devices are written. */
  readonly clampsJ: number;
  /** Encoder, converters of the readout, spike registers, gates of the switches. */
  readonly peripheryJ: number;
}

/** An image on a chip of tiles: the analog part. What it shares with CMOS stands in the ledger of `energy`. */
export interface ArrayEstimate extends ArrayEnergy {
  readonly totalJ: number;
  readonly areaM2: number;
  readonly tiles: number;
  readonly cells: number;
  /** One image, positions after one another on each layer's crossbar, layers in a pipeline of time steps. */
  readonly latencyS: number;
  readonly layers: readonly {
    readonly name: string;
    readonly tiles: number;
    readonly gain: number;
    readonly settleS: number;
    readonly stepS: number;
    readonly clampOhm: number;
    readonly columnA: number;
    readonly rowA: number;
    /** Of the potential, one standard deviation, before any trim. */
    readonly offset: number;
  }[];
}

/** What is computed once for both views of a chip. */
interface ArrayFigures {
  /** By the page of assumptions, with this chip's own values in it: events, encoder, readout, currents of the writes. */
  readonly base: ChipEstimate;
  readonly layers: ArrayEstimate['layers'];
  readonly energies: readonly ArrayEnergy[];
  readonly cellCount: number;
  readonly cellsM2: number;
  readonly aroundM2: number;
  readonly devicesM2: number;
  readonly slowestS: number;
  readonly onceS: number;
}

function arrayFigures(
  chip: BuiltChip,
  plan: Plan,
  events: NetworkEvents,
  currents: readonly TileCurrents[],
  device: ChipDevice,
  assumptions: Assumptions,
  { process }: ChipParts,
): ArrayFigures {
  const { choice, cell, neuron, layouts, circuits } = chip;
  const base = estimateChip(plan, events, device, ownAssumptions(chip, assumptions, process));
  const around = {
    base,
    neuron,
    choice,
    supplyV: assumptions.chip.driverSupplyV.value,
    biasExtraS: assumptions.chip.biasExtraS.value,
  };
  const stepS = neuron.stepS + neuron.restS;
  const layers = layouts.map((layout, i) => layerFigures(layout, circuits[i]!, currents[i]!, choice, neuron, stepS));
  const cellCount = layouts.reduce(
    (total, { tiles, layer }) =>
      total + 2 * layer.output.channels * tiles.reduce((count, tile) => count + tile.weightRows, 0),
    0,
  );
  const passS = layers.map((layer, i) => events.layers[i]!.positions * layer.stepS);
  const circuitsM2 = layouts.map((layout) => circuitM2(layout, chip, process));
  return {
    base,
    layers,
    energies: layouts.map((layout, i) =>
      layerEnergy(layout, circuits[i]!, currents[i]!, events.layers[i]!.positions * events.timeSteps, around),
    ),
    cellCount,
    cellsM2: cellCount * cell.areaM2,
    aroundM2: circuitsM2.reduce((total, { aroundM2 }) => total + aroundM2, 0),
    devicesM2:
      pixelDevices(plan) * assumptions.chip.neuronAreaM2.value +
      circuitsM2.reduce((total, { devicesM2 }) => total + devicesM2, 0),
    slowestS: Math.max(...passS),
    onceS: passS.reduce((total, each) => total + each, 0),
  };
}

function pixelDevices({ encoding, input }: Plan): number {
  return encoding.kind === 'bernoulli' ? input.height * input.width * input.channels : 0;
}

/** Encoder and readout: whatever is no layer of the plan. */
const othersOf = (base: ChipEstimate, plan: Plan) =>
  base.layers.filter(({ name }) => !plan.layers.some((layer) => layer.name === name));

/** Energy, area and time of a chip for the mean image of `events`; `currents` are those of its own layouts. */
export function estimateArray(
  chip: BuiltChip,
  plan: Plan,
  events: NetworkEvents,
  currents: readonly TileCurrents[],
  device: ChipDevice,
  assumptions: Assumptions,
  parts: ChipParts,
): ArrayEstimate {
  const found = arrayFigures(chip, plan, events, currents, device, assumptions, parts);
  const sum = (part: keyof ArrayEnergy) => found.energies.reduce((total, energy) => total + energy[part], 0);
  const energy: ArrayEnergy = {
    writeJ: sum('writeJ'),
    readJ: sum('readJ'),
    resetJ: sum('resetJ'),
    crossbarJ: sum('crossbarJ'),
    rowsJ: sum('rowsJ'),
    clampsJ: sum('clampsJ'),
    peripheryJ: sum('peripheryJ') + othersOf(found.base, plan).reduce((total, { totalJ }) => total + totalJ, 0),
  };
  return {
    ...energy,
    totalJ: Object.values(energy).reduce((total, value) => total + value, 0),
    areaM2: found.cellsM2 + found.aroundM2 + found.devicesM2,
    tiles: chip.layouts.reduce((total, { tiles }) => total + tiles.length, 0),
    cells: found.cellCount * chip.choice.cellsPerWeight,
    latencyS: found.onceS + (events.timeSteps - 1) * found.slowestS,
    layers: found.layers,
  };
}

/** A chip of tiles in the form of the chip on paper, for the ledger: its whole write current comes from the supply and counts as the neuron's. */
export function estimateBuilt(
  chip: BuiltChip,
  plan: Plan,
  events: NetworkEvents,
  currents: readonly TileCurrents[],
  device: ChipDevice,
  assumptions: Assumptions,
  parts: ChipParts,
): ChipEstimate {
  const found = arrayFigures(chip, plan, events, currents, device, assumptions, parts);
  const { base } = found;
  const own = plan.layers.map((layer, i): ChipLayer => {
    const energy = found.energies[i]!;
    const before = base.layers.find(({ name }) => name === layer.name)!;
    const { writeJ, ...rest } = energy;
    return {
      ...before,
      ...rest,
      heavyMetalJ: before.heavyMetalJ,
      driverJ: writeJ - before.heavyMetalJ,
      totalJ: Object.values(energy).reduce((total, value) => total + value, 0),
    };
  });
  const layers = base.layers.map((layer) => own.find(({ name }) => name === layer.name) ?? layer);
  const sum = (of: (layer: ChipLayer) => number, list: readonly ChipLayer[] = layers) =>
    list.reduce((total, layer) => total + of(layer), 0);
  const parted = Object.fromEntries(chipParts.map((part) => [part, sum((layer) => layer[part])]));
  const columns = plan.layers.filter(({ neuron }) => 'stream' in neuron);
  return {
    ...base,
    ...(parted as unknown as ChipEnergy),
    totalJ: sum(({ totalJ }) => totalJ),
    neuronsJ: sum((layer) => layer.heavyMetalJ + layer.driverJ + layer.readJ + layer.resetJ + layer.peripheryJ, own),
    neuronsAndSynapsesJ: sum(({ totalJ }) => totalJ, own),
    layers,
    area: {
      neurons:
        pixelDevices(plan) + columns.reduce((n, layer) => n + layer.output.channels * devicesOf(layer, chip.choice), 0),
      cells: found.cellCount * chip.choice.cellsPerWeight,
      neuronsM2: found.devicesM2,
      crossbarsM2: found.cellsM2 + found.aroundM2,
      totalM2: found.cellsM2 + found.aroundM2 + found.devicesM2,
    },
    latency: {
      writeS: base.latency.writeS,
      relaxationS: base.latency.relaxationS,
      restS: base.latency.restS,
      readS: base.latency.readS,
      resetS: base.latency.resetS,
      stepS: Math.max(...found.layers.map((layer) => layer.stepS)),
      sharedS: found.onceS + (events.timeSteps - 1) * found.slowestS,
      paceS: events.timeSteps * found.slowestS,
    },
  };
}

/** The page of assumptions with what this chip computes in their place. */
function ownAssumptions({ choice, neuron }: BuiltChip, assumptions: Assumptions, process: ProcessValues): Assumptions {
  const { senseJ } = assumptions.chip;
  const switches = 3 * switchWidthM(neuron, process) * process.gateFPerM;
  const own: readonly (readonly [string, number])[] = [
    ['crossbarRowV', choice.rowV],
    ['readSupplyV', choice.readV],
    ['senseJ', senseJ.value * choice.latchScale],
    ['neuronSwitchF', switches],
    ['virtualGroundJ', 0],
  ];
  return own.reduce((all, [name, value]) => withValue(all, 'chip', name, value), assumptions);
}

/** Positions of one layer follow one another when its rows stand again and a device of the column is ready. */
function layerFigures(
  layout: Layout,
  circuit: ArrayCircuit,
  currents: TileCurrents,
  choice: ChipChoice,
  neuron: NeuronCircuit,
  deviceS: number,
): ArrayEstimate['layers'][number] {
  const { clamps, bias, device } = circuit.offsetA;
  const onS = circuit.settleS + neuron.writeS;
  return {
    name: layout.layer.name,
    tiles: layout.tiles.length,
    gain: layout.gain,
    settleS: circuit.settleS,
    stepS: Math.max(onS, (circuit.settleS + deviceS) / choice.devices),
    clampOhm: circuit.clampOhm,
    columnA: currents.columnA,
    rowA: currents.rowA,
    offset: Math.hypot(clamps, bias, device) / neuron.calibration.slopeA,
  };
}

function layerEnergy(
  { layer, tiles, gain }: Layout,
  circuit: ArrayCircuit,
  currents: TileCurrents,
  windows: number,
  around: {
    readonly base: ChipEstimate;
    readonly neuron: NeuronCircuit;
    readonly choice: ChipChoice;
    readonly supplyV: number;
    readonly biasExtraS: number;
  },
): ArrayEnergy {
  const { base, neuron, choice, supplyV, biasExtraS } = around;
  const own = base.layers.find(({ name }) => name === layer.name)!;
  const onS = circuit.settleS + neuron.writeS;
  const columns = layer.output.channels * tiles.length * (choice.pair === 'rows' ? 1 : 2);
  const { writes } = own.counts;
  return {
    // The whole write current comes from the supply: the column's through the mirror, the bias through its source.
    writeJ:
      writes * supplyV * (own.writeCurrentA.mean * neuron.writeS + Math.abs(neuron.calibration.i50A) * biasExtraS),
    readJ: own.readJ,
    resetJ: own.resetJ,
    // The rows deliver at their voltage; the clamp passes the column's current on from the supply.
    crossbarJ: windows * onS * (currents.meanRowA * choice.rowV + currents.meanA * supplyV),
    rowsJ: windows * currents.meanRows * (circuit.rowF * choice.rowV ** 2 + circuit.driverGateF * supplyV ** 2),
    clampsJ:
      // Stage and amplifier at rest; in the outputs the rest currents of both signs, multiplied.
      windows * columns * 2 * circuit.restA * supplyV * onS +
      writes * 2 * gain * circuit.restA * supplyV * neuron.writeS,
    peripheryJ: own.peripheryJ,
  };
}

const channelM = 5e-8;

/** Drivers, clamps and bias sources, and devices with switches, latch and register, of one layer. */
function circuitM2(
  layout: Layout,
  { choice, neuron }: BuiltChip,
  process: ProcessValues,
): { readonly aroundM2: number; readonly devicesM2: number } {
  const byRows = choice.pair === 'rows';
  const outputs = layout.layer.output.channels;
  const wires = layout.tiles.reduce((sum, { weightRows }) => sum + weightRows, 0) * (byRows ? 2 : 1);
  const driverM2 = (process.transistorOhmM / choice.driverOhm) * channelM * process.layoutScale;
  const clampM2 = choice.clampM2 * (2 + layout.gain) * process.layoutScale;
  const clamps = outputs * layout.tiles.length * (byRows ? 1 : 2);
  const aroundM2 = wires * driverM2 + clamps * clampM2;
  if (!('stream' in layout.layer.neuron)) return { aroundM2, devicesM2: 0 };
  const device =
    3 * switchWidthM(neuron, process) * channelM * process.layoutScale +
    process.latchAreaM2 * (0.9 + 0.1 * choice.latchScale) +
    process.registerAreaM2;
  return {
    aroundM2: aroundM2 + outputs * biasM2(layout, choice) * process.layoutScale,
    devicesM2: outputs * devicesOf(layout.layer, choice) * device,
  };
}

/** Devices on a column: never more than it has positions. */
function devicesOf({ output }: LayerPlan, { devices }: ChipChoice): number {
  return Math.min(devices, output.height * output.width);
}
