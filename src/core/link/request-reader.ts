/** Frames to requests: header, payload, pixels on their way into the core (docs/link.md). */
import {
  type Bool,
  bool,
  clock,
  component,
  enumeration,
  flip,
  input,
  lit,
  mux,
  output,
  reset,
  uint,
} from '../../hdl/index.ts';
import { commands, fieldBytes, protocolVersion, requestHeader, statuses } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { byteRegisters } from './bytes.ts';
import { frameLink, type LinkCore, requestLink } from './parts.ts';

/** Payload of the commands that are no image. */
const shortPayload = fieldBytes(commands.write.request);
const headerBytes = fieldBytes(requestHeader);

export const requestReader = (name: string, core: LinkCore) =>
  component(
    name,
    {
      clk: clock(),
      rst: reset(),
      frame: flip(frameLink),
      request: requestLink(core),
      seeking: input(bool(), 'the core is on its way to an image number'),
      pixel: output(uint(8)),
      pixelValid: output(bool()),
      pixelLast: output(bool()),
      pixelBad: output(bool(), 'with the last one: drop the image'),
      pixelReady: input(bool()),
      accepted: output(bool(), 'one clock: an image is complete'),
      badFrame: output(bool(), 'one clock: a request was not carried out'),
      overrun: output(bool(), 'one clock: bytes came that had no place'),
    },
    (m, io) => {
      m.doc(
        'Reads requests. The last pixel of an image waits until the checksum is known: only then the core has all of it.',
      );
      const { frame, request } = io;
      const fieldType = uint(unsignedBits(headerBytes));
      const leftType = uint(unsignedBits(Math.max(core.pixels, shortPayload)));

      m.section('Header');
      const state = m.register('state', enumeration('state', ['receive', 'deliver']), { reset: 'receive' });
      const field = m.register('field', fieldType, { reset: 0, doc: 'byte of the header; behind it the payload' });
      const sequence = m.register('frame_sequence', uint(8), { reset: 0 });
      const command = m.register('frame_command', uint(8), { reset: 0 });
      const versionWrong = m.register('version_wrong', bool(), { reset: 0 });
      const lengthWrong = m.register('length_wrong', bool(), { reset: 0 });
      const refused = m.register('refused', bool(), { reset: 0, doc: 'the core was seeking when the frame began' });
      const missed = m.register('missed', bool(), { reset: 0, doc: 'bytes of this frame had no place' });
      const left = m.register('payload_left', leftType, { reset: 0 });
      const behind = m.register('bytes_behind', uint(2), {
        reset: 0,
        doc: 'bytes behind the payload: the CRC has two',
      });
      const address = byteRegisters(m, 'payload_address', request.address.width);
      const value = byteRegisters(m, 'payload_value', request.value.width);
      const isClassify = m.name('is_classify', command.equals(commands.classify.code));
      const isShort = m.name('is_short', command.equals(commands.read.code).or(command.equals(commands.write.code)));

      m.section('Request that waits for its response');
      const waits = m.register('request_waits', bool(), { reset: 0 });
      const heldSequence = m.register('held_sequence', uint(8), { reset: 0 });
      const heldCommand = m.register('held_command', uint(8), { reset: 0 });
      const heldStatus = m.register('held_status', uint(4), { reset: 0 });
      const heldNumbered = m.register('held_numbered', bool(), { reset: 0 });
      m.when(request.done, () => m.next(waits, 0));
      m.comment('Its address and value are still in the payload register: no other payload may come.');
      const usesPayload = m.name(
        'uses_payload',
        waits.and(heldStatus.equals(statuses.ok.code)).and(heldCommand.notEquals(commands.classify.code)),
      );

      m.section('Pixels');
      const held = m.register('held_pixel', uint(8), { reset: 0 });
      const heldValid = m.register('held_valid', bool(), { reset: 0, doc: 'an image has begun' });
      const pixel = m.register('pixel_out', uint(8), { reset: 0 });
      const pixelValid = m.register('pixel_out_valid', bool(), { reset: 0 });
      const pixelLast = m.register('pixel_out_last', bool(), { reset: 0 });
      const pixelBad = m.register('pixel_out_bad', bool(), { reset: 0 });
      const stuck = m.name('pixel_stuck', pixelValid.and(io.pixelReady.not()));
      const offer = (last: Bool | 0, bad: Bool | 0) => {
        m.next(pixel, held);
        m.next(pixelValid, 1);
        m.next(pixelLast, last);
        m.next(pixelBad, bad);
      };
      m.when(io.pixelReady, () => m.next(pixelValid, 0));

      const receives = m.name('receives', state.is('receive').and(usesPayload.not()));
      const byteComes = m.name('byte_comes', frame.byteValid.and(receives));
      const inPayload = m.name('in_payload', field.equals(headerBytes).and(left.notEquals(0)));
      const takesPixel = isClassify.and(versionWrong.or(lengthWrong).or(refused).or(missed).not());
      const lost = m.name('byte_lost', frame.byteValid.and(receives.not()));
      const overrun = m.name('pixel_lost', byteComes.and(inPayload).and(takesPixel).and(heldValid).and(stuck));
      m.when(lost.or(overrun), () => m.next(missed, 1));

      m.section('Bytes of a frame');
      const wanted = (byte: number) =>
        mux(
          isClassify,
          lit((core.pixels >>> (8 * byte)) & 0xff, uint(8)),
          lit((shortPayload >>> (8 * byte)) & 0xff, uint(8)),
        );
      const byteOfLength = (byte: number) => m.when(frame.byte.notEquals(wanted(byte)), () => m.next(lengthWrong, 1));
      m.when(byteComes, () => {
        m.switchValue(
          field,
          [
            [0, () => m.next(versionWrong, frame.byte.notEquals(protocolVersion))],
            [1, () => m.next(sequence, frame.byte)],
            [2, () => m.next(command, frame.byte)],
            [3, () => byteOfLength(0)],
            [4, () => byteOfLength(1)],
            [
              5,
              () => {
                byteOfLength(2);
                m.next(refused, io.seeking);
                m.next(left, mux(isClassify, lit(core.pixels, leftType), lit(shortPayload, leftType)));
              },
            ],
          ],
          () => {},
        );
        m.when(field.notEquals(headerBytes), () => m.next(field, field.addWrap(1)))
          .elseWhen(inPayload, () => {
            m.next(left, left.subWrap(1));
            m.when(isClassify, () => {
              m.when(takesPixel, () => {
                m.next(held, frame.byte);
                m.next(heldValid, 1);
                m.when(heldValid.and(stuck.not()), () => offer(0, 0));
              });
            }).otherwise(() => {
              m.switchValue(
                left.truncate(3),
                [
                  ...address.keeps(frame.byte, shortPayload),
                  ...value.keeps(frame.byte, shortPayload - commands.write.request[0].bytes),
                ],
                () => {},
              );
            });
          })
          .elseWhen(behind.notEquals(3), () => m.next(behind, behind.addWrap(1)));
      });

      m.section('What the frame was');
      const code = (name: keyof typeof statuses) => lit(statuses[name].code, uint(4));
      const whole = field.equals(headerBytes);
      const rightLength = m.name('right_length', left.equals(0).and(behind.equals(2)).and(lengthWrong.not()));
      const faults: [Bool, keyof typeof statuses][] = [
        [frame.lineFault, 'line'],
        [frame.timeout, 'timeout'],
        [frame.crcGood.and(whole.or(missed)).not(), 'crc'],
        [missed, 'overrun'],
        [versionWrong, 'version'],
        [isClassify.or(isShort).not(), 'command'],
        [rightLength.not(), 'length'],
        [isClassify.and(refused), 'busy'],
      ];
      const judged = m.name(
        'judged',
        faults.reduceRight((rest, [is, name]) => mux(is, code(name), rest), code('ok')),
      );
      const status = m.register('status', uint(4), { reset: 0 });
      const good = m.name('good', status.equals(statuses.ok.code));
      const numbered = m.register('numbered', bool(), { reset: 0 });
      const delivered = m.name('delivered', state.is('deliver').and(stuck.not()).and(waits.not()).and(heldValid.not()));
      m.switch(state, {
        receive: () => {
          m.when(frame.end, () => {
            m.next(status, judged);
            m.next(numbered, heldValid);
            m.next(state, 'deliver');
          });
        },
        deliver: () => {
          m.when(delivered, () => {
            m.next(state, 'receive');
            m.next(field, 0);
            m.next(behind, 0);
            m.next(left, 0);
            m.next(lengthWrong, 0);
            m.next(missed, lost);
            m.next(waits, 1);
            m.next(heldSequence, sequence);
            m.next(heldCommand, command);
            m.next(heldStatus, status);
            m.next(heldNumbered, numbered);
          }).elseWhen(stuck.or(waits).not(), () => {
            m.next(heldValid, 0);
            offer(lit(1, bool()), good.not());
          });
        },
      });
      m.assign(io.pixel, pixel);
      m.assign(io.pixelValid, pixelValid);
      m.assign(io.pixelLast, pixelLast);
      m.assign(io.pixelBad, pixelBad);
      m.assign(io.accepted, delivered.and(good).and(isClassify));
      m.assign(io.badFrame, delivered.and(good.not()));
      m.assign(io.overrun, lost.or(overrun).and(missed.not()));
      m.assign(request.valid, waits);
      m.assign(request.sequence, heldSequence);
      m.assign(request.command, heldCommand);
      m.assign(request.status, heldStatus);
      m.assign(request.numbered, heldNumbered);
      m.assign(request.address, address.value);
      m.assign(request.value, value.value);
    },
  );
