/** Clock and serial rates that the hardware can make. */
import { badInput } from '../../errors/index.ts';

/** Settings of an SB_PLL40 with simple feedback: fout = fin * (divf + 1) / (2^divq * (divr + 1)). */
export interface PllSettings {
  readonly divr: number;
  readonly divf: number;
  readonly divq: number;
  readonly filterRange: number;
  readonly outputMHz: number;
}

/** Limits of the data sheets, MHz: phase detector, voltage-controlled oscillator, output. */
const detector = { low: 10, high: 133 };
const oscillator = { low: 533, high: 1066 };
const output = { low: 16, high: 275 };

/** Upper bounds of the phase detector's frequency for filter ranges 1, 2, ...; below the first it is 1. */
const filterBounds = [17, 26, 44, 66, 101];

/**
 * The settings that come nearest to `wantedMHz`, from below if there is a choice.
 * @throws badInput when the nearest is more than 2 % away
 */
export function pllSettings(inputMHz: number, wantedMHz: number): PllSettings {
  let best: PllSettings | undefined;
  const distance = (mhz: number) => Math.abs(mhz - wantedMHz);
  for (let divr = 0; divr < 16; divr += 1) {
    const detectorMHz = inputMHz / (divr + 1);
    if (detectorMHz < detector.low || detectorMHz > detector.high) continue;
    for (let divf = 0; divf < 64; divf += 1) {
      const oscillatorMHz = detectorMHz * (divf + 1);
      if (oscillatorMHz < oscillator.low || oscillatorMHz > oscillator.high) continue;
      for (let divq = 1; divq < 7; divq += 1) {
        const outputMHz = oscillatorMHz / 2 ** divq;
        if (outputMHz < output.low || outputMHz > output.high) continue;
        if (best !== undefined && distance(outputMHz) >= distance(best.outputMHz)) continue;
        const bound = filterBounds.findIndex((limit) => detectorMHz < limit);
        best = { divr, divf, divq, filterRange: bound < 0 ? 6 : bound + 1, outputMHz };
      }
    }
  }
  if (best === undefined || distance(best.outputMHz) > 0.02 * wantedMHz) {
    throw badInput('the PLL cannot make this clock', {
      found: `${wantedMHz} MHz`,
      expected: `${output.low}..${output.high} MHz from ${inputMHz} MHz${best === undefined ? '' : `; the nearest is ${best.outputMHz} MHz`}`,
    });
  }
  return best;
}

/** @throws badInput when no whole number of clocks is within 2 % of a bit */
export function clocksPerBit(clockMHz: number, baud: number): number {
  const exact = (clockMHz * 1e6) / baud;
  const whole = Math.round(exact);
  if (whole < 8 || Math.abs(whole / exact - 1) > 0.02) {
    throw badInput('the serial line cannot run at this rate', {
      found: `${baud} baud at ${clockMHz} MHz, ${exact.toFixed(2)} clocks a bit`,
      expected: 'at least 8 clocks a bit, a whole number within 2 %',
      help: 'choose a lower rate',
    });
  }
  return whole;
}
