/** The MTJ neuron as a circuit: currents, resistances and what its phases cost. */
import {
  type Calibration,
  calibrate,
  driveAt,
  heavyMetalResistanceOhm,
  type MtjParameters,
  type SwitchingCurve,
  tmrAt,
} from '../device/index.ts';
import { badInput } from '../errors/index.ts';
import type { Values } from './assumptions.ts';

/** Resistances, currents and times of the circuit around a device. */
export interface NeuronCircuit {
  readonly calibration: Pick<Calibration, 'i50A' | 'slopeA'>;
  /** Of the path of the write current: the strip, or the junction that spin transfer writes. */
  readonly heavyMetalOhm: number;
  readonly parallelOhm: number;
  readonly antiparallelOhm: number;
  readonly referenceOhm: number;
  readonly resetA: number;
  readonly writeS: number;
  readonly readS: number;
  readonly resetS: number;
  /** Write, relaxation, read, reset. */
  readonly stepS: number;
  readonly relaxationS: number;
  /** Between reset and next write of one device; 0 for a telegraphic one. */
  readonly restS: number;
  /** Least current of the driver: 0, or the largest of the other sign for a device that is biased both ways. */
  readonly leastA: number;
}

/** A reset switches back with this probability: the pulse of the curve, reversed. */
const resetProbability = 0.999;

/**
 * The circuit around a device of this curve and geometry. What the curve brings (pulse, resistances, TMR) holds before the geometry and the assumptions. A
 * curve over volts needs the resistance of its writing path, and is driven with the current that the voltage makes there; without one it throws badInput. A telegraphic device
 * (`telegraphS`) is biased for that long, read, and never reset.
 */
export function neuronCircuit(
  curve: SwitchingCurve,
  parameters: MtjParameters,
  chip: Values<'chip'>,
  calibration: Pick<Calibration, 'i50A' | 'slopeA'> = calibrate(curve),
  telegraphS?: number,
): NeuronCircuit {
  if (curve.unit !== 'A' && curve.writeResistanceOhm === undefined) {
    throw badInput('the energy of a curve over the voltage needs the resistance that it drives', {
      where: curve.name,
      found: 'a curve over the voltage',
      help: "write '# write resistance: 776 ohm' into the file, or give a column for it",
    });
  }
  const perDrive = curve.unit === 'A' ? 1 : 1 / curve.writeResistanceOhm!;
  const areaM2 = (Math.PI / 4) * parameters.lengthM * parameters.widthM;
  const parallelOhm = curve.parallelOhm ?? chip.resistanceAreaOhmM2 / areaM2;
  const temperatureK = curve.temperatureK ?? parameters.temperatureK;
  const antiparallelOhm = parallelOhm * (1 + (curve.tmr ?? tmrAt(chip.tmr, temperatureK, parameters.curieK)));
  const writeS = telegraphS ?? curve.pulseS ?? parameters.pulseS;
  const resetS = telegraphS === undefined ? writeS : 0;
  const relaxationS = telegraphS === undefined ? chip.relaxationS : 0;
  return {
    calibration: { i50A: calibration.i50A * perDrive, slopeA: calibration.slopeA * perDrive },
    heavyMetalOhm: writeOhm(curve, parameters, parallelOhm, chip),
    parallelOhm,
    antiparallelOhm,
    referenceOhm: Math.sqrt(parallelOhm * antiparallelOhm),
    resetA:
      telegraphS === undefined
        ? Math.min(chip.driverMaxA, driveAt(curve, resetProbability) * perDrive * chip.resetCurrentScale)
        : 0,
    writeS,
    readS: chip.readS,
    resetS,
    relaxationS,
    restS: telegraphS === undefined ? chip.restS : 0,
    leastA: telegraphS === undefined ? 0 : -chip.driverMaxA,
    stepS: writeS + relaxationS + chip.readS + resetS,
  };
}

/** What the write current flows through: the measured path, the strip, or with spin transfer the junction itself, which is parallel until it has switched. */
function writeOhm(
  { writeResistanceOhm }: SwitchingCurve,
  parameters: MtjParameters,
  parallelOhm: number,
  { heavyMetalScale }: Values<'chip'>,
): number {
  if (writeResistanceOhm === undefined && parameters.torque === 'spin-transfer') return parallelOhm;
  return (writeResistanceOhm ?? heavyMetalResistanceOhm(parameters)) * heavyMetalScale;
}

/** What one pulse of current takes: in the heavy metal, and in the source that drives it from the supply. */
export interface PulseEnergy {
  readonly heavyMetalJ: number;
  readonly driverJ: number;
}

/**
 * One write at potential z. The current i50A + z * slopeA, clamped to the driver's range, flows through the heavy metal: I^2 R t. The bias i50A comes
 * from a source at the supply, which drops what the heavy metal does not; the part z * slopeA comes from the crossbar and is counted there.
 */
export function writeEnergy(z: number, circuit: NeuronCircuit, chip: Values<'chip'>): PulseEnergy {
  const { i50A, slopeA } = circuit.calibration;
  const currentA = Math.max(circuit.leastA, Math.min(chip.driverMaxA, i50A + z * slopeA));
  return {
    heavyMetalJ: currentA ** 2 * circuit.heavyMetalOhm * circuit.writeS,
    driverJ: Math.abs(i50A) * dropV(currentA, circuit, chip) * circuit.writeS,
  };
}

/** A whole current from the driver, without a crossbar's help: an encoder's write, or a reset. */
export function drivenPulse(
  currentA: number,
  seconds: number,
  circuit: NeuronCircuit,
  chip: Values<'chip'>,
): PulseEnergy {
  return {
    heavyMetalJ: currentA ** 2 * circuit.heavyMetalOhm * seconds,
    driverJ: Math.abs(currentA) * dropV(currentA, circuit, chip) * seconds,
  };
}

/** Divider of junction and reference, and the latch: after a switch the junction is in its high resistance. */
export function readEnergyJ(spiked: boolean, circuit: NeuronCircuit, chip: Values<'chip'>): number {
  const junctionOhm = spiked ? circuit.antiparallelOhm : circuit.parallelOhm;
  return (chip.readSupplyV ** 2 / (junctionOhm + circuit.referenceOhm)) * circuit.readS + chip.senseJ;
}

function dropV(currentA: number, { heavyMetalOhm }: NeuronCircuit, { driverSupplyV }: Values<'chip'>): number {
  return Math.max(0, driverSupplyV - Math.abs(currentA) * heavyMetalOhm);
}
