/** Messages of yosys, Verilator, Icarus and nextpnr, shown at the TypeScript line that the Verilog line comes from. */

import { join } from 'node:path';
import { z } from 'zod';
import { readPlainFile, textOf } from '../store/index.ts';

/** One line of Verilog and where it comes from. */
export interface MappedLine {
  /** As the tools were given it, e.g. `digits_conv1.v`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `src/core/x.ts:41` */
  readonly origin: string;
}

const sourceMapFile = z.array(z.object({ file: z.string(), line: z.number(), origin: z.string() }));

/** The `map.json` that `build` writes; empty when the folder has none that can be read: messages then name the Verilog only. */
export function readSourceMap(directory: string): readonly MappedLine[] {
  try {
    return sourceMapFile.parse(JSON.parse(textOf(readPlainFile(join(directory, 'map.json')))));
  } catch {
    return [];
  }
}

/** A line of Verilog, with or without columns: `a.v:12`, `a.v:12.3-14.9` (yosys), `a.v:12:3` (Verilator). */
const verilogLine = /([^\s:'"()[\],]+\.s?vh?):(\d+)(?:\.\d+(?:-\d+\.\d+)?|:\d+)?/g;

/**
 * Every line in `text` that lies in a file of the map becomes `src/core/x.ts:41 (a.v:12)`, by the nearest mapped line at or above it;
 * all else stays as it is.
 */
export function translateMessages(text: string, sourceMap: readonly MappedLine[]): string {
  if (sourceMap.length === 0) return text;
  const files = new Map<string, MappedLine[]>();
  for (const entry of sourceMap) {
    const lines = files.get(entry.file) ?? [];
    lines.push(entry);
    files.set(entry.file, lines);
  }
  for (const lines of files.values()) lines.sort((a, b) => a.line - b.line);
  return text.replace(verilogLine, (whole, file: string, line: string) => {
    const lines = files.get(file) ?? files.get(file.split('/').at(-1) ?? '');
    const origin = lines?.findLast((entry) => entry.line <= Number(line))?.origin;
    return origin === undefined ? whole : `${origin} (${whole})`;
  });
}
