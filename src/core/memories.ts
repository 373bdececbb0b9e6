/** The memories of a core whose checksums are compared, and that the host may load (docs/monitors.md). */
import type { LayerPlan, Plan } from '../plan/index.ts';
import { engineKindOf } from './engines/index.ts';
import { rowBits } from './engines/parts/weights.ts';
import { inputLanesOf } from './engines/wide/geometry.ts';
import { type CheckedMemory, checksumOf, memoriesToCheck, wordStride } from './monitors/index.ts';
import { neuronKindOf } from './neurons/index.ts';
import { stageOf } from './stage.ts';

/** Weights and tables, with what they should hold; none without a watch over checksums. */
export function checkedMemories(plan: Plan): CheckedMemory[] {
  if (plan.monitors?.checksum !== true) return [];
  const loads = plan.monitors.load === true;
  return memoriesToCheck(plan).map(({ name, index, holds }) => {
    const layer = plan.layers[index]!;
    const words =
      holds === 'weights'
        ? engineKindOf(layer).weightRows(layer)
        : (neuronKindOf(layer)?.tableWords?.(stageOf(plan, layer)) ?? []);
    return { name, words, loadBits: loads ? bitsOf(layer, holds) : undefined };
  });
}

/** What the host replaces at an address: a row of weights, or the code that all lanes share. */
function bitsOf(layer: LayerPlan, holds: 'weights' | 'table'): number | undefined {
  if (holds === 'weights') return rowBits(layer, inputLanesOf(layer));
  return neuronKindOf(layer)?.loadBits;
}

/** A memory as the host writes it. */
export interface MemoryImage {
  readonly name: string;
  /** Its number, for the register MEMORY. */
  readonly index: number;
  /** For each word its parts of 32 bits, the low ones first. */
  readonly words: readonly (readonly number[])[];
  /** Addresses from one word to the next. */
  readonly stride: number;
  readonly checksum: number;
}

/** What the host writes into a core so that it has the weights and tables of this plan. */
export function memoryImages(plan: Plan): MemoryImage[] {
  return checkedMemories(plan).flatMap(({ name, words, loadBits }, index) => {
    if (loadBits === undefined) return [];
    const stride = wordStride({ words, loadBits });
    const partsOf = (word: bigint) =>
      Array.from({ length: Math.ceil(loadBits / 32) }, (_, p) =>
        Number((BigInt.asUintN(loadBits, word) >> BigInt(32 * p)) & 0xffffffffn),
      );
    return [{ name, index, words: words.map(partsOf), stride, checksum: checksumOf(words) }];
  });
}
