// Runs src/cli from its TypeScript source; bin/spinfire.js starts it.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

// Without this, a tsconfig.json of the folder that a person happens to be in would be taken.
register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
const { runProcess } = await import('../src/cli/main.ts');
await runProcess();
