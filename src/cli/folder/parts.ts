/** Files of a core's folder that tools want to know of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { MappedLine } from '../../flow/index.ts';

const map = z.array(z.object({ file: z.string(), line: z.number(), place: z.string() }));

/** Names of the Verilog files, sorted. */
export function verilogFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.v'))
    .sort();
}

/** Verilog line -> TypeScript line; empty when the folder has no map: messages then name the Verilog only. */
export function readMap(directory: string): readonly MappedLine[] {
  const file = join(directory, 'map.json');
  if (!existsSync(file)) return [];
  try {
    return map.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
