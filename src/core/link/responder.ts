/** Carries out requests and sends responses and answers (docs/link.md). */
import {
  bool,
  clock,
  component,
  concat,
  enumeration,
  flip,
  input,
  lit,
  mux,
  output,
  reset,
  sint,
  stream,
  uint,
} from '../../hdl/index.ts';
import { commands, crc16, framing, linkRegisters, protocolVersion, statuses } from '../../link/index.ts';
import { crcAfter } from './crc.ts';
import { type LinkCore, linkAddressBits, registerBus, requestLink } from './parts.ts';

export const responder = (name: string, core: LinkCore) =>
  component(
    name,
    {
      clk: clock(),
      rst: reset(),
      request: flip(requestLink(linkAddressBits(core))),
      bus: registerBus(linkAddressBits(core)),
      resultData: input(sint(32)),
      resultValid: input(bool()),
      resultLast: input(bool()),
      resultReady: output(bool()),
      pending: input(uint(8)),
      alarms: input(uint(8)),
      numberUsed: output(bool(), 'one clock: the next image has the next number'),
      answerBegins: output(bool(), 'one clock'),
      answerEnds: output(bool(), 'one clock'),
      bytes: stream(uint(8)),
    },
    (m, io) => {
      m.doc('Sends a response for each request, and an answer for each image, in frames with a checksum.');
      const { request, bus, bytes } = io;
      const state = m.register(
        'state',
        enumeration('state', ['idle', 'execute', 'open', 'load', 'fetch', 'send', 'close']),
        { reset: 'idle' },
      );
      const part = m.register('part', enumeration('part', ['head', 'counts', 'body', 'crc', 'end']), { reset: 'head' });
      const answering = m.register('answering', bool(), { reset: 0, doc: 'the frame is an answer, not a response' });
      const word = m.register('word', uint(32), { reset: 0, doc: 'its lowest byte is sent next' });
      const left = m.register('bytes_left', uint(2), { reset: 0, doc: 'behind that byte' });
      const words = m.register('words_left', uint(8), { reset: 0, doc: 'of a response' });
      const numberSent = m.register('number_sent', bool(), { reset: 0 });
      const bodyDone = m.register('body_done', bool(), { reset: 0 });
      const address = m.register('address', uint(linkAddressBits(core)), { reset: 0 });
      const escaped = m.register('escaped', bool(), { reset: 0 });
      const crc = m.register('crc', uint(16), { reset: 0 });

      const done = request.status.equals(statuses.ok.code);
      const reads = m.name('reads', done.and(request.command.equals(commands.read.code)));
      const writes = m.name('writes', done.and(request.command.equals(commands.write.code)));
      const accepts = m.name('accepts', done.and(request.command.equals(commands.classify.code)));
      const count = m.name('word_count', mux(reads, request.value.truncate(8), accepts.asUInt().extend(8)));

      m.section('Head');
      const answerBytes = 4 * (core.classes + 2);
      const length = mux(answering, lit(answerBytes, uint(16)), concat(lit(0, uint(6)), count, lit(0, uint(2))));
      const head = concat(
        mux(answering, lit(statuses.ok.code, uint(8)), request.status.extend(8)),
        mux(answering, lit(commands.answer.code, uint(8)), request.command),
        mux(answering, lit(0, uint(8)), request.sequence),
        lit(0x80 + protocolVersion, uint(8)),
      );
      const counts = concat(io.alarms, io.pending, length);

      m.section('Bytes');
      const byte = m.name('next_byte', word.truncate(8));
      const special = m.name('special', byte.equals(framing.flag).or(byte.equals(framing.escape)));
      const sending = m.name('sending', state.is('send'));
      const flag = m.name('is_flag', state.is('open').or(state.is('close')));
      const escapes = m.name('escapes', sending.and(special).and(escaped.not()));
      m.assign(bytes.valid, sending.or(flag));
      m.assign(
        bytes.data,
        mux(
          flag,
          lit(framing.flag, uint(8)),
          mux(escapes, lit(framing.escape, uint(8)), mux(escaped, byte.xor(framing.escapeXor), byte)),
        ),
      );

      const starts = m.name('answer_starts', state.is('idle').and(request.valid.not()).and(io.resultValid));
      const ends = m.name('frame_ends', state.is('close').and(bytes.ready));
      const fromCore = m.name('from_core', answering.and(numberSent));
      const takesResult = m.name('takes_result', state.is('fetch').and(fromCore).and(io.resultValid));
      const load = (value: typeof word, last: number) => {
        m.next(word, value);
        m.next(left, last);
        m.next(state, 'send');
      };
      m.switch(state, {
        idle: () => {
          m.next(part, 'head');
          m.next(numberSent, 0);
          m.next(answering, starts);
          m.when(request.valid, () => {
            m.next(address, mux(accepts, lit(linkRegisters.IMAGE.address, address.type), request.address));
            m.next(words, count);
            m.next(bodyDone, count.equals(0));
            m.when(writes, () => m.next(state, 'execute')).otherwise(() => m.next(state, 'open'));
          }).elseWhen(io.resultValid, () => {
            m.next(address, linkRegisters.ANSWER.address);
            m.next(bodyDone, 0);
            m.next(state, 'open');
          });
        },
        execute: () => {
          m.when(bus.ack, () => m.next(state, 'open'));
        },
        open: () => {
          m.next(crc, crc16.initial);
          m.when(bytes.ready, () => m.next(state, 'load'));
        },
        load: () => {
          m.switch(part, {
            head: () => {
              load(head, 3);
              m.next(part, 'counts');
            },
            counts: () => {
              load(counts, 3);
              m.next(part, 'body');
            },
            body: () => {
              m.when(bodyDone, () => m.next(part, 'crc')).otherwise(() => m.next(state, 'fetch'));
            },
            crc: () => {
              load(crc.not().extend(32), 1);
              m.next(part, 'end');
            },
            end: () => m.next(state, 'close'),
          });
        },
        fetch: () => {
          m.when(fromCore, () => {
            m.when(io.resultValid, () => {
              m.next(bodyDone, io.resultLast);
              load(io.resultData.asUInt(), 3);
            });
          }).elseWhen(bus.ack, () => {
            m.next(numberSent, 1);
            m.next(address, address.addWrap(1));
            m.next(words, words.subWrap(1));
            m.next(bodyDone, words.equals(1).and(answering.not()));
            load(bus.readData, 3);
          });
        },
        send: () => {
          m.when(bytes.ready, () => {
            m.next(escaped, escapes);
            m.when(escapes.not(), () => {
              m.when(part.is('end').not(), () => m.next(crc, crcAfter(m, crc, byte)));
              m.next(word, word.shiftRight(8).extend(32));
              m.next(left, left.subWrap(1));
              m.when(left.equals(0), () => m.next(state, 'load'));
            });
          });
        },
        close: () => {
          m.when(bytes.ready, () => m.next(state, 'idle'));
        },
      });
      m.assign(bus.access, state.is('execute').or(state.is('fetch').and(fromCore.not())));
      m.assign(bus.write, state.is('execute'));
      m.assign(bus.address, address);
      m.assign(bus.writeData, request.value);
      m.assign(io.resultReady, takesResult);
      m.assign(io.answerBegins, starts);
      m.assign(io.answerEnds, ends.and(answering));
      m.assign(request.done, ends.and(answering.not()));
      m.assign(io.numberUsed, ends.and(answering.not()).and(request.numbered));
    },
  );
