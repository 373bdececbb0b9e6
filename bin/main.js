// Runs the command line, from its TypeScript source in a checkout, from dist/ in the package; bin/spinfire.js starts it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inCheckout = existsSync(new URL('../src/cli/main.ts', import.meta.url));
if (inCheckout) {
  const { register } = await import('tsx/esm/api');
  // Without this, a tsconfig.json of the folder that a person happens to be in would be taken.
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
}
const { runProcess } = await import(inCheckout ? '../src/cli/main.ts' : '../dist/cli/main.js');
await runProcess();
