/** Where in TypeScript something was written. Stacks are captured cheaply and read only when an origin is printed. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A line of a source file; `file` is relative to the project it belongs to, with forward slashes. */
export interface SourceOrigin {
  readonly file: string;
  readonly line: number;
}

/** A captured origin; resolving it is deferred until somebody asks. */
export interface Origin {
  /** Undefined where the stack holds no frame outside this language. */
  readonly source: SourceOrigin | undefined;
  /** Absolute name of the file, for reading the line. */
  readonly path: string | undefined;
}

const ownFolder = dirname(fileURLToPath(import.meta.url));
/** Files of src/hdl that describe hardware. */
const libraryFiles: ReadonlySet<string> = new Set(
  ['ts', 'js'].map((ending) => join(ownFolder, 'lib', `buffers.${ending}`)),
);
/** The folder above dist/ in the package, above src/ in a checkout. */
const packageFolder = dirname(dirname(ownFolder));
const stackDepth = 24;

/**
 * Takes the caller's line: the first stack frame outside src/hdl. Modules of the language's own library (`libraryFiles`) count as
 * outside, so that their Verilog leads to their source; `beyondLibrary` goes on to who uses them.
 */
export function captureOrigin(beyondLibrary = false): Origin {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = stackDepth;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, captureOrigin);
  Error.stackTraceLimit = limit;
  return new LazyOrigin(holder, beyondLibrary);
}

/** An origin that is known without a stack: line `line` (from 1) of the file with the absolute name `path`. */
export function originAt(path: string, line: number): Origin {
  return { path, source: { file: projectRelative(path), line } };
}

/** The text of a line of a project file, or undefined where it can't be read. */
export function readSourceLine(origin: Origin): string | undefined {
  if (origin.path === undefined || origin.source === undefined || !existsSync(origin.path)) return undefined;
  return readFileSync(origin.path, 'utf8').split('\n')[origin.source.line - 1];
}

/** `src/file.ts:12`, or words where the origin is unknown. */
export function formatOrigin(origin: Origin): string {
  return origin.source === undefined ? 'unknown origin' : `${origin.source.file}:${origin.source.line}`;
}

class LazyOrigin implements Origin {
  #holder: { stack?: string } | undefined;
  #found: { path: string; line: number } | undefined;
  #source: SourceOrigin | undefined;

  readonly #beyondLibrary: boolean;

  constructor(holder: { stack?: string }, beyondLibrary: boolean) {
    this.#holder = holder;
    this.#beyondLibrary = beyondLibrary;
  }

  get path(): string | undefined {
    this.#resolve();
    return this.#found?.path;
  }

  get source(): SourceOrigin | undefined {
    this.#resolve();
    if (this.#source === undefined && this.#found !== undefined) {
      this.#source = { file: projectRelative(this.#found.path), line: this.#found.line };
    }
    return this.#source;
  }

  #resolve(): void {
    if (this.#holder === undefined) return;
    this.#found = firstOutsideFrame(this.#holder.stack ?? '', this.#beyondLibrary);
    this.#holder = undefined;
  }
}

function firstOutsideFrame(stack: string, beyondLibrary: boolean): { path: string; line: number } | undefined {
  for (const text of stack.split('\n')) {
    const match = /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^():]*):(\d+):(\d+)\)?$/.exec(text.trim());
    if (!match) continue;
    const name = match[1]!.replace(/\?.*$/, '');
    const path = name.startsWith('file://') ? fileURLToPath(name) : name;
    const isLibrary = !beyondLibrary && libraryFiles.has(path);
    if (path.startsWith(ownFolder + sep) && !isLibrary) continue;
    if (path.startsWith(join(packageFolder, 'dist') + sep)) return inSource(path, Number(match[2]), Number(match[3]));
    if (path.includes(`${sep}node_modules${sep}`) && !path.startsWith(join(packageFolder, 'src') + sep)) continue;
    return { path, line: Number(match[2]) };
  }
  return undefined;
}

const sourceMaps = new Map<string, SourceMap>();

/** The line in spinfire's own TypeScript of one in the package's JavaScript. */
function inSource(path: string, line: number, column: number): { path: string; line: number } {
  const map =
    sourceMaps.get(path) ?? new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')) as SourceMapPayload);
  sourceMaps.set(path, map);
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalLine' in entry)) return { path, line };
  return { path: resolve(dirname(path), entry.originalSource), line: entry.originalLine + 1 };
}

const projectRoots = new Map<string, string>();

/** Relative to the nearest folder upwards that holds a package.json, so that no machine's paths get into outputs. */
function projectRelative(path: string): string {
  const folder = dirname(path);
  let root = projectRoots.get(folder);
  if (root === undefined) {
    root = folder;
    for (let up = folder; ; up = dirname(up)) {
      if (existsSync(join(up, 'package.json'))) {
        root = up;
        break;
      }
      if (dirname(up) === up) break;
    }
    projectRoots.set(folder, root);
  }
  return relative(root, resolve(path)).split(sep).join('/');
}
