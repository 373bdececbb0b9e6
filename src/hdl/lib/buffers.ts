/** Buffers between streams. */

import type { ModuleBuilder } from '../builder/builder.ts';
import { addressWidth } from '../builder/memory.ts';
import { type Component, component } from '../component/component.ts';
import { type ClockPort, clock, flip, type LinkEnd, type LinkPort, type ResetPort, reset } from '../component/ports.ts';
import { designError } from '../diagnostics.ts';
import { bool, uint } from '../ir/types.ts';
import { captureOrigin } from '../origin.ts';
import { concat, mux } from '../values/functions.ts';
import type { Bool, SInt, UInt } from '../values/signals.ts';
import { type PayloadType, type StreamFields, stream, transfers } from './streams.ts';

/** Payload of the streams before and after a buffer, and whether they have packets. */
export interface BufferOptions<T extends PayloadType = PayloadType> {
  readonly type: T;
  /** The streams have packets. */
  readonly packets?: boolean;
}

/** Ports of a buffer: words come in at `s` and go out at `m`. */
type BufferPorts<T extends PayloadType> = {
  readonly clk: ClockPort;
  readonly rst: ResetPort;
  readonly s: LinkPort<'stream', StreamFields<T>, 'takes'>;
  readonly m: LinkPort<'stream', StreamFields<T>, 'gives'>;
};

function bufferPorts<T extends PayloadType>({ type, packets = false }: BufferOptions<T>): BufferPorts<T> {
  return { clk: clock(), rst: reset(), s: flip(stream(type, { packets })), m: stream(type, { packets }) };
}

/**
 * Two words deep: every output comes from a register, so that no combinational path runs through it in either direction, and a
 * word can move in every clock.
 */
export function streamBuffer<T extends PayloadType>(
  name: string,
  options: BufferOptions<T>,
): Component<BufferPorts<T>> {
  return component(name, bufferPorts(options), (m, io) => {
    m.doc('Two words of buffer: cuts all combinational paths of a stream, one word a clock.');
    const { s: source, m: sink } = io as BufferEnds;
    const word = pack(source);

    const first = m.register('first', word.type, { resetless: true, doc: 'offered' });
    const second = m.register('second', word.type, { resetless: true, doc: 'waits while the first is stuck' });
    const firstValid = m.register('first_valid', bool(), { reset: 0 });
    const secondValid = m.register('second_valid', bool(), { reset: 0 });
    const pushes = m.name('pushes', source.valid.and(secondValid.not()));
    const frees = m.name('frees', sink.ready.or(firstValid.not()));
    m.when(frees, () => {
      m.next(firstValid, pushes.or(secondValid));
      m.next(secondValid, 0);
      m.next(first, mux(secondValid, second, word));
    }).elseWhen(pushes, () => {
      m.next(secondValid, 1);
      m.next(second, word);
    });
    m.assign(source.ready, secondValid.not());
    m.assign(sink.valid, firstValid);
    unpack(m, first, sink);
  });
}

/** First in, first out, in a block RAM; holds `depth` words (a power of two from 2) and one more in the RAM's output register. @throws designError (HDL019) for another depth */
export function streamFifo<T extends PayloadType>(
  name: string,
  options: BufferOptions<T> & { readonly depth: number },
): Component<BufferPorts<T>> {
  const { depth } = options;
  if (!Number.isInteger(depth) || depth < 2 || (depth & (depth - 1)) !== 0) {
    const origin = captureOrigin(true);
    throw designError(
      {
        rule: 'HDL019',
        summary: `streamFifo '${name}': a depth of ${depth} is not a power of two from 2`,
        help: `${2 ** Math.max(1, Math.ceil(Math.log2(Math.max(2, depth))))} would do`,
      },
      origin,
    );
  }
  const addressBits = addressWidth(depth);
  return component(name, bufferPorts(options), (m, io) => {
    m.doc(`Buffer of ${depth} words, first in, first out.`);
    const { s: source, m: sink } = io as BufferEnds;

    const writeAddress = m.register('wr_addr', uint(addressBits), { reset: 0 });
    const readAddress = m.register('rd_addr', uint(addressBits), { reset: 0 });
    const stored = m.register('stored', uint(addressBits + 1), { reset: 0, doc: 'words in the memory' });
    const offered = m.register('offered', bool(), { reset: 0, doc: 'the output register holds a word' });

    const pushes = m.name('pushes', transfers(source));
    const fetches = m.name('fetches', stored.notEquals(0).and(offered.not().or(sink.ready)));
    m.assign(source.ready, stored.notEquals(depth));
    m.when(pushes, () => m.next(writeAddress, writeAddress.addWrap(1)));
    m.when(fetches, () => m.next(readAddress, readAddress.addWrap(1)));
    m.when(pushes.and(fetches.not()), () => m.next(stored, stored.addWrap(1))).elseWhen(fetches.and(pushes.not()), () =>
      m.next(stored, stored.subWrap(1)),
    );
    m.when(fetches, () => m.next(offered, 1)).elseWhen(sink.ready, () => m.next(offered, 0));

    const word = pack(source);
    const memory = m.memory('words', { depth, type: word.type });
    memory.write(writeAddress, word, pushes);
    const data = memory.read('rd_data', readAddress, { enable: fetches });
    m.assign(sink.valid, offered);
    unpack(m, data, sink);
  });
}

/** Words of any type. */
type StreamEnd<R extends 'from' | 'to'> = LinkEnd<'stream', R, Omit<StreamFields, 'data'>> & {
  readonly data: UInt | SInt | Bool;
};
interface BufferEnds {
  readonly s: StreamEnd<'from'>;
  readonly m: StreamEnd<'to'>;
}

/** Data and, where there is one, `last` above it, as one word. */
function pack({ data, last }: StreamEnd<'from'>): UInt {
  const bits: UInt | Bool = data.kind === 'sint' ? data.asUInt() : data;
  return last === undefined ? concat(bits) : concat(last, bits);
}

function unpack(m: ModuleBuilder, word: UInt, sink: StreamEnd<'to'>): void {
  const { data, last } = sink;
  const bits = word.truncate(data.width);
  if (data.kind === 'sint') m.assign(data, bits.asSInt());
  else if (data.kind === 'bool') m.assign(data, bits.bit(0));
  else m.assign(data, bits);
  if (last !== undefined) m.assign(last, word.bit(data.width));
}
