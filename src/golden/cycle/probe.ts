/** One list of registers, walked twice: once to name the signals, then on every sample to write their values. */

/** A register or output port that can be compared with the hardware's. */
export interface Signal {
  /** `instance.register` under the top, e.g. `conv1.lane_0_2.acc_3`, or a port's name. */
  readonly path: string;
  /** Bits; more than 32 take several words of a sample, low first. */
  readonly width: number;
  readonly signed: boolean;
}

export interface Probed {
  /** Whether a register may have changed since the last sample; blocks set it, the probe clears it. True at first. */
  changed: boolean;
  /** Shows the block's registers; the order of calls is the order of the signals. */
  probe(probe: Probe): void;
}

export class Probe {
  readonly signals: Signal[] = [];
  #prefix = '';
  /** The last sample, masked; absent while the signals are listed. What did not change since is left as it is. */
  #image: Uint32Array | undefined;
  #at = 0;
  /** Where each block's words begin, in the order of listing. */
  readonly #offsets: number[] = [];

  /** Lists the signals of a block. */
  list(name: string, block: Probed): void {
    this.#prefix = name === '' ? '' : `${name}.`;
    this.#offsets.push(sampleWords(this.signals));
    block.probe(this);
  }

  /** False while the signals are listed. */
  get sampling(): boolean {
    return this.#image !== undefined;
  }

  /** Samples all blocks into `into`; they must be those that were listed. */
  sample(blocks: readonly { readonly block: Probed }[], into: Uint32Array): void {
    this.#image ??= new Uint32Array(sampleWords(this.signals));
    for (let i = 0; i < blocks.length; i += 1) {
      const { block } = blocks[i]!;
      if (!block.changed) continue;
      block.changed = false;
      this.#at = this.#offsets[i]!;
      block.probe(this);
    }
    into.set(this.#image);
  }

  /** An unsigned register up to 32 bits; of width 0 it does not exist (a counter of one value). */
  word(name: string, width: number, value: number): void {
    if (width === 0) return;
    if (this.#image === undefined) this.#declare(name, width, false);
    else {
      this.#image[this.#at] = value;
      this.#at += 1;
    }
  }

  /** A two's complement register up to 32 bits. */
  signed(name: string, width: number, value: number): void {
    if (this.#image === undefined) this.#declare(name, width, true);
    else {
      this.#image[this.#at] = value & (0xffffffff >>> (32 - width));
      this.#at += 1;
    }
  }

  /** Signed registers of one width, named by `nameOf`; `changed` is false when none did since the last sample. */
  signedBank(nameOf: (index: number) => string, width: number, values: Int32Array, changed: boolean): void {
    const image = this.#image;
    if (image === undefined) {
      for (let i = 0; i < values.length; i += 1) this.#declare(nameOf(i), width, true);
      return;
    }
    const at = this.#at;
    this.#at = at + values.length;
    if (!changed) return;
    const mask = 0xffffffff >>> (32 - width);
    for (let i = 0; i < values.length; i += 1) image[at + i] = values[i]! & mask;
  }

  /** Registers of `width` bits each as packed words: `values` holds ceil(width / 32) words for each. */
  wide(nameOf: (index: number) => string, width: number, values: Uint32Array): void {
    const image = this.#image;
    if (image === undefined) {
      const count = values.length / Math.ceil(width / 32);
      for (let i = 0; i < count; i += 1) this.#declare(nameOf(i), width, false);
      return;
    }
    const at = this.#at;
    for (let i = 0; i < values.length; i += 1) image[at + i] = values[i]!;
    this.#at = at + values.length;
  }

  #declare(name: string, width: number, signed: boolean): void {
    this.signals.push({ path: this.#prefix + name, width, signed });
  }
}

/** Words of a sample that holds `signals`. */
export function sampleWords(signals: readonly Signal[]): number {
  return signals.reduce((sum, { width }) => sum + Math.ceil(width / 32), 0);
}
