/** A core for other people's systems: registers behind Wishbone or AXI4-Lite, AXI4-Stream in and out, an interrupt. */
import {
  axiStream,
  bool,
  component,
  type Design,
  type EndOf,
  elaborate,
  external,
  flip,
  type Inside,
  type ModuleBuilder,
  output,
  sint,
  uint,
  wishbone,
} from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { pixelBits } from '../encoding/passes.ts';
import { clocked } from '../links/index.ts';
import { corePorts } from '../ports.ts';
import { resultBits } from '../readout/index.ts';
import { topModule } from '../top.ts';
import { axiLite, axiLiteBridge } from './axi-lite.ts';
import { wrapperAddressBits } from './map.ts';
import { wrapperRegisters } from './registers.ts';

export { wrapperMap } from './map.ts';
export { buildTile, tileName, tilePins } from './tiny-tapeout.ts';

/** On-chip buses: AXI4-Lite with AXI4-Stream, and Wishbone B4. */
export const wrapperBuses = ['axi', 'wishbone'] as const;
/** What `build --wrap` puts around a core: a bus of a larger chip, or the pins of a tile. */
export const wrapperKinds = [...wrapperBuses, 'tinytapeout'] as const;
/** A surrounding that `build --wrap` knows by this name. */
export type WrapperKind = (typeof wrapperKinds)[number];
/** On-chip bus of `build --wrap`. */
export type WrapperBus = (typeof wrapperBuses)[number];

/** What is wrapped: the core, which hash its register says, and whether its own Verilog is part of the design or lies elsewhere. */
export interface WrapperOptions {
  readonly plan: Plan;
  readonly coreHash: number;
  readonly withCore: boolean;
}

/** The wrapper `<core>_axi` or `<core>_wishbone`, after all design rules. */
export function buildWrapper(bus: WrapperBus, options: WrapperOptions): Design {
  return elaborate(bus === 'axi' ? axiWrapper(options) : wishboneWrapper(options));
}

const streams = (plan: Plan) => ({
  sAxis: flip(
    axiStream(uint(plan.pixelLanes * pixelBits), { last: 'last pixel of the image', user: 'with it: drop the image' }),
  ),
  mAxis: axiStream(sint(resultBits), { data: 'scores of the classes, then the class', last: 'the class' }),
  irq: output(bool(), 'INTERRUPTS and INTERRUPT_ENABLE'),
});

function wishboneWrapper(options: WrapperOptions) {
  const { plan } = options;
  const ports = { ...clocked, wb: flip(wishbone(wrapperAddressBits(plan))), ...streams(plan) };
  return component(`${plan.name}_wishbone`, ports, (m, io) => {
    m.doc(`The core ${plan.name} behind Wishbone B4 classic, with pixels and answers as AXI4-Stream.`);
    placeCore(m, options, io, io.wb);
  });
}

function axiWrapper(options: WrapperOptions) {
  const { plan } = options;
  const bits = wrapperAddressBits(plan);
  const ports = { ...clocked, sAxil: flip(axiLite(bits + 2)), ...streams(plan) };
  return component(`${plan.name}_axi`, ports, (m, io) => {
    m.doc(`The core ${plan.name} behind AXI4-Lite, with pixels and answers as AXI4-Stream.`);
    const bridge = m.place('bridge', axiLiteBridge(`${plan.name}_axi_lite`, bits), { axi: io.sAxil });
    placeCore(m, options, io, bridge.wb);
  });
}

type WrapperIo = Inside<typeof clocked & ReturnType<typeof streams>>;
type Bus = EndOf<ReturnType<typeof wishbone>, 'from'>;

/** The registers and the core, joined; no pixels are taken while the core is on its way to an image number. */
function placeCore(m: ModuleBuilder, { plan, coreHash, withCore }: WrapperOptions, io: WrapperIo, wb: Bus): void {
  m.section('Registers and core');
  const { sAxis, mAxis } = io;
  const wire = (name: string) => m.wire(name, bool());
  const [imageTaken, answered, dropped] = [wire('image_taken'), wire('answer_left'), wire('image_is_dropped')];
  const alarm = plan.monitors && wire('core_alarm');
  const events = { imageTaken, answered, dropped, alarm };
  const registers = m.place('host_registers', wrapperRegisters(plan, coreHash), { wb, ...events });
  const { timeSteps, exitMargin, skipImage, seeking } = registers;
  const ports = corePorts(plan);
  const core = m.place('core', withCore ? topModule(plan) : external(plan.name, ports), {
    rst: m.localReset('core_rst', [io.rst, registers.coreReset]),
    ...{ timeSteps, exitMargin, skipImage, wb: registers.core, mAxis },
  });
  m.assign(core.sAxis.tdata, sAxis.tdata);
  m.assign(core.sAxis.tvalid, sAxis.tvalid.and(seeking.not()));
  m.assign(core.sAxis.tlast, sAxis.tlast);
  if (core.sAxis.tuser && sAxis.tuser) m.assign(core.sAxis.tuser, sAxis.tuser);
  const ready = m.name('pixels_taken', core.sAxis.tready.and(seeking.not()));
  m.assign(sAxis.tready, ready);
  m.assign(imageTaken, sAxis.tvalid.and(ready).and(sAxis.tlast));
  const last = m.name('answer_ends', core.mAxis.tvalid.and(core.mAxis.tlast));
  m.assign(answered, last.and(mAxis.tready));
  m.assign(dropped, core.imageDropped);
  if (alarm && core.alarm) m.assign(alarm, core.alarm);
  if (core.closed) m.unused(core.closed, 'a core that takes no image is not ready');
  m.unused(core.frameError, 'the interrupt of dropped images tells it');
  m.assign(io.irq, registers.irq);
}
