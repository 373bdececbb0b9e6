import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDemo, usualDemo } from '../../src/app/demo/index.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { root } from './docs.ts';

it('docs/results.md shows what the demo prints', async () => {
  const io = fakeIo({ cwd: root });
  const text = await runDemo({ root, ...usualDemo }, { io, progress: createProgress(io.stderr) });
  const page = readFileSync(join(root, 'docs', 'results.md'), 'utf8');
  const tables = text.slice(0, text.indexOf('\n\nFiles')).split('\n\n');
  // Cells depend on the version of yosys; accuracies and cycles on nothing.
  const sameTool = /by (yosys \S+)/.exec(text)?.[1] === /by (yosys \S+)/.exec(page)?.[1];
  for (const table of sameTool ? tables : tables.slice(0, 2)) expect(page).toContain(table);
}, 1_800_000);
