/**
 * `tsx scripts/monitor-cost.ts [NAME ...]`: what each monitor (or those that are named) adds to the reference core, in LUTs of an iCE40; the table of docs/monitors.md. Modules that
 * a monitor adds or changes are synthesised by themselves, and the same without it: the rest of the core is what it was.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoName, demoPlan, withRateLimits, writeVerilog } from '../src/app/index.ts';
import { synthesise, systemEnvironment } from '../src/flow/index.ts';
import { mnistPaths, readIdxFiles } from '../src/network/index.ts';
import type { MonitorPlan, Plan } from '../src/plan/index.ts';
import { withTemporaryFolder } from '../src/store/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const environment = systemEnvironment(process.env, root);
const none: MonitorPlan = { abstain: null, rates: null, lockup: false, stall: null, activity: false };
const free = [0, 1].map(() => ({ low: 0, high: 1 }));
const [abstain, stall] = [{ below: 0 }, { bits: 24 }];
const variants: Readonly<Record<string, MonitorPlan>> = {
  abstain: { ...none, abstain },
  rate: { ...none, rates: free },
  lockup: { ...none, lockup: true },
  stall: { ...none, stall },
  activity: { ...none, activity: true },
  checksum: { ...none, checksum: true },
  load: { ...none, checksum: true, load: true },
  all: { abstain, rates: free, lockup: true, stall, activity: true, checksum: true },
};

/** Module -> Verilog without comments, so that only what is built counts. */
function modules(directory: string): Map<string, string> {
  const names = readdirSync(directory).filter((file) => file.endsWith('.v'));
  return new Map(
    names.map((file) => [file.slice(0, -2), readFileSync(join(directory, file), 'utf8').replace(/\/\/.*/g, '')]),
  );
}

/** LUT4 of a module by itself, times the places where the core has it. */
async function luts(directory: string, top: string): Promise<number> {
  const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
  const output = { outputDirectory: join(directory, 'build'), target: 'ice40' as const };
  const { luts: each } = await synthesise({ directory, top, verilogFiles, ...output }, environment);
  const core = readFileSync(join(directory, `${demoName}.v`), 'utf8');
  return each * core.split(new RegExp(`^  ${top}\\s`, 'm')).length - each;
}

const plain = await demoPlan(root);
const pixels = readIdxFiles(mnistPaths().test.images).pixels.slice(0, 100 * 784);
await withTemporaryFolder(async (bare) => {
  writeVerilog(plain, bare);
  const before = modules(bare);
  const asked = process.argv.slice(2);
  for (const [name, monitors] of Object.entries(variants)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const watched: Plan = { ...plain, monitors };
    const plan = monitors.rates ? withRateLimits(watched, pixels) : watched;
    if (name === 'rate') console.log(`limits: ${JSON.stringify(plan.monitors?.rates)}`);
    await withTemporaryFolder(async (directory) => {
      writeVerilog(plan, directory);
      let more = 0;
      for (const [top, text] of modules(directory)) {
        if (top === demoName || top.endsWith('_memory_file') || before.get(top) === text) continue;
        more += await luts(directory, top);
        if (before.has(top)) more -= await luts(bare, top);
      }
      console.log(`${name}: ${more} LUT4 more`);
    });
  }
});
