/** A magnetic tunnel junction and its write pulse: parameters with units, defaults and limits, and what follows from them. */
import { badInput } from '../errors/index.ts';
import {
  bohrMagnetonAM2,
  boltzmannJPerK,
  electronChargeC,
  gyromagneticRatioH,
  vacuumPermeability,
} from './constants.ts';
import { type DemagnetisationFactors, ellipticCylinder } from './demagnetisation.ts';

export type Vector = readonly [number, number, number];

/**
 * Axes: x along the length of the elliptic free layer, y along its width, z normal to the film. In-plane devices have their easy axis
 * along x, perpendicular ones along z. Every trial starts in the well of negative easy-axis magnetisation; positive drive pushes it over.
 */
export interface MtjParameters {
  readonly magnetisation: 'in-plane' | 'perpendicular';
  /** Full axes of the elliptic free layer, and its thickness. */
  readonly lengthM: number;
  readonly widthM: number;
  readonly thicknessM: number;
  /** Saturation magnetisation at 300 K. */
  readonly saturationAPerM: number;
  /** Gilbert damping. */
  readonly damping: number;
  /**
   * Energy barrier at 300 K in units of k * 300 K. In-plane: replaces the in-plane shape anisotropy that the ellipse would give. Perpendicular: the
   * effective anisotropy, demagnetisation included. Absent: the in-plane barrier follows from the shape alone.
   */
  readonly barrierKT?: number | undefined;
  /** `spin-hall`: I_s = spinHallAngle * (A_FM / A_HM) * I through the heavy metal. `spin-transfer`: I_s = spinPolarisation * I through the junction. */
  readonly torque: 'spin-hall' | 'spin-transfer';
  readonly spinHallAngle: number;
  readonly spinPolarisation: number;
  /** Direction of the spins that positive drive injects; made a unit vector. */
  readonly spinDirection: Vector;
  /** Field-like torque as a share of the damping-like one. */
  readonly fieldLikeRatio: number;
  /**
   * Voltage-controlled anisotropy: perpendicular anisotropy field that the voltage across the junction adds while the write pulse is on, edges included. With xi in
   * J/(V m), 2 xi U / (mu_0 M_s t_oxide t_layer); below 0 it lowers a perpendicular barrier. Absent: 0.
   */
  readonly vcmaFieldAPerM?: number | undefined;
  /** Heavy metal: cross-section for the current, length and resistivity for the energy. */
  readonly heavyMetalWidthM: number;
  readonly heavyMetalThicknessM: number;
  readonly heavyMetalLengthM: number;
  readonly heavyMetalResistivityOhmM: number;
  /** Static field, also during relaxation. */
  readonly biasFieldAPerM: Vector;
  readonly temperatureK: number;
  /** Curie temperature: M_s(T) follows Bloch's law 1 - (T/T_C)^1.5 through the value at 300 K, and the barrier follows M_s^2. Absent: both constant. */
  readonly curieK?: number | undefined;
  /** Write pulse (rectangular), free relaxation after it, then the read, which averages the easy-axis magnetisation over its length. */
  readonly pulseS: number;
  /** Rise and fall of the write pulse, each this long and linear; `pulseS` is then its width at half its height. Absent: 0. */
  readonly edgeS?: number | undefined;
  readonly relaxationS: number;
  readonly readS: number;
  /** Settling at zero drive before the pulse: the start is drawn from the well's Boltzmann law without the bias field, see `settlingS`. */
  readonly settleS: number;
  /** Integration step. */
  readonly stepS: number;
}

/** The temperature at which barriers and M_s are stated. */
export const referenceK = 300;

/**
 * The paper's spin-Hall device (arXiv:1605.04494) with `changes`. Its parameters are reconstructed from the field's usual ones, not confirmed in
 * the paper's text: ellipse 100 x 40 x 1.2 nm^3, M_s 1000 kA/m, damping 0.0122, spin-Hall angle 0.3, barrier 20 kT, heavy metal
 * 100 nm wide, 2 nm thick, 200 uOhm cm, pulse 0.5 ns, 300 K. Relaxation, read, step and the Curie temperature (thin CoFeB: 1,000 to 1,300 K) are ours.
 */
