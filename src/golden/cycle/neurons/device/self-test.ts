/** Steps the potential of a layer's neurons and counts their spikes. */
import type { DeviceNeuron, Plan } from '../../../../plan/schema/index.ts';
import { bitsFor } from '../../../geometry.ts';
import type { PartOfRegisters, RegisterList } from '../../registers.ts';
import type { DeviceNeurons } from './bank.ts';

const IDLE = 0;
const WAIT = 1;
const START = 2;
const DRAW = 3;
const DRAIN = 4;

export class SelfTest implements PartOfRegisters {
  readonly counts = new Uint32Array(64);
  readonly #banks: readonly { readonly bank: DeviceNeurons; readonly neurons: number }[];
  readonly #timeLanes: number;
  readonly #layerBits: number;
  readonly #neuronBits: number;
  #state = IDLE;
  #layer = 0;
  #from = 0;
  #step = 0;
  #points = 0;
  #passes = 0;
  #lanes: number;
  #potential = 0;
  #point = 0;
  #pass = 0;
  #drawn = 0;
  #results = 0;
  #count = 0;
  #starts = false;
  #draws = false;
  #claimed = false;
  #spikes: number | undefined;

  constructor(plan: Plan, banks: readonly { readonly neuron: DeviceNeuron; readonly bank: DeviceNeurons }[]) {
    this.#banks = banks.map(({ neuron, bank }) => ({ bank, neurons: neuron.stream.wordsPerTimeStep }));
    this.#timeLanes = plan.timeSteps.lanes;
    this.#lanes = 2 ** this.#timeLanes - 1;
    this.#layerBits = bitsFor(banks.length - 1);
    this.#neuronBits = bitsFor(Math.max(...this.#banks.map(({ neurons }) => neurons)) - 1);
  }

  get #chosen(): number {
    return Math.min(this.#layer, this.#banks.length - 1);
  }

  combine(): void {
    const { bank } = this.#banks[this.#chosen]!;
    this.#claimed = bank.testing;
    this.#starts = this.#state === START && bank.testResting;
    this.#draws = this.#state === DRAW && bank.testReady;
  }

  forLayer(index: number) {
    return {
      run: this.#state !== IDLE && index === this.#chosen,
      // Heard by all; only the claimed bank is in a state to take them.
      start: this.#starts && index === this.#chosen,
      draw: this.#draws && index === this.#chosen,
      potential: this.#potential,
    };
  }

  observe(): void {
    this.#spikes = this.#banks[this.#chosen]!.bank.testSpikes;
  }

  read(address: number): number {
    if (address === 9) return this.#state === IDLE ? 0 : 1;
    const values = [this.#layer, this.#from >>> 0, this.#step >>> 0, this.#points, this.#passes, this.#lanes];
    return values[address - 10] ?? 0;
  }

  update(write: { readonly address: number; readonly data: number } | undefined): void {
    const last = this.#banks[this.#chosen]!.neurons - 1;
    const idle = this.#state === IDLE;
    if (this.#state === WAIT && this.#claimed) this.#state = START;
    else if (this.#starts) this.#state = DRAW;
    else if (this.#draws) {
      if (this.#drawn === last) this.#state = DRAIN;
      this.#drawn = this.#drawn === last ? 0 : this.#drawn + 1;
    }
    if (this.#spikes !== undefined) this.#result(this.#spikes, last);
    if (idle && write) this.#write(write.address, write.data);
  }

  #result(spikes: number, last: number): void {
    for (let rest = spikes & this.#lanes; rest !== 0; rest &= rest - 1) this.#count = (this.#count + 1) >>> 0;
    if (this.#results < last) {
      this.#results += 1;
      return;
    }
    this.#results = 0;
    if (this.#pass + 1 < this.#passes) {
      this.#pass += 1;
      this.#state = START;
      return;
    }
    this.counts[this.#point] = this.#count;
    this.#count = 0;
    this.#pass = 0;
    this.#potential = (this.#potential + this.#step) | 0;
    if (this.#point === 63 || this.#point + 1 >= this.#points) this.#state = IDLE;
    else {
      this.#point += 1;
      this.#state = START;
    }
  }

  #write(address: number, data: number): void {
    if (address === 10) this.#layer = data & (2 ** this.#layerBits - 1);
    if (address === 11) this.#from = data | 0;
    if (address === 12) this.#step = data | 0;
    if (address === 13) this.#points = data & 127;
    if (address === 14) this.#passes = data & 0xffff;
    if (address === 15) this.#lanes = (data & (2 ** this.#timeLanes - 1)) >>> 0;
    if (address !== 9 || (data & 1) === 0) return;
    this.#state = WAIT;
    this.#potential = this.#from;
    this.#point = 0;
    this.#pass = 0;
    this.#count = 0;
  }

  list(list: RegisterList): void {
    list.word('test_state', 3);
    list.word('test_layer', this.#layerBits);
    list.word('test_from', 32);
    list.word('test_step', 32);
    list.word('test_points', 7);
    list.word('test_passes', 16);
    list.word('test_lanes', this.#timeLanes);
    list.word('test_potential_value', 32);
    list.word('test_point', 6);
    list.word('test_pass', 16);
    list.word('test_drawn', this.#neuronBits);
    list.word('test_results', this.#neuronBits);
    list.word('test_count', 32);
  }

  sample(words: Int32Array, begin: number): number {
    let at = begin;
    words[at++] = this.#state;
    words[at++] = this.#layer;
    words[at++] = this.#from;
    words[at++] = this.#step;
    words[at++] = this.#points;
    words[at++] = this.#passes;
    words[at++] = this.#lanes;
    words[at++] = this.#potential;
    words[at++] = this.#point;
    words[at++] = this.#pass;
    words[at++] = this.#drawn;
    words[at++] = this.#results;
    words[at++] = this.#count;
    return at;
  }
}
