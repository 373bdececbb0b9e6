/** The top of a board: pins, clock, reset, serial link, core (docs/boards.md). */
import {
  type Bool,
  bool,
  type Clock,
  type Design,
  defineModule,
  elaborate,
  external,
  lit,
  type ModuleBuilder,
  type Reset,
} from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { linkEndpoint } from '../link/endpoint.ts';
import { type LinkSettings, linkCore } from '../link/index.ts';
import { corePorts } from '../ports.ts';
import { type PllSettings, placePll } from './pll.ts';

/** A pin whose level may be the other way round. */
export interface LevelPin {
  /** Name of the port. */
  readonly port: string;
  /** Low is on, or pressed. */
  readonly low?: boolean | undefined;
}

/** What every top has besides `serial_in` and `serial_out`; names are those of the file of pins. */
export interface BoardPins {
  readonly clock: string;
  /** Resets everything. */
  readonly button?: LevelPin | undefined;
  /** Lit while the clock runs. */
  readonly running?: LevelPin | undefined;
  /** Lit when something has gone wrong: the register ALARMS tells what. */
  readonly alarm?: LevelPin | undefined;
  /** Pins that must have a level. */
  readonly constants?: Readonly<Record<string, 0 | 1>> | undefined;
}

/** What the top of a bitstream is made of: the core, its serial link, the pins and the clock that drives both. */
export interface BoardTopOptions {
  readonly plan: Plan;
  readonly link: LinkSettings;
  readonly title: string;
  readonly pins: BoardPins;
  /** Undefined: the core runs at the clock of the pin. */
  readonly pll: PllSettings | undefined;
}

/** Block RAMs of iCE40 cannot be read in the first microseconds after configuration. */
const resetClocks = 1024;

/** Module `board` with the link, after all design rules; the core is a module `<name>` whose Verilog stands beside it. */
export function buildBoard(options: BoardTopOptions): Design {
  const { plan, title, pins } = options;
  return elaborate(
    defineModule('board', (m) => {
      m.doc(`${title} with the core ${plan.name}: clock, reset, serial link, core.`);
      const pin = m.clock(pins.clock);
      const button = pins.button && pressed(m, pins.button);
      const serialIn = m.input('serial_in', bool(), { doc: 'from the host' });
      const serialOut = m.output('serial_out', bool(), { doc: 'to the host' });
      const levels = Object.entries(pins.constants ?? {}).map(
        ([port, level]) => [m.output(port, bool()), level] as const,
      );
      const [running, alarmed] = [lamp(m, pins.running), lamp(m, pins.alarm)];

      m.section('Clock and reset');
      const { clk, locked } = options.pll ? placePll(m, pin, options.pll) : { clk: pin, locked: undefined };
      // Asserted at once; released in step with the clock when the PLL has locked and the button is up.
      const sources = [...(locked ? [locked.not()] : []), ...(button ? [button] : [])];
      const rst = m.synchronisedReset('rst', sources.length > 0 ? sources : [lit(0, bool())], {
        clock: clk,
        holdClocks: resetClocks,
      });
      const { alarm, line } = placeCore(m, options, serialIn, clk, rst);

      m.section('Pins');
      m.assign(serialOut, line);
      for (const [port, level] of levels) m.assign(port, level);
      running?.(locked ?? lit(1, bool()));
      if (alarmed) alarmed(alarm);
      else m.unused(alarm, 'no lamp for it');
    }),
  );
}

/** The link and the core, joined; gives the line to the host and the alarm. */
function placeCore(
  m: ModuleBuilder,
  { plan, link }: BoardTopOptions,
  serialIn: Bool,
  clk: Clock,
  rst: Reset,
): { readonly line: Bool; readonly alarm: Bool } {
  m.section('Link and core');
  const imageDropped = m.wire('image_dropped', bool());
  const coreAlarm = plan.monitors && m.wire('core_alarm', bool());
  const coreClosed = plan.monitors?.load ? m.wire('core_closed', bool()) : undefined;
  const told = { imageDropped, coreAlarm, coreClosed };
  const endpoint = m.place('link', linkEndpoint(linkCore(plan, link)), { clk, rst, serialIn, ...told });
  // The host resets the core alone, too.
  const coreReset = m.localReset('core_rst', [rst, endpoint.coreReset]);
  const core = m.place('core', external(plan.name, corePorts(plan)), {
    clk,
    rst: coreReset,
    timeSteps: endpoint.timeSteps,
    exitMargin: endpoint.exitMargin,
    skipImage: endpoint.skipImage,
  });
  m.connect(endpoint.sAxis, core.sAxis);
  m.connect(core.mAxis, endpoint.mAxis);
  m.assign(imageDropped, core.imageDropped);
  if (coreClosed && core.closed) m.assign(coreClosed, core.closed);
  if (coreAlarm && core.alarm) m.assign(coreAlarm, core.alarm);
  m.unused(core.frameError, 'the link counts what was dropped');
  if (core.wb && endpoint.coreBus) {
    const { coreBus } = endpoint;
    m.assign(core.wb.cyc, coreBus.access);
    m.assign(core.wb.stb, coreBus.access);
    m.assign(core.wb.we, coreBus.write);
    m.assign(core.wb.adr, coreBus.address);
    m.assign(core.wb.datW, coreBus.writeData);
    m.assign(coreBus.readData, core.wb.datR);
    m.assign(coreBus.ack, core.wb.ack);
  }
  return { line: endpoint.serialOut, alarm: endpoint.alarm };
}

function pressed(m: ModuleBuilder, { port, low }: LevelPin): Bool {
  const pin = m.input(port, bool());
  return low ? pin.not() : pin;
}

/** Declares the pin of a lamp; what it gives lights it. */
function lamp(m: ModuleBuilder, led: LevelPin | undefined): ((on: Bool) => void) | undefined {
  if (led === undefined) return undefined;
  const pin = m.output(led.port, bool());
  return (on) => m.assign(pin, led.low ? on.not() : on);
}
