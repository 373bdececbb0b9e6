/** npm test: everything that is checked on every change. Arguments go to vitest, e.g. `npm test -- test/hdl`. */
import { runAll } from './checks/main.ts';

process.exitCode = await runAll(process.argv.slice(2));
