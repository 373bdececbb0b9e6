/** Checksum of a memory (docs/microarchitecture.md, "Monitors"): a signature register that takes in a word a clock. */
import { concat, lit, mux, type UInt, uint } from '../../hdl/index.ts';

export const checksumBits = 32;

/** That of CRC-32, without its leading term: primitive, so that two wrong bits are 2^32 - 1 words apart before they cancel. */
const polynomial = 0x04c11db7;

/** Before the first word. */
export const checksumStart = 2 ** checksumBits - 1;

/** The parts of a word, 32 bits each, by exclusive or. */
export function folded(word: UInt): UInt {
  let sum = lit(0, uint(checksumBits));
  for (let at = 0; at < word.width; at += checksumBits) {
    const part = word.slice(Math.min(word.width, at + checksumBits) - 1, at).extend(checksumBits);
    sum = at === 0 ? part : sum.xor(part);
  }
  return sum;
}

/** The checksum after one more word. */
export function checksumAfter(checksum: UInt, word: UInt): UInt {
  const shifted = concat(checksum.slice(checksumBits - 2, 0), lit(0, uint(1)));
  return mux(checksum.bit(checksumBits - 1), shifted.xor(lit(polynomial, shifted.type)), shifted).xor(word);
}

/** The checksum of a memory's contents. */
export function checksumOf(words: readonly bigint[]): number {
  const mask = 2n ** BigInt(checksumBits) - 1n;
  return words.reduce((checksum, word) => {
    let sum = 0;
    for (let rest = word; rest > 0n; rest >>= BigInt(checksumBits)) sum ^= Number(rest & mask);
    const carried = checksum >>> 31 === 1 ? polynomial : 0;
    return ((checksum << 1) ^ carried ^ sum) >>> 0;
  }, checksumStart);
}
