/**
 * Just enough of a WebAssembly assembler for the inner loops of the functional model: 32-bit integers and 128-bit vectors, one
 * memory, functions without calls. Expressions are byte strings in the order in which the stack machine wants them.
 */

export type Code = readonly number[];

/** The part of the standard `WebAssembly` object that is used here; TypeScript declares it for browsers only. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}

function api(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 127;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 128);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const binary =
  (...opcode: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];
const unary =
  (...opcode: number[]) =>
  (a: Code): Code => [...a, ...opcode];
/** Loads take the address and a constant to add to it; `align` is the power of two that the access is known to be aligned to. */
const loading =
  (align: number, ...opcode: number[]) =>
  (address: Code, offset = 0): Code => [...address, ...opcode, align, ...unsigned(offset)];
const storing =
  (align: number, ...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...opcode, align, ...unsigned(offset)];

export const constant = (value: number): Code => [0x41, ...signed(value)];
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

export const i32 = {
  add: binary(0x6a),
  sub: binary(0x6b),
  multiply: binary(0x6c),
  shiftLeft: binary(0x74),
  shiftRightSigned: binary(0x75),
  shiftRight: binary(0x76),
  lessUnsigned: binary(0x49),
  less: binary(0x48),
  load: loading(2, 0x28),
  load8: loading(0, 0x2d),
  load16: loading(1, 0x2f),
  store: storing(2, 0x36),
  store8: storing(0, 0x3a),
  store16: storing(1, 0x3b),
  /** `a` where `condition` is not 0, otherwise `b`. */
  select: (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b],
};

export const v128 = {
  load: loading(4, 0xfd, 0x00),
  /** At any address. */
  store: storing(2, 0xfd, 0x0b),
  or: binary(0xfd, 0x50),
  xor: binary(0xfd, 0x51),
  /** Stores one of the eight 16-bit lanes. */
  store16Lane: (address: Code, value: Code, offset: number, lane: number): Code => [
    ...address,
    ...value,
    0xfd,
    0x59,
    1,
    ...unsigned(offset),
    lane,
  ],
};

export const i16x8 = {
  splat: unary(0xfd, 0x10),
  add: binary(0xfd, 0x8e, 0x01),
  multiply: binary(0xfd, 0x95, 0x01),
};

export const i32x4 = {
  splat: unary(0xfd, 0x11),
  add: binary(0xfd, 0xae, 0x01),
  multiply: binary(0xfd, 0xb5, 0x01),
  shiftLeft: binary(0xfd, 0xab, 0x01),
  shiftRight: binary(0xfd, 0xad, 0x01),
  /** Sign-extends the lower or upper four 16-bit lanes. */
  extendLow: unary(0xfd, 0xa7, 0x01),
  extendHigh: unary(0xfd, 0xa8, 0x01),
};

export const sequence = (...parts: readonly Code[]): Code => parts.flat();

/** Runs `body` at least once, and again as long as `again` is not 0. */
export const repeat = (body: Code, again: Code): Code => [0x03, 0x40, ...body, ...again, 0x0d, 0x00, 0x0b];

export const when = (condition: Code, body: Code): Code => [...condition, 0x04, 0x40, ...body, 0x0b];

/** A function of one i32 (local 0) that returns an i32; further locals are 32-bit, then vectors. */
export interface WasmFunction {
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
}

/** Gives out places of a memory that is made when its size is known. */
export class Arena {
  #top = 0;

  /** A place for so many bytes, at a multiple of 16. */
  place(bytes: number): number {
    const at = this.#top;
    this.#top += Math.ceil(bytes / 16) * 16;
    return at;
  }

  get bytes(): number {
    return this.#top;
  }
}

export type WasmMemory = InstanceType<WebAssemblyApi['Memory']>;

export function makeMemory(bytes: number): WasmMemory {
  return new (api().Memory)({ initial: Math.ceil(bytes / 65536) });
}

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const text = (value: string): Code => sized([...value].map((letter) => letter.charCodeAt(0)));

/** Compiles functions over one memory; they come back in their order. */
export function compile(functions: readonly WasmFunction[], memory: WasmMemory): ((argument: number) => number)[] {
  const [integer, vectorType] = [0x7f, 0x7b];
  const bodies = functions.map(({ integers, vectors, body }) =>
    sized([
      ...vector([
        [...unsigned(integers), integer],
        [...unsigned(vectors), vectorType],
      ]),
      ...body,
      0x0b,
    ]),
  );
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, 1, integer, 1, integer]])),
    ...section(2, vector([[...text('m'), ...text('m'), 0x02, 0x00, 0x01]])),
    ...section(3, vector(functions.map(() => [0]))),
    ...section(7, vector(functions.map((_, index) => [...text(`f${index}`), 0x00, ...unsigned(index)]))),
    ...section(10, vector(bodies)),
  ]);
  const { Module, Instance } = api();
  const { exports } = new Instance(new Module(bytes), { m: { m: memory } });
  return functions.map((_, index) => exports[`f${index}`] as (argument: number) => number);
}
