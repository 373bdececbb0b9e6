import { describe, expect, it } from 'vitest';
import { linkId } from '../../../src/link/index.ts';
import { answersToBurst, blockCases, buildLoadable, cases, compareBlocks, compareLinks, core } from './bench.ts';

describe('the link in hardware', () => {
  // The others are in link.regress.ts: each takes the interpreter seconds.
  it.each(cases.filter(([name]) => ['images', 'a break'].includes(name)))(
    'sends what its software sends: %s',
    (_, frames) => compareLinks(frames),
    60_000,
  );
  it.each([[[8, 8, 8, 8, 8]], [[15, 1, 1, 1, 1, 1, 1, 1]], [[1, 12, 1, 12, 1, 12]]])(
    'leaves no request of a host that does not wait without a word: %j',
    (counts) => {
      const { burst, last } = answersToBurst(counts);
      const done = burst.filter(({ status }) => status === 'ok');
      expect(done.length).toBeGreaterThan(0);
      for (const { sequence, words } of done) expect(words).toHaveLength(counts[sequence - 1]!);
      const others = burst.filter(({ status }) => status !== 'ok');
      for (const other of others) expect(other).toEqual({ sequence: 0, status: 'overrun', words: [] });
      // Behind the last that was carried out there are others: something is said of them.
      const lastDone = Math.max(...done.map(({ sequence }) => sequence));
      if (lastDone < counts.length) expect(burst.at(-1)!.status).toBe('overrun');
      expect(others.length).toBeGreaterThan(0);
      expect(last).toMatchObject([{ sequence: 99, status: 'ok', words: [linkId, core.coreHash] }]);
    },
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
