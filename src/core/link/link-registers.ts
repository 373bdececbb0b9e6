/** The registers that every core has behind its link (src/link/registers.ts), and what happens by them. */
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
  reset,
  type UInt,
  uint,
  when,
} from '../../hdl/index.ts';
import { alarms, boardWords, type LinkRegisterName, linkId, linkRegisters } from '../../link/index.ts';
import { unsignedBits } from '../../plan/index.ts';
import { byteOfWord, byteOfWords } from './bytes.ts';
import { byteBus, type LinkCore, linkAddressBits, ownAddressBits, pendingBits, registerBus } from './parts.ts';

const blockPorts = (core: LinkCore) => ({
  clk: clock(),
  rst: reset(),
  bus: flip(byteBus(core)),
  coreBus: when(core.busBits !== undefined, registerBus(linkAddressBits(core))),
  lineError: input(bool(), 'one clock: a byte was broken'),
  badFrame: input(bool(), 'one clock: a request was not carried out'),
  overrun: input(bool(), 'one clock: bytes came that had no place'),
  dropped: input(bool(), 'the core has dropped an image'),
  accepted: input(bool(), 'one clock: an image is complete'),
  numberUsed: input(bool(), 'one clock: the next image has the next number'),
  answerBegins: input(bool(), 'one clock: an answer begins to leave'),
  answerEnds: input(bool(), 'one clock: it has left'),
  coreAlarm: when(core.hasMonitors, input(bool(), 'the core has seen something abnormal')),
  coreClosed: when(core.loads, input(bool(), 'the core takes no image')),
  timeSteps: output(uint(unsignedBits(core.timeSteps.max)), 'for the images that follow'),
  exitMargin: when(
    core.exitMarginBits !== undefined,
    output(uint(core.exitMarginBits ?? 1), 'for the images that follow'),
  ),
  coreReset: output(bool(), 'the host resets the core'),
  skipImage: output(bool(), 'one clock: the random streams go on to the next image'),
  seeking: output(bool(), 'the core is on its way to an image number'),
  pending: output(uint(pendingBits(core)), 'images without an answer'),
  alarms: output(uint(Object.keys(alarms).length), 'what has gone wrong, a bit each'),
});
type BlockIo = Inside<ReturnType<typeof blockPorts>>;

export const linkRegisterBlock = (name: string, core: LinkCore) =>
  component(name, blockPorts(core), (m, io) => {
    m.doc('Identity, settings, image numbers, alarms and counters, for the host.');
    const table = registerTable(m, io, core);
    table.show('LINK_ID', linkId);
    table.show('CORE_HASH', core.coreHash);
    table.show('CLOCK_HZ', core.clockHz);
    table.show('PIXELS', core.pixels);
    table.show('CLASSES', core.classes);
    table.show('MAX_TIME_STEPS', core.timeSteps.max);
    table.show('CREDITS', core.credits);
    for (const [index, word] of boardWords(core.board).entries()) table.show('BOARD', word, index);

    m.section('Settings');
    setting(m, io, table, ['TIME_STEPS', io.timeSteps, core.timeSteps.usual]);
    if (io.exitMargin) setting(m, io, table, ['EXIT_MARGIN', io.exitMargin, 2n ** BigInt(io.exitMargin.width) - 1n]);
    imageNumbers(m, io, core, table);
    imagesPending(m, io, table);

    m.section('Alarms and counters');
    alarmBits(m, io, table);
    counter(m, table, 'DROPPED', io.dropped);
    counter(m, table, 'LINE_ERRORS', io.lineError);
    counter(m, table, 'BAD_FRAMES', io.badFrame);
    reading(m, io, table);
  });

interface RegisterTable {
  readonly address: UInt;
  /** The address is one of these; undefined where there are no others. */
  readonly isOwn: Bool | undefined;
  readonly at: (register: LinkRegisterName) => number;
  readonly writes: (register: LinkRegisterName) => Bool;
  /** `word`: of a row of registers. */
  readonly show: (register: LinkRegisterName, value: UInt | number, word?: number) => void;
  /** Word addresses without the bit that all of them have, and what stands there. */
  readonly shown: readonly (readonly [number, UInt | number])[];
}

function registerTable(m: ModuleBuilder, { bus }: BlockIo, core: LinkCore): RegisterTable {
  const address = m.name('own_address', bus.address.truncate(ownAddressBits));
  m.comment('Addresses 16 to 31 and 48 to 63 are these.');
  const isOwn =
    core.busBits === undefined
      ? undefined
      : m.name('is_own', bus.address.bit(4).and(bus.address.shiftRight(ownAddressBits).equals(0)));
  const taken = isOwn ? bus.access.and(isOwn) : bus.access;
  const at = (register: LinkRegisterName) => linkRegisters[register].address;
  const shown: (readonly [number, UInt | number])[] = [];
  return {
    ...{ address, isOwn, at, shown },
    writes: (register) => taken.and(bus.write).and(address.equals(at(register))),
    show: (register, value, word = 0) => shown.push([placeOf(at(register) + word), value]),
  };
}

