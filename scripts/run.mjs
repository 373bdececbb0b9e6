// @ts-check
// node scripts/run.mjs setup|demo|test|regress|bench|figures [arguments]: makes the machine ready, then hands over to TypeScript.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/index.mjs';
import { thisMachine } from './setup/machine.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tasks = ['demo', 'test', 'regress', 'bench', 'figures'];
const [task = '', ...args] = process.argv.slice(2);

if (task !== 'setup' && !tasks.includes(task)) {
  console.error(`error: no such task\n  found:    ${task || 'nothing'}\n  expected: setup, ${tasks.join(', ')}`);
  process.exit(2);
}
const ready = await setUp(thisMachine(root));
if (ready !== 0 || task === 'setup') process.exit(ready);

const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts', `${task}.ts`), ...args], {
  cwd: root,
  stdio: 'inherit',
});
// On a terminal the whole process group gets Ctrl-C; a signal to this process alone is passed on.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('close', (code) => process.exit(code ?? 1));
