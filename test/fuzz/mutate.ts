/** Damaged copies of good files, the same for the same seed: bytes, numbers in text, and nodes of JSON documents. */
import { type Random, randomFrom } from '../golden/random-plan.ts';

const pick = <T>(random: Random, all: readonly T[]): T => all[random(all.length)]!;

const numbers = [
  ...[
    '0',
    '-1',
    '1',
    '2',
    '255',
    '256',
    '65536',
    '2147483648',
    '4294967295',
    '9007199254740993',
    '1e9',
    '1e-30',
    '1e308',
    '1e999',
  ],
  ...['NaN', 'Infinity', '-0', '0.1', '1,5', '0x10', '', 'null', '"a"'],
];

/** A copy of one of the files with one to five changes. */
export function mutateBytes(bases: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomFrom(seed);
  let bytes: Buffer = Buffer.from(pick(random, bases));
  for (let changes = 1 + random(5); changes > 0; changes -= 1) bytes = change(bytes, bases, random);
  return bytes;
}

function change(bytes: Buffer, bases: readonly Uint8Array[], random: Random): Buffer {
  const at = random(bytes.length + 1);
  const length = Math.min(bytes.length - at, 1 + random(pick(random, [2, 8, 64, 1024])));
  const piece = bytes.subarray(at, at + length);
  const around = (middle: Uint8Array, skipped = length) =>
    Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + skipped)]);
  switch (random(9)) {
    case 0:
      return around(Buffer.from([random(256)]), Math.min(1, length));
    case 1:
      return around(piece.map((byte) => byte ^ (1 << random(8))));
    case 2:
      return around(Buffer.alloc(length, pick(random, [0, 255, 127, 128])));
    case 3:
      return around(Buffer.alloc(0));
    case 4:
      return around(Buffer.concat([piece, piece]));
    case 5:
      return Buffer.from(bytes.subarray(0, at));
    case 6: {
      const other = Buffer.from(pick(random, bases));
      const from = random(other.length + 1);
      return around(other.subarray(from, from + 1 + random(64)));
    }
    case 7: {
      // A length or a size: 1, 2 or 4 bytes of an extreme.
      const word = Buffer.alloc(4);
      word.writeUInt32LE(pick(random, [0, 1, 0x7f, 0x80, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]));
      return around(word.subarray(0, pick(random, [1, 2, 4])), Math.min(4, length));
    }
    default:
      return aNumber(bytes, random);
  }
}

/** Another number in the place of one that is written out. */
function aNumber(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/gi)];
  if (found.length === 0) return bytes;
  const { index, 0: old } = pick(random, found);
  return Buffer.from(text.slice(0, index) + pick(random, numbers) + text.slice(index + old.length), 'latin1');
}

const oddValues: readonly unknown[] = [
  ...[null, true, '', [], {}, 0, -1, 1.5, 1e9, 2 ** 53, 1e308, 'a', 'constructor', '__proto__', '../x', [[]], { a: 1 }],
  ...['\u001b[2J', 'a\nb', 'x'.repeat(300)],
];

/** A copy of a JSON document with nodes replaced, taken out, doubled or moved; now and then with bytes changed. */
export function mutateJson(bases: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomFrom(seed);
  if (random(8) === 0) return mutateBytes(bases, seed);
  const document: unknown = JSON.parse(Buffer.from(pick(random, bases)).toString('utf8'));
  let root = document;
  for (let changes = 1 + random(3); changes > 0; changes -= 1) {
    const places = placesOf(root);
    if (places.length === 0 || random(200) === 0) root = structuredClone(pick(random, oddValues));
    else alter(pick(random, places), places, random);
  }
  return Buffer.from(JSON.stringify(root));
}

interface Place {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placesOf(node: unknown): Place[] {
  if (typeof node !== 'object' || node === null) return [];
  const holder = node as Record<string, unknown>;
  // Of long lists a few elements stand for all.
  const keys = Object.keys(holder).filter((_, i) => i < 12);
  return keys.flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}

const valueAt = ({ holder, key }: Place): unknown => (holder as Record<string, unknown>)[key];

function alter(place: Place, places: readonly Place[], random: Random): void {
  const { holder, key } = place;
  const set = (value: unknown, name = key) =>
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  const old = valueAt(place);
  switch (random(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      if (typeof old === 'number') set(pick(random, [old + 1, old - 1, -old, old * 1000, old / 3, 0]));
      else set(structuredClone(valueAt(pick(random, places))));
      return;
    case 2:
      if (Array.isArray(holder)) holder.push(structuredClone(old));
      else set(structuredClone(old), pick(random, ['constructor', '__proto__', 'toString', `${key}x`]));
      return;
    default:
      set(structuredClone(pick(random, oddValues)));
  }
}

/** A program is a person's own: what it makes of a thousand million is not what is tested. */
const modestNumbers = numbers.filter((number) => !(Number(number) > 1e6));

/** Lines of a program taken out, doubled and swapped, numbers and words changed. */
export function mutateProgram(bases: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomFrom(seed);
  const lines = Buffer.from(pick(random, bases)).toString('utf8').split('\n');
  const words = [...new Set(lines.join('\n').match(/\b[a-z]\w+\b/gi))];
  for (let changes = 1 + random(3); changes > 0; changes -= 1) {
    const at = random(lines.length);
    const line = lines[at]!;
    switch (random(5)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(random(lines.length), 0, line);
        break;
      case 2:
        lines[at] = line.replace(/\d+(\.\d+)?/, () => pick(random, modestNumbers));
        break;
      case 3:
        lines[at] = line.replace(/\b[a-z]\w+\b/i, () => pick(random, words));
        break;
      default:
        lines[at] = line.slice(0, random(line.length + 1));
    }
    if (lines.length === 0) break;
  }
  return Buffer.from(lines.join('\n'));
}
