/** spinfire eject: a core on a board as a project that builds without spinfire. */
import { relative } from 'node:path';
import { z } from 'zod';
import { ejectCore, openCore } from '../../app/index.ts';
import { boardOptions, chosenBoard } from '../board-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { coreName } from '../core-options.ts';
import { decimal, folder, wholeNumber } from '../options.ts';

const options = {
  ...boardOptions,
  mhz: { argument: 'F', type: decimal(1, 400), help: "the core's clock", usual: "the board's" },
  baud: {
    argument: 'B',
    type: wholeNumber(300, 12_000_000),
    help: 'bits a second of the serial line',
    usual: "the board's",
  },
} as const;

const result = z.object({
  directory: z.string().describe('relative to the current folder'),
  files: z.array(z.string()),
});

export const ejectCommand = command({
  name: 'eject',
  summary: 'write a core on a board as a project of its own: top, link, constraints, Makefile (Vivado: Tcl)',
  arguments: { name: coreName, folder: { type: folder, help: 'a new or empty folder' } },
  options,
  result,
  run,
});

async function run(
  {
    name,
    folder: into,
    mhz,
    baud,
    ...given
  }: GivenOf<typeof options> & {
    readonly name: string;
    readonly folder: string;
  },
  { io }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const board = chosenBoard(given, io.cwd);
  const { directory, plan } = openCore(name, io);
  const written = await ejectCore({ directory, plan, board, baud, clockMHz: mhz, folder: into }, io);
  const shown = relative(io.cwd, written.directory) || '.';
  return {
    json: { directory: shown, files: [...written.files] },
    text: `${shown}: ${plan.name} on ${board.title}, ${written.files.length} files\nnext: make -C ${shown}`,
  };
}
