/** The files of a design that a tool reads, checked and read into memory. */
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { badInput } from '../../errors/index.ts';
import { readPlainFile, reasonOf } from '../../store/index.ts';

export interface SourceFile {
  /** Relative to the design's folder: so the tools name it in their messages. */
  readonly path: string;
  readonly content: Uint8Array;
}

export interface Sources {
  readonly top: string;
  readonly verilog: readonly SourceFile[];
  /** Contents of memories, as `$readmemh` names them. */
  readonly memories: readonly SourceFile[];
  /** Verilog macros. */
  readonly defines: Readonly<Record<string, string>>;
}

export interface SourceOptions {
  readonly directory: string;
  readonly top: string;
  readonly verilogFiles: readonly string[];
  readonly moreVerilog?: readonly SourceFile[];
  readonly defines?: Readonly<Record<string, string>>;
}

/** @throws badInput when a file is missing, or no file holds the top module */
export async function readSources(options: SourceOptions): Promise<Sources> {
  const { directory, top, verilogFiles, moreVerilog = [], defines = {} } = options;
  if (!/^[A-Za-z_]\w*$/.test(top)) throw badInput('the top module has no legal name', { found: top });
  if (verilogFiles.length === 0) throw badInput('there is no Verilog to read', { where: directory });
  const own = await Promise.all(verilogFiles.map((path) => readSource(directory, path, directory)));
  const verilog = [...own, ...moreVerilog];
  const memories = new Map<string, SourceFile>();
  let hasTop = false;
  for (const { path, content } of verilog) {
    const text = Buffer.from(content).toString('utf8');
    hasTop ||= new RegExp(`^\\s*module\\s+${top}\\b`, 'm').test(text);
    // A file may come through a macro or a parameter: whatever names one is read.
    for (const [, named, other] of text.matchAll(/\$readmem[hb]\s*\(\s*"([^"]+)"|"([^"\n]+\.mem)"/g)) {
      const file = named ?? other ?? '';
      if (!memories.has(file)) memories.set(file, await readSource(directory, file, path));
    }
  }
  if (!hasTop) {
    throw badInput('the top module is in none of the files', {
      where: directory,
      expected: `module ${top}`,
      found: verilogFiles.join(', '),
    });
  }
  return { top, verilog, memories: [...memories.values()], defines };
}

async function readSource(directory: string, path: string, from: string): Promise<SourceFile> {
  if (isAbsolute(path) || normalize(path).startsWith('..') || /["\n\\]/.test(path)) {
    throw badInput('a file lies outside its folder', {
      where: from,
      found: path,
      expected: `a path inside ${directory}`,
    });
  }
  try {
    return { path: normalize(path), content: readPlainFile(join(directory, path)) };
  } catch (cause) {
    const found = reasonOf(cause);
    throw badInput('a file of the design cannot be read', { where: from, found, expected: path }, cause);
  }
}

/** Every folder that the files need, the shallow ones first. */
export function foldersOf(files: readonly SourceFile[]): string[] {
  return [...new Set(files.map(({ path }) => dirname(path)))].filter((folder) => folder !== '.').sort();
}
