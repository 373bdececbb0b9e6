/** `tsx scripts/write-pages.ts`: tables of docs/ from those of the source. test/house/pages.test.ts holds them. */
import { writeFileSync } from 'node:fs';
import { madePages } from './pages/files.ts';

for (const { path, text } of madePages()) writeFileSync(path, text);
