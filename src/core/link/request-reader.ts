/** Frames to requests: header, payload, pixels on their way into the core (docs/link.md). */
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
  type UInt,
  uint,
} from '../../hdl/index.ts';
import { commands, fieldBytes, protocolVersion, requestHeader, statuses } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { fitted } from '../parts/fit.ts';
import { byteRegisters } from './bytes.ts';
import { blockWords, frameLink, type LinkCore, requestLink } from './parts.ts';

/** Payload of the commands that are no image. */
const shortPayload = fieldBytes(commands.write.request);
const addressBytes = commands.write.request[0].bytes;
const wordBytes = shortPayload - addressBytes;
const longestBlock = addressBytes + blockWords * wordBytes;
const headerBytes = fieldBytes(requestHeader);

const readerPorts = (core: LinkCore) => ({
  clk: clock(),
  rst: reset(),
  frame: flip(frameLink),
  request: requestLink(core),
  seeking: input(bool(), 'the core is on its way to an image number, or takes none'),
  pixel: output(uint(8), 'pixel of the image being sent'),
  pixelValid: output(bool(), 'a pixel is there'),
  pixelLast: output(bool(), "it is the image's last"),
  pixelBad: output(bool(), 'with the last one: drop the image'),
  pixelReady: input(bool(), 'the core takes it'),
  accepted: output(bool(), 'one clock: an image is complete'),
  badFrame: output(bool(), 'one clock: a request was not carried out'),
  overrun: output(bool(), 'one clock: bytes came that had no place'),
});
type ReaderIo = Inside<ReturnType<typeof readerPorts>>;

export const requestReader = (name: string, core: LinkCore) =>
  component(name, readerPorts(core), (m, io) => {
    m.doc(
      'Reads requests. The last pixel of an image waits until the checksum is known: only then the core has all of it.',
    );
    const head = headerOf(m, io, core);
    const waiting = waitingRequest(m, io);
    const pixels = pixelStage(m, io);
    const bytes = bytesOf(m, io, head, waiting.usesPayload, pixels);
    keepBytes(m, io, core, { head, pixels, bytes });
    const status = judge(m, io, head);
    deliver(m, io, { head, waiting, pixels, status, bytes });
  });

type Head = ReturnType<typeof headerOf>;
type Block = NonNullable<Head['block']>;
type Waiting = ReturnType<typeof waitingRequest>;
type Pixels = ReturnType<typeof pixelStage>;
type Bytes = ReturnType<typeof bytesOf>;

/** What is known of the frame that comes. */
function headerOf(m: ModuleBuilder, { request }: ReaderIo, core: LinkCore) {
  m.section('Header');
  const state = m.register('state', enumeration('state', ['receive', 'deliver']), { reset: 'receive' });
  const field = m.register('field', uint(unsignedBits(headerBytes)), {
    reset: 0,
    doc: 'byte of the header; behind it the payload',
  });
  const sequence = m.register('frame_sequence', uint(8), { reset: 0 });
  const command = m.register('frame_command', uint(8), { reset: 0 });
  const versionWrong = m.register('version_wrong', bool(), { reset: 0 });
  const lengthWrong = m.register('length_wrong', bool(), { reset: 0 });
  const refused = m.register('refused', bool(), { reset: 0, doc: 'the core was seeking when the frame began' });
  const missed = m.register('missed', bool(), { reset: 0, doc: 'bytes of this frame had no place' });
  const headless = m.register('headless', bool(), { reset: 0, doc: 'those that say what it is may be among them' });
  const longest = Math.max(core.pixels, core.loads ? longestBlock : shortPayload);
  const left = m.register('payload_left', uint(unsignedBits(longest)), { reset: 0 });
  const behind = m.register('bytes_behind', uint(2), {
    reset: 0,
    doc: 'bytes behind the payload: the CRC has two',
  });
  const address = byteRegisters(m, 'payload_address', request.address.width);
  const value = byteRegisters(m, 'payload_value', request.value.width);
  const isClassify = m.name('is_classify', command.equals(commands.classify.code));
  const isShort = m.name('is_short', command.equals(commands.read.code).or(command.equals(commands.write.code)));
  const block = core.loads ? blockOf(m, command) : undefined;
  const wrong = { versionWrong, lengthWrong, refused, missed, headless };
  return { block, state, field, sequence, command, ...wrong, left, behind, address, value, isClassify, isShort };
}

