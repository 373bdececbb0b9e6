/** spinfire flash: a bitstream that `place` made, onto the board. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { openCore } from '../../app/index.ts';
import { badInput, exitCodes } from '../../errors/index.ts';
import { flashBoard, systemEnvironment } from '../../flow/index.ts';
import { boardOptions, chosenBoard } from '../board-options.ts';
import { type CommandContext, command, type GivenOf, type ResultOf } from '../command.ts';
import { coreName, workOption } from '../core-options.ts';

const options = {
  ...boardOptions,
  work: workOption,
  dryRun: { type: 'flag', help: 'print the line, run nothing' },
} as const;

const result = z.object({
  bitstream: z.string(),
  command: z.array(z.string()).describe('what was run, or would have been'),
  flashed: z.boolean().describe('false: no program for it is here, or --dry-run'),
});

export const flashCommand = command({
  name: 'flash',
  summary: 'put the newest bitstream of place on the board; without a program for it, print the line to type',
  arguments: { name: coreName },
  options,
  result,
  run,
});

async function run(
  { name, work, dryRun, ...given }: GivenOf<typeof options> & { readonly name: string },
  { io, progress }: CommandContext,
): Promise<ResultOf<z.output<typeof result>>> {
  const { flash, name: board, code, family } = chosenBoard(given, io.cwd);
  const { directory, work: kept } = openCore(name, io, work);
  const bitstream = newestBitstream(join(kept, 'place'), code);
  if (bitstream === undefined)
    throw badInput('there is no bitstream for this board', {
      where: directory,
      help: `spinfire ${family === 'xilinx' ? 'eject' : 'place'} ${name} ${given.boardFile === undefined ? `--board ${board}` : `--board-file ${given.boardFile}`}`,
    });
  const done = await progress.step(`flash ${board}`, () =>
    flashBoard({ programs: flash, bitstream, dryRun }, systemEnvironment(io.env, io.cwd), io.signal),
  );
  const line = done.command.join(' ');
  const missing = !done.flashed && !dryRun;
  const choices = flash.map((words) => `  ${[...words, relative(io.cwd, bitstream)].join(' ')}`).join('\n');
  const text = missing
    ? `no program for this board is on PATH; with one of them installed:\n${choices}`
    : `${dryRun ? 'would run' : 'flashed'}: ${line}`;
  return { json: { bitstream, ...done }, text, exitCode: missing ? exitCodes.missingTool : 0 };
}

/** Of all results of `place` for the board, which are called by its code, the one that was made last. */
function newestBitstream(folder: string, code: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder)
    .filter((entry) => entry.startsWith(`${code}-`) && /^[0-9a-f]+$/.test(entry.slice(code.length + 1)))
    .flatMap((entry) => ['bin', 'bit', 'fs'].map((ending) => join(folder, entry, `board.${ending}`)))
    .filter((path) => existsSync(path));
  return files.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).at(-1);
}
