/** `tsx scripts/monitor-cost.ts`: what each monitor adds to the reference core, in LUTs of an iCE40; the table of docs/monitors.md. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoPlan, withRateLimits, writeVerilog } from '../src/app/index.ts';
import { synthesise, systemEnvironment } from '../src/flow/index.ts';
import { mnistPaths, readIdxFiles } from '../src/network/index.ts';
import type { MonitorPlan, Plan } from '../src/plan/index.ts';
import { withTemporaryFolder } from '../src/store/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const environment = systemEnvironment(process.env, root);
const none: MonitorPlan = { abstain: null, rates: null, lockup: false, stall: null, activity: false };
const free = [0, 1].map(() => ({ low: 0, high: 1 }));
const all: MonitorPlan = {
  ...none,
  abstain: { below: 0 },
  rates: free,
  lockup: true,
  stall: { bits: 24 },
  activity: true,
};
const variants: Readonly<Record<string, MonitorPlan | undefined>> = {
  none: undefined,
  abstain: { ...none, abstain: all.abstain },
  rate: { ...none, rates: free },
  lockup: { ...none, lockup: true },
  stall: { ...none, stall: all.stall },
  activity: { ...none, activity: true },
  all,
};

const plain = await demoPlan(root);
const pixels = readIdxFiles(mnistPaths().test.images).pixels.slice(0, 100 * 784);
let before: number | undefined;
for (const [name, monitors] of Object.entries(variants)) {
  const watched: Plan = monitors === undefined ? plain : { ...plain, monitors };
  const plan = watched.monitors?.rates ? withRateLimits(watched, pixels) : watched;
  if (name === 'rate') console.log(`limits: ${JSON.stringify(plan.monitors?.rates)}`);
  const resources = await withTemporaryFolder(async (directory) => {
    mkdirSync(directory, { recursive: true });
    writeVerilog(plan, directory);
    const verilogFiles = readdirSync(directory).filter((file) => file.endsWith('.v'));
    const output = { outputDirectory: join(directory, 'build'), target: 'ice40' as const };
    return synthesise({ directory, top: plan.name, verilogFiles, ...output }, environment);
  });
  before ??= resources.luts;
  console.log(`${name}: ${resources.luts} LUT4 (${resources.luts - (before ?? 0)} more), ${resources.ffs} flip-flops`);
}
