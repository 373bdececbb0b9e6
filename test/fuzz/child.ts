/** `child.ts TARGET FROM TO PROGRESS`: cases of one fuzzer in a process of its own, whose memory and time are watched from outside. */
import { openSync, writeSync } from 'node:fs';
import { problemOf } from './run.ts';
import { fuzzFolder, fuzzTargets } from './targets.ts';

const [name, from, to, progress] = process.argv.slice(2) as [string, string, string, string];
const target = fuzzTargets[name]!;
const bases = target.bases();
const log = openSync(progress, 'w');
const folder = fuzzFolder();
const failures: { seed: number; problem: string }[] = [];
let accepted = 0;
for (let seed = Number(from); seed < Number(to); seed += 1) {
  writeSync(log, String(seed).padEnd(12), 0);
  const began = process.cpuUsage();
  const bytes = target.mutate(bases, seed);
  const problem = await problemOf(target, bytes, folder.path);
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  if (problem !== undefined) failures.push({ seed, problem });
  else if (seconds > 5) failures.push({ seed, problem: `${seconds.toFixed(1)} s of processor` });
  accepted += 1;
}
folder.dispose();
process.stdout.write(JSON.stringify({ cases: accepted, failures }));
