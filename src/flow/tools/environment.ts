/** What the tools may see of the outside world, passed in. */
import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import type { ToolName } from './table.ts';

/** Explicit paths, from flags. Variables SPINFIRE_YOSYS and so on are read from the environment. */
export interface ToolPaths {
  readonly [tool: string]: string | undefined;
}

/** Surroundings of every external program: nothing is taken from the process itself, so that a test can have others. */
export interface ToolEnvironment {
  /** PATH and the SPINFIRE_ variables are read here; children get all of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly paths: ToolPaths;
  /** The file of an executable of this name, or undefined. */
  which(command: string): string | undefined;
  /** The entry file of an installed npm package, or undefined. */
  packageEntry(npmPackage: string): string | undefined;
}

/**
 * Tools of this machine: those of `paths`, else what the variables say, else what is on PATH.
 *
 * @param env variables, usually `process.env`; `PATH` and `SPINFIRE_*` are looked at, tools get all but those of a make that has started us
 * @param cwd folder that relative paths start from
 */
export function systemEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  paths: ToolPaths = {},
): ToolEnvironment {
  return {
    env: withoutMake(env),
    cwd,
    paths,
    which: (command) => whichOnPath(command, env.PATH ?? '', cwd),
    packageEntry(npmPackage) {
      try {
        return createRequire(import.meta.url).resolve(npmPackage);
      } catch {
        return undefined;
      }
    },
  };
}

/** What a person tells his own make, not to build or with which compiler, is not meant for the makefiles of simulators. */
function withoutMake(env: ToolEnvironment['env']): ToolEnvironment['env'] {
  const { MAKEFLAGS: _, MFLAGS: __, MAKEOVERRIDES: ___, MAKELEVEL: ____, ...others } = env;
  return others;
}

function whichOnPath(command: string, path: string, cwd: string): string | undefined {
  if (command.includes('/')) return isExecutable(resolve(cwd, command)) ? resolve(cwd, command) : undefined;
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(resolve(cwd, folder), command))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Where a tool was found: a variable that names it, PATH, or a package of npm. */
export type ToolOrigin = 'explicit' | 'PATH' | 'npm';

/** A tool that runs: its command and version. */
export interface FoundTool {
  readonly tool: ToolName;
  readonly command: string;
  /** Go before the arguments of every call. */
  readonly args: readonly string[];
  /** Dotted; 'unknown' for tools that never say. */
  readonly version: string;
  /** The line that it prints as its version, with whatever tells one build from another. */
  readonly build?: string;
  readonly origin: ToolOrigin;
}