/** The words of a block, until its checksum is known and all of them are written. */
function blockOf(m: ModuleBuilder, command: UInt) {
  const isBlock = m.name('is_block', command.equals(commands.block.code));
  const index = m.register('block_index', uint(unsignedBits(blockWords - 1)), { reset: 0, doc: 'of the next word' });
  const byte = m.register('block_byte', uint(3), {
    reset: shortPayload,
    doc: 'of address and word, as many as are left',
  });
  const words = m.memory('block', { depth: blockWords, type: uint(32) });
  return { isBlock, index, byte, words };
}

/** The request that the responder works on. */
function waitingRequest(m: ModuleBuilder, { request }: ReaderIo) {
  m.section('Request that waits for its response');
  const waits = m.register('request_waits', bool(), { reset: 0 });
  const sequence = m.register('held_sequence', uint(8), { reset: 0 });
  const command = m.register('held_command', uint(8), { reset: 0 });
  const status = m.register('held_status', uint(4), { reset: 0 });
  const numbered = m.register('held_numbered', bool(), { reset: 0 });
  m.when(request.done, () => m.next(waits, 0));
  m.comment('Its address and value are still in the payload register: no other payload may come.');
  const usesPayload = m.name(
    'uses_payload',
    waits.and(status.equals(statuses.ok.code)).and(command.notEquals(commands.classify.code)),
  );
  return { waits, sequence, command, status, numbered, usesPayload };
}

/** The pixel that waits for the next one, and the one that the core may take. */
function pixelStage(m: ModuleBuilder, io: ReaderIo) {
  m.section('Pixels');
  const held = m.register('held_pixel', uint(8), { reset: 0 });
  const heldValid = m.register('held_valid', bool(), { reset: 0, doc: 'an image has begun' });
  const pixel = m.register('pixel_out', uint(8), { reset: 0 });
  const valid = m.register('pixel_out_valid', bool(), { reset: 0 });
  const last = m.register('pixel_out_last', bool(), { reset: 0 });
  const bad = m.register('pixel_out_bad', bool(), { reset: 0 });
  const stuck = m.name('pixel_stuck', valid.and(io.pixelReady.not()));
  m.when(io.pixelReady, () => m.next(valid, 0));
  const offer = (isLast: Bool | 0, isBad: Bool | 0) => {
    m.next(pixel, held);
    m.next(valid, 1);
    m.next(last, isLast);
    m.next(bad, isBad);
  };
  const show = () => {
    m.assign(io.pixel, pixel);
    m.assign(io.pixelValid, valid);
    m.assign(io.pixelLast, last);
    m.assign(io.pixelBad, bad);
  };
  return { held, heldValid, stuck, offer, show };
}

/** What a byte is, and whether there is room for it. */
function bytesOf(m: ModuleBuilder, { frame }: ReaderIo, head: Head, usesPayload: Bool, { heldValid, stuck }: Pixels) {
  const { versionWrong, lengthWrong, refused, missed, isClassify } = head;
  const receives = m.name('receives', head.state.is('receive').and(usesPayload.not()));
  const comes = m.name('byte_comes', frame.byteValid.and(receives));
  const inPayload = m.name('in_payload', head.field.equals(headerBytes).and(head.left.notEquals(0)));
  const takesPixel = isClassify.and(versionWrong.or(lengthWrong).or(refused).or(missed).not());
  const lost = m.name('byte_lost', frame.byteValid.and(receives.not()));
  const overrun = m.name('pixel_lost', comes.and(inPayload).and(takesPixel).and(heldValid).and(stuck));
  m.when(frame.end, () => {
    m.next(missed, 0);
    m.next(head.headless, 0);
  }).otherwise(() => {
    m.when(lost.or(overrun), () => m.next(missed, 1));
    m.when(lost, () => m.next(head.headless, 1));
  });
  return { comes, inPayload, takesPixel, lost, overrun };
}

interface Reading {
  readonly head: Head;
  readonly pixels: Pixels;
  readonly bytes: Bytes;
}

