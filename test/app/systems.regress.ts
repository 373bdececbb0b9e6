/** A core in other people's systems: FuseSoC runs its targets, cocotb its test bench; pip install fusesoc 'cocotb>=2' edalize. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { writeCore } from '../../src/app/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { temporaryFolder } from '../sim/temporary.ts';

const found = async (program: string, words: readonly string[]) => {
  const { failed } = await execa(program, words, { reject: false });
  if (failed) console.log(`${program} is not there: its tests are skipped (pip install fusesoc 'cocotb>=2')`);
  return !failed;
};
const hasFusesoc = await found('fusesoc', ['--version']);
const hasCocotb = await found('cocotb-config', ['--version']);

/** The small core with everything that watches. */
async function core(): Promise<string> {
  const directory = join(temporaryFolder(), 'sprout');
  const rates = [
    { low: 0, high: 48 },
    { low: 0, high: 5 },
  ];
  const monitors = { abstain: { below: 40 }, rates, lockup: true, stall: { bits: 20 }, activity: true };
  await writeCore({ ...smallPlan(), monitors }, directory);
  return directory;
}

describe.skipIf(!hasFusesoc)('FuseSoC', () => {
  it.each(['lint', 'sim', 'synth'])(
    'runs the target %s',
    async (target) => {
      const directory = await core();
      const words = ['--cores-root', directory, 'run', '--target', target, 'spinfire:cores:sprout'];
      const { all, exitCode } = await execa('fusesoc', words, { cwd: temporaryFolder(), all: true, reject: false });
      expect(exitCode, all).toBe(0);
      expect(all).not.toMatch(/%Warning|^ERROR/m);
      if (target === 'sim') expect(all).toContain('PASS sprout in Icarus Verilog');
    },
    240_000,
  );
});

describe.skipIf(!hasCocotb)('the cocotb test bench', () => {
  const run = (cwd: string) => execa('make', ['-f', 'testbench/cocotb.mk'], { cwd, all: true, reject: false });

  it('finds the answers of the golden model, and a weight that is wrong', async () => {
    const directory = await core();
    const good = await run(directory);
    expect(good.all).toContain('TESTS=2 PASS=2 FAIL=0');
    const weights = join(directory, 'sprout_out_weights.mem');
    // The last words of the comment-free file are weights of the last inputs.
    writeFileSync(
      weights,
      readFileSync(weights, 'utf8').replace(/[0-9a-f]+(?=\s*$)/, (word) => '1'.repeat(word.length)),
    );
    const bad = await run(directory);
    expect(bad.all).toMatch(/TESTS=2 PASS=0 FAIL=2/);
  }, 240_000);
});
