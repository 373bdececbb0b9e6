/** Files of a core's folder that tools want to know of. */
import { readdirSync } from 'node:fs';

/** Names of the Verilog files, sorted. */
export function verilogFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.v'))
    .sort();
}
