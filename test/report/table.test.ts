import { expect, it } from 'vitest';
import { junitXml, markdownTable, textTable } from '../../src/report/index.ts';

const table = {
  title: 'Cost',
  columns: ['target', 'LUT', 'note'],
  rows: [
    ['ice40', '5,280', 'a|b'],
    ['ecp5', '12', ''],
  ],
};

it('sets numbers flush right on terminals', () => {
  expect(textTable(table)).toBe(
    ['Cost', 'target    LUT  note', '------  -----  ----', 'ice40   5,280  a|b', 'ecp5       12'].join('\n'),
  );
});

it('writes Markdown', () => {
  expect(markdownTable(table)).toBe(
    [
      '**Cost**',
      '',
      '| target | LUT | note |',
      '| --- | --- | --- |',
      '| ice40 | 5,280 | a\\|b |',
      '| ecp5 | 12 |  |',
    ].join('\n'),
  );
});

it('writes JUnit XML with failures escaped', () => {
  const xml = junitXml({
    name: 'a<b',
    seconds: 1.5,
    cases: [{ name: 'good' }, { name: 'bad', failure: '1 & 2\nmore' }],
  });
  expect(xml).toContain('<testsuite name="a&lt;b" tests="2" failures="1" errors="0" skipped="0" time="1.500">');
  expect(xml).toContain('<testcase classname="a&lt;b" name="good"/>');
  expect(xml).toContain('<failure message="1 &amp; 2">1 &amp; 2\nmore</failure>');
});
