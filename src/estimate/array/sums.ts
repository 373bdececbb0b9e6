/**
 * What the crossbar makes of a network's sums, for the functional golden model: a plan whose weights are the effective conductances (wires, clamps, levels, spread,
 * mirrors), whose tables end where the driver's range does and hold the read errors, and a device of its own for each neuron (offsets, threshold, stuck latches).
 */
import { drawNormals, withReadErrors } from '../../device/index.ts';
import { type DeviceDraw, type LayerDevices, layerDevices } from '../../golden/index.ts';
import type { LayerPlan, Plan } from '../../plan/index.ts';
import type { NeuronCircuit } from '../neuron.ts';
import { type ArrayCircuit, type ReadMargin, upperTail } from './circuit.ts';
import { effectiveConductances } from './network.ts';
import type { Cell, ChipChoice } from './parts.ts';
import { cellConductances, type Layout } from './tiles.ts';

/** Fraction bits that the plan of the chip has beyond the core's, so that a weight need not be whole. */
const extraBits = 4;

/** One layer of one chip, in units of the plan's integer weights. */
export interface LayerSums {
  /** [output][tap] */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** Potential that is added, [output][device of the column]. */
  readonly offsets: readonly (readonly number[])[];
  /** Offset of the latch in volts, [output][device]. */
  readonly latchV: readonly (readonly number[])[];
  /** Share of its ideal current that reaches a column's clamp: mean and least over the outputs, before any trim. */
  readonly reach: { readonly mean: number; readonly least: number };
}

const labels = { cells: 1, mirrors: 2, columns: 3, devices: 4, latches: 5, gainTrim: 6, offsetTrim: 7 };

/** Draws a chip. The same seed draws the same chip. */
export function layerSums(
  layout: Layout,
  index: number,
  circuit: ArrayCircuit,
  margin: ReadMargin,
  slopeA: number,
  cell: Cell,
  choice: ChipChoice,
  seed: number,
): LayerSums {
  const outputs = layout.layer.output.channels;
  const draw = (count: number, what: keyof typeof labels) =>
    drawNormals(count, seed, 1000 * (index + 1) + 100 * labels[what]);
  const sums = columnSums(layout, circuit, cell, choice, seed * 256 + index, draw);
  const reaches = sums.map(({ plus, minus }) => [plus.reach, minus.reach] as const);
  const mean = reaches.flat().reduce((sum, reach) => sum + reach, 0) / (2 * outputs);
  const trimmed = choice.trimBits > 0;
  const unit = 2 ** -choice.trimBits;
  const uniform = (normal: number) => 1 - 2 * upperTail(normal);
  const gainTrim = draw(2 * outputs, 'gainTrim');
  // A loss that all columns share is in the mirrors' ratio by design; a trim finds that of each column.
  const factor = (o: number, side: 0 | 1) => {
    const steps = choice.pair === 'rows' ? 2 * o : 2 * o + side;
    return trimmed ? (1 + 0.5 * unit * uniform(gainTrim[steps]!)) / reaches[o]![side] : 1 / mean;
  };
  const perDevice = (what: 'devices' | 'latches' | 'offsetTrim') => draw(outputs * choice.devices, what);
  const own = perDevice('devices');
  const columns = draw(outputs, 'columns');
  const trims = perDevice('offsetTrim');
  const latches = perDevice('latches');
  const { clamps, bias: biasA, device } = circuit.offsetA;
  const columnA = Math.hypot(clamps, biasA);
  const perOutput = (of: (at: number, output: number) => number) =>
    Array.from({ length: outputs }, (_, o) =>
      Array.from({ length: choice.devices }, (_, d) => of(o * choice.devices + d, o)),
    );
  return {
    weights: sums.map(({ plus, minus }, o) =>
      layout.layer.weights[o]!.map((_, tap) => plus.taps[tap]! * factor(o, 0) - minus.taps[tap]! * factor(o, 1)),
    ),
    bias: sums.map(({ plus, minus }, o) => plus.bias * factor(o, 0) - minus.bias * factor(o, 1)),
    offsets: perOutput((at, o) =>
      trimmed
        ? (3 * Math.hypot(columnA, device) * unit * uniform(trims[at]!)) / slopeA
        : (columnA * columns[o]! + device * own[at]!) / slopeA,
    ),
    latchV: perOutput((at) => margin.offsetV * latches[at]!),
    reach: { mean, least: Math.min(...reaches.flat()) },
  };
}

