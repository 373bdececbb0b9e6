/** spinfire init: a new project that can be built and run at once. */
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { initProject } from '../../app/index.ts';
import type { CommandResult } from '../io.ts';
import { parseOptions } from '../options.ts';
import type { CommandContext, Runner } from '../run.ts';

const options = z.object({ name: z.string().optional() });

export function addInit(program: Command, run: Runner): void {
  program
    .command('init')
    .description('write a new project: a design to change, with a network and a device')
    .argument('<folder>', 'a new or empty folder')
    .option('--name <name>', "name of the core (the folder's)")
    .action((folder: string, given) => run((context) => init(folder, parseOptions(options, given), context)));
}

async function init(folder: string, chosen: z.output<typeof options>, { io }: CommandContext): Promise<CommandResult> {
  const { name, directory, files } = await initProject(folder, chosen.name, io);
  const shown = relative(io.cwd, directory) || '.';
  return {
    json: { name, directory: shown, files },
    text: `${shown}: ${files.join(', ')}\nnext: spinfire build ${join(shown, 'design.ts')} -o ${join(shown, 'build', name)}`,
  };
}
