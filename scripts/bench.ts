/** npm run bench: every program bench/*.ts, one after the other; `npm run bench -- device` runs those whose name holds a word. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { badInput, checkFailed } from '../src/errors/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const programs = readdirSync(new URL('../bench', import.meta.url))
  .filter((name) => name.endsWith('.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();
const failed: string[] = [];
for (const program of programs) {
  console.log(`\n== bench/${program}`);
  const result = await execa(process.execPath, ['--import', 'tsx', `bench/${program}`], {
    cwd: root,
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.exitCode !== 0) failed.push(program);
}
if (programs.length === 0) console.error(badInput('no benchmark of this name', { found: wanted.join(' ') }).report);
if (failed.length > 0) console.error(checkFailed('benchmarks failed', { found: failed.join(', ') }).report);
process.exitCode = failed.length > 0 ? 1 : programs.length === 0 ? 2 : 0;
