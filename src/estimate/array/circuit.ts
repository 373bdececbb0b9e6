/** What stands around a crossbar: drivers, clamps with their mirrors, the write switch, the sense latch. Sizes, times, offsets. */
import { type MtjParameters, readDisturb } from '../../device/index.ts';
import type { NeuronCircuit } from '../neuron.ts';
import type { Cell, ChipChoice, ProcessValues } from './parts.ts';
import type { Layout } from './tiles.ts';

/** One layer's circuits. */
export interface ArrayCircuit {
  /** Side of a cell, metres: wires are as long as the cells are wide. */
  readonly pitchM: number;
  readonly segmentOhm: number;
  readonly rowF: number;
  readonly driverGateF: number;
  /** Current of a clamp at rest, and the resistance that a column sees. */
  readonly restA: number;
  readonly clampOhm: number;
  /** Relative error of a mirrored current, one standard deviation. */
  readonly mirrorError: number;
  /** Seconds until rows and mirrors stand: five time constants. */
  readonly settleS: number;
  /** Standard deviation of the write current of a device, ampere, from clamps, bias source and the device's own threshold. */
  readonly offsetA: { readonly clamps: number; readonly bias: number; readonly device: number };
}

const settlingConstants = 5;

export function arrayCircuit(
  layout: Layout,
  neuron: NeuronCircuit,
  cell: Cell,
  choice: ChipChoice,
  process: ProcessValues,
): ArrayCircuit {
  const pitchM = Math.sqrt(cell.areaM2);
  const columns = layout.layer.output.channels * (choice.pair === 'rows' ? 1 : 2);
  const segmentOhm = process.wireOhmPerM * pitchM;
  const rowF = columns * pitchM * process.wireFPerM;
  const restA = choice.clampMaxA * process.clampRestShare;
  const transconductanceS = (2 * restA) / process.overdriveV;
  const mirrorError = mismatch(process, choice.clampM2);
  const mirrorF = (1 + layout.gain) * choice.clampM2 * process.gateFPerM2;
  // The tiles of a column and the two of a pair err on their own.
  const clampsA = layout.gain * restA * mirrorError * Math.sqrt(2 * layout.tiles.length);
  const { i50A } = neuron.calibration;
  return {
    pitchM,
    segmentOhm,
    rowF,
    driverGateF: (process.transistorOhmM / choice.driverOhm) * process.gateFPerM,
    restA,
    clampOhm: 1 / (transconductanceS * process.clampGain),
    mirrorError,
    settleS: settlingConstants * ((choice.driverOhm + (segmentOhm * columns) / 2) * rowF + mirrorF / transconductanceS),
    offsetA: {
      clamps: clampsA,
      bias: Math.abs(i50A) * mismatch(process, biasM2(layout, choice)),
      device: Math.abs(i50A) * process.thresholdSpread,
    },
  };
}

/** Gate area of the bias source: as large as the clamp's output transistor. */
export function biasM2(layout: Layout, choice: ChipChoice): number {
  return choice.clampM2 * Math.max(1, layout.gain);
}

/** Relative difference of two equal currents: twice the threshold's over the overdrive. */
function mismatch({ thresholdMismatchVM, overdriveV }: ProcessValues, gateM2: number): number {
  return (2 * thresholdMismatchVM) / (overdriveV * Math.sqrt(gateM2));
}

/** How a device is read. */
export interface ReadMargin {
  /** Volts from the reference to either state. */
  readonly marginV: number;
  /** Standard deviation of the latch's offset and of what the junction's spread adds, volts. */
  readonly offsetV: number;
  /** Thermal noise of one reading, volts. */
  readonly noiseV: number;
  /** Share of devices that read the same whatever their state. */
  readonly stuckShare: number;
  /** Current through the junction, and the probability that one read flips it. */
  readonly readA: number;
  readonly disturb: number;
}

const boltzmannJPerK = 1.380649e-23;