/** Each byte goes where it belongs. */
function keepBytes(m: ModuleBuilder, io: ReaderIo, core: LinkCore, { head, pixels, bytes }: Reading): void {
  const { frame } = io;
  const { field, left, behind, isClassify, address, value } = head;
  const { held, heldValid, stuck, offer } = pixels;
  m.section('Bytes of a frame');
  m.when(bytes.comes, () => {
    keepHeader(m, io, core, head);
    m.when(field.notEquals(headerBytes), () => m.next(field, field.addWrap(1)))
      .elseWhen(bytes.inPayload, () => {
        m.next(left, left.subWrap(1));
        m.when(isClassify, () => {
          m.when(bytes.takesPixel, () => {
            m.next(held, frame.byte);
            m.next(heldValid, 1);
            m.when(heldValid.and(stuck.not()), () => offer(0, 0));
          });
        }).otherwise(() => {
          const places = [...address.keeps(frame.byte, shortPayload), ...value.keeps(frame.byte, wordBytes)];
          m.switchValue(head.block?.byte ?? left.truncate(3), places, () => {});
          if (head.block) keepBlock(m, head.block);
        });
      })
      .elseWhen(behind.notEquals(3), () => m.next(behind, behind.addWrap(1)));
  });
}

/** The fourth byte of a word brings it into the block. */
function keepBlock(m: ModuleBuilder, { byte, index }: Block): void {
  m.when(byte.equals(1), () => {
    m.next(byte, wordBytes);
    m.next(index, index.addWrap(1));
  }).otherwise(() => m.next(byte, byte.subWrap(1)));
}

/** Version, sequence, command, length. */
function keepHeader(m: ModuleBuilder, { frame, seeking }: ReaderIo, core: LinkCore, head: Head): void {
  const { isClassify, left, lengthWrong, block } = head;
  const ofPayload = (pixels: number, short: number, type: UInt['type']) =>
    mux(isClassify, lit(pixels, type), lit(short, type));
  const byteOfLength = (byte: number) => {
    const byteAt = (length: number) => (length >>> (8 * byte)) & 0xff;
    const wanted = ofPayload(byteAt(core.pixels), byteAt(shortPayload), uint(8));
    const wrong = frame.byte.notEquals(wanted);
    m.when(block ? mux(block.isBlock, blockLengthWrong(byte, frame.byte, left), wrong) : wrong, () =>
      m.next(lengthWrong, 1),
    );
  };
  const begin = () => m.next(left, ofPayload(core.pixels, shortPayload, left.type));
  m.switchValue(
    head.field,
    [
      [0, () => m.next(head.versionWrong, frame.byte.notEquals(protocolVersion))],
      [1, () => m.next(head.sequence, frame.byte)],
      [2, () => m.next(head.command, frame.byte)],
      [
        3,
        () => {
          byteOfLength(0);
          if (block) m.next(left, frame.byte.extend(left.width));
        },
      ],
      [
        4,
        () => {
          byteOfLength(1);
          if (block) m.next(left, fitted(concat(frame.byte, left.slice(7, 0)), left.width));
        },
      ],
      [
        5,
        () => {
          byteOfLength(2);
          m.next(head.refused, seeking);
          if (!block) begin();
          else {
            m.when(block.isBlock.not(), begin);
            m.next(block.byte, shortPayload);
            m.next(block.index, 0);
          }
        },
      ],
    ],
    () => {},
  );
}

/** Two bytes of an address, then 1 to 64 words. */
function blockLengthWrong(byte: number, found: UInt, left: UInt): Bool {
  if (byte === 0) return found.truncate(2).notEquals(addressBytes);
  // Only the longest block has a second byte: its first is that of the address alone.
  if (byte === 1) return mux(left.slice(7, 2).equals(0), found.notEquals(1), found.notEquals(0));
  return found.notEquals(0);
}

