// Runs the command line, from its TypeScript source in a checkout, from dist/ in the package; bin/spinfire.js starts it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inCheckout = existsSync(new URL('../src/cli/main.ts', import.meta.url));

async function load() {
  if (inCheckout) {
    const { register } = await import('tsx/esm/api');
    // Without this, a tsconfig.json of the folder that a person happens to be in would be taken.
    register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
  }
  return import(inCheckout ? '../src/cli/main.ts' : '../dist/cli/main.js');
}

/** @param {unknown} error */
function noProgram(error) {
  const found = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  process.stderr.write(`error: the program cannot be loaded\n  found:    ${found}\n`);
  process.stderr.write(
    '  help:     look at the limits of memory and open files (`ulimit -a`); `npm ci` makes a checkout whole again\n',
  );
  process.exit(2);
}

// The compiler of a checkout works in a thread of its own, whose failure comes from outside.
process.on('uncaughtException', noProgram);
const { runProcess } = await load().catch(noProgram);
process.off('uncaughtException', noProgram);
await runProcess();
