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

const ice40: Maker = (m, pin, clk, { primitive, dividers }) => {
  const input = primitive === 'SB_PLL40_PAD' ? 'PACKAGEPIN' : 'REFERENCECLK';
  const pll = defineBlackBox(primitive, {
    clocks: [input],
    inputs: { RESETB: bit, BYPASS: bit },
    clockOutputs: ['PLLOUTGLOBAL'],
    outputs: { LOCK: bit },
    parameters: { FEEDBACK_PATH: 'SIMPLE', ...dividers },
  });
  const given = { [input]: pin, RESETB: 1, BYPASS: 0 };
  return m.instance('pll', pll, given, { clocks: { PLLOUTGLOBAL: clk } }).bool('LOCK');
};

const ecp5: Maker = (m, pin, clk, { dividers }) => {
  const off = ['RST', 'STDBY', 'PHASESEL0', 'PHASESEL1', 'PLLWAKESYNC', 'ENCLKOP'];
  const on = ['PHASEDIR', 'PHASESTEP', 'PHASELOADREG'];
  const pll = defineBlackBox('EHXPLLL', {
    clocks: ['CLKI', 'CLKFB'],
    inputs: Object.fromEntries([...off, ...on].map((name) => [name, bit])),
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
  const levels = [...off.map((name) => [name, 0] as const), ...on.map((name) => [name, 1] as const)];
  const given = { CLKI: pin, CLKFB: clk, ...Object.fromEntries(levels) };
  return m.instance('pll', pll, given, { clocks: { CLKOP: clk } }).bool('LOCK');
};

const gowin: Maker = (m, pin, clk, { dividers, inputMHz }) => {
  const selects = { FBDSEL: 6, IDSEL: 6, ODSEL: 6, PSDA: 4, DUTYDA: 4, FDLY: 4 };
  const single = ['CLKFB', 'RESET', 'RESET_P'];
  const pll = defineBlackBox('rPLL', {
    clocks: ['CLKIN'],
    inputs: Object.fromEntries([
      ...single.map((name) => [name, bit]),
      ...Object.entries(selects).map(([name, width]) => [name, uint(width)]),
    ]),
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
  const zeros = Object.fromEntries([...single, ...Object.keys(selects)].map((name) => [name, 0]));
  return m.instance('pll', pll, { CLKIN: pin, ...zeros }, { clocks: { CLKOUT: clk } }).bool('LOCK');
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
  const given = { CLKIN1: pin, CLKFBIN: feedback, RST: 0, PWRDWN: 0 };
  const locked = m.instance('pll', pll, given, { clocks: { CLKOUT0: made, CLKFBOUT: feedback } }).bool('LOCKED');
  const buffer = defineBlackBox('BUFG', { clocks: ['I'], clockOutputs: ['O'] });
  m.instance('clk_buffer', buffer, { I: made }, { clocks: { O: clk } });
  return locked;
};

const makers: Readonly<Record<PllPrimitive, Maker>> = {
  SB_PLL40_PAD: ice40,
  SB_PLL40_CORE: ice40,
  EHXPLLL: ecp5,
  rPLL: gowin,
  MMCME2_BASE: xilinx,
};