/** What one sign of an output's cells makes, in units of weight. */
interface SignedSums {
  /** A mean over the rows of each input. */
  readonly taps: Float64Array;
  readonly bias: number;
  /** Share of the ideal current that arrives: of the least squares. */
  readonly reach: number;
}

/** Sums of all tiles, of each output and sign. */
function columnSums(
  layout: Layout,
  circuit: ArrayCircuit,
  cell: Cell,
  choice: ChipChoice,
  seed: number,
  draw: (count: number, what: 'mirrors') => Float64Array,
): { readonly plus: SignedSums; readonly minus: SignedSums }[] {
  const outputs = layout.layer.output.channels;
  const byRows = choice.pair === 'rows';
  const columns = outputs * (byRows ? 1 : 2);
  const mirrors = draw(columns * layout.tiles.length, 'mirrors');
  const taps = layout.layer.weights[0]!.length;
  const sides = Array.from(
    { length: outputs },
    () => [new Float64Array(taps + 1), new Float64Array(taps + 1)] as const,
  );
  const wires = {
    row: circuit.segmentOhm,
    column: circuit.segmentOhm,
    driver: choice.driverOhm,
    clamp: circuit.clampOhm,
  };
  layout.tiles.forEach((tile, t) => {
    const reached = effectiveConductances(cellConductances(layout, t, cell, choice, seed), wires);
    let wire = 0;
    for (const { tap, copies } of tile.rows) {
      for (let copy = 0; copy < copies; copy += 1) {
        for (let o = 0; o < outputs; o += 1) {
          for (const side of [0, 1] as const) {
            const [row, column] = byRows ? [2 * wire + side, o] : [wire, 2 * o + side];
            const mirror = 1 + circuit.mirrorError * mirrors[t * columns + column]!;
            // The bias stands behind the taps.
            const at = tap === -1 ? taps : tap;
            sides[o]![side][at]! += (mirror * reached[row]![column]!) / layout.unitS / (tap === -1 ? 1 : layout.copies);
          }
        }
        wire += 1;
      }
    }
  });
  const least = cell.leastS / layout.unitS;
  return sides.map((own, o) => {
    const signed = (side: 0 | 1): SignedSums => {
      const wanted = layout.layer.weights[o]!.map((w) => least + Math.max(0, side === 0 ? w : -w));
      const got = own[side];
      return {
        taps: got.subarray(0, taps),
        bias: got[taps]! * (layout.graded ? 255 : 1),
        reach: regression(wanted, got),
      };
    };
    return { plus: signed(0), minus: signed(1) };
  });
}

function regression(wanted: readonly number[], got: ArrayLike<number>): number {
  let [product, square] = [0, 0];
  wanted.forEach((weight, i) => {
    product += weight * got[i]!;
    square += weight * weight;
  });
  return product / square;
}

/** The plan and the devices that compute what the chip computes. */
export function chipPlan(
  plan: Plan,
  layers: readonly LayerSums[],
  neuron: NeuronCircuit,
  margin: ReadMargin,
  driverMaxA: number,
): { readonly plan: Plan; readonly devices: readonly (LayerDevices | undefined)[] } {
  const own = plan.layers.map((layer, index) => chipLayer(layer, layers[index]!, neuron, margin, driverMaxA));
  const scoreBits = plan.readout.kind === 'potential' ? scoreWidth(own.at(-1)!, plan.timeSteps.max) : undefined;
  const made: Plan = {
    ...plan,
    neuron: { kind: 'ideal' },
    earlyExit: 'none',
    layers: own,
    readout: { ...plan.readout, ...(scoreBits === undefined ? {} : { scoreBits }) },
  };
  const devices = own.map((layer, index) => chipDevices(layer, layers[index]!, margin));
  return { plan: made, devices };
}

