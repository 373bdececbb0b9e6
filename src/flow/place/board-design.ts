/** All Verilog around a core on a board: its link, reset, PLL, pins. */
import { createHash } from 'node:crypto';
import { type BoardPins, buildBoard } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
import { emitVerilog } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { Board } from '../boards/table.ts';
import { boardClock, clocksPerBit } from './clocks.ts';

export interface BoardDesignOptions {
  readonly board: Board;
  readonly plan: Plan;
  readonly clockMHz?: number | undefined;
  readonly baud?: number | undefined;
}

/** Everything around a core, and how fast it runs. */
export interface BoardDesign {
  readonly sources: readonly { readonly path: string; readonly content: Buffer }[];
  readonly pins: BoardPins;
  readonly clockMHz: number;
  readonly clocksPerBit: number;
  readonly coreHash: number;
}

/** First 32 bits of the SHA-256 of the plan without its name, keys in order: the register CORE_HASH. */
export function coreHash({ name: _, ...plan }: Plan): number {
  return createHash('sha256')
    .update(JSON.stringify(sorted(plan)))
    .digest()
    .readUInt32BE(0);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}

/** @throws badInput when the line cannot have the rate, or the core cannot stand behind it */
export function boardDesign(options: BoardDesignOptions): BoardDesign {
  const { board, plan } = options;
  const clock = boardClock(board, options.clockMHz ?? board.coreMHz);
  const baud = options.baud ?? board.baud;
  if (plan.pixelLanes > 1)
    throw badInput('the serial line brings one pixel at a time', {
      where: plan.name,
      found: `${plan.pixelLanes} pixels a beat`,
      help: 'build the core without --pixel-lanes',
    });
  const settings = {
    coreHash: coreHash(plan),
    board: board.code,
    clockHz: Math.round(clock.outputMHz * 1e6),
    clocksPerBit: clocksPerBit(clock.outputMHz, baud),
  };
  const top = buildBoard({
    ...{ plan, link: settings, title: board.title, pins: board.pins },
    pll: board.pll && { primitive: board.pll, inputMHz: board.clockMHz, dividers: clock.dividers },
  });
  const { files } = emitVerilog(top, {
    generator: 'spinfire',
    configuration: `${plan.name} on ${board.title} at ${clock.outputMHz} MHz, ${settings.clocksPerBit} clocks a bit`,
  });
  const sources = files.map(({ path, text }) => ({
    path,
    content: Buffer.from(path === 'board.v' && board.ownTop !== undefined ? board.ownTop : text),
  }));
  const { clocksPerBit: bit } = settings;
  return { sources, pins: board.pins, clockMHz: clock.outputMHz, clocksPerBit: bit, coreHash: settings.coreHash };
}
