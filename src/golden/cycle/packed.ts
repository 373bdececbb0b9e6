/** Values of a few bits side by side in 32-bit words, low first: the form of frame elements and weight rows. */

export function wordsFor(bits: number): number {
  return Math.ceil(bits / 32);
}

/** Bits [at, at + width) of the number that starts at words[offset]; width at most 32. */
export function extract(words: Uint32Array, offset: number, at: number, width: number): number {
  const word = offset + (at >>> 5);
  const shift = at & 31;
  let value = words[word]! >>> shift;
  if (shift + width > 32) value |= words[word + 1]! << (32 - shift);
  return (value & (0xffffffff >>> (32 - width))) >>> 0;
}

/** Ors the low `width` bits of `value` into bits [at, at + width). */
export function insert(
  words: Uint32Array | Int32Array,
  offset: number,
  at: number,
  width: number,
  value: number,
): void {
  const masked = value & (0xffffffff >>> (32 - width));
  const word = offset + (at >>> 5);
  const shift = at & 31;
  words[word]! |= masked << shift;
  if (shift + width > 32) words[word + 1]! |= masked >>> (32 - shift);
}

/** Puts a row of `values.length` values of `width` bits where `words` are, and the values themselves, signed and times `factorOf(index)`, where `values` are. */
export function replaceRow(
  parts: readonly number[],
  words: Uint32Array | Int32Array,
  values: Int32Array,
  width: number,
  factorOf: (index: number) => number,
): void {
  const used = (values.length * width) % 32;
  words.set(parts.slice(0, words.length));
  if (used > 0) words[words.length - 1]! &= 2 ** used - 1;
  const unsigned = Uint32Array.from(words);
  for (let i = 0; i < values.length; i += 1) {
    const code = extract(unsigned, 0, i * width, width);
    values[i] = (code >= 2 ** (width - 1) ? code - 2 ** width : code) * factorOf(i);
  }
}

/** Moves every word down by `by` places; the last `by` stay as they are. */
export function shiftDown(words: Uint32Array | Int32Array, by: number): void {
  const { length } = words;
  // A call costs more than to move a few words.
  if (length > 64) words.copyWithin(0, by);
  else for (let i = by; i < length; i += 1) words[i - by] = words[i]!;
}
