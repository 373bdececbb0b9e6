/** The inner loop of the hash, four words at a time: hashing every register on every clock would otherwise take longer than the model. */

export interface SumKernel {
  readonly words: Int32Array;
  readonly masks: Int32Array;
  readonly multipliers: Int32Array;
  /** Sum over all words of (m ^ (m >> 15)) x multiplier modulo 2^32, m = word & mask. */
  readonly sum: () => number;
}

/** For `count` words; all start as 0. */
export function sumKernel(count: number): SumKernel {
  const bytes = 16 * Math.max(1, Math.ceil(count / 4));
  const { Memory, Module, Instance } = webAssembly;
  const memory = new Memory({ initial: Math.ceil((3 * bytes) / 65536) });
  const { sum } = new Instance(new Module(moduleBytes()), { host: { memory } }).exports;
  const array = (part: number) => new Int32Array(memory.buffer, part * bytes, count);
  return {
    words: array(0),
    masks: array(1),
    multipliers: array(2),
    sum: () => sum(0, bytes, 2 * bytes, bytes),
  };
}

type Sum = (words: number, masks: number, multipliers: number, end: number) => number;

/** What is used of it; the types of Node do not name it. */
interface WebAssemblyApi {
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly sum: Sum } };
}

const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

// Opcodes, WebAssembly core specification 2.0, section 5.4.
const local = { get: 0x20, set: 0x21, tee: 0x22 };
const i32 = { const: 0x41, ltU: 0x49, add: 0x6a };
const block = { loop: 0x03, branchIf: 0x0d, end: 0x0b, empty: 0x40 };
const type = { i32: 0x7f, v128: 0x7b, function: 0x60 };
const load = [0xfd, 0x00, 4, 0];
const i32x4 = {
  and: [0xfd, 0x4e],
  xor: [0xfd, 0x51],
  shiftRight: [0xfd, 0xad, 0x01],
  add: [0xfd, 0xae, 0x01],
  multiply: [0xfd, 0xb5, 0x01],
  lane: (index: number) => [0xfd, 0x1b, index],
};

/** A module with one function, sum(words, masks, multipliers, end: addresses) -> i32. */
function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [words, masks, multipliers, end, sums, word] = [0, 1, 2, 3, 4, 5] as const;
  const next = (address: number) => [local.get, address, i32.const, 16, i32.add];
  const body = [
    ...[1, 2, type.v128],
    ...[block.loop, block.empty],
    ...[local.get, words, ...load, local.get, masks, ...load, ...i32x4.and, local.tee, word],
    ...[local.get, word, i32.const, 15, ...i32x4.shiftRight, ...i32x4.xor],
    ...[local.get, multipliers, ...load, ...i32x4.multiply, local.get, sums, ...i32x4.add, local.set, sums],
    ...[...next(masks), local.set, masks, ...next(multipliers), local.set, multipliers],
    ...[...next(words), local.tee, words, local.get, end, i32.ltU, block.branchIf, 0, block.end],
    ...[local.get, sums, ...i32x4.lane(0)],
    ...[1, 2, 3].flatMap((index) => [local.get, sums, ...i32x4.lane(index), i32.add]),
    block.end,
  ];
  return Uint8Array.from([
    ...text('\0asm'),
    ...[1, 0, 0, 0],
    ...section(1, [1, type.function, 4, type.i32, type.i32, type.i32, type.i32, 1, type.i32]),
    ...section(2, [1, ...name('host'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('sum'), 0, 0]),
    ...section(10, [1, ...length(body), ...body]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...length(content), ...content];
}

function name(of: string): number[] {
  return [of.length, ...text(of)];
}

function text(of: string): number[] {
  return [...of].map((character) => character.charCodeAt(0));
}

/** The length in LEB128; here it is below 2^14. */
function length({ length: count }: readonly number[]): number[] {
  return count < 128 ? [count] : [(count & 127) | 128, count >> 7];
}
