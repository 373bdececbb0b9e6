/** Frames between two blocks, padded, with a copy for each position lane (docs/microarchitecture.md, "Frame buffer"). */
import {
  type Bool,
  bool,
  clock,
  component,
  concat,
  flip,
  type Inside,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  type UInt,
  uint,
  when,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { clocked, frameLink, passLink } from '../links/index.ts';
import { type Banks, banks } from '../parts/banks.ts';
import { packed } from '../parts/fit.ts';
import type { CoreShape } from '../stage.ts';

export interface FrameGeometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
}

/** A frame of one row. */
export function flatGeometry(elements: number): FrameGeometry {
  return { height: 1, width: elements, channels: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
}

/** Elements of a padded frame. */
export function paddedElements(geometry: FrameGeometry): number {
  const { height, width, channels, padTop, padLeft, padBottom, padRight } = geometry;
  return (height + padTop + padBottom) * (width + padLeft + padRight) * channels;
}

/** Bits of an address in a padded frame. */
export function frameAddressBits(geometry: FrameGeometry): number {
  return unsignedBits(paddedElements(geometry) - 1);
}

export interface Storage {
  readonly core: string;
  /** Name of the module that has the storage. */
  readonly name: string;
  readonly geometry: FrameGeometry;
  readonly elementBits: number;
  /** Frames that it holds. */
  readonly banks: 1 | 2;
  /** Address distance of each position lane's element from the read address; [0] for one lane. */
  readonly laneOffsets: readonly number[];
  /** It is no member of a family, which has a loop over lanes also where there is only one. */
  readonly alone?: boolean;
}

interface StoragePorts {
  readonly push: Bool;
  readonly data: UInt;
  readonly address: UInt;
  readonly release: Bool;
  /** Gets for each position lane the element that the address named a clock ago, the first in the low bits. */
  readonly words: UInt;
}

export interface Stored extends Banks {
  /** The push completes a frame. */
  readonly commits: Bool;
  /** Where the next element goes; it is the frame's first. */
  readonly position: UInt;
  readonly start: number;
}

/** What all frame buffers have inside. */
export function frameStorage(m: ModuleBuilder, storage: Storage, ports: StoragePorts): Stored {
  const { geometry, laneOffsets } = storage;
  const { push, data, address, release, words } = ports;
  m.section('Write side');
  const { position, commits, start } = writeSide(m, geometry, push);
  const held = banks(m, storage.banks, commits, release);

  const at = {
    push: stored(m, geometry, push),
    data,
    position,
    bank: held.writeBank,
    readAddress: held.readAddress(address),
  };
  if (storage.alone === true && laneOffsets.length === 1) {
    m.section('Storage');
    frameMemory(m, storage, at, words);
    return { ...held, commits, position, start };
  }
  m.section('Storage: each position lane has a copy, shifted by its offset, so that all read at one address');
  const { word } = m.placeArray('frames', laneOffsets.length, laneMemory(storage), {
    ...at,
    offset: laneOffsets.map((offset) => lit(offset, position.type)),
  });
  m.assign(words, packed(word));
  return { ...held, commits, position, start };
}

/** Nothing writes the padding again: from any state a reset must leave it as it is. */
function stored(m: ModuleBuilder, { padTop, padBottom, padLeft, padRight }: FrameGeometry, push: Bool): Bool {
  if (Math.max(padTop, padBottom, padLeft, padRight) === 0) return push;
  return m.name('stored', push.and(m.inReset().not()), {
    doc: 'in reset the address may be any, and the padding is written by nothing',
  });
}

interface MemoryPorts {
  readonly push: Bool;
  readonly data: UInt;
  readonly position: UInt;
  readonly bank: Bool | undefined;
  readonly readAddress: UInt;
}

/** Frames, bank over bank, and what is read into a register of that name or into an output. */
function frameMemory(
  m: ModuleBuilder,
  { elementBits }: Storage,
  { push, data, position, bank, readAddress }: MemoryPorts,
  into: string | UInt,
): UInt {
  const memory = m.memory('words', {
    depth: 2 ** readAddress.width,
    type: uint(elementBits),
    contents: [],
    collision: 'undefined',
    doc: 'a word read while it is written is not used',
  });
  memory.write(bank ? concat(bank, position) : position, data, push);
  const read = memory.read(into, readAddress);
  m.waive('HDL022', read, 'readers wait until a word is there');
  return read;
}

/** The frames of one position lane. */
function laneMemory(storage: Storage) {
  const { name, geometry, elementBits, banks: count } = storage;
  const addressBits = frameAddressBits(geometry);
  const ports = {
    clk: clock(),
    push: input(bool(), 'an element comes'),
    data: input(uint(elementBits), 'the element'),
    position: input(uint(addressBits), 'its place in the frame'),
    bank: when(count === 2, input(bool(), 'the bank being filled')),
    offset: input(uint(addressBits), "the lane's distance from the first one"),
    readAddress: input(uint(addressBits + count - 1), 'bank and place of what is read'),
    word: output(uint(elementBits), 'a clock later'),
  };
  return component(
    `${name}_memory`,
    ports,
    (m, { push, data, position, bank, offset, readAddress, word }) => {
      m.doc('The frames as this lane sees them: its element of each position at the address of the first lane.');
      m.constant('ELEMENT_BITS', elementBits);
      const shifted = m.name('shifted', position.subGrow(offset), { doc: 'negative: no address of this lane' });
      const own = shifted.asUInt().truncate(addressBits);
      const isOwn = push.and(shifted.isNegative().not());
      m.assign(word, frameMemory(m, storage, { push: isOwn, data, position: own, bank, readAddress }, 'rd_data'));
    },
    { loopBody: true },
  );
}

/** Where elements go: inside the padding, row by row. */
function writeSide(m: ModuleBuilder, geometry: FrameGeometry, push: Bool) {
  const { height, width, channels, padTop, padLeft, padRight } = geometry;
  const rowElements = (width + padLeft + padRight) * channels;
  const start = padTop * rowElements + padLeft * channels;
  const last = start + (height - 1) * rowElements + width * channels - 1;
  const bits = frameAddressBits(geometry);
  const rowJump = (padLeft + padRight) * channels + 1;
  const position = m.register('wr_addr', uint(bits), { reset: start });
  const isLast = m.name('at_last', position.equals(last));
  const advance = (by: number) => m.next(position, position.addWrap(by));
  if (rowJump === 1) {
    m.when(push, () => {
      m.when(isLast, () => m.next(position, start)).otherwise(() => advance(1));
    });
  } else {
    const columns = width * channels;
    const column = m.register('wr_column', uint(unsignedBits(columns - 1)), { reset: 0 });
    const rowEnd = m.name('at_row_end', column.equals(columns - 1));
    m.when(push, () => {
      m.next(column, mux(rowEnd, 0, column.addWrap(1)));
      m.when(isLast, () => m.next(position, start))
        // A frame of one row has no next row: its jump may exceed the address.
        .elseWhen(rowEnd, () => advance(rowJump % 2 ** bits))
        .otherwise(() => advance(1));
    });
  }
  return { position, start, commits: m.name('commits', push.and(isLast)) };
}

type BufferOptions = Storage & Pick<CoreShape, 'passLanes' | 'imageBits'> & { readonly doc: string };

/** A pass comes in element by element; an engine reads it as a frame. */
export function frameBuffer(options: BufferOptions) {
  const { core, name, doc, geometry, elementBits, laneOffsets } = options;
  const bits = { word: elementBits, address: frameAddressBits(geometry) };
  const ports = {
    ...clocked,
    pass: flip(passLink(options, elementBits)),
    frame: frameLink(options, bits, laneOffsets.length),
  };
  const describe = (m: ModuleBuilder, { pass, frame }: Inside<typeof ports>) => {
    m.doc(doc);
    m.constant('ELEMENT_BITS', elementBits);
    m.constant('LANES', laneOffsets.length);
    m.constant('WORDS_BITS', laneOffsets.length * elementBits);
    m.constant('ADDRESS_BITS', bits.address);
    const { push, data } = pass;
    const { address, release, words } = frame;
    const stored = frameStorage(m, options, { push, data, address, release, words });
    m.assign(pass.free, stored.free);
    m.assign(pass.committed, stored.commits);
    m.assign(frame.ready, stored.full);
    m.assign(frame.active, stored.hold('active', pass.active, stored.commits));
    m.assign(frame.last, stored.hold('last', pass.last, stored.commits));
    if (frame.image && pass.image) m.assign(frame.image, stored.hold('image', pass.image, stored.commits));
  };
  return component(name, ports, describe, { family: `${core}_frame_buffer` });
}