/** Bit 4 of an address of these is 1. */
const placeOf = (address: number) => (address & 15) | ((address >>> 1) & 16);

function setting(
  m: ModuleBuilder,
  { bus }: BlockIo,
  table: RegisterTable,
  [register, port, usual]: readonly [LinkRegisterName, UInt, number | bigint],
): void {
  const value = m.register(`${register.toLowerCase()}_setting`, uint(port.width), { reset: usual });
  m.when(table.writes(register), () => m.next(value, bus.writeData.truncate(port.width)));
  m.assign(port, value);
  table.show(register, value);
}

/** Numbers of the next image and the next answer; a number that is written is sought by passing over images. */
function imageNumbers(m: ModuleBuilder, io: BlockIo, core: LinkCore, table: RegisterTable): void {
  const { bus } = io;
  m.section('Image numbers');
  const numberType = uint(linkRegisters.IMAGE.width);
  const image = m.register('image_number', numberType, { reset: 0 });
  const answer = m.register('answer_number', numberType, { reset: 0, doc: 'while seeking: how far' });
  const seeking = m.register('is_seeking', bool(), { reset: 1 });
  const wait = m.register('seek_wait', uint(unsignedBits(core.skipClocks)), { reset: core.skipClocks });
  const started = m.register('core_started', bool(), { reset: 0, doc: 'its reset is over' });
  const seeks = m.name('seeks', table.writes('IMAGE'));
  const waits = m.name('seek_waits', wait.notEquals(0));
  const arrived = m.name('arrived', answer.equals(image));
  m.comment('While its bytes are sent the number of the next answer stands still.');
  const holds = m.name('answer_number_holds', bus.sending.and(table.address.equals(table.at('ANSWER'))));
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
  table.show('IMAGE', image);
  table.show('ANSWER', answer);
  table.show('SEEKING', io.coreClosed ? concat(io.coreClosed, seeking) : seeking.asUInt());
}

function imagesPending(m: ModuleBuilder, io: BlockIo, table: RegisterTable): void {
  m.section('Images in the core');
  const pending = m.register('images_pending', uint(io.pending.width), { reset: 0 });
  m.when(table.writes('IMAGE'), () => m.next(pending, 0))
    .elseWhen(io.accepted.and(io.answerBegins.not()), () => m.next(pending, pending.addWrap(1)))
    .elseWhen(io.answerBegins.and(io.accepted.not()), () => m.next(pending, pending.subWrap(1)));
  m.assign(io.pending, pending);
}

/** A bit that its event sets and the host clears. */
function alarmBits(m: ModuleBuilder, io: BlockIo, table: RegisterTable): void {
  const { bus } = io;
  const names = Object.keys(alarms) as (keyof typeof alarms)[];
  const events: Record<keyof typeof alarms, Bool | undefined> = {
    line: io.lineError,
    frame: io.badFrame,
    overrun: io.overrun,
    dropped: io.dropped,
    restarted: undefined,
    monitor: io.coreAlarm,
  };
  const bits = names.map((alarm) => {
    if (alarm === 'monitor' && !io.coreAlarm) return lit(0, bool());
    const bit = m.register(`alarm_${alarm}`, bool(), { reset: alarm === 'restarted' });
    m.when(table.writes('ALARMS').and(bus.writeData.bit(alarms[alarm].bit)), () => m.next(bit, 0));
    const event = events[alarm];
    if (event) m.when(event, () => m.next(bit, 1));
    return bit;
  });
  const alarmWord = m.name(
    'alarm_bits',
    bits.reduceRight<UInt | undefined>((rest, bit) => (rest ? concat(rest, bit) : bit.asUInt()), undefined)!,
  );
  m.assign(io.alarms, alarmWord);
  table.show('ALARMS', alarmWord);
}

function counter(m: ModuleBuilder, { show }: RegisterTable, register: LinkRegisterName, event: Bool): void {
  const total = m.register(`${register.toLowerCase()}_count`, uint(linkRegisters[register].width), { reset: 0 });
  m.when(event, () => m.next(total, total.addWrap(1)));
  show(register, total);
}

/** The byte that is asked for: one of these, or one of a register of the core's own. */
function reading(m: ModuleBuilder, { bus, coreBus }: BlockIo, { address, isOwn, shown }: RegisterTable): void {
  m.section('Reading');
  const place = concat(address.bit(5), address.truncate(4), bus.lane);
  const own8 = m.name('own_byte', byteOfWords(shown, place));
  if (coreBus && isOwn) {
    const word = m.register('core_word', uint(32), { reset: 0, doc: 'what the core has answered' });
    m.when(coreBus.ack, () => m.next(word, coreBus.readData));
    m.assign(coreBus.access, bus.access.and(isOwn.not()));
    m.assign(coreBus.write, bus.write);
    m.assign(coreBus.address, bus.address);
    m.assign(coreBus.writeData, bus.writeData);
    m.assign(bus.readByte, mux(isOwn, own8, byteOfWord(word, bus.lane)));
    m.assign(bus.ack, mux(isOwn, bus.access, coreBus.ack));
  } else {
    m.assign(bus.readByte, own8);
    m.assign(bus.ack, bus.access);
  }
}
