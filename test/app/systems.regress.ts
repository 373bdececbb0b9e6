/** A core in other people's systems: FuseSoC runs its targets, cocotb its test bench; pip install fusesoc litex 'cocotb>=2'. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { writeCore } from '../../src/app/index.ts';
import type { WrapperBus } from '../../src/core/index.ts';
import { smallPlan } from '../sim/small-core.ts';
import { temporaryFolder } from '../sim/temporary.ts';

const found = async (program: string, words: readonly string[]) => {
  const { failed } = await execa(program, words, { reject: false });
  if (failed) console.log(`${program} is not there: its tests are skipped (pip install fusesoc litex 'cocotb>=2')`);
  return !failed;
};
const hasFusesoc = await found('fusesoc', ['--version']);
const hasLitex = await found('python3', ['-c', 'import litex.build, migen']);
const hasCocotb = await found('cocotb-config', ['--version']);

/** The small core with everything that watches. */
async function core(wrappers: readonly WrapperBus[] = []): Promise<string> {
  const directory = join(temporaryFolder(), 'sprout');
  const rates = [
    { low: 0, high: 48 },
    { low: 0, high: 5 },
  ];
  const monitors = { abstain: { below: 40 }, rates, lockup: true, stall: { bits: 20 }, activity: true };
  await writeCore({ ...smallPlan(), monitors }, directory, () => {}, wrappers);
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
  const run = (cwd: string) =>
    execa('make', ['-f', 'testbench/cocotb.mk'], { cwd, env: { IMAGES: '8' }, all: true, reject: false });

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

describe.skipIf(!hasLitex || !hasCocotb)('LiteX', () => {
  it('builds a system around the core, which answers as the golden model, by its bus, streams and interrupt', async () => {
    const directory = await core(['wishbone']);
    const here = join(import.meta.dirname, '.');
    const work = temporaryFolder();
    const top = join(work, 'litex_top.v');
    const built = await execa('python3', [join(here, 'litex_system.py'), directory, 'sprout', top], { cwd: work });
    expect(built.stdout).toMatch(/^csr_register,sprout_core_hash,0x30000044,1,ro$/m);
    const verilog = [directory, join(directory, 'wrapper')].flatMap((folder) => {
      const files = readdirSync(folder);
      for (const file of files.filter((name) => name.endsWith('.mem')))
        copyFileSync(join(folder, file), join(work, file));
      return files.filter((name) => name.endsWith('.v')).map((name) => join(folder, name));
    });
    const makefile = [
      'SIM = icarus',
      'TOPLEVEL_LANG = verilog',
      `VERILOG_SOURCES = ${[top, ...verilog].join(' ')}`,
      'COCOTB_TOPLEVEL = litex_top',
      'COCOTB_TEST_MODULES = test_litex',
      `export PYTHONPATH := ${here}`,
      'include $(shell cocotb-config --makefiles)/Makefile.sim',
    ];
    writeFileSync(join(work, 'Makefile'), `${makefile.join('\n')}\n`);
    const map = JSON.parse(readFileSync(join(directory, 'wrapper', 'registers.json'), 'utf8'));
    const hash = map.find(({ name }: { name: string }) => name === 'CORE_HASH').reset;
    const env = { CORE: directory, CORE_HASH: String(hash) };
    const { all } = await execa('make', [], { cwd: work, env, all: true, reject: false });
    expect(all).toContain('TESTS=1 PASS=1 FAIL=0');
  }, 240_000);
});