function chipLayer(
  layer: LayerPlan,
  sums: LayerSums,
  neuron: NeuronCircuit,
  margin: ReadMargin,
  driverMaxA: number,
): LayerPlan {
  const whole = (value: number) => Math.round(value * 2 ** extraBits) + 0;
  const weights = sums.weights.map((row) => row.map(whole));
  const fractionBits = layer.fractionBits + extraBits;
  // A layer without neurons has nothing else to carry its offsets.
  const added = (o: number) => ('stream' in layer.neuron ? 0 : sums.offsets[o]![0]! * 2 ** fractionBits);
  const bias = sums.bias.map((value, o) => Math.round(value * 2 ** extraBits + added(o)) + 0);
  const largest = Math.max(...weights.flat().map(Math.abs), ...bias.map(Math.abs));
  const bound = Math.max(
    ...weights.map((row, o) => row.reduce((sum, w) => sum + Math.abs(w) * layer.inputMax, Math.abs(bias[o]!))),
  );
  const { channelShifts: _, ...rest } = layer;
  return {
    ...rest,
    weights,
    bias,
    biasRows: [bias],
    biasValue: 1,
    fractionBits,
    weightBits: signedBits(largest),
    accumulatorBits: signedBits(bound),
    neuron: 'stream' in layer.neuron ? chipNeuron(layer, neuron, margin, driverMaxA) : layer.neuron,
  };
}

/** The table with the driver's range and the read's errors; potentials are finer by the extra bits. */
function chipNeuron(layer: LayerPlan, neuron: NeuronCircuit, margin: ReadMargin, driverMaxA: number) {
  if (!('stream' in layer.neuron)) return layer.neuron;
  const { table, tableShift, tableOffset, stream } = layer.neuron;
  const { i50A, slopeA } = neuron.calibration;
  const zStep = 2 ** (tableShift - layer.fractionBits);
  const address = (currentA: number) =>
    Math.max(0, Math.min(table.length - 1, Math.floor((currentA - i50A) / slopeA / zStep) + tableOffset));
  const [low, high] = [address(neuron.leastA), address(driverMaxA)];
  const driven = table.map((_, a) => table[Math.max(low, Math.min(high, a))]!);
  const { entries } = withReadErrors({ entries: driven, zMin: 0, zStep: 1 }, readErrors(margin));
  return {
    kind: 'ideal' as const,
    table: entries,
    tableShift: tableShift + extraBits,
    tableOffset,
    stream,
  };
}

/** Mean probability of a wrong reading over the devices that are not stuck: the noise against what their offset leaves of the margin. */
export function readErrors({ marginV, offsetV, noiseV }: ReadMargin): {
  readonly missed: number;
  readonly false: number;
} {
  let [errors, weight] = [0, 0];
  for (let k = -100; k <= 100; k += 1) {
    const offset = (k / 100) * marginV;
    const density = k === 0 ? 1 : Math.exp(-((offset / offsetV) ** 2) / 2);
    errors += density * upperTail((marginV - offset) / noiseV);
    weight += density;
  }
  // Both kinds see the same distribution, mirrored.
  const share = Math.min(0.49, errors / weight);
  return { missed: share, false: share };
}

function chipDevices(layer: LayerPlan, sums: LayerSums, { marginV }: ReadMargin): LayerDevices | undefined {
  if (!('stream' in layer.neuron)) return undefined;
  const outputs = layer.output.channels;
  const draws = Array.from({ length: layer.neuron.stream.wordsPerTimeStep }, (_, n): DeviceDraw => {
    const output = n % outputs;
    const devices = sums.offsets[output]!.length;
    const device = Math.floor(n / outputs) % devices;
    const latchV = sums.latchV[output]![device]!;
    const stuck = latchV > marginV ? 'spike' : latchV < -marginV ? 'silent' : undefined;
    return { offset: sums.offsets[output]![device]!, gain: 1, ...(stuck === undefined ? {} : { stuck }) };
  });
  return layerDevices(layer, draws);
}

function signedBits(magnitude: number): number {
  return Math.max(2, Math.ceil(Math.log2(magnitude + 1)) + 1);
}

function scoreWidth(layer: LayerPlan, timeSteps: number): number {
  return Math.min(32, layer.accumulatorBits + Math.ceil(Math.log2(timeSteps + 1)));
}
