/** Carries out requests and sends responses and answers (docs/link.md). */
import {
  type Bool,
  bool,
  clock,
  component,
  concat,
  enumeration,
  flip,
  type Inside,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  reset,
  sint,
  stream,
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { alarms, commands, crc16, framing, linkRegisters, protocolVersion, statuses } from '../../link/index.ts';
import { byteOfWord } from './bytes.ts';
import { crcAfter } from './crc.ts';
import { byteBus, type LinkCore, linkAddressBits, pendingBits, requestLink } from './parts.ts';

const responderPorts = (core: LinkCore) => ({
  clk: clock(),
  rst: reset(),
  request: flip(requestLink(core)),
  bus: byteBus(core),
  resultData: input(sint(32), 'a score, then the class'),
  resultValid: input(bool(), 'a result waits'),
  resultReady: output(bool(), 'it is taken'),
  pending: input(uint(pendingBits(core)), 'images without an answer'),
  alarms: input(uint(Object.keys(alarms).length), 'what has gone wrong, a bit each'),
  numberUsed: output(bool(), 'one clock: the next image has the next number'),
  answerBegins: output(bool(), 'one clock'),
  answerEnds: output(bool(), 'one clock'),
  bytes: stream(uint(8)),
});
type ResponderIo = Inside<ReturnType<typeof responderPorts>>;

export const responder = (name: string, core: LinkCore) =>
  component(name, responderPorts(core), (m, io) => {
    m.doc('Sends a response for each request, and an answer for each image, in frames with a checksum.');
    const at = progressOf(m, io, core);
    const byte = nextByte(m, io, at);
    const line = lineOf(m, io, at, byte);
    sendFrames(m, io, core, at, { ...line, byte });
    showTo(m, io, at, line);
  });

type Progress = ReturnType<typeof progressOf>;
type Line = ReturnType<typeof lineOf>;

/** How far the frame that is sent has come. */
function progressOf(m: ModuleBuilder, { request }: ResponderIo, core: LinkCore) {
  const state = m.register('state', enumeration('state', ['idle', 'execute', 'open', 'fetch', 'send', 'close']), {
    reset: 'idle',
  });
  const part = m.register('part', enumeration('part', ['head', 'body', 'crc']), { reset: 'head' });
  const answering = m.register('answering', bool(), { reset: 0, doc: 'the frame is an answer, not a response' });
  const index = m.register('byte_index', uint(3), { reset: 0, doc: 'in the head, in a word, in the CRC' });
  const words = m.register('words_left', uint(8), { reset: 0, doc: 'of the payload' });
  const numberSent = m.register('number_sent', bool(), { reset: 0 });
  const address = m.register('address', uint(linkAddressBits(core)), { reset: 0 });
  const escaped = m.register('escaped', bool(), { reset: 0 });
  const crc = m.register('crc', uint(16), { reset: crc16.initial });

  const done = request.status.equals(statuses.ok.code);
  const reads = m.name('reads', done.and(request.command.equals(commands.read.code)));
  const writes = m.name('writes', done.and(request.command.equals(commands.write.code)));
  const blocks = request.blockWords && m.name('blocks', done.and(request.command.equals(commands.block.code)));
  const block = blocks && request.blockIndex && blockOf(m, blocks, request.blockIndex.type);
  const accepts = m.name('accepts', done.and(request.command.equals(commands.classify.code)));
  const fromCore = m.name('from_core', answering.and(numberSent));
  const lane = m.name('lane', index.truncate(2));
  const asked = { reads, writes, accepts };
  return { block, state, part, answering, index, words, numberSent, address, escaped, crc, asked, fromCore, lane };
}

/** The word of a block that is written next: its memory answers a clock after it was asked. */
function blockOf(m: ModuleBuilder, asked: Bool, type: UInt['type']) {
  const index = m.register('block_index', type, { reset: 0 });
  const here = m.register('word_here', bool(), { reset: 0 });
  return { asked, index, here };
}

/** The byte whose turn it is, before escapes. */
function nextByte(m: ModuleBuilder, io: ResponderIo, at: Progress): UInt {
  const { request } = io;
  const { answering, index, words, crc } = at;
  m.section('Bytes');
  const byte = m.wire('next_byte', uint(8));
  const head = m.wire('head_byte', uint(8));
  const instead = (usual: UInt, answer: number) => mux(answering, lit(answer, uint(8)), usual.extend(8));
  m.switchValue(index, [
    [0, () => m.assign(head, 0x80 + protocolVersion)],
    [1, () => m.assign(head, instead(request.sequence, 0))],
    [2, () => m.assign(head, instead(request.command, commands.answer.code))],
    [3, () => m.assign(head, instead(request.status, statuses.ok.code))],
    [4, () => m.assign(head, concat(words.truncate(6), lit(0, uint(2))))],
    [5, () => m.assign(head, words.slice(7, 6).extend(8))],
    [6, () => m.assign(head, io.pending.extend(8))],
    [7, () => m.assign(head, io.alarms.extend(8))],
  ]);
  m.switch(at.part, {
    head: () => m.assign(byte, head),
    body: () => m.assign(byte, mux(at.fromCore, byteOfWord(io.resultData.asUInt(), at.lane), io.bus.readByte)),
    crc: () => m.assign(byte, mux(index.bit(0), crc.slice(15, 8), crc.slice(7, 0)).not()),
  });
  return byte;
}

/** Bytes on the line, with flags and escapes; what has been sent. */
function lineOf(m: ModuleBuilder, io: ResponderIo, { state, part, escaped, lane }: Progress, byte: UInt) {
  const { bytes, request } = io;
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
  const sent = m.name('byte_sent', sending.and(bytes.ready).and(escapes.not()));
  const inBody = m.name('in_body', part.is('body'));
  const wordSent = m.name('word_sent', sent.and(inBody).and(lane.equals(3)));
  return { escapes, starts, ends, sent, inBody, wordSent };
}

/** Flag, head, words, checksum, flag. */
function sendFrames(
  m: ModuleBuilder,
  io: ResponderIo,
  core: LinkCore,
  at: Progress,
  line: Line & { readonly byte: UInt },
): void {
  const { bytes, bus } = io;
  const { state, part, words } = at;
  m.switch(state, {
    idle: () => beginFrame(m, io, core, at, line.starts),
    execute: () => {
      if (at.block) m.next(at.block.here, 1);
      m.when(bus.ack, () => written(m, at));
    },
    open: () => {
      m.when(bytes.ready, () => m.next(state, 'send'));
    },
    fetch: () => {
      m.when(words.equals(0), () => {
        m.next(part, 'crc');
        m.next(state, 'send');
      }).elseWhen(mux(at.fromCore, io.resultValid, bus.ack), () => m.next(state, 'send'));
    },
    send: () => {
      m.when(bytes.ready, () => m.next(at.escaped, line.escapes));
      m.when(line.sent, () => byteSent(m, at, line.byte));
      m.when(line.wordSent, () => {
        m.next(at.numberSent, 1);
        m.next(at.address, at.address.addWrap(1));
        m.next(words, words.subWrap(1));
      });
    },
    close: () => {
      m.when(bytes.ready, () => m.next(state, 'idle'));
    },
  });
}

/** The next word of a block, or the response. */
function written(m: ModuleBuilder, { state, words, address, block }: Progress): void {
  if (!block) {
    m.next(state, 'open');
    return;
  }
  m.when(block.asked, () => {
    m.next(words, words.subWrap(1));
    m.next(address, address.addWrap(1));
    m.next(block.index, block.index.addWrap(1));
    m.next(block.here, 0);
    m.when(words.equals(1), () => m.next(state, 'open'));
  }).otherwise(() => m.next(state, 'open'));
}

/** A request comes before an answer. */
function beginFrame(
  m: ModuleBuilder,
  { request, resultValid }: ResponderIo,
  core: LinkCore,
  at: Progress,
  starts: Bool,
): void {
  const { state, address, words } = at;
  const { reads, writes, accepts } = at.asked;
  m.next(at.part, 'head');
  m.next(at.index, 0);
  m.next(at.numberSent, 0);
  m.next(at.crc, crc16.initial);
  m.next(at.answering, starts);
  if (at.block) {
    m.next(at.block.index, 0);
    m.next(at.block.here, 0);
  }
  m.when(request.valid, () => {
    m.next(address, mux(accepts, lit(linkRegisters.IMAGE.address, address.type), request.address));
    const others = accepts.asUInt().extend(8);
    const { block } = at;
    const inBlock = block && request.blockWords ? mux(block.asked, request.blockWords.extend(8), others) : others;
    m.next(words, mux(reads, request.value.truncate(8), inBlock));
    m.when(block ? writes.or(block.asked) : writes, () => m.next(state, 'execute')).otherwise(() =>
      m.next(state, 'open'),
    );
  }).elseWhen(resultValid, () => {
    m.next(address, linkRegisters.ANSWER.address);
    m.next(words, core.classes + 2);
    m.next(state, 'open');
  });
}

function byteSent(m: ModuleBuilder, { state, part, index, lane, crc }: Progress, byte: UInt): void {
  m.next(index, index.addWrap(1));
  m.switch(part, {
    head: () => {
      m.when(index.equals(7), () => {
        m.next(part, 'body');
        m.next(state, 'fetch');
      });
    },
    body: () => {
      m.when(lane.equals(3), () => m.next(state, 'fetch'));
    },
    crc: () => {
      m.when(index.bit(0), () => m.next(state, 'close'));
    },
  });
  m.when(part.is('crc').not(), () => m.next(crc, crcAfter(m, crc, byte)));
}

/** What registers, core and reader see of the frame that is sent. */
function showTo(m: ModuleBuilder, io: ResponderIo, at: Progress, { starts, ends, inBody, wordSent }: Line): void {
  const { bus, request } = io;
  const { state, words, fromCore, answering, lane } = at;
  const executes = at.block ? state.is('execute').and(at.block.here.or(at.block.asked.not())) : state.is('execute');
  m.assign(bus.access, executes.or(state.is('fetch').and(words.notEquals(0)).and(fromCore.not())));
  m.assign(bus.write, state.is('execute'));
  m.assign(bus.address, at.address);
  const { block } = at;
  m.assign(
    bus.writeData,
    block && request.blockWord ? mux(block.asked, request.blockWord, request.value) : request.value,
  );
  if (request.blockIndex && block) m.assign(request.blockIndex, block.index);
  m.assign(bus.lane, lane);
  m.assign(bus.sending, inBody.and(lane.notEquals(0)));
  m.assign(io.resultReady, wordSent.and(fromCore));
  m.assign(io.answerBegins, starts);
  m.assign(io.answerEnds, ends.and(answering));
  m.assign(request.done, ends.and(answering.not()));
  m.assign(io.numberUsed, ends.and(answering.not()).and(request.numbered));
}
