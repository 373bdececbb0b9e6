/** Double-buffered frames between two blocks (docs/microarchitecture.md, "Frame buffer"). */
import {
  type Bool,
  bool,
  concat,
  defineModule,
  type ModuleBuilder,
  type ModuleDefinition,
  mux,
  uint,
} from '../../hdl/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { bankSelect } from './parts.ts';

export interface FrameGeometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly padBottom: number;
  readonly padRight: number;
}

export interface FrameBufferOptions {
  readonly name: string;
  readonly doc: string;
  readonly geometry: FrameGeometry;
  readonly elementBits: number;
  /** What travels with a frame, e.g. `{ active: 4, last: 1 }` (bits). */
  readonly meta: Readonly<Record<string, number>>;
  /** The meta comes with a frame's first element; otherwise with its last. */
  readonly metaFirst?: boolean | undefined;
  /** A frame can be read while it is filled: it is ready with its first element, and `written` tells of each. */
  readonly readEarly?: boolean | undefined;
  /** Frames that it holds, 2 unless told otherwise. */
  readonly banks?: 1 | 2 | undefined;
  /** Address distance of each position lane's element from the read address; [0] for one lane. */
  readonly laneOffsets: readonly number[];
}

/** Elements of a padded frame. */
export function paddedElements(geometry: FrameGeometry): number {
  const { height, width, channels, padTop, padLeft, padBottom, padRight } = geometry;
  return (height + padTop + padBottom) * (width + padLeft + padRight) * channels;
}

