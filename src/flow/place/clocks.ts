/** Clock and serial rates that the hardware can make. */
import type { PllPrimitive } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
import type { Board } from '../boards/table.ts';

/** A PLL's settings, by the names of its parameters. */
export interface ClockSettings {
  readonly outputMHz: number;
  readonly dividers: Readonly<Record<string, number>>;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** MHz, of the data sheets: phase detector, voltage-controlled oscillator, output. */
interface PllLimits {
  readonly detector: Range;
  readonly oscillator: Range;
  readonly output: Range;
}

interface Candidate extends ClockSettings {
  readonly detectorMHz: number;
  readonly oscillatorMHz: number;
}

/** Lattice FPGA-DS-02008 and FPGA-DS-02029. */
const ice40Limits: PllLimits = {
  detector: { low: 10, high: 133 },
  oscillator: { low: 533, high: 1066 },
  output: { low: 16, high: 275 },
};

/** Upper bounds of the phase detector's frequency for filter ranges 1, 2, ...; below the first it is 1. */
const filterBounds = [17, 26, 44, 66, 101];

/**
 * An SB_PLL40 with simple feedback: fout = fin * (divf + 1) / (2^divq * (divr + 1)).
 * @throws badInput when the nearest rate is more than 2 % away
 */
export function ice40Clock(inputMHz: number, wantedMHz: number): ClockSettings {
  return nearest(inputMHz, wantedMHz, ice40Limits, function* () {
    for (let divr = 0; divr < 16; divr += 1) {
      const detectorMHz = inputMHz / (divr + 1);
      const bound = filterBounds.findIndex((limit) => detectorMHz < limit);
      for (let divf = 0; divf < 64; divf += 1) {
        for (let divq = 1; divq < 7; divq += 1) {
          const oscillatorMHz = detectorMHz * (divf + 1);
          const dividers = {
            ...{ DIVR: divr, DIVF: divf, DIVQ: divq },
            FILTER_RANGE: bound < 0 ? 6 : bound + 1,
          };
          yield { detectorMHz, oscillatorMHz, outputMHz: oscillatorMHz / 2 ** divq, dividers };
        }
      }
    }
  });
}

/** Lattice FPGA-DS-02012, section on sysCLOCK PLL timing; as Project Trellis's ecppll has them. */
const ecp5Limits: PllLimits = {
  detector: { low: 3.125, high: 400 },
  oscillator: { low: 400, high: 800 },
  output: { low: 3.125, high: 400 },
};

/**
 * An EHXPLLL whose output feeds back: fout = fin * clkfb / clki, and the oscillator runs at fout * clkop.
 * @throws badInput when the nearest rate is more than 2 % away
 */
export function ecp5Clock(inputMHz: number, wantedMHz: number): ClockSettings {
  return nearest(inputMHz, wantedMHz, ecp5Limits, function* () {
    for (let clki = 1; clki <= 128; clki += 1) {
      const detectorMHz = inputMHz / clki;
      for (let clkfb = 1; clkfb <= 80; clkfb += 1) {
        const outputMHz = detectorMHz * clkfb;
        // The middle of the oscillator's range is the safest.
        const clkop = Math.min(128, Math.max(1, Math.round(600 / outputMHz)));
        const dividers = { CLKI_DIV: clki, CLKFB_DIV: clkfb, CLKOP_DIV: clkop };
        yield { detectorMHz, oscillatorMHz: outputMHz * clkop, outputMHz, dividers };
      }
    }
  });
}

/** Of the slowest part in the table: Gowin DS117, grade C6/I5, and DS226, grade C8/I7. */
const gowinLimits: PllLimits = {
  detector: { low: 3, high: 400 },
  oscillator: { low: 500, high: 1200 },
  output: { low: 3.90625, high: 600 },
};

const gowinOutputDividers = [2, 4, 8, 16, 32, 48, 64, 80, 96, 112, 128];

/**
 * An rPLL: fout = fin * (fbdiv + 1) / (idiv + 1), and the oscillator runs at fout * odiv.
 * @throws badInput when the nearest rate is more than 2 % away
 */
export function gowinClock(inputMHz: number, wantedMHz: number): ClockSettings {
  return nearest(inputMHz, wantedMHz, gowinLimits, function* () {
    for (let idiv = 0; idiv < 64; idiv += 1) {
      const detectorMHz = inputMHz / (idiv + 1);
      for (let fbdiv = 0; fbdiv < 64; fbdiv += 1) {
        const outputMHz = detectorMHz * (fbdiv + 1);
        for (const odiv of gowinOutputDividers) {
          const dividers = { IDIV_SEL: idiv, FBDIV_SEL: fbdiv, ODIV_SEL: odiv };
          yield { detectorMHz, oscillatorMHz: outputMHz * odiv, outputMHz, dividers };
        }
      }
    }
  });
}

/** AMD DS181, MMCM of an Artix-7 of speed grade 1, the slowest of all that boards have. */
const mmcmLimits: PllLimits = {
  detector: { low: 10, high: 450 },
  oscillator: { low: 600, high: 1200 },
  output: { low: 4.69, high: 800 },
};

/**
 * An MMCME2_BASE: the oscillator runs at fin * CLKFBOUT_MULT_F / DIVCLK_DIVIDE, the output at that / CLKOUT0_DIVIDE_F; whole numbers only.
 * @throws badInput when the nearest rate is more than 2 % away
 */
export function mmcmClock(inputMHz: number, wantedMHz: number): ClockSettings {
  return nearest(inputMHz, wantedMHz, mmcmLimits, function* () {
    for (let divide = 1; divide <= 106; divide += 1) {
      const detectorMHz = inputMHz / divide;
      for (let multiply = 2; multiply <= 64; multiply += 1) {
        const oscillatorMHz = detectorMHz * multiply;
        const output = Math.min(128, Math.max(1, Math.round(oscillatorMHz / wantedMHz)));
        const dividers = { DIVCLK_DIVIDE: divide, CLKFBOUT_MULT_F: multiply, CLKOUT0_DIVIDE_F: output };
        yield { detectorMHz, oscillatorMHz, outputMHz: oscillatorMHz / output, dividers };
      }
    }
  });
}

const clocks: Readonly<Record<PllPrimitive, (inputMHz: number, wantedMHz: number) => ClockSettings>> = {
  SB_PLL40_PAD: ice40Clock,
  SB_PLL40_CORE: ice40Clock,
  EHXPLLL: ecp5Clock,
  rPLL: gowinClock,
  MMCME2_BASE: mmcmClock,
};

/** The clock of a core on a board. @throws badInput when it cannot be made within 2 % */
export function boardClock({ pll, clockMHz, title }: Board, wantedMHz: number): ClockSettings {
  if (pll !== undefined) return clocks[pll](clockMHz, wantedMHz);
  if (Math.abs(wantedMHz - clockMHz) <= 0.02 * clockMHz) return { outputMHz: clockMHz, dividers: {} };
  throw badInput('the board makes no other clock', {
    where: title,
    found: `${wantedMHz} MHz`,
    expected: `${clockMHz} MHz`,
  });
}

/** Of the candidates within the limits the first that comes nearest. */
function nearest(
  inputMHz: number,
  wantedMHz: number,
  { detector, oscillator, output }: PllLimits,
  candidates: () => Iterable<Candidate>,
): ClockSettings {
  let best: Candidate | undefined;
  const within = (mhz: number, { low, high }: Range) => mhz >= low && mhz <= high;
  const distance = ({ outputMHz }: ClockSettings) => Math.abs(outputMHz - wantedMHz);
  for (const candidate of candidates()) {
    if (!within(candidate.detectorMHz, detector) || !within(candidate.oscillatorMHz, oscillator)) continue;
    if (!within(candidate.outputMHz, output)) continue;
    if (best === undefined || distance(candidate) < distance(best)) best = candidate;
  }
  if (best === undefined || distance(best) > 0.02 * wantedMHz) {
    throw badInput('the PLL cannot make this clock', {
      found: `${wantedMHz} MHz`,
      expected: `${output.low}..${output.high} MHz from ${inputMHz} MHz${best === undefined ? '' : `; the nearest is ${best.outputMHz} MHz`}`,
    });
  }
  return { outputMHz: best.outputMHz, dividers: best.dividers };
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
