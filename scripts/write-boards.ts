/** Writes boards/board.schema.json and docs/boards.md again, after a change of a board or of what stands in its file. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boardJsonSchema } from '../src/flow/index.ts';
import { boardsPage } from './boards/page.ts';

const place = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
writeFileSync(place('boards/board.schema.json'), `${JSON.stringify(boardJsonSchema(), undefined, 2)}\n`);
const page = place('docs/boards.md');
writeFileSync(page, boardsPage());
