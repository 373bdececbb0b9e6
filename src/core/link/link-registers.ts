/** The registers that every core has behind its link (src/link/registers.ts), and what happens by them. */
import {
  type Bool,
  bool,
  clock,
  component,
  concat,
  flip,
  input,
  lit,
  mux,
  output,
  reset,
  type UInt,
  uint,
  when,
} from '../../hdl/index.ts';
import { alarms, type LinkRegisterName, linkId, linkRegisterRange, linkRegisters } from '../../link/index.ts';
import { unsignedBits } from '../plan/widths.ts';
import { type LinkCore, registerBus } from './parts.ts';

/** The core is held in reset for so many clocks. */
const resetClocks = 4;

export const linkRegisterBlock = (name: string, core: LinkCore) =>
  component(
    name,
    {
      clk: clock(),
      rst: reset(),
      bus: flip(registerBus),
      coreBus: when(core.busBits !== undefined, registerBus),
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
      image: output(uint(32)),
      answerImage: output(uint(32)),
      pending: output(uint(8)),
      alarms: output(uint(8)),
    },
    (m, io) => {
      m.doc('Identity, settings, image numbers, alarms and counters, for the host.');
      const { bus } = io;
      const address = m.name('own_address', bus.address.truncate(6));
      const own = m.name(
        'is_own',
        bus.address.greaterOrEqual(linkRegisterRange.first).and(bus.address.lessOrEqual(linkRegisterRange.last)),
      );
      const ack = m.register('ack', bool(), { reset: 0 });
      const taken = m.name('taken', bus.access.and(own).and(ack.not()));
      m.next(ack, taken);
      const at = (register: LinkRegisterName) => linkRegisters[register].address;
      const writes = (register: LinkRegisterName) => taken.and(bus.write).and(address.equals(at(register)));
      const shown: (readonly [LinkRegisterName, UInt])[] = [];
      const show = (register: LinkRegisterName, value: UInt) => shown.push([register, value.extend(32)]);
      const constant = (register: LinkRegisterName, value: number) => show(register, lit(value, uint(32)));
      constant('LINK_ID', linkId);
      constant('CORE_HASH', core.coreHash);
      constant('CLOCK_HZ', core.clockHz);
      constant('PIXELS', core.pixels);
      constant('CLASSES', core.classes);
      constant('MAX_TIME_STEPS', core.timeSteps.max);
      constant('CREDITS', core.credits);

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
      const image = m.register('image_number', uint(32), { reset: 0 });
      const answer = m.register('answer_number', uint(32), { reset: 0 });
      const toSkip = m.register('images_to_skip', uint(32), { reset: 0 });
      const resetLeft = m.register('reset_left', uint(unsignedBits(resetClocks)), { reset: resetClocks });
      const skipLeft = m.register('skip_left', uint(unsignedBits(core.skipClocks)), { reset: 0 });
      const seeks = m.name('seeks', writes('IMAGE'));
      const inReset = m.name('in_reset', resetLeft.notEquals(0));
      const skips = m.name('skips', inReset.not().and(skipLeft.equals(0)).and(toSkip.notEquals(0)));
      m.when(seeks, () => {
        m.next(image, bus.writeData);
        m.next(answer, bus.writeData);
        m.next(toSkip, bus.writeData);
        m.next(resetLeft, resetClocks);
        m.next(skipLeft, 0);
      }).otherwise(() => {
        m.when(io.numberUsed, () => m.next(image, image.addWrap(1)));
        m.when(io.answerEnds.or(io.dropped), () => m.next(answer, answer.addWrap(1)));
        m.when(inReset, () => m.next(resetLeft, resetLeft.subWrap(1)));
        m.when(skips, () => {
          m.next(toSkip, toSkip.subWrap(1));
          m.next(skipLeft, core.skipClocks);
        }).elseWhen(skipLeft.notEquals(0), () => m.next(skipLeft, skipLeft.subWrap(1)));
      });
      const seeking = m.name('is_seeking', inReset.or(toSkip.notEquals(0)).or(skipLeft.notEquals(0)));
      m.assign(io.coreReset, inReset);
      m.assign(io.skipImage, skips);
      m.assign(io.seeking, seeking);
      m.assign(io.image, image);
      m.assign(io.answerImage, answer);
      show('IMAGE', image);
      show('SEEKING', mux(toSkip.equals(0), seeking.asUInt().extend(32), toSkip));

      m.section('Images in the core');
      const pending = m.register('images_pending', uint(8), { reset: 0 });
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
      m.assign(io.alarms, alarmWord.extend(8));
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
      const data = m.register('read_data', uint(32), { reset: 0 });
      const selected = m.wire('selected', uint(32));
      m.switchValue(
        address,
        shown.map(([register, value]) => [at(register), () => m.assign(selected, value)] as const),
        () => m.assign(selected, 0),
      );
      m.when(taken, () => m.next(data, selected));
      if (io.coreBus) {
        const { coreBus } = io;
        m.assign(coreBus.access, bus.access.and(own.not()));
        m.assign(coreBus.write, bus.write);
        m.assign(coreBus.address, bus.address);
        m.assign(coreBus.writeData, bus.writeData);
        m.assign(bus.readData, mux(own, data, coreBus.readData));
        m.assign(bus.ack, ack.or(coreBus.ack));
      } else {
        m.comment('Where there is no register a read gives 0.');
        m.assign(bus.readData, mux(own, data, lit(0, uint(32))));
        m.assign(bus.ack, ack.or(bus.access.and(own.not())));
      }
    },
  );