export function spinHallMtj(changes: Partial<MtjParameters> = {}): MtjParameters {
  return checkParameters({
    magnetisation: 'in-plane',
    lengthM: 100e-9,
    widthM: 40e-9,
    thicknessM: 1.2e-9,
    saturationAPerM: 1e6,
    damping: 0.0122,
    barrierKT: 20,
    torque: 'spin-hall',
    spinHallAngle: 0.3,
    spinPolarisation: 0.6,
    spinDirection: [1, 0, 0],
    fieldLikeRatio: 0,
    heavyMetalWidthM: 100e-9,
    heavyMetalThicknessM: 2e-9,
    heavyMetalLengthM: 100e-9,
    heavyMetalResistivityOhmM: 2e-6,
    biasFieldAPerM: [0, 0, 0],
    temperatureK: 300,
    curieK: 1100,
    pulseS: 0.5e-9,
    relaxationS: 2e-9,
    readS: 0.5e-9,
    settleS: 0,
    stepS: 0.5e-12,
    ...changes,
  });
}

/**
 * A perpendicular junction with `changes`: circle of 40 nm, 1.3 nm thick, M_s 1000 kA/m, damping 0.02, barrier 20 kT, written by spin
 * transfer through the junction (polarisation 0.6) with pulses of 5 ns. Typical values of the field, not those of one device.
 */
export function perpendicularMtj(changes: Partial<MtjParameters> = {}): MtjParameters {
  return spinHallMtj({
    magnetisation: 'perpendicular',
    lengthM: 40e-9,
    widthM: 40e-9,
    thicknessM: 1.3e-9,
    damping: 0.02,
    torque: 'spin-transfer',
    spinDirection: [0, 0, 1],
    pulseS: 5e-9,
    ...changes,
  });
}

/** What the integrator and the closed forms need; all in SI. */
export interface Macrospin {
  /** 0 for x, 2 for z. */
  readonly easyAxis: 0 | 2;
  readonly demagnetisation: DemagnetisationFactors;
  readonly saturationAPerM: number;
  readonly volumeM3: number;
  /** M_s V, A m^2. */
  readonly momentAM2: number;
  /** H_i = stiffness_i * m_i + bias_i, A/m. The easy axis has the greatest stiffness, 0 by choice of the zero of energy. */
  readonly stiffnessAPerM: Vector;
  /** Field that a barrier is made of: the easy axis against the next softest one. */
  readonly anisotropyFieldAPerM: number;
  readonly barrierJ: number;
  /** Spin current for each ampere of drive. */
  readonly spinCurrentRatio: number;
  /** Damping-like torque for each ampere of drive, 1/s. */
  readonly torquePerA: number;
  readonly spinDirection: Vector;
}

/** The constants of the macrospin's equation of motion for a device. Throws badInput for parameters that no device has. */
export function macrospin(parameters: MtjParameters): Macrospin {
  const p = checkParameters(parameters);
  const demagnetisation = ellipticCylinder(p.lengthM, p.widthM, p.thicknessM);
  const areaM2 = (Math.PI / 4) * p.lengthM * p.widthM;
  const volumeM3 = areaM2 * p.thicknessM;
  const magnetisationRatio = p.curieK === undefined ? 1 : blochRatio(p.temperatureK, p.curieK);
  const saturationAPerM = p.saturationAPerM * magnetisationRatio;
  const momentAM2 = saturationAPerM * volumeM3;
  const givenBarrierJ =
    p.barrierKT === undefined ? undefined : p.barrierKT * boltzmannJPerK * referenceK * magnetisationRatio ** 2;
  const shapeField = saturationAPerM * (demagnetisation.y - demagnetisation.x);
  const givenField = givenBarrierJ === undefined ? undefined : (2 * givenBarrierJ) / (vacuumPermeability * momentAM2);
  let stiffnessAPerM: Vector;
  let anisotropyFieldAPerM: number;
  if (p.magnetisation === 'in-plane') {
    anisotropyFieldAPerM = givenField ?? shapeField;
    stiffnessAPerM = [0, -anisotropyFieldAPerM, -saturationAPerM * (demagnetisation.z - demagnetisation.x)];
  } else {
    anisotropyFieldAPerM = givenField ?? 0;
    stiffnessAPerM = [-anisotropyFieldAPerM, -anisotropyFieldAPerM - shapeField, 0];
  }
  if (!(anisotropyFieldAPerM > 0) || stiffnessAPerM[2] > 0) {
    throw badInput('the free layer has no easy axis where the device needs one', {
      found: `${p.lengthM} x ${p.widthM} m, barrier ${p.barrierKT ?? 'from the shape'}`,
      expected: p.magnetisation === 'in-plane' ? 'a length above the width, or barrierKT' : 'barrierKT',
    });
  }
  const spinCurrentRatio =
    p.torque === 'spin-hall'
      ? (p.spinHallAngle * areaM2) / (p.heavyMetalWidthM * p.heavyMetalThicknessM)
      : p.spinPolarisation;
  const norm = Math.hypot(...p.spinDirection);
  return {
    easyAxis: p.magnetisation === 'in-plane' ? 0 : 2,
    demagnetisation,
    saturationAPerM,
    volumeM3,
    momentAM2,
    stiffnessAPerM,
    anisotropyFieldAPerM,
    barrierJ: (vacuumPermeability * momentAM2 * anisotropyFieldAPerM) / 2,
    spinCurrentRatio,
    // 1/(q N_s) with N_s = M_s V / mu_B.
    torquePerA: (spinCurrentRatio * bohrMagnetonAM2) / (electronChargeC * momentAM2),
    spinDirection: p.spinDirection.map((component) => component / norm) as unknown as Vector,
  };
}

