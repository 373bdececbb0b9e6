/** The registers that every core has behind its link (src/link/registers.ts), and what happens by them. */
import {
  type Bool,
  bool,
  clock,
  component,
  concat,
  flip,
  input,
  mux,
  output,
  reset,
  type UInt,
  uint,
  when,
} from '../../hdl/index.ts';
import { alarms, type LinkRegisterName, linkId, linkRegisters } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { byteOfRegister, byteOfWord } from './bytes.ts';
import { byteBus, type LinkCore, linkAddressBits, pendingBits, registerBus } from './parts.ts';

export const linkRegisterBlock = (name: string, core: LinkCore) =>
  component(
    name,
    {
      clk: clock(),
      rst: reset(),
      bus: flip(byteBus(core)),
      coreBus: when(core.busBits !== undefined, registerBus(linkAddressBits(core))),
      lineError: input(bool()),
      badFrame: input(bool()),
      overrun: input(bool()),
      dropped: input(bool(), 'the core has dropped an image'),
      accepted: input(bool()),
      numberUsed: input(bool()),
      answerBegins: input(bool()),
      answerEnds: input(bool()),
      timeSteps: output(uint(unsignedBits(core.timeSteps.max))),
      exitMargin: when(core.exitMarginBits !== undefined, output(uint(core.exitMarginBits ?? 1))),
      coreReset: output(bool()),
      skipImage: output(bool()),
      seeking: output(bool()),
      pending: output(uint(pendingBits(core))),
      alarms: output(uint(Object.keys(alarms).length)),
    },
    (m, io) => {
      m.doc('Identity, settings, image numbers, alarms and counters, for the host.');
      const { bus } = io;
      const address = m.name('own_address', bus.address.truncate(5));
      m.comment('Addresses 16 to 31 are these.');
      const own = core.busBits === undefined ? undefined : m.name('is_own', bus.address.shiftRight(4).equals(1));
      const taken = own ? bus.access.and(own) : bus.access;
      const at = (register: LinkRegisterName) => linkRegisters[register].address;
      const writes = (register: LinkRegisterName) => taken.and(bus.write).and(address.equals(at(register)));
      const shown: (readonly [LinkRegisterName, UInt | number])[] = [];
      const show = (register: LinkRegisterName, value: UInt | number) => shown.push([register, value]);
      show('LINK_ID', linkId);
      show('CORE_HASH', core.coreHash);
      show('CLOCK_HZ', core.clockHz);
      show('PIXELS', core.pixels);
      show('CLASSES', core.classes);
      show('MAX_TIME_STEPS', core.timeSteps.max);
      show('CREDITS', core.credits);

      m.section('Settings');
      const setting = (register: LinkRegisterName, port: UInt, usual: number | bigint) => {
        const value = m.register(`${register.toLowerCase()}_setting`, uint(port.width), { reset: usual });
        m.when(writes(register), () => m.next(value, bus.writeData.truncate(port.width)));
        m.assign(port, value);
        show(register, value);
      };
      setting('TIME_STEPS', io.timeSteps, core.timeSteps.usual);
      if (io.exitMargin) setting('EXIT_MARGIN', io.exitMargin, 2n ** BigInt(io.exitMargin.width) - 1n);

      m.section('Image numbers');
      const numberType = uint(linkRegisters.IMAGE.width);
      const image = m.register('image_number', numberType, { reset: 0 });
      const answer = m.register('answer_number', numberType, { reset: 0, doc: 'while seeking: how far' });
      const seeking = m.register('is_seeking', bool(), { reset: 1 });
      const wait = m.register('seek_wait', uint(unsignedBits(core.skipClocks)), { reset: core.skipClocks });
      const started = m.register('core_started', bool(), { reset: 0, doc: 'its reset is over' });
      const seeks = m.name('seeks', writes('IMAGE'));
      const waits = m.name('seek_waits', wait.notEquals(0));
      const arrived = m.name('arrived', answer.equals(image));
      m.comment('While its bytes are sent the number of the next answer stands still.');
      const holds = m.name('answer_number_holds', bus.sending.and(address.equals(at('ANSWER'))));
      const dropWaits = m.register('drop_waits', bool(), { reset: 0, doc: 'a dropped image is not yet counted' });
      m.next(dropWaits, io.dropped.or(dropWaits.and(holds)));
      const period = m.name('seek_period', waits.or(holds).not());
      const skips = m.name('skips', seeking.and(period).and(started).and(arrived.not()));
      m.when(seeks, () => m.next(image, bus.writeData.truncate(numberType.width))).elseWhen(io.numberUsed, () =>
        m.next(image, image.addWrap(1)),
      );
      m.when(seeks, () => m.next(answer, 0)).elseWhen(skips.or(io.answerEnds).or(dropWaits.and(holds.not())), () =>
        m.next(answer, answer.addWrap(1)),
      );
      m.comment('The core is in reset for one period, then passes over an image in each.');
      m.when(seeks, () => m.next(started, 0)).elseWhen(period, () => m.next(started, 1));
      m.when(seeks, () => m.next(seeking, 1)).elseWhen(period.and(started).and(arrived), () => m.next(seeking, 0));
      m.when(period.or(seeks), () => m.next(wait, core.skipClocks)).elseWhen(seeking.and(waits), () =>
        m.next(wait, wait.subWrap(1)),
      );
      m.assign(io.coreReset, started.not());
      m.assign(io.skipImage, skips);
      m.assign(io.seeking, seeking);
      show('IMAGE', image);
      show('ANSWER', answer);
      show('SEEKING', seeking.asUInt());

      m.section('Images in the core');
      const pending = m.register('images_pending', uint(pendingBits(core)), { reset: 0 });
      m.when(seeks, () => m.next(pending, 0))
        .elseWhen(io.accepted.and(io.answerBegins.not()), () => m.next(pending, pending.addWrap(1)))
        .elseWhen(io.answerBegins.and(io.accepted.not()), () => m.next(pending, pending.subWrap(1)));
      m.assign(io.pending, pending);

      m.section('Alarms and counters');
      const names = Object.keys(alarms) as (keyof typeof alarms)[];
      const events: Record<keyof typeof alarms, Bool | undefined> = {
        line: io.lineError,
        frame: io.badFrame,
        overrun: io.overrun,
        dropped: io.dropped,
        restarted: undefined,
      };
      const bits = names.map((alarm) => {
        const bit = m.register(`alarm_${alarm}`, bool(), { reset: alarm === 'restarted' });
        m.when(writes('ALARMS').and(bus.writeData.bit(alarms[alarm].bit)), () => m.next(bit, 0));
        const event = events[alarm];
        if (event) m.when(event, () => m.next(bit, 1));
        return bit;
      });
      const alarmWord = m.name(
        'alarm_bits',
        bits.reduceRight<UInt | undefined>((rest, bit) => (rest ? concat(rest, bit) : bit.asUInt()), undefined)!,
      );
      m.assign(io.alarms, alarmWord);
      show('ALARMS', alarmWord);
      const counter = (register: LinkRegisterName, event: Bool) => {
        const total = m.register(`${register.toLowerCase()}_count`, uint(linkRegisters[register].width), { reset: 0 });
        m.when(event, () => m.next(total, total.addWrap(1)));
        show(register, total);
      };
      counter('DROPPED', io.dropped);
      counter('LINE_ERRORS', io.lineError);
      counter('BAD_FRAMES', io.badFrame);

      m.section('Reading');
      const own8 = m.name('own_byte', byteOfRegister(shown, concat(address.truncate(4), bus.lane)));
      if (io.coreBus && own) {
        const { coreBus } = io;
        const word = m.register('core_word', uint(32), { reset: 0, doc: 'what the core has answered' });
        m.when(coreBus.ack, () => m.next(word, coreBus.readData));
        m.assign(coreBus.access, bus.access.and(own.not()));
        m.assign(coreBus.write, bus.write);
        m.assign(coreBus.address, bus.address);
        m.assign(coreBus.writeData, bus.writeData);
        m.assign(bus.readByte, mux(own, own8, byteOfWord(word, bus.lane)));
        m.assign(bus.ack, mux(own, bus.access, coreBus.ack));
      } else {
        m.assign(bus.readByte, own8);
        m.assign(bus.ack, bus.access);
      }
    },
  );
