/** Words on a line that takes a byte after the other. */
import { concat, type Literal, lit, type ModuleBuilder, mux, type UInt, uint } from '../../hdl/index.ts';

/** A byte of a word that may be narrower; `index` 0 is its lowest. A number is a constant of 32 bits. */
function byteAt(word: UInt | number, index: number): UInt | number {
  if (typeof word === 'number') return (word >>> (8 * index)) & 0xff;
  if (word.width <= 8 * index) return 0;
  const high = Math.min(word.width, 8 * index + 8) - 1;
  return word.slice(high, 8 * index).extend(8);
}

/** The byte of a word that `lane` (two bits) selects. */
export function byteOfWord(word: UInt, lane: UInt): UInt {
  return select(
    [0, 1, 2, 3].map((index) => byteAt(word, index)),
    lane,
  );
}

/** The byte that `place` selects: the place of a word among those that are shown, then two bits for its byte. */
export function byteOfWords(shown: readonly (readonly [number, UInt | number])[], place: UInt): UInt {
  const leaves: (UInt | number)[] = new Array(2 ** place.width).fill(0);
  for (const [at, value] of shown)
    for (let index = 0; index < 4; index += 1) leaves[(at << 2) | index] = byteAt(value, index);
  return select(leaves, place);
}

/** A tree of two-way choices; equal numbers need none. */
function select(leaves: readonly (UInt | number)[], by: UInt): UInt {
  let row = leaves;
  for (let bit = 0; bit < by.width; bit += 1) {
    const next: (UInt | number)[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [low, high] = [row[i]!, row[i + 1]!];
      next.push(Object.is(low, high) ? low : mux(by.bit(bit), byte(high), byte(low)));
    }
    row = next;
  }
  return byte(row[0]!);
}

const byte = (value: UInt | number) => (typeof value === 'number' ? lit(value, uint(8)) : value);

/** A field in registers of a byte each: the last is narrower where the field is. */
export function byteRegisters(m: ModuleBuilder, name: string, width: number) {
  const bytes = Array.from({ length: Math.ceil(width / 8) }, (_, index) =>
    m.register(`${name}_${index}`, uint(Math.min(8, width - 8 * index)), { reset: 0 }),
  );
  return {
    value: bytes.length === 1 ? bytes[0]! : concat(...bytes.toReversed()),
    /** Branches that keep `byte`: the field's first comes while `first` bytes are left. */
    keeps: (byte: UInt, first: number): (readonly [Literal, () => void])[] =>
      bytes.map((kept, index) => [first - index, () => m.next(kept, byte.truncate(kept.width))]),
  };
}
