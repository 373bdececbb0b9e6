/** Writes generated/digits again, after a change of the network, the planner, the hardware or the emitter. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoName, demoPlan, writeCore } from '../src/app/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const core = await writeCore(await demoPlan(root), join(root, 'generated', demoName));
console.log(`generated/${demoName}: ${core.verilog.length} Verilog files, ${core.cyclesPerImage} cycles an image`);
