import { expect, it } from 'vitest';
import { htmlPage } from '../../src/report/index.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><clipPath id="clip0"/><g clip-path="url(#clip0)"/></svg>';

it('is one page that loads nothing, with text escaped and the ids of each chart its own', () => {
  const page = htmlPage('a < b', [
    { title: 'One & two', text: ['<script>'], charts: [svg, svg] },
    { title: 'Three', tables: [{ title: 'T', columns: ['x'], rows: [['"1"']] }] },
  ]);
  expect(page).toContain('<h1>a &lt; b</h1>');
  expect(page).toContain('<p>&lt;script&gt;</p>');
  expect(page).toContain('<td>&quot;1&quot;</td>');
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, used] of page.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(used);
  expect(page).not.toMatch(/\b(src|href)="(?!#)|<link|@import/);
});
