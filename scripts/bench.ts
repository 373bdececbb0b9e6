/** `npm run bench`: every benchmark in bench/, one after the other. Each prints its ratios. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('..', import.meta.url));
const benches = readdirSync(new URL('../bench', import.meta.url)).filter((file) => file.endsWith('.ts'));
let failed = 0;
for (const file of benches.sort()) {
  console.log(`\n== bench/${file}`);
  const { exitCode } = await execa('node', ['--import', 'tsx', `bench/${file}`], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
  });
  if (exitCode !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
