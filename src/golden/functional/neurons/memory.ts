/** Neurons whose device remembers its last time step: after a spike another table holds. An option of the functional model, not of the core. */
import { badInput } from '../../../errors/index.ts';
import type { Plan, SpikingNeuron } from '../../../plan/schema/index.ts';
import type { LayerDevices } from '../../variation.ts';
import type { StepWords, Thresholds } from './contract.ts';

/** Codes of a layer's neurons in the time step after a spike, over the addresses of the plan's own table; plain data. */
export interface LayerMemory {
  readonly afterSpike: readonly number[];
}

export class MemoryLayer implements Thresholds {
  readonly #fresh: Int32Array;
  readonly #after: Int32Array;
  readonly #scale: number;
  readonly #offset: number;
  /** 1: spiked in the time step before. */
  readonly #spiked: Uint8Array;
  readonly #thresholds: Int32Array;

  constructor({ table, tableShift, tableOffset, stream }: SpikingNeuron, { afterSpike }: LayerMemory) {
    const code = (value: number) => (value === 65535 ? 65536 : value);
    this.#fresh = Int32Array.from(table, code);
    this.#after = Int32Array.from(afterSpike, code);
    this.#scale = 2 ** -tableShift;
    this.#offset = tableOffset;
    this.#spiked = new Uint8Array(stream.wordsPerTimeStep);
    this.#thresholds = new Int32Array(stream.wordsPerTimeStep);
  }

  /** Between images there is time to forget. */
  nextImage(): void {
    this.#spiked.fill(0);
  }

  /** For each neuron the threshold below which its word makes it spike. The array is used again by the next call. */
  thresholds(potentials: Int32Array, { words, at }: StepWords): Int32Array {
    const last = this.#fresh.length - 1;
    for (let n = 0; n < this.#thresholds.length; n += 1) {
      const address = Math.max(0, Math.min(last, Math.floor(potentials[n]! * this.#scale) + this.#offset));
      const threshold = (this.#spiked[n] === 1 ? this.#after : this.#fresh)[address]!;
      this.#thresholds[n] = threshold;
      this.#spiked[n] = words[at + n]! < threshold ? 1 : 0;
    }
    return this.#thresholds;
  }
}

/** Returns its argument, or throws badInput when it does not suit the plan's layers. */
export function checkMemory(
  plan: Plan,
  memory: readonly (LayerMemory | undefined)[],
  devices: readonly (LayerDevices | undefined)[] | undefined,
): readonly (LayerMemory | undefined)[] {
  for (const [index, own] of memory.entries()) {
    if (own === undefined) continue;
    const layer = plan.layers[index];
    const where = `layer ${layer?.name ?? index}`;
    if (layer === undefined || !('stream' in layer.neuron))
      throw badInput('there is a memory for a layer without neurons', { where });
    if (plan.neuron.kind === 'device' || devices?.[index] !== undefined)
      throw badInput('devices that differ have no memory here', { where, help: 'ask for one of the two' });
    if (own.afterSpike.length === layer.neuron.table.length) continue;
    throw badInput('the table after a spike is of another size', {
      where,
      found: `${own.afterSpike.length}`,
      expected: `${layer.neuron.table.length}`,
    });
  }
  return memory;
}