/** Divider of junction and reference, and a latch of `latchScale` times the smallest input pair. */
export function readMargin(
  neuron: NeuronCircuit,
  choice: ChipChoice,
  process: ProcessValues,
  parameters: MtjParameters,
): ReadMargin {
  const { parallelOhm, antiparallelOhm, referenceOhm } = neuron;
  const divided = (ohm: number) => (choice.readV * ohm) / (ohm + referenceOhm);
  const marginV = (divided(antiparallelOhm) - divided(parallelOhm)) / 2;
  const gateM2 = process.minimumLatchM2 * choice.latchScale;
  const latchV = process.thresholdMismatchVM / Math.sqrt(gateM2);
  // d/dR of R/(R + reference) at R = reference is 1/4 for each unit of relative change.
  const readA = choice.readV / (parallelOhm + referenceOhm);
  const junctionV = (choice.readV * process.junctionSpread) / 4;
  const offsetV = Math.hypot(latchV, junctionV);
  return {
    marginV,
    offsetV,
    noiseV: Math.sqrt((boltzmannJPerK * parameters.temperatureK) / (gateM2 * process.gateFPerM2)),
    stuckShare: 2 * upperTail(marginV / offsetV),
    readA,
    disturb: readDisturb(parameters, readA, neuron.readS),
  };
}

/** Probability that a standard normal number exceeds x (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
export function upperTail(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * Math.exp(-(x * x) / 2);
  return x >= 0 ? tail : 1 - tail;
}

/** Currents that a layer's wires really carry, on real images. */
export interface TileCurrents {
  /** Largest current of a column, and of a row at full voltage, ampere. */
  readonly columnA: number;
  readonly rowA: number;
  /** Current of all columns of the layer, mean over positions and time steps. */
  readonly meanA: number;
  /** What the rows deliver, mean: the same, but where pairs of rows cancel in their column. */
  readonly meanRowA: number;
  /** Active row wires of all tiles, mean. */
  readonly meanRows: number;
}

/** Why a layer can't be built so; empty when it can. */
export function objections(
  layout: Layout,
  currents: TileCurrents,
  neuron: NeuronCircuit,
  process: ProcessValues,
  cell: Cell,
  choice: ChipChoice,
  supply: { readonly volts: number; readonly driverMaxA: number },
): string[] {
  const found: string[] = [];
  const where = layout.layer.name;
  const say = (text: string) => found.push(`${where}: ${text}`);
  const cellA = choice.rowV * (cell.leastS + layout.unitS * layout.largest);
  if (choice.rowV > cell.maxV) say(`rows of ${volts(choice.rowV)} disturb cells that stand ${volts(cell.maxV)}`);
  if (cellA > cell.maxA) say(`the cells of a weight carry ${micro(cellA)}, their transistors ${micro(cell.maxA)}`);
  if (currents.columnA > choice.clampMaxA)
    say(`a column carries up to ${micro(currents.columnA)}, its clamp takes ${micro(choice.clampMaxA)}`);
  if (currents.columnA > process.wireMaxA)
    say(`a column carries up to ${micro(currents.columnA)}, its wire ${micro(process.wireMaxA)}`);
  if (currents.rowA > process.wireMaxA)
    say(`a row carries ${micro(currents.rowA)}, its wire ${micro(process.wireMaxA)}`);
  if (!('stream' in layout.layer.neuron)) return found;
  const drop = leastSupplyV(neuron, process, supply.driverMaxA);
  if (drop > supply.volts)
    say(`${micro(supply.driverMaxA)} through strip, switch and source need ${volts(drop)} of ${volts(supply.volts)}`);
  const switchS = switchFilling(neuron, process, choice.devices);
  if (switchS > neuron.writeS / 5)
    say(
      `a column's ${choice.devices} devices fill their node in ${(switchS * 1e9).toPrecision(2)} ns, a write is ${(neuron.writeS * 1e9).toPrecision(2)} ns`,
    );
  return found;
}

/** What the largest write current needs through strip and switch, with two transistors above them. */
export function leastSupplyV({ heavyMetalOhm }: NeuronCircuit, process: ProcessValues, driverMaxA: number): number {
  return driverMaxA * heavyMetalOhm * (1 + process.switchShare) + 2 * process.overdriveV;
}

/** Width of a device's write switch, metres. */
export function switchWidthM({ heavyMetalOhm }: NeuronCircuit, process: ProcessValues): number {
  return process.transistorOhmM / (process.switchShare * heavyMetalOhm);
}

/** Time constant of the node where the write current reaches all devices of a column: their switches' drains against the strip. */
export function switchFilling(neuron: NeuronCircuit, process: ProcessValues, devices: number): number {
  const drainF = switchWidthM(neuron, process) * process.drainFPerM;
  return devices * drainF * neuron.heavyMetalOhm * (1 + process.switchShare);
}

function micro(amperes: number): string {
  return `${(amperes * 1e6).toPrecision(3)} uA`;
}

function volts(value: number): string {
  return `${value.toPrecision(2)} V`;
}
