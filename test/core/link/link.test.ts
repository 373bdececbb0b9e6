import { describe, expect, it } from 'vitest';
import { blockCases, buildLoadable, cases, compareBlocks, compareLinks } from './bench.ts';

describe('the link in hardware', () => {
  // The others are in link.regress.ts: each takes the interpreter seconds.
  it.each(cases.filter(([name]) => ['images', 'a break'].includes(name)))(
    'sends what its software sends: %s',
    (_, frames) => compareLinks(frames),
    60_000,
  );
  it.each([1, 300, 70_000])('is built for blocks and images of %i pixels', (pixels) => {
    expect(buildLoadable({ pixels }).modules.length).toBeGreaterThan(5);
  });
  it.each(blockCases.filter(([name]) => ['one word', 'a lost byte', 'half a word'].includes(name)))(
    'sends what its software sends to a block: %s',
    (_, frames) => compareBlocks(frames),
    60_000,
  );
});
