/** What `npm test` and `npm run regress` have in common. */
import { fileURLToPath } from 'node:url';
import { runStaticChecks } from './static.ts';
import { runTests } from './vitest.ts';

/**
 * Runs the static checks, then the tests, and ends with one line `N passed, N failed`.
 *
 * @param args given: only these test files, without the static checks
 * @returns exit code
 */
export async function runAll(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const checks = args.length > 0 ? { passed: 0, failed: 0 } : await runStaticChecks(root);
  const tests = await runTests(root, args, env);
  const failed = checks.failed + tests.failed;
  console.log(`${checks.passed + tests.passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
