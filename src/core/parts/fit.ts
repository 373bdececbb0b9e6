/** Values at widths of their own. */
import { type Bool, concat, type SInt, type UInt } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';

/** The value in `width` bits; that they hold it was proved, so the bits above are copies of the sign or zeros. */
export function fitted<N extends SInt | UInt>(value: N, width: number): N {
  if (value.width === width) return value;
  return (value.width < width ? value.extend(width) : value.truncate(width)) as N;
}

/** Part `index` of a word that is made of parts of `width` bits, the first in the low bits. */
export function part(word: UInt, index: number, width: number): UInt {
  return word.slice((index + 1) * width - 1, index * width);
}

/** All parts of a word, the first from the low bits. */
export function parts(word: UInt, width: number): UInt[] {
  return Array.from({ length: word.width / width }, (_, i) => part(word, i, width));
}

/** All parts of a word as signed numbers, the first from the low bits. */
export function signedParts(word: UInt, width: number): SInt[] {
  return parts(word, width).map((each) => each.asSInt());
}

/** The bits of a word, the lowest first. */
export function bits(word: UInt): Bool[] {
  return Array.from({ length: word.width }, (_, i) => word.bit(i));
}

/** Side by side, the first in the low bits. */
export function packed(values: readonly (UInt | Bool)[]): UInt {
  return concat(...[...values].reverse());
}

/** Number of set bits. */
export function ones(word: UInt): UInt {
  let total: UInt = word.bit(0).asUInt();
  for (let i = 1; i < word.width; i++) total = total.addGrow(word.bit(i).asUInt());
  const width = unsignedBits(word.width);
  return total.width > width ? total.truncate(width) : total;
}
