/** npm run demo */
import { fileURLToPath } from 'node:url';
import { runDemoProcess } from '../src/cli/main.ts';

await runDemoProcess(fileURLToPath(new URL('..', import.meta.url)));
