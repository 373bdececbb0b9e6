import { describe, expect, it } from 'vitest';
import { slice } from '../../slice.ts';
import { runCampaign } from './campaign.ts';

describe('random circuits', () => {
  it('do the same in the interpreter, Verilator and Icarus as by the laws', async () => {
    const seed = 20_160_504;
    const failures = await runCampaign({
      seed,
      circuits: slice(40, 240),
      cycles: 16,
      batch: slice(40, 60),
      shrinkMs: 20_000,
    });
    expect(failures.join('\n\n')).toBe('');
  }, 180_000);
});
