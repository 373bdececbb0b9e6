/**
 * `tsx scripts/monitor-cost.ts [NAME ...]`: what each monitor (or those that are named) adds to the reference core, in LUTs of an iCE40; the table of docs/monitors.md.
 */
import { readdirSync } from 'node:fs';
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
  'load and all': { abstain, rates: free, lockup: true, stall, activity: true, checksum: true, load: true },
  all: { abstain, rates: free, lockup: true, stall, activity: true, checksum: true },
};

/** LUT4 of a whole core: a monitor changes what the modules around it share, so that parts alone do not add up. */
async function luts(plan: Plan): Promise<number> {
  return withTemporaryFolder(async (directory) => {
    writeVerilog(plan, directory);
    const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
    const output = { outputDirectory: join(directory, 'build'), target: 'ice40' as const };
    return (await synthesise({ directory, top: demoName, verilogFiles, ...output }, environment)).luts;
  });
}

const plain = await demoPlan(root);
const pixels = readIdxFiles(mnistPaths().test.images).pixels.slice(0, 100 * 784);
const before = await luts(plain);
console.log(`none: ${before} LUT4`);
const asked = process.argv.slice(2);
for (const [name, monitors] of Object.entries(variants)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const watched: Plan = { ...plain, monitors };
  const plan = monitors.rates ? withRateLimits(watched, pixels) : watched;
  if (name === 'rate') console.log(`limits: ${JSON.stringify(plan.monitors?.rates)}`);
  console.log(`${name}: ${(await luts(plan)) - before} LUT4 more`);
}
