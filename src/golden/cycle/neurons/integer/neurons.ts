/** The sigmoid table that takes the neurons' place in an integer core. */
import type { IntegerNeuron } from '../../../../plan/schema/index.ts';
import type { Consumer } from '../../buffer.ts';
import { type CheckedMemory, checkedCodes } from '../../monitors/check.ts';
import type { PassState } from '../../pass.ts';
import type { RegisterFile, RegisterList } from '../../registers.ts';
import type { LayerNeurons } from '../contract.ts';

export class IntegerNeurons implements LayerNeurons {
  readonly parts = [];
  readonly registers = [this];
  readonly words: Int32Array;
  readonly resting = true;
  readonly loading = false;
  readonly #neuron: IntegerNeuron;
  readonly #consumer: Consumer;
  readonly #value = new Uint32Array(1);
  #valid = 0;
  #code = 0;
  #potential: number | undefined;
  #checkRow = -1;

  constructor(file: RegisterFile, neuron: IntegerNeuron, consumer: Consumer) {
    this.#neuron = neuron;
    this.#consumer = consumer;
    this.words = file.take(this);
  }

  get check(): CheckedMemory {
    const { table } = this.#neuron;
    return checkedCodes(table.length, (row) => [table[row]!], {
      isFree: () => this.#potential === undefined,
      read: (row) => {
        this.#checkRow = row;
      },
      codes: () => [this.#code],
    });
  }

  /** Nothing is loaded when a pass begins, and nothing depends on the image before. */
  start(_last: number): void {}
  announce(): void {}

  /** The potential of the neuron whose turn it is. */
  draw(potentials: Int32Array): void {
    this.#potential = potentials[0]!;
  }

  /** Pushes the value of the neuron drawn one clock ago; true when it completes the consumer's frame. */
  combine({ active, last, image }: PassState): boolean {
    if (this.#valid === 0) return false;
    this.#value[0] = this.#code;
    return this.#consumer.push(this.#value, active, last, image);
  }

  update(): void {
    const potential = this.#potential;
    this.#valid = potential === undefined ? 0 : 1;
    if (potential !== undefined) {
      const { table, tableShift, tableOffset } = this.#neuron;
      const address = Math.floor(potential * 2 ** -tableShift) + tableOffset;
      this.#code = table[Math.max(0, Math.min(table.length - 1, address))]!;
    }
    if (this.#checkRow >= 0) this.#code = this.#neuron.table[this.#checkRow]!;
    this.#checkRow = -1;
    this.#potential = undefined;
  }

  /** Without chance there is nothing to pass over. */
  skipImage(): void {}

  list(list: RegisterList): void {
    list.word('s1_valid', 1);
    list.word('code', 8);
  }

  refresh(): void {
    this.words[0] = this.#valid;
    this.words[1] = this.#code;
  }
}
