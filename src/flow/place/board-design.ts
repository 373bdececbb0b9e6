/** All Verilog around a core on a board: its link, reset, PLL, pins. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLink, linkCore } from '../../core/index.ts';
import { badInput } from '../../errors/index.ts';
import { emitVerilog } from '../../hdl/index.ts';
import type { Plan } from '../../plan/index.ts';
import { boardTop } from './board-top.ts';
import type { Board, BoardPins } from './boards.ts';
import { clocksPerBit } from './clocks.ts';
import { placeFamilies } from './families.ts';

const templates = fileURLToPath(new URL('../../../rtl-templates/', import.meta.url));

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
export async function boardDesign(options: BoardDesignOptions): Promise<BoardDesign> {
  const { board, plan } = options;
  const clock = placeFamilies[board.family].clock(board.clockMHz, options.clockMHz ?? board.coreMHz);
  const baud = options.baud ?? board.baud;
  if (plan.pixelLanes > 1)
    throw badInput('the serial line brings one pixel at a time', {
      where: plan.name,
      found: `${plan.pixelLanes} pixels a beat`,
      help: 'build the core without --pixel-lanes',
    });
  const settings = {
    coreHash: coreHash(plan),
    clockHz: Math.round(clock.outputMHz * 1e6),
    clocksPerBit: clocksPerBit(clock.outputMHz, baud),
  };
  const core = linkCore(plan, settings);
  const { files } = emitVerilog(buildLink(core), {
    generator: 'spinfire',
    configuration: `link of ${plan.name}, ${settings.clocksPerBit} clocks a bit`,
  });
  const top = boardTop(
    board,
    {
      name: plan.name,
      timeStepBits: plan.timeSteps.max.toString(2).length,
      exitMarginBits: core.exitMarginBits,
      busBits: core.busBits,
      hasMonitors: core.hasMonitors,
    },
    clock,
  );
  const sources = [
    ...files.map(({ path, text }) => ({ path, content: Buffer.from(text) })),
    { path: 'board_reset.v', content: await readFile(join(templates, 'board_reset.v')) },
    { path: 'board.v', content: Buffer.from(top) },
  ];
  const { clocksPerBit: bit } = settings;
  return { sources, pins: board.pins, clockMHz: clock.outputMHz, clocksPerBit: bit, coreHash: settings.coreHash };
}
