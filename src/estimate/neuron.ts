/** The MTJ neuron as a circuit: currents, resistances and what its phases cost. */
import {
  type Calibration,
  calibrate,
  driveAt,
  heavyMetalResistanceOhm,
  type MtjParameters,
  type SwitchingCurve,
} from '../device/index.ts';
import { badInput } from '../errors/index.ts';
import type { Values } from './assumptions.ts';

export interface NeuronCircuit {
  readonly calibration: Pick<Calibration, 'i50A' | 'slopeA'>;
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
}

/** A reset switches back with this probability: the pulse of the curve, reversed. */
const resetProbability = 0.999;

/** The circuit around a device of this curve and geometry. Throws badInput for a curve over volts: no current, no I^2 R. */
export function neuronCircuit(
  curve: SwitchingCurve,
  parameters: MtjParameters,
  chip: Values<'chip'>,
  calibration: Pick<Calibration, 'i50A' | 'slopeA'> = calibrate(curve),
): NeuronCircuit {
  if (curve.unit !== 'A') {
    throw badInput('the energy of a chip needs a curve over the current', {
      where: curve.name,
      found: 'a curve over the voltage',
      help: 'give a curve with a column of currents',
    });
  }
  const areaM2 = (Math.PI / 4) * parameters.lengthM * parameters.widthM;
  const parallelOhm = chip.resistanceAreaOhmM2 / areaM2;
  const antiparallelOhm = parallelOhm * (1 + chip.tmr);
  const writeS = curve.pulseS ?? parameters.pulseS;
  return {
    calibration: { i50A: calibration.i50A, slopeA: calibration.slopeA },
    heavyMetalOhm: heavyMetalResistanceOhm(parameters) * chip.heavyMetalScale,
    parallelOhm,
    antiparallelOhm,
    referenceOhm: Math.sqrt(parallelOhm * antiparallelOhm),
    resetA: Math.min(chip.driverMaxA, driveAt(curve, resetProbability) * chip.resetCurrentScale),
    writeS,
    readS: chip.readS,
    resetS: writeS,
    stepS: writeS + chip.relaxationS + chip.readS + writeS,
  };
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
  const currentA = Math.max(0, Math.min(chip.driverMaxA, i50A + z * slopeA));
  return {
    heavyMetalJ: currentA ** 2 * circuit.heavyMetalOhm * circuit.writeS,
    driverJ: i50A * dropV(currentA, circuit, chip) * circuit.writeS,
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
    driverJ: currentA * dropV(currentA, circuit, chip) * seconds,
  };
}

/** Divider of junction and reference, and the latch: after a switch the junction is in its high resistance. */
export function readEnergyJ(spiked: boolean, circuit: NeuronCircuit, chip: Values<'chip'>): number {
  const junctionOhm = spiked ? circuit.antiparallelOhm : circuit.parallelOhm;
  return (chip.readSupplyV ** 2 / (junctionOhm + circuit.referenceOhm)) * circuit.readS + chip.senseJ;
}

function dropV(currentA: number, { heavyMetalOhm }: NeuronCircuit, { driverSupplyV }: Values<'chip'>): number {
  return Math.max(0, driverSupplyV - currentA * heavyMetalOhm);
}
