/** `tsx scripts/write-link.ts`: the protocol's constants and tables, made from src/link. test/link holds them. */
import { writeFileSync } from 'node:fs';
import { linkFiles } from './link/files.ts';

for (const { path, text } of linkFiles()) writeFileSync(path, text);
