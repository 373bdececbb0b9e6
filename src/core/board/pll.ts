/** The primitives that make a board's clock, as black boxes. */
import { type Bool, bool, type Clock, defineBlackBox, type ModuleBuilder, uint } from '../../hdl/index.ts';

/** Primitives that can make a core's clock. */
export const pllPrimitives = ['SB_PLL40_PAD', 'SB_PLL40_CORE', 'EHXPLLL', 'rPLL', 'MMCME2_BASE'] as const;
/** A primitive that can make a core's clock. */
export type PllPrimitive = (typeof pllPrimitives)[number];

/** How a PLL makes the core's clock from the board's. */
export interface PllSettings {
  readonly primitive: PllPrimitive;
  /** On the board's pin. */
  readonly inputMHz: number;
  /** Dividers and multipliers, by the names of the primitive's own parameters. */
  readonly dividers: Readonly<Record<string, number>>;
}

/** A made clock, and whether it is stable. */
export interface MadeClock {
  readonly clk: Clock;
  readonly locked: Bool;
}

/** Places the primitive; `clk` becomes a local clock of the module. */
export function placePll(m: ModuleBuilder, pin: Clock, settings: PllSettings): MadeClock {
  const clk = m.localClock('clk', { doc: 'of the core' });
  return { clk, locked: makers[settings.primitive](m, pin, clk, settings) };
}

type Maker = (m: ModuleBuilder, pin: Clock, clk: Clock, settings: PllSettings) => Bool;
const bit = bool();

/** The same for each name. */
function each<const N extends string, const V>(names: readonly N[], value: V): Readonly<Record<N, V>> {
  return Object.fromEntries(names.map((name) => [name, value])) as Record<N, V>;
}

const ice40: Maker = (m, pin, clk, { primitive, dividers }) => {
  const input = primitive === 'SB_PLL40_PAD' ? 'PACKAGEPIN' : 'REFERENCECLK';
  const pll = defineBlackBox(primitive, {
    clocks: [input],
    inputs: { RESETB: bit, BYPASS: bit },
    clockOutputs: ['PLLOUTGLOBAL'],
    outputs: { LOCK: bit },
    parameters: { FEEDBACK_PATH: 'SIMPLE', ...dividers },
  });
  return m.place('pll', pll, { [input]: pin, RESETB: 1, BYPASS: 0 }, { clocks: { PLLOUTGLOBAL: clk } }).LOCK;
};

const ecp5: Maker = (m, pin, clk, { dividers }) => {
  const off = ['RST', 'STDBY', 'PHASESEL0', 'PHASESEL1', 'PLLWAKESYNC', 'ENCLKOP'] as const;
  const on = ['PHASEDIR', 'PHASESTEP', 'PHASELOADREG'] as const;
  const pll = defineBlackBox('EHXPLLL', {
    clocks: ['CLKI', 'CLKFB'],
    inputs: each([...off, ...on], bit),
    clockOutputs: ['CLKOP'],
    outputs: { LOCK: bit },
    parameters: {
      ...dividers,
      FEEDBK_PATH: 'CLKOP',
      CLKOP_ENABLE: 'ENABLED',
      // The output feeds back, so that it is in phase with the input.
      CLKOP_CPHASE: Math.floor(dividers.CLKOP_DIV! / 2) - 1,
      CLKOP_FPHASE: 0,
      ...Object.fromEntries(['A', 'B', 'C', 'D'].map((output) => [`OUTDIVIDER_MUX${output}`, `DIV${output}`])),
      ...Object.fromEntries(
        ['DPHASE_SOURCE', 'INTFB_WAKE', 'PLLRST_ENA', 'STDBY_ENABLE'].map((name) => [name, 'DISABLED']),
      ),
    },
  });
  const given = { CLKI: pin, CLKFB: clk, ...each(off, 0), ...each(on, 1) };
  return m.place('pll', pll, given, { clocks: { CLKOP: clk } }).LOCK;
};

const gowin: Maker = (m, pin, clk, { dividers, inputMHz }) => {
  const single = ['CLKFB', 'RESET', 'RESET_P'] as const;
  const selects = ['FBDSEL', 'IDSEL', 'ODSEL'] as const;
  const delays = ['PSDA', 'DUTYDA', 'FDLY'] as const;
  const pll = defineBlackBox('rPLL', {
    clocks: ['CLKIN'],
    inputs: { ...each(single, bit), ...each(selects, uint(6)), ...each(delays, uint(4)) },
    clockOutputs: ['CLKOUT'],
    outputs: { LOCK: bit },
    parameters: {
      FCLKIN: `${inputMHz}`,
      ...Object.fromEntries(['IDIV', 'FBDIV', 'ODIV'].map((name) => [`DYN_${name}_SEL`, 'false'])),
      ...dividers,
      ...{ DYN_SDIV_SEL: 2, PSDA_SEL: '0000', DUTYDA_SEL: '1000', DYN_DA_EN: 'false', CLKFB_SEL: 'internal' },
      ...Object.fromEntries(['CLKOUT', 'CLKOUTP', 'CLKOUTD'].map((name) => [`${name}_BYPASS`, 'false'])),
      ...{ CLKOUTD_SRC: 'CLKOUT', CLKOUTD3_SRC: 'CLKOUT' },
    },
  });
  const zeros = { ...each(single, 0), ...each(selects, 0), ...each(delays, 0) };
  return m.place('pll', pll, { CLKIN: pin, ...zeros }, { clocks: { CLKOUT: clk } }).LOCK;
};

const xilinx: Maker = (m, pin, clk, { dividers, inputMHz }) => {
  const made = m.localClock('made_clk');
  const feedback = m.localClock('feedback');
  const pll = defineBlackBox('MMCME2_BASE', {
    clocks: ['CLKIN1', 'CLKFBIN'],
    inputs: { RST: bit, PWRDWN: bit },
    clockOutputs: ['CLKOUT0', 'CLKFBOUT'],
    outputs: { LOCKED: bit },
    parameters: { CLKIN1_PERIOD: Number((1000 / inputMHz).toFixed(3)), ...dividers },
  });
  const given = { CLKIN1: pin, CLKFBIN: feedback, RST: 0, PWRDWN: 0 } as const;
  const clocks = { CLKOUT0: made, CLKFBOUT: feedback };
  const { LOCKED: locked } = m.place('pll', pll, given, { clocks });
  const buffer = defineBlackBox('BUFG', { clocks: ['I'], clockOutputs: ['O'] });
  m.place('clk_buffer', buffer, { I: made }, { clocks: { O: clk } });
  return locked;
};

const makers: Readonly<Record<PllPrimitive, Maker>> = {
  SB_PLL40_PAD: ice40,
  SB_PLL40_CORE: ice40,
  EHXPLLL: ecp5,
  rPLL: gowin,
  MMCME2_BASE: xilinx,
};
