/** The sigmoid table that takes the neurons' place in an integer core. */
import type { IntegerNeuron } from '../../../../plan/schema/index.ts';
import { tableAddress } from '../../../table.ts';
import type { Consumer } from '../../buffer.ts';
import { type CheckedMemory, checkedCodes } from '../../monitors/check.ts';
import type { PassState } from '../../pass.ts';
import { type RegisterFile, Registers } from '../../registers.ts';
import type { LayerNeurons } from '../contract.ts';

export class IntegerNeurons implements LayerNeurons {
  readonly parts = [];
  readonly registers: Registers;
  readonly #r;
  readonly resting = true;
  readonly loading = false;
  readonly #neuron: IntegerNeuron;
  readonly #consumer: Consumer;
  readonly #value = new Uint32Array(1);
  #potential: number | undefined;
  readonly #table: number[];
  #checkRow = -1;

  constructor(file: RegisterFile, neuron: IntegerNeuron, consumer: Consumer) {
    this.#neuron = neuron;
    this.#table = [...neuron.table];
    this.#consumer = consumer;
    this.registers = new Registers(file);
    this.#r = { valid: this.registers.word('values_push', 1), code: this.registers.word('sigmoid_table.data', 8) };
  }

  get check(): CheckedMemory {
    const table = this.#table;
    return checkedCodes(table.length, (row) => [table[row]!], {
      isFree: () => this.#potential === undefined,
      read: (row) => {
        this.#checkRow = row;
      },
      codes: () => [this.#r.code.now],
      load: {
        bits: 8,
        replace: (row, [code = 0]) => {
          table[row] = code & 0xff;
        },
        part: () => this.#r.code.now,
      },
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
    if (this.#r.valid.now === 0) return false;
    this.#value[0] = this.#r.code.now;
    return this.#consumer.push(this.#value, active, last, image);
  }

  update(): void {
    const potential = this.#potential;
    this.#r.valid.now = potential === undefined ? 0 : 1;
    if (potential !== undefined) this.#r.code.now = this.#table[tableAddress(this.#neuron, potential)]!;
    if (this.#checkRow >= 0) this.#r.code.now = this.#table[this.#checkRow]!;
    this.#checkRow = -1;
    this.#potential = undefined;
  }

  /** Without chance there is nothing to pass over. */
  skipImage(): void {}
}
