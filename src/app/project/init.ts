/** A new project that can be built and run at once. */
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput } from '../../errors/index.ts';
import type { Surroundings } from '../context.ts';
import { checkName, identifier } from '../design.ts';
import { writeFolderWhole } from '../files.ts';
import { compilerFile, designFile, packageFile, readmeFile, specifier } from './templates.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
/** What a project starts from. */
const network = join(checkout, 'models/digits-mlp.onnx');
const device = join(checkout, 'models/devices/spin-hall-300K-0p5ns.csv');

/** A project that was written. */
export interface NewProject {
  /** Of its core. */
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** What is in it, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes a new project into a new or empty folder.
 *
 * @param folder relative to the current folder
 * @param wished name of the core; the folder's when absent
 * @throws badInput when the folder holds something, or the name is none for a core
 */
export async function initProject(
  folder: string,
  wished: string | undefined,
  io: Pick<Surroundings, 'cwd'>,
): Promise<NewProject> {
  const directory = resolve(io.cwd, folder);
  const name = wished ?? identifier(basename(directory));
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
  return { name, directory, files: readdirSync(directory).sort() };
}

function holdsSomething(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch {
    // A file: writing says so.
    return false;
  }
}
