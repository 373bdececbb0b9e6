/** npm run regress: npm test and, besides, the long runs (files *.regress.ts; SPINFIRE_REGRESS=1 lengthens the others). */
import { runAll } from './checks/main.ts';

process.exitCode = await runAll(process.argv.slice(2), { SPINFIRE_REGRESS: '1' });