/** The status of the frame that is over, the first fault that is found. */
function judge(m: ModuleBuilder, { frame }: ReaderIo, head: Head): UInt {
  const { missed, versionWrong, lengthWrong, refused, isClassify, isShort, block } = head;
  m.section('What the frame was');
  const code = (name: keyof typeof statuses) => lit(statuses[name].code, uint(4));
  const whole = head.field.equals(headerBytes);
  const isEnd = head.left.equals(0).and(head.behind.equals(2));
  const rightLength = m.name('right_length', isEnd.and(lengthWrong.not()));
  const faults: [Bool, keyof typeof statuses][] = [
    [frame.lineFault, 'line'],
    [frame.timeout, 'timeout'],
    [frame.crcGood.and(whole.or(missed)).not(), 'crc'],
    [missed, 'overrun'],
    [versionWrong, 'version'],
    [isClassify.or(block ? isShort.or(block.isBlock) : isShort).not(), 'command'],
    [rightLength.not(), 'length'],
    [isClassify.and(refused), 'busy'],
  ];
  return m.name(
    'judged',
    faults.reduceRight((rest, [is, name]) => mux(is, code(name), rest), code('ok')),
  );
}

/** Words go into the block as they come, and out as the responder asks for them. */
function showBlock(m: ModuleBuilder, { frame, request }: ReaderIo, head: Head & { block: Block }, bytes: Bytes): void {
  m.section('Words of a block');
  const { isBlock, index, byte, words } = head.block;
  const whole = concat(frame.byte, head.value.value.slice(23, 0));
  words.write(index, whole, m.name('block_written', bytes.comes.and(bytes.inPayload).and(isBlock).and(byte.equals(1))));
  if (!request.blockWords || !request.blockIndex || !request.blockWord) return;
  m.assign(request.blockWords, concat(index.equals(0), index));
  m.assign(request.blockWord, words.read('block_word', request.blockIndex));
}

/** The frame becomes a request, and its last pixel leaves. */
function deliver(
  m: ModuleBuilder,
  io: ReaderIo,
  { head, waiting, pixels, bytes, status: judged }: Reading & { readonly waiting: Waiting; readonly status: UInt },
): void {
  const { state, isClassify } = head;
  const { waits } = waiting;
  const { heldValid, stuck, offer } = pixels;
  const status = m.register('status', uint(4), { reset: 0 });
  const good = m.name('good', status.equals(statuses.ok.code));
  const numbered = m.register('numbered', bool(), { reset: 0 });
  const swallowed = m.register('swallowed', bool(), { reset: 0, doc: 'whole frames came that had no place' });
  const nobodys = () => {
    m.next(head.sequence, 0);
    m.next(head.command, 0);
  };
  const delivered = m.name('delivered', state.is('deliver').and(stuck.not()).and(waits.not()).and(heldValid.not()));
  m.switch(state, {
    receive: () => {
      m.when(io.frame.end, () => {
        m.next(status, judged);
        m.next(numbered, heldValid);
        m.next(state, 'deliver');
        m.when(head.headless, nobodys);
      });
    },
    deliver: () => {
      m.when(io.frame.end, () => m.next(swallowed, 1));
      m.when(delivered, () => {
        m.comment('One response says that there were others.');
        m.when(swallowed.or(io.frame.end), () => {
          m.next(swallowed, swallowed.and(io.frame.end));
          m.next(status, statuses.overrun.code);
          m.next(numbered, 0);
          nobodys();
        }).otherwise(() => m.next(state, 'receive'));
        for (const each of [head.field, head.behind, head.left]) m.next(each, 0);
        m.next(head.lengthWrong, 0);
        m.next(waits, 1);
        m.next(waiting.sequence, head.sequence);
        m.next(waiting.command, head.command);
        m.next(waiting.status, status);
        m.next(waiting.numbered, numbered);
      }).elseWhen(stuck.or(waits).not(), () => {
        m.next(heldValid, 0);
        offer(lit(1, bool()), good.not());
      });
    },
  });
  pixels.show();
  m.assign(io.accepted, delivered.and(good).and(isClassify));
  m.assign(io.badFrame, delivered.and(good.not()));
  m.assign(io.overrun, bytes.lost.or(bytes.overrun).and(head.missed.not()));
  const { request } = io;
  m.assign(request.valid, waits);
  m.assign(request.sequence, waiting.sequence);
  m.assign(request.command, waiting.command);
  m.assign(request.status, waiting.status);
  m.assign(request.numbered, waiting.numbered);
  m.assign(request.address, head.address.value);
  m.assign(request.value, head.value.value);
  if (head.block) showBlock(m, io, { ...head, block: head.block }, bytes);
}