export function frameBuffer(options: FrameBufferOptions): ModuleDefinition {
  const { geometry, elementBits, laneOffsets } = options;
  const { height, width, channels, padTop, padLeft, padRight } = geometry;
  const elements = paddedElements(geometry);
  const rowElements = (width + padLeft + padRight) * channels;
  const start = padTop * rowElements + padLeft * channels;
  const last = start + (height - 1) * rowElements + width * channels - 1;
  const addressBits = unsignedBits(elements - 1);
  const rowJump = (padLeft + padRight) * channels + 1;

  return defineModule(options.name, (m) => {
    m.doc(options.doc);
    m.clock('clk');
    m.reset('rst');
    const push = m.input('push', bool(), { doc: 'writes the next element; only while free' });
    const pushData = m.input('push_data', uint(elementBits));
    const metaIn = Object.entries(options.meta).map(([name, bits]) => m.input(`push_${name}`, uint(bits)));
    const free = m.output('free', bool(), { doc: 'the bank being written has room for a frame' });
    const committed = m.output('committed', bool(), { doc: 'this push completes a frame' });
    const ready = m.output('ready', bool(), { doc: 'a frame waits to be read' });
    const metaOut = Object.entries(options.meta).map(([name, bits]) => m.output(name, uint(bits)));
    const readAddress = m.input('rd_addr', uint(addressBits));
    const readData = laneOffsets.map((_, lane) => m.output(`data_${lane}`, uint(elementBits)));
    const release = m.input('rd_done', bool(), { doc: 'the frame has been read' });
    const written = options.readEarly
      ? m.output('written', bool(), { doc: 'the element at rd_addr can be read' })
      : undefined;

    const banks = options.banks === 1 ? undefined : bankPointers(m);
    const full0 = m.register('full_0', bool(), { reset: 0 });
    const full1 = banks && m.register('full_1', bool(), { reset: 0 });
    const writeAddress = m.register('wr_addr', uint(addressBits), { reset: start });

    m.section('Write side');
    const isFirst = options.metaFirst || written ? m.name('at_first', writeAddress.equals(start)) : undefined;
    const isLast = m.name('at_last', writeAddress.equals(last));
    const commits = m.name('commits', push.and(isLast));
    m.assign(free, (banks && full1 ? bankSelect(banks.write, full0, full1) : full0).not());
    m.assign(committed, commits);
    if (rowJump > 1) {
      const column = m.register('wr_column', uint(unsignedBits(width * channels - 1)), { reset: 0 });
      const rowEnd = m.name('at_row_end', column.equals(width * channels - 1));
      m.when(push, () => {
        m.when(isLast, () => {
          m.next(writeAddress, start);
          m.next(column, 0);
        })
          .elseWhen(rowEnd, () => {
            // A frame of one row has no next row: its jump may exceed the address.
            m.next(writeAddress, writeAddress.addWrap(rowJump % 2 ** addressBits));
            m.next(column, 0);
          })
          .otherwise(() => {
            m.next(writeAddress, writeAddress.addWrap(1));
            m.next(column, column.addWrap(1));
          });
      });
    } else {
      m.when(push, () => {
        m.when(isLast, () => m.next(writeAddress, start)).otherwise(() =>
          m.next(writeAddress, writeAddress.addWrap(1)),
        );
      });
    }

    const takesMeta = options.metaFirst && isFirst ? m.name('takes_meta', push.and(isFirst)) : commits;
    // A bank that is read before it is full is the one being written.
    const assignReady = (full: Bool) => {
      m.assign(ready, written && isFirst ? full.or(isFirst.not()) : full);
      if (written) m.assign(written, full.or(readAddress.lessThan(writeAddress)));
    };
    const meta = Object.entries(options.meta).map(([name, bits], index) => ({
      ...{ name, type: uint(bits), given: metaIn[index]!, shown: metaOut[index]! },
    }));
    if (banks && full1) {
      m.section('Banks');
      m.when(commits, () => m.next(banks.write, banks.write.not()));
      m.when(release, () => m.next(banks.read, banks.read.not()));
      m.when(commits.and(banks.write.not()), () => m.next(full0, 1)).elseWhen(release.and(banks.read.not()), () =>
        m.next(full0, 0),
      );
      m.when(commits.and(banks.write), () => m.next(full1, 1)).elseWhen(release.and(banks.read), () =>
        m.next(full1, 0),
      );
      assignReady(bankSelect(banks.read, full0, full1));
      for (const { name, type, given, shown } of meta) {
        const meta0 = m.register(`${name}_0`, type, { reset: 0 });
        const meta1 = m.register(`${name}_1`, type, { reset: 0 });
        m.when(takesMeta, () => {
          m.when(banks.write, () => m.next(meta1, given)).otherwise(() => m.next(meta0, given));
        });
        m.assign(shown, mux(banks.read, meta1, meta0));
      }
    } else {
      m.section('One bank: filled, then read');
      m.when(commits, () => m.next(full0, 1)).elseWhen(release, () => m.next(full0, 0));
      assignReady(full0);
      for (const { name, type, given, shown } of meta) {
        const held = m.register(`${name}_0`, type, { reset: 0 });
        m.when(takesMeta, () => m.next(held, given));
        m.assign(shown, held);
      }
    }

    m.section('Storage');
    laneOffsets.forEach((offset, lane) => {
      // Each position lane has a copy that is shifted by its offset: all lanes then read at one address.
      const memory = m.memory(`frames_${lane}`, {
        depth: 2 ** (banks ? addressBits + 1 : addressBits),
        type: uint(elementBits),
        contents: [],
        collision: 'undefined',
        doc: 'a word read while it is written is not used',
      });
      const inside = offset === 0 ? push : push.and(writeAddress.greaterOrEqual(offset));
      const shifted = offset === 0 ? writeAddress : writeAddress.subWrap(offset);
      memory.write(banks ? concat(banks.write, shifted) : shifted, pushData, inside);
      const data = memory.read(`rd_data_${lane}`, banks ? concat(banks.read, readAddress) : readAddress);
      m.waive('HDL022', data, 'readers wait until a word is there');
      m.assign(readData[lane]!, data);
    });
  });
}

/** Which bank is filled, and which is read. */
function bankPointers(m: ModuleBuilder) {
  return { write: m.register('wr_bank', bool(), { reset: 0 }), read: m.register('rd_bank', bool(), { reset: 0 }) };
}
