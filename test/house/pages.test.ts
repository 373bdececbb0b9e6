/** Pages with tables from the source say what the source says now (npx tsx scripts/write-pages.ts writes them again). */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madePages } from '../../scripts/pages/files.ts';

describe('tables in', () => {
  it.each(madePages().map((page) => ({ ...page, name: basename(page.path) })))('$name are fresh', ({ path, text }) => {
    expect(text).toMatch(/<!-- table \w+ -->\n[\s\S]*\| --- \|/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
