import { describe, it } from 'vitest';
import { blockCases, cases, compareBlocks, compareGap, compareLinks } from './bench.ts';

describe('the link in hardware', () => {
  it.each(cases)('sends what its software sends: %s', (_, frames) => compareLinks(frames), 120_000);
  it.each(blockCases)('sends what its software sends to a block: %s', (_, frames) => compareBlocks(frames), 120_000);
  it('ends a frame that stops in the middle, and is well with the next', compareGap, 240_000);
});