/**
 * Drive at which the old state becomes unstable without thermal noise, for a long pulse. Spins along the easy axis (antidamping, linearised
 * equation): torque = alpha * gamma * mean stiffness of the two hard axes (J. Z. Sun, Phys. Rev. B 62 (2000) 570). Spins along a hard axis of a
 * perpendicular device (no stable tilt is left): torque = gamma * H_k / 2 (Lee et al., Appl. Phys. Lett. 102 (2013) 112410, without bias field).
 */
export function criticalCurrentA(parameters: MtjParameters): number {
  const m = macrospin(parameters);
  const hard = ([0, 1, 2] as const).filter((axis) => axis !== m.easyAxis);
  if (Math.abs(m.spinDirection[m.easyAxis]) > 0.5) {
    const mean = -(m.stiffnessAPerM[hard[0]!] + m.stiffnessAPerM[hard[1]!]) / 2;
    return (parameters.damping * gyromagneticRatioH * mean) / (m.torquePerA * Math.abs(m.spinDirection[m.easyAxis]));
  }
  return (gyromagneticRatioH * m.anisotropyFieldAPerM) / 2 / m.torquePerA;
}

/** Time in which a disturbance of the free layer dies away at zero drive: 1 / (alpha gamma mean stiffness of the hard axes). */
export function dampingTimeS(parameters: MtjParameters): number {
  const m = macrospin(parameters);
  const hard = ([0, 1, 2] as const).filter((axis) => axis !== m.easyAxis);
  const mean = -(m.stiffnessAPerM[hard[0]!] + m.stiffnessAPerM[hard[1]!]) / 2;
  return 1 / (parameters.damping * gyromagneticRatioH * mean);
}

/** How long a trial settles before its pulse: as told, but with a bias field five damping times at least, since the well has moved. */
export function settlingS(parameters: MtjParameters): number {
  const { biasFieldAPerM, settleS, damping } = parameters;
  if (biasFieldAPerM.every((component) => component === 0) || damping === 0) return settleS;
  return Math.max(settleS, 5 * dampingTimeS(parameters));
}

/** Resistance of the heavy metal along the write current, ohm. */
export function heavyMetalResistanceOhm(parameters: MtjParameters): number {
  const { heavyMetalLengthM, heavyMetalResistivityOhmM, heavyMetalThicknessM, heavyMetalWidthM } = parameters;
  return (heavyMetalResistivityOhmM * heavyMetalLengthM) / (heavyMetalWidthM * heavyMetalThicknessM);
}

function blochRatio(temperatureK: number, curieK: number): number {
  return (1 - (temperatureK / curieK) ** 1.5) / (1 - (referenceK / curieK) ** 1.5);
}

