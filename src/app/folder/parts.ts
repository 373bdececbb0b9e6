/** Files of a core's folder that tools want to know of. */
import { readdirSync } from 'node:fs';

/** Names of the `.v` files of a core's folder, sorted, without their path; those of folders below it are not its own. Throws as `readdirSync` does. */
export function verilogFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.v'))
    .sort();
}
