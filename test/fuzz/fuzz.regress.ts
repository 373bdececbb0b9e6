/** 5,000 damaged inputs of each kind, from fixed seeds: a typed error or a result, within 5 s and 1 GB. SPINFIRE_SEED chooses other damage. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { shifted } from '../slice.ts';
import { minimised } from './run.ts';
import { fuzzFolder, fuzzTargets } from './targets.ts';

const cases = Number(process.env.SPINFIRE_FUZZ_CASES ?? 5000);
const first = shifted(1, cases);
/** A case that shows nothing for so long hangs; a busy machine takes longer than the 5 s of processor that the child counts. */
const hangMs = 60_000;
const child = fileURLToPath(new URL('child.ts', import.meta.url));

/** What the child found; a case that ended it is one of its failures, and the next child goes on behind it. */
async function fuzz(name: string): Promise<{ seed: number; problem: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-fuzzer-'));
  const progress = join(folder, 'seed');
  const failures: { seed: number; problem: string }[] = [];
  const end = first + cases;
  for (let from = first; from < end; ) {
    const args = ['--import', 'tsx', '--max-old-space-size=1024', child, name, String(from), String(end), progress];
    const run = execa(process.execPath, args, {
      reject: false,
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
    });
    let [last, since] = ['', Date.now()];
    const watch = setInterval(() => {
      const now = seedIn(progress);
      if (now !== last) [last, since] = [now, Date.now()];
      else if (Date.now() - since > hangMs) run.kill('SIGKILL');
    }, 1000);
    const result = await run;
    clearInterval(watch);
    if (result.exitCode === 0) {
      failures.push(...(JSON.parse(result.stdout) as { failures: typeof failures }).failures);
      break;
    }
    const seed = Number(seedIn(progress));
    failures.push({ seed, problem: result.isTerminated ? 'hangs' : result.stderr.slice(-2000) });
    from = Math.max(from, seed) + 1;
  }
  rmSync(folder, { recursive: true, force: true });
  return failures;
}

function seedIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

it.each(Object.keys(fuzzTargets))(
  `${cases} damaged inputs: %s`,
  async (name) => {
    const failures = await fuzz(name);
    const [failure] = failures;
    if (failure !== undefined && failure.problem !== 'hangs') {
      const target = fuzzTargets[name]!;
      const folder = fuzzFolder();
      const small = await minimised(target, target.mutate(target.bases(), failure.seed), folder.path);
      folder.dispose();
      console.log(
        `${name}, seed ${failure.seed}, as short as it gets, base64: ${Buffer.from(small).toString('base64')}`,
      );
    }
    expect(failures).toEqual([]);
  },
  3_600_000,
);
