/** The registers around a core in somebody else's system: settings, image numbers, interrupts. */
import {
  type Bool,
  bool,
  component,
  flip,
  type Inside,
  input,
  lit,
  type ModuleBuilder,
  mux,
  output,
  uint,
  when,
  wishbone,
} from '../../hdl/index.ts';
import { type Plan, unsignedBits } from '../../plan/index.ts';
import { skipClocks } from '../link/index.ts';
import { clocked } from '../links/index.ts';
import { packed } from '../parts/fit.ts';
import { type BusAccess, registerBus, setting } from '../registers/bus.ts';
import { type BusRegister, busAddressBits, hasBus } from '../registers/map.ts';
import {
  wrapperAddresses as at,
  imageNumberBits,
  interruptBits,
  wrapperAddressBits,
  wrapperRegisterTable,
} from './map.ts';

function blockPorts(plan: Plan) {
  return {
    ...clocked,
    wb: flip(wishbone(wrapperAddressBits(plan))),
    core: when(hasBus(plan), wishbone(busAddressBits(plan))),
    timeSteps: output(uint(unsignedBits(plan.timeSteps.max)), 'for the images that follow'),
    exitMargin: when(plan.earlyExit === 'margin', output(uint(plan.readout.scoreBits))),
    coreReset: output(bool(), 'the host resets the core'),
    skipImage: output(bool(), 'one clock: the random streams go on to the next image'),
    seeking: output(bool(), 'no pixels are taken'),
    imageTaken: input(bool(), 'one clock: the last pixel of an image'),
    answered: input(bool(), 'one clock: an answer has left'),
    dropped: input(bool(), 'one clock: an image was dropped'),
    alarm: when(plan.monitors !== undefined, input(bool(), 'the core has seen something abnormal')),
    irq: output(bool(), 'something that was asked for has happened'),
  };
}
type BlockIo = Inside<ReturnType<typeof blockPorts>>;

export const wrapperRegisters = (plan: Plan, coreHash: number) =>
  component(`${plan.name}_host_registers`, blockPorts(plan), (m, io) => {
    m.doc('Identity, settings, image numbers and interrupts around the core.');
    const table = wrapperRegisterTable(plan, coreHash);
    const bus = busOf(m, io, Object.values(table));
    const { WRAPPER_ID, CORE_HASH, PIXELS, CLASSES, MAX_TIME_STEPS, TIME_STEPS, EXIT_MARGIN } = table;
    for (const constant of [WRAPPER_ID, CORE_HASH, PIXELS, CLASSES, MAX_TIME_STEPS])
      if (constant) bus.show(constant.address, lit(constant.reset, uint(32)));

    m.section('Settings');
    if (TIME_STEPS) m.assign(io.timeSteps, setting(m, bus, 'uint', TIME_STEPS, { name: 'time_steps_value' }));
    if (io.exitMargin && EXIT_MARGIN)
      m.assign(io.exitMargin, setting(m, bus, 'uint', EXIT_MARGIN, { name: 'exit_margin_value' }));
    imageNumbers(m, plan, io, bus);
    interrupts(m, io, bus, table.INTERRUPT_ENABLE!);
    bus.finish();
  });

/** Addresses 16 to 31 are these, the others the core's. */
function busOf(
  m: ModuleBuilder,
  { wb, core }: BlockIo,
  registers: readonly BusRegister[],
): BusAccess & { readonly finish: () => void } {
  m.section('Bus');
  const own = m.name('is_own', wb.adr.shiftRight(4).equals(1));
  const bus = registerBus(m, wb, registers, (access) => {
    const asked = m.name('asked', access);
    // Without registers of the core everything is answered here, with 0.
    return core ? asked.and(own) : asked;
  });
  return {
    ...bus,
    finish: () => {
      const readData = bus.readData();
      if (!core) {
        m.unused(own, 'the core has no registers');
        m.assign(wb.ack, bus.ack);
        m.assign(wb.datR, readData);
        return;
      }
      m.assign(core.cyc, wb.cyc.and(own.not()));
      m.assign(core.stb, wb.stb);
      m.assign(core.we, wb.we);
      m.assign(core.adr, wb.adr.truncate(core.adr.width));
      m.assign(core.datW, wb.datW);
      m.assign(wb.ack, bus.ack.or(core.ack));
      m.assign(wb.datR, mux(own, readData, core.datR));
    },
  };
}

/** The number of the next image; one that is written is reached by a reset and by passing over images. */
function imageNumbers(m: ModuleBuilder, plan: Plan, io: BlockIo, bus: BusAccess): void {
  m.section('Image numbers');
  const period = skipClocks(plan);
  const type = uint(imageNumberBits);
  const image = m.register('image_number', type, { reset: 0 });
  const left = m.register('images_left', type, { reset: 0, doc: 'to be passed over' });
  const wait = m.register('seek_wait', uint(unsignedBits(period)), { reset: period });
  const resets = m.register('core_resets', bool(), { reset: 1, doc: 'the core is in reset' });
  const seeks = m.name('seeks', bus.writes(at.IMAGE));
  const waits = m.name('seek_waits', wait.notEquals(0));
  const skips = m.name('skips', waits.not().and(resets.not()).and(left.notEquals(0)));
  m.when(seeks, () => {
    m.next(image, bus.data.truncate(imageNumberBits));
    m.next(left, bus.data.truncate(imageNumberBits));
    m.next(wait, period);
    m.next(resets, 1);
  }).otherwise(() => {
    m.when(io.imageTaken, () => m.next(image, image.addWrap(1)));
    m.when(waits, () => m.next(wait, wait.subWrap(1))).otherwise(() => m.next(resets, 0));
    m.when(resets.and(waits.not()).or(skips), () => m.next(wait, period));
    m.when(skips, () => m.next(left, left.subWrap(1)));
  });
  const seeking = m.name('is_seeking', resets.or(waits).or(left.notEquals(0)));
  m.assign(io.coreReset, resets);
  m.assign(io.skipImage, skips);
  m.assign(io.seeking, seeking);
  bus.show(at.IMAGE, image);
  bus.show(at.SEEKING, seeking);
}

/** A bit that its event sets and the host clears; those that are enabled raise the interrupt. */
function interrupts(m: ModuleBuilder, io: BlockIo, bus: BusAccess, enabling: BusRegister): void {
  m.section('Interrupts');
  const dropped = m.register('dropped_count', uint(8), { reset: 0 });
  m.when(io.dropped, () => m.next(dropped, dropped.addWrap(1)));
  bus.show(at.DROPPED, dropped);
  const events: Record<keyof typeof interruptBits, Bool | undefined> = {
    answered: io.answered,
    dropped: io.dropped,
    alarm: io.alarm,
  };
  const clears = m.name('interrupts_written', bus.writes(at.INTERRUPTS));
  const bits = Object.entries(events).map(([name, event]) => {
    if (event === undefined) return lit(0, bool());
    const bit = m.register(`${name}_pending`, bool(), { reset: 0 });
    const index = interruptBits[name as keyof typeof interruptBits];
    m.when(event, () => m.next(bit, 1)).elseWhen(clears.and(bus.data.bit(index)), () => m.next(bit, 0));
    return bit;
  });
  const pending = m.name('pending', packed(bits));
  bus.show(at.INTERRUPTS, pending);
  const enable = setting(m, bus, 'uint', enabling, { name: 'interrupts_enabled' });
  m.assign(io.irq, pending.and(enable).notEquals(0));
}
