/** A new project that can be built and run at once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput } from '../../errors/index.ts';
import type { Surroundings } from '../context.ts';
import { checkName, identifier } from '../design.ts';
import { writeFolderWhole } from '../files.ts';
import { ciFile, compilerFile, designFile, packageFile, readmeFile, testFile, watchdogFile } from './templates.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
/** What a project starts from. */
const network = join(checkout, 'models/digits-mlp.onnx');
const device = join(checkout, 'models/devices/spin-hall-300K-0p5ns.csv');

/** Folder and files of `spinfire init`. */
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
    await mkdir(join(fresh, 'test'));
    await mkdir(join(fresh, '.github', 'workflows'), { recursive: true });
    for (const [file, text] of [
      ['design.ts', designFile(name)],
      ['watchdog.ts', watchdogFile],
      ['test/project.test.ts', testFile],
      ['tsconfig.json', compilerFile()],
      ['package.json', packageFile(name, wantedSpinfire(directory))],
      ['README.md', readmeFile(name)],
      ['.github/workflows/test.yml', ciFile],
      ['.gitignore', 'build/\nnode_modules/\n'],
    ] as const)
      await writeFile(join(fresh, file), text);
    await copyFile(network, join(fresh, 'network.onnx'));
    await copyFile(device, join(fresh, 'device.csv'));
  });
  return { name, directory, files: listing(directory) };
}

/** All files, with their folders. */
function listing(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** A checkout is used where it lies; the package by its version. */
function wantedSpinfire(directory: string): string {
  if (existsSync(join(checkout, 'src'))) return `file:${relative(directory, checkout).split(sep).join('/')}`;
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
  return `^${version}`;
}

function holdsSomething(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch {
    // A file: writing says so.
    return false;
  }
}
