/** What follows from a device's parameters in closed form: retention, heating, endurance, current density, read disturb, TMR. */
import { boltzmannJPerK } from './constants.ts';
import { criticalCurrentA, heavyMetalResistanceOhm, type MtjParameters, macrospin, referenceK } from './parameters.ts';

/** Neel and Arrhenius' attempt time, assumed; the field writes 1 ns. */
const attemptS = 1e-9;
/** Heat capacity of a cubic metre: heavy metals and the free layer, and silicon oxide around them; handbook values near 300 K. */
const metalJPerM3K = 2.6e6;
const oxideJPerM3K = 1.6e6;
/** Diffusivity of heat in silicon oxide, m^2/s. */
const oxideDiffusivity = 8.7e-7;

export interface PulseHeating {
  readonly currentA: number;
  readonly energyJ: number;
  /** Metal alone takes the heat: nothing has left it. */
  readonly adiabaticK: number;
  /** With the oxide that heat reaches within the pulse. */
  readonly withOxideK: number;
}

/** Barrier, retention, resistance, current density and heating of a device, in SI units. */
export interface DeviceFigures {
  readonly temperatureK: number;
  readonly barrierKT: number;
  readonly retentionS: number;
  readonly heavyMetalOhm: number;
  readonly currentDensityAPerM2: number;
  readonly write: PulseHeating;
  readonly reset: PulseHeating;
}

/** The figures of a device that follow from its parameters, with the currents of write and reset. */
export function deviceFigures(
  parameters: MtjParameters,
  currents: { readonly writeA: number; readonly resetA: number; readonly resetS: number },
): DeviceFigures {
  const { temperatureK, heavyMetalWidthM, heavyMetalThicknessM, pulseS } = parameters;
  const barrierKT = macrospin(parameters).barrierJ / (boltzmannJPerK * temperatureK);
  return {
    temperatureK,
    barrierKT,
    retentionS: attemptS * Math.exp(barrierKT),
    heavyMetalOhm: heavyMetalResistanceOhm(parameters),
    currentDensityAPerM2: currents.resetA / (heavyMetalWidthM * heavyMetalThicknessM),
    write: pulseHeating(parameters, currents.writeA, pulseS),
    reset: pulseHeating(parameters, currents.resetA, currents.resetS),
  };
}

/** Bounds of the temperature rise at the end of a pulse through the heavy metal. */
export function pulseHeating(parameters: MtjParameters, currentA: number, seconds: number): PulseHeating {
  const { heavyMetalWidthM, heavyMetalThicknessM, heavyMetalLengthM } = parameters;
  const energyJ = currentA ** 2 * heavyMetalResistanceOhm(parameters) * seconds;
  const metal = heavyMetalWidthM * heavyMetalThicknessM * heavyMetalLengthM + macrospin(parameters).volumeM3;
  const reached = heavyMetalWidthM * heavyMetalLengthM * Math.sqrt(oxideDiffusivity * seconds);
  return {
    currentA,
    energyJ,
    adiabaticK: energyJ / (metalJPerM3K * metal),
    withOxideK: energyJ / (metalJPerM3K * metal + oxideJPerM3K * reached),
  };
}

/**
 * Probability that one read flips the layer by its own spin-transfer torque: thermal activation over a barrier lowered by (1 - I/I_c)^2. `readCurrentA` through the
 * junction, seconds long.
 */
export function readDisturb(parameters: MtjParameters, readCurrentA: number, seconds: number): number {
  const easy = parameters.magnetisation === 'in-plane' ? ([1, 0, 0] as const) : ([0, 0, 1] as const);
  const criticalA = criticalCurrentA({ ...parameters, torque: 'spin-transfer', spinDirection: easy });
  const barrierKT = macrospin(parameters).barrierJ / (boltzmannJPerK * parameters.temperatureK);
  const left = Math.max(0, 1 - readCurrentA / criticalA);
  return 1 - Math.exp((-seconds / attemptS) * Math.exp(-barrierKT * left ** 2));
}

/**
 * TMR at a temperature, from that at 300 K: Julliere's formula with a spin polarisation that falls as Bloch's law (Shang et al., Phys. Rev. B 58
 * (1998) R2917, law recalled). Without `curieK` it is constant.
 */
export function tmrAt(tmr: number, temperatureK: number, curieK: number | undefined): number {
  if (curieK === undefined) return tmr;
  const ratio = (1 - (temperatureK / curieK) ** 1.5) / (1 - (referenceK / curieK) ** 1.5);
  // TMR = 2 P^2 / (1 - P^2).
  const square = Math.min(0.999, (tmr / (2 + tmr)) * ratio ** 2);
  return (2 * square) / (1 - square);
}
