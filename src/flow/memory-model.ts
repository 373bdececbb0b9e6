/**
 * Area, time and energy of on-chip memories in 45 nm: a fit to the 26 memories (32..2048 words of 7..256 bits) that the OpenROAD project
 * ships with its Nangate45 platform (`fakeram45_*.lib` in The-OpenROAD-Project/OpenROAD-flow-scripts, made by bsg_fakeram with CACTI's
 * figures for high-performance 45 nm SRAM with one port). They are estimates of estimates, and outside that range an extrapolation.
 */

/** Largest and root-mean-square relative error of each fit over the 26 memories. */
export const memoryModelErrors = {
  accessTime: { largest: 0.08, rms: 0.05 },
  area: { largest: 0.46, rms: 0.22 },
  readEnergy: { largest: 0.31, rms: 0.15 },
} as const;

/** A static RAM or ROM with one port, as large as the model's fit holds for. */
export interface MemoryShape {
  readonly words: number;
  /** Bits of a word. */
  readonly width: number;
}

/** From the clock's edge to the data, nanoseconds. */
export function memoryAccessNs({ words, width }: MemoryShape): number {
  return 0.1555 + 0.000867 * Math.sqrt(words * width);
}

/** Data and address before the clock's edge, nanoseconds; the same for all 26. */
export const memorySetupNs = 0.05;

/** Of an input, femtofarad; the same for all 26 (25 for the clock). */
export const memoryInputFf = 5;
export const memoryClockFf = 25;

/** Square micrometres, with decoder and sense amplifiers. */
export function memoryAreaUm2({ words, width }: MemoryShape): number {
  return 1.0857 * words ** 0.8154 * width ** 1.1428;
}

/** Energy of one read of a whole word, joule, at the nominal supply of the 45 nm library; the fit is described at the top of this file. */
export function memoryReadEnergyJ({ words, width }: MemoryShape): number {
  return 3.4495e-15 * words ** 0.4764 * width ** 1.0764;
}
