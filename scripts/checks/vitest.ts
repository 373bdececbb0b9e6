/** Runs the tests and counts them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Tally } from './static.ts';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}

/** @param args file filters and options for vitest */
export async function runTests(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-test-'));
  const reportFile = join(folder, 'report.json');
  try {
    const result = await execa(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...args],
      { cwd: root, preferLocal: true, reject: false, stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', env },
    );
    return count(reportFile, result.exitCode === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(reportFile: string, succeeded: boolean): Tally {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport;
  } catch {
    return { passed: 0, failed: 1 };
  }
  // A file that cannot even be loaded fails without a failing test in it.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  // Anything else that made vitest fail (an error outside of tests, a worker that died) counts as one.
  return { passed: report.numPassedTests, failed: failed === 0 && !succeeded ? 1 : failed };
}
