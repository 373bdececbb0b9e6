/** What an iCE40 draws, from counts of what it does: constraints/ice40/power.json holds the coefficients and their sources. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const coefficient = z
  .object({ low: z.number(), typical: z.number(), high: z.number(), source: z.string().min(1) })
  .refine(({ low, typical, high }) => low <= typical && typical <= high, 'low <= typical <= high');

const part = z.object({
  /** Volts. */
  coreV: coefficient,
  /** Ampere. */
  staticA: coefficient,
  pllA: coefficient,
  /** Joule, of one event each. */
  clockJ: coefficient,
  flipFlopClockJ: coefficient,
  toggleJ: coefficient,
  localToggleJ: coefficient,
  ramJ: coefficient,
  dspJ: coefficient,
});

export type Ice40Coefficients = z.output<typeof part>;
/** A part whose coefficients are known. */
export type Ice40Part = 'up5k' | 'hx8k';

const file = fileURLToPath(new URL('../../constraints/ice40/power.json', import.meta.url));

/** The coefficients of a part, with their ranges and sources. */
export function ice40Coefficients(name: Ice40Part): Ice40Coefficients {
  return z.object({ up5k: part, hx8k: part }).parse(JSON.parse(readFileSync(file, 'utf8')))[name];
}

/** A value that is known within bounds. */
export interface Range {
  readonly low: number;
  readonly typical: number;
  readonly high: number;
}

/** What happens in a mean clock cycle. */
export interface Ice40Counts {
  readonly flipFlops: number;
  /** Settled toggles of nets that use wires. */
  readonly toggles: number;
  /** Settled toggles inside logic cells and carry chains. */
  readonly localToggles: number;
  /** Accesses of block RAMs; `low` counts reads of a new address only. */
  readonly ramAccesses: { readonly low: number; readonly high: number };
  readonly dspProducts: number;
}

/** Where the power on an iCE40 goes, in W. */
export interface Ice40PowerParts {
  readonly static: Range;
  readonly pll: Range;
  readonly clock: Range;
  readonly logic: Range;
  readonly rams: Range;
  readonly dsps: Range;
}

/** Watts. @param hasPll the clock comes from the PLL */
export function ice40Power(
  counts: Ice40Counts,
  clockMHz: number,
  coefficients: Ice40Coefficients,
  hasPll: boolean,
): Ice40PowerParts {
  const hertz = clockMHz * 1e6;
  const range = (at: (bound: keyof Range) => number): Range => ({
    low: at('low'),
    typical: at('typical'),
    high: at('high'),
  });
  const { coreV, staticA, pllA, clockJ, flipFlopClockJ, toggleJ, localToggleJ, ramJ, dspJ } = coefficients;
  // The energies were measured near the typical voltage; they grow with its square.
  const square = (bound: keyof Range) => (coreV[bound] / coreV.typical) ** 2;
  const dynamic = (energyJ: (bound: keyof Range) => number) => range((bound) => hertz * square(bound) * energyJ(bound));
  return {
    static: range((bound) => coreV[bound] * staticA[bound]),
    pll: range((bound) => (hasPll ? coreV[bound] * pllA[bound] : 0)),
    clock: dynamic((bound) => clockJ[bound] + counts.flipFlops * flipFlopClockJ[bound]),
    logic: dynamic((bound) => counts.toggles * toggleJ[bound] + counts.localToggles * localToggleJ[bound]),
    rams: dynamic((bound) => counts.ramAccesses[bound === 'low' ? 'low' : 'high'] * ramJ[bound]),
    dsps: dynamic((bound) => counts.dspProducts * dspJ[bound]),
  };
}

/** Lows with lows, typicals with typicals, highs with highs: as if all errors had one cause; 0 for none. */
export function sumRanges(ranges: readonly Range[]): Range {
  return ranges.reduce(
    (sum, { low, typical, high }) => ({
      low: sum.low + low,
      typical: sum.typical + typical,
      high: sum.high + high,
    }),
    { low: 0, typical: 0, high: 0 },
  );
}
