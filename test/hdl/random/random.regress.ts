import { describe, expect, it } from 'vitest';
import { runCampaign } from './campaign.ts';

// Another seed, for circuits that nobody has seen: SPINFIRE_RANDOM_SEED=7 npm run regress
const seed = Number(process.env.SPINFIRE_RANDOM_SEED ?? 1);

describe('2,000 random circuits', () => {
  it(`do the same in the interpreter, Verilator and Icarus as by the laws (seed ${seed})`, async () => {
    const failures = await runCampaign({ seed, circuits: 2000, cycles: 24, batch: 250, shrinkMs: 120_000 });
    expect(failures.join('\n\n')).toBe('');
  }, 3_600_000);
});