/** Inclusive limits of every number: outside them the model, or the reader's unit, is wrong. */
const limits: Partial<Record<keyof MtjParameters, readonly [number, number, string]>> = {
  lengthM: [1e-9, 1e-6, 'm'],
  widthM: [1e-9, 1e-6, 'm'],
  thicknessM: [0.2e-9, 20e-9, 'm'],
  saturationAPerM: [1e4, 3e6, 'A/m'],
  damping: [0, 1, ''],
  barrierKT: [0.1, 500, ''],
  spinHallAngle: [1e-3, 5, ''],
  spinPolarisation: [1e-3, 1, ''],
  fieldLikeRatio: [-10, 10, ''],
  vcmaFieldAPerM: [-3e6, 3e6, 'A/m'],
  heavyMetalWidthM: [1e-9, 1e-5, 'm'],
  heavyMetalThicknessM: [0.2e-9, 1e-7, 'm'],
  heavyMetalLengthM: [1e-9, 1e-5, 'm'],
  heavyMetalResistivityOhmM: [1e-9, 1e-3, 'ohm m'],
  temperatureK: [0, 1000, 'K'],
  curieK: [301, 2000, 'K'],
  pulseS: [1e-12, 1e-6, 's'],
  edgeS: [0, 1e-6, 's'],
  relaxationS: [0, 1e-6, 's'],
  readS: [0, 1e-6, 's'],
  settleS: [0, 1e-6, 's'],
  stepS: [1e-15, 5e-12, 's'],
};

/** Returns its argument, or throws badInput naming the parameter, its unit and its limits. */
export function checkParameters(parameters: MtjParameters): MtjParameters {
  for (const [name, limit] of Object.entries(limits) as [keyof MtjParameters, readonly [number, number, string]][]) {
    const value = parameters[name];
    if (value === undefined) continue;
    const [low, high, unit] = limit;
    if (typeof value !== 'number' || !(value >= low && value <= high)) {
      throw badInput(`the device parameter ${name} is out of range`, {
        found: `${value} ${unit}`.trim(),
        expected: `${low} to ${high} ${unit}`.trim(),
        help: 'all parameters are in SI units',
      });
    }
  }
  for (const name of ['spinDirection', 'biasFieldAPerM'] as const) {
    const vector = parameters[name];
    if (
      vector.length !== 3 ||
      !vector.every(Number.isFinite) ||
      (name === 'spinDirection' && Math.hypot(...vector) === 0)
    ) {
      throw badInput(`the device parameter ${name} must be three numbers`, { found: vector.join(', ') });
    }
  }
  if (parameters.curieK !== undefined && parameters.temperatureK >= parameters.curieK) {
    throw badInput('the device is not magnetic above its Curie temperature', {
      found: `${parameters.temperatureK} K`,
      expected: `below ${parameters.curieK} K`,
    });
  }
  if (parameters.stepS > parameters.pulseS) {
    throw badInput('the integration step is longer than the write pulse', {
      found: `${parameters.stepS} s`,
      expected: `at most ${parameters.pulseS} s`,
    });
  }
  if ((parameters.edgeS ?? 0) > parameters.pulseS) {
    throw badInput('the edges of the write pulse are longer than the pulse', {
      found: `${parameters.edgeS} s`,
      expected: `at most ${parameters.pulseS} s`,
    });
  }
  return parameters;
}

/** One part of a pulse: integration steps, and the share of its height. */
export interface PulsePart {
  readonly steps: number;
  readonly share: number;
}

/** Stairs of an edge. */
const edgeStairs = 16;

/** The write pulse part by part. */
export function pulseShape({ pulseS, edgeS = 0, stepS }: MtjParameters): readonly PulsePart[] {
  const flat = { steps: Math.max(1, Math.round((pulseS - edgeS) / stepS)), share: 1 };
  const edge = Math.round(edgeS / stepS);
  if (edge === 0) return [flat];
  const stairs = Math.min(edgeStairs, edge);
  const rise = Array.from({ length: stairs }, (_, k) => {
    const [first, last] = [Math.round((k * edge) / stairs), Math.round(((k + 1) * edge) / stairs)];
    return { steps: last - first, share: (first + last) / (2 * edge) };
  });
  return [...rise, flat, ...[...rise].reverse()];
}
