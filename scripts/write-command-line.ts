/** Writes docs/command-line.md again, after a change of a command's table. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commands } from '../src/cli/commands/index.ts';
import { commandLinePage } from '../src/cli/manual.ts';

writeFileSync(fileURLToPath(new URL('../docs/command-line.md', import.meta.url)), commandLinePage(commands));
