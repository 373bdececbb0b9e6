/** Frames between two blocks, padded, with a copy for each position lane (docs/microarchitecture.md, "Frame buffer"). */
import { type Bool, component, flip, type ModuleBuilder, mux, type UInt, uint } from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { clocked, frameLink, passLink } from '../links/index.ts';
import { type Banks, banks } from '../parts/banks.ts';
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
  readonly geometry: FrameGeometry;
  readonly elementBits: number;
  /** Frames that it holds. */
  readonly banks: 1 | 2;
  /** Address distance of each position lane's element from the read address; [0] for one lane. */
  readonly laneOffsets: readonly number[];
}

interface StoragePorts {
  readonly push: Bool;
  readonly data: UInt;
  readonly address: UInt;
  readonly release: Bool;
}

export interface Stored extends Banks {
  /** The push completes a frame. */
  readonly commits: Bool;
  /** Where the next element goes; it is the frame's first. */
  readonly writeAddress: (address: UInt) => UInt;
  readonly position: UInt;
  readonly start: number;
  /** For each position lane the element that the address named a clock ago. */
  readonly words: readonly UInt[];
}

/** What all frame buffers have inside. */
export function frameStorage(m: ModuleBuilder, storage: Storage, ports: StoragePorts): Stored {
  const { geometry, elementBits, laneOffsets } = storage;
  const { push, data, address, release } = ports;
  m.section('Write side');
  const { position, commits, start } = writeSide(m, geometry, push);
  const held = banks(m, storage.banks, commits, release);

  m.section('Storage');
  const words = laneOffsets.map((offset, lane) => {
    // Each position lane has a copy that is shifted by its offset: all lanes then read at one address.
    const memory = m.memory(`frames_${lane}`, {
      depth: storage.banks * 2 ** position.width,
      type: uint(elementBits),
      contents: [],
      collision: 'undefined',
      doc: 'a word read while it is written is not used',
    });
    const inside = offset === 0 ? push : push.and(position.greaterOrEqual(offset));
    const shifted = offset === 0 ? position : position.subWrap(offset);
    memory.write(held.writeAddress(shifted), data, inside);
    const word = memory.read(`rd_data_${lane}`, held.readAddress(address));
    m.waive('HDL022', word, 'readers wait until a word is there');
    return word;
  });
  return { ...held, commits, position, start, words };
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

type BufferOptions = Storage &
  Pick<CoreShape, 'passLanes' | 'imageBits'> & { readonly name: string; readonly doc: string };

/** A pass comes in element by element; an engine reads it as a frame. */
export function frameBuffer(options: BufferOptions) {
  const { name, doc, geometry, elementBits, laneOffsets } = options;
  const bits = { word: elementBits, address: frameAddressBits(geometry) };
  const ports = {
    ...clocked,
    pass: flip(passLink(options, elementBits)),
    frame: frameLink(options, bits, laneOffsets.length),
  };
  return component(name, ports, (m, { pass, frame }) => {
    m.doc(doc);
    const { address, release } = frame;
    const stored = frameStorage(m, options, { push: pass.push, data: pass.data, address, release });
    m.assign(pass.free, stored.free);
    m.assign(pass.committed, stored.commits);
    m.assign(frame.ready, stored.full);
    m.assign(frame.active, stored.hold('active', pass.active, stored.commits));
    m.assign(frame.last, stored.hold('last', pass.last, stored.commits));
    if (frame.image && pass.image) m.assign(frame.image, stored.hold('image', pass.image, stored.commits));
    for (const [lane, word] of stored.words.entries()) m.assign(frame.words[lane]!, word);
  });
}
