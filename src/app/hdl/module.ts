/** A module of a person's own, by the file that exports it: checked, made Verilog of. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { badInput } from '../../errors/index.ts';
import {
  checkSource,
  type Design,
  DesignError,
  type Diagnostic,
  elaborate,
  emitVerilog,
  type ModuleDefinition,
} from '../../hdl/index.ts';
import type { Surroundings } from '../context.ts';
import { writeFolderWhole } from '../files.ts';
import { type Program, runPersonModule, withinLimit } from '../person-module.ts';

/** Which module of a file is meant. */
export interface ModuleWish {
  /** TypeScript file, relative to the current folder. */
  readonly file: string;
  /** The export that is the module; the default export, or the only one that is a module, when absent. */
  readonly export?: string | undefined;
  /** The file, and the description of its module, may take as long as they take. */
  readonly force?: boolean | undefined;
}

/** What the design rules and the check of the source say of a module. */
export interface CheckedModule {
  /** Its name in Verilog; that of the file when it could not be described. */
  readonly name: string;
  /** Broken rules and warnings, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Absent when an error was found. */
  readonly design?: Design;
}

/**
 * Runs a file, elaborates its module, and holds both against all rules: JavaScript operators on signals in the source, too.
 *
 * @throws badInput when the file cannot be run or exports no module
 */
export async function checkModule(wish: ModuleWish, io: Pick<Surroundings, 'cwd' | 'limit'>): Promise<CheckedModule> {
  const path = resolve(io.cwd, wish.file);
  if (!existsSync(path)) throw badInput('a file cannot be read', { where: wish.file, found: 'no such file' });
  const ofSource = await checkSource([path]);
  try {
    const program: Program = { what: 'file', shown: wish.file, force: wish.force };
    const definition = moduleIn(await runPersonModule(path, program, io), wish);
    const design = await withinLimit(program, io, () => elaborate(definition));
    const diagnostics = [...ofSource, ...design.warnings];
    return { name: definition.name, diagnostics, ...(ofSource.length === 0 ? { design } : {}) };
  } catch (error) {
    if (!(error instanceof DesignError)) throw error;
    return { name: wish.file, diagnostics: [...ofSource, ...error.diagnostics] };
  }
}

/** The design of a module. Throws DesignError when a rule is broken. */
export async function openModule(wish: ModuleWish, io: Pick<Surroundings, 'cwd' | 'limit'>): Promise<Design> {
  const { design, diagnostics } = await checkModule(wish, io);
  if (design === undefined) throw new DesignError(diagnostics);
  return design;
}

/** Verilog that was written. */
export interface EmittedModule {
  readonly top: string;
  /** Verilog and contents of memories, relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Writes a module's Verilog with the contents of its memories and `map.json`, which leads from its lines to those of the TypeScript.
 *
 * @param directory absolute; written whole or not at all
 */
export async function writeModule(design: Design, directory: string): Promise<EmittedModule> {
  const { files, top, map } = emitModule(design);
  await writeFolderWhole(directory, { mark: 'map.json', keep: ['build'] }, async (folder) => {
    for (const { path, text } of files) await writeFile(join(folder, path), text);
    await writeFile(join(folder, 'map.json'), `[\n${map.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`);
  });
  return { top, files: files.map(({ path }) => path) };
}

/** A module's Verilog as text. */
export const emitModule = (design: Design) =>
  emitVerilog(design, { generator: 'spinfire', configuration: 'a module of its own' });

function moduleIn(exported: Readonly<Record<string, unknown>>, { file, export: wanted }: ModuleWish): ModuleDefinition {
  const all = Object.entries(exported).filter((entry): entry is [string, ModuleDefinition] => isModule(entry[1]));
  const names = all.map(([name]) => name).join(', ') || 'none';
  if (wanted !== undefined) {
    const found = all.find(([name]) => name === wanted);
    if (found) return found[1];
    throw badInput('the file exports no module of this name', {
      where: file,
      found: wanted,
      expected: `one of: ${names}`,
    });
  }
  const [only] = new Set(all.map(([, module]) => module));
  const chosen =
    all.find(([name]) => name === 'default')?.[1] ?? (new Set(all.map(([, one]) => one)).size === 1 ? only : undefined);
  if (chosen) return chosen;
  throw badInput(all.length === 0 ? 'the file exports no module' : 'the file exports several modules', {
    where: file,
    found: all.length === 0 ? Object.keys(exported).join(', ') || 'no exports' : names,
    expected: all.length === 0 ? 'export default component(...) or defineModule(...)' : 'one, or a default export',
    ...(all.length === 0 ? {} : { help: 'say which with --export' }),
  });
}

function isModule(value: unknown): value is ModuleDefinition {
  return (
    typeof value === 'object' && value !== null && 'ir' in value && typeof value.ir === 'function' && 'name' in value
  );
}
