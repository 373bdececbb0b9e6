/** The files of a design as ts-morph sees them. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Project, SourceFile } from 'ts-morph';
import { badInput } from '../../errors/index.ts';
import { tsMorph } from '../../lazy/index.ts';

const spinfireFolder = fileURLToPath(new URL('../../', import.meta.url));

export interface DesignSources {
  readonly project: Project;
  /** The given files and what they import, except packages and spinfire itself; in the order found. */
  readonly files: readonly SourceFile[];
}

/** @throws badInput for a file that is not there */
export function openSources(files: readonly string[]): DesignSources {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw badInput('a file cannot be read', { where: missing, found: 'no such file' });
  const config = files[0] === undefined ? undefined : nearestConfig(resolve(files[0]));
  const { Project, ts } = tsMorph();
  const project = new Project({
    ...(config === undefined ? {} : { tsConfigFilePath: config }),
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      // `UInt | undefined` may be tested with `if`, `UInt` may not: the check lives on the difference.
      strict: true,
      allowImportingTsExtensions: true,
      allowJs: true,
      skipLibCheck: true,
      noEmit: true,
      types: [],
      // In a checkout the package is its source, wherever the design lies.
      ...(import.meta.url.endsWith('.ts') ? { paths: { 'spinfire/*': [join(spinfireFolder, '*', 'index.ts')] } } : {}),
    },
  });
  const given = files.map((file) => project.addSourceFileAtPath(resolve(file)));
  return { project, files: withImports(given) };
}

function nearestConfig(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const config = join(folder, 'tsconfig.json');
    if (existsSync(config)) return config;
    if (dirname(folder) === folder) return undefined;
  }
}

function withImports(given: readonly SourceFile[]): SourceFile[] {
  const found = new Set(given);
  for (const file of found) {
    for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
      if (declaration.getModuleSpecifierValue()?.startsWith('.') !== true) continue;
      const imported = declaration.getModuleSpecifierSourceFile();
      if (imported !== undefined && !isForeign(imported.getFilePath())) found.add(imported);
    }
  }
  return [...found];
}

function isForeign(path: string): boolean {
  return path.startsWith(spinfireFolder) || path.includes(`${sep}node_modules${sep}`);
}
