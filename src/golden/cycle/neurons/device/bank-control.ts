/** What a bank of neurons gets from the registers of the bus. */

/** What the registers of the bus say in a clock. */
export interface BankControl {
  readonly fast: boolean;
  readonly writeClocks: number;
  readonly readClocks: number;
  readonly resetClocks: number;
  readonly missed: number;
  readonly falseRead: number;
  readonly failedReset: number;
  readonly trimGain: number;
  readonly trimOffset: number;
  /** Entry and code that are written in this clock. */
  readonly load: { readonly index: number; readonly code: number } | undefined;
  readonly clear: boolean;
  /** The self-test is this layer's; its pulses in this clock. */
  readonly test: { readonly run: boolean; readonly start: boolean; readonly draw: boolean; readonly potential: number };
}

/** Registers of a core that has none. */
export const noControl: BankControl = {
  ...{ fast: true, writeClocks: 0, readClocks: 0, resetClocks: 0, missed: 0, falseRead: 0, failedReset: 0 },
  ...{ trimGain: 0, trimOffset: 0, load: undefined, clear: false },
  test: { run: false, start: false, draw: false, potential: 0 },
};

/** Whether a probability of `code`/65536 happens with this word. */
export const below = (word: number, code: number): boolean => code === 65535 || word < code;
