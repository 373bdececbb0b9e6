/** Neurons that behave like their devices, time step by time step (docs/microarchitecture-device.md). */
import type { DeviceNeuron, DevicePlan, LayerPlan } from '../../../../plan/schema/index.ts';
import type { StepWords, Thresholds } from '../contract.ts';

export class DeviceLayer implements Thresholds {
  readonly #neurons: DeviceNeuron;
  readonly #faults: DevicePlan['faults'];
  readonly #largest: number;
  /** 1: the device is still switched from the time step before. */
  readonly #left: Uint8Array;
  /** 65536 where the device is read as switched, otherwise 0: what the comparison of words needs to see. */
  readonly #reads: Int32Array;

  constructor({ faults }: DevicePlan, { accumulatorBits }: LayerPlan, neuron: DeviceNeuron) {
    this.#neurons = neuron;
    this.#faults = faults;
    this.#largest = 2 ** (accumulatorBits + 1) - 1;
    this.#left = new Uint8Array(this.#neurons.stream.wordsPerTimeStep);
    this.#reads = new Int32Array(this.#left.length);
  }

  /** Before an image every device is reset without fail. */
  nextImage(): void {
    this.#left.fill(0);
  }

  /** The array is used again by the next call. */
  thresholds(potentials: Int32Array, words: StepWords, faultWords: StepWords | undefined): Int32Array {
    const { table, variation } = this.#neurons;
    for (let n = 0; n < this.#reads.length; n += 1) {
      const stuck = variation?.stuck[n] ?? 0;
      const code = table[Math.max(0, Math.min(table.length - 1, this.#address(n, potentials[n]!)))]!;
      const hit = this.#left[n] === 1 || happens(words.words[words.at + n]!, code);
      const switched = stuck === 0 ? hit : stuck === 1;
      this.#reads[n] = this.#readOut(n, switched, faultWords) ? 65536 : 0;
    }
    return this.#reads;
  }

  #address(n: number, potential: number): number {
    const { tableShift, tableOffset, trim, variation } = this.#neurons;
    const drive = trim ? this.#saturate(Math.floor((potential * trim.gain) / 256) + trim.offset) : potential;
    if (variation === null) return Math.floor(drive * 2 ** -tableShift) + tableOffset;
    return Math.floor((drive * variation.gain[n]! * 2 ** -tableShift + variation.offset[n]!) / 256);
  }

  #saturate(value: number): number {
    return Math.max(-this.#largest - 1, Math.min(this.#largest, value));
  }

  #readOut(n: number, switched: boolean, faultWords: StepWords | undefined): boolean {
    const faults = this.#faults;
    if (faults === null || faultWords === undefined) return switched;
    const at = faultWords.at + 2 * n;
    const readWord = faultWords.words[at]!;
    const misses = happens(readWord, faults.missed);
    this.#left[n] = switched && (misses || happens(faultWords.words[at + 1]!, faults.failedReset)) ? 1 : 0;
    return switched ? !misses : happens(readWord, faults.falseRead);
  }
}

function happens(word: number, code: number): boolean {
  return code === 65535 || word < code;
}
