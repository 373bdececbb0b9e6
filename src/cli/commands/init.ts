/** spinfire init: a new project that can be built and run at once. */
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import { badInput } from '../../errors/index.ts';
import { checkName, identifier } from '../design.ts';
import type { CommandResult } from '../io.ts';
import { parseOptions } from '../options.ts';
import { writeFolderWhole } from '../output.ts';
import { compilerFile, designFile, packageFile, readmeFile, specifier } from '../project/files.ts';
import type { CommandContext, Runner } from '../run.ts';

const options = z.object({ name: z.string().optional() });

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
/** What a project starts from. */
const network = join(checkout, 'models/digits-mlp.onnx');
const device = join(checkout, 'models/devices/spin-hall-300K-0p5ns.csv');

export function addInit(program: Command, run: Runner): void {
  program
    .command('init')
    .description('write a new project: a design to change, with a network and a device')
    .argument('<folder>', 'a new or empty folder')
    .option('--name <name>', "name of the core (the folder's)")
    .action((folder: string, given) => run((context) => init(folder, parseOptions(options, given), context)));
}

async function init(folder: string, chosen: z.output<typeof options>, { io }: CommandContext): Promise<CommandResult> {
  const directory = resolve(io.cwd, folder);
  const name = chosen.name ?? identifier(basename(directory));
  checkName(name, '--name');
  // Unlike what `build` writes, a project holds a person's work: it is never replaced.
  if (existsSync(directory) && holdsSomething(directory)) {
    throw badInput('the folder is not empty', { where: folder, help: 'give the name of a new folder' });
  }
  await writeFolderWhole(directory, { mark: 'design.ts' }, async (fresh) => {
    await writeFile(join(fresh, 'design.ts'), designFile(name, specifier(directory, join(checkout, 'src'))));
    await writeFile(join(fresh, 'tsconfig.json'), compilerFile(specifier(directory, checkout)));
    await writeFile(join(fresh, 'package.json'), packageFile(name));
    await writeFile(join(fresh, 'README.md'), readmeFile(name));
    await writeFile(join(fresh, '.gitignore'), 'build/\n');
    await copyFile(network, join(fresh, 'network.onnx'));
    await copyFile(device, join(fresh, 'device.csv'));
  });
  const shown = relative(io.cwd, directory) || '.';
  const files = readdirSync(directory).sort();
  return {
    json: { name, directory: shown, files },
    text: `${shown}: ${files.join(', ')}\nnext: spinfire build ${join(shown, 'design.ts')} -o ${join(shown, 'build', name)}`,
  };
}

function holdsSomething(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch {
    // A file: writing says so.
    return false;
  }
}
