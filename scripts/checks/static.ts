/** The checks that read the source without running it, quickest answer first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const sourceFolders = ['src', 'test', 'scripts', 'bench', 'examples'];

const checksOf = (root: string): readonly Check[] => [
  { name: 'types (tsc)', command: ['tsc', '--noEmit'] },
  { name: 'format and lint (biome)', command: ['biome', 'check', '--no-errors-on-unmatched', '.'] },
  { name: 'unused code and packages (knip)', command: ['knip', '--no-progress'] },
  {
    name: 'import directions (dependency-cruiser)',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      ...sourceFolders.filter((folder) => existsSync(join(root, folder))),
    ],
  },
];

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs all checks side by side; prints each one's verdict, and its own words when it fails. */
export async function runStaticChecks(root: string): Promise<Tally> {
  const checks = checksOf(root);
  const verdicts = checks.map(async ({ name, command: [program, ...args] }) => {
    const started = performance.now();
    const result = await execa(program, args, {
      cwd: root,
      preferLocal: true,
      reject: false,
      all: true,
      stdin: 'ignore',
      env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return { name, seconds, ok: result.exitCode === 0, words: result.all ?? '' };
  });
  let failed = 0;
  for (const verdict of verdicts) {
    const { name, seconds, ok, words } = await verdict;
    if (!ok) {
      failed += 1;
      console.log(words.trimEnd());
    }
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}, ${seconds} s`);
  }
  return { passed: checks.length - failed, failed };
}
