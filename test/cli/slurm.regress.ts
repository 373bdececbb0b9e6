/**
 * A sweep as a job array on a real cluster of one node (Debian's slurm-wlm and munge, in a folder of its own, as root): a task is killed
 * while it works, the array is submitted once more, and the table is that of a run without a cluster.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { idxImages, idxLabels, workbench } from './small-files.ts';

const program = fileURLToPath(new URL('../../bin/spinfire.js', import.meta.url));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const here = (name: string) =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(join(folder, name)));

/** Undefined: a cluster can be had here. */
function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start a cluster';
  const absent = ['munged', 'slurmctld', 'slurmd', 'sbatch'].filter((name) => !here(name));
  return absent.length === 0 ? undefined : `not here: ${absent.join(', ')} (apt install slurm-wlm)`;
}

/** Starts the three programs of a cluster; gives the environment for `sbatch` and its like, and what ends them. */
async function cluster(): Promise<{ env: NodeJS.ProcessEnv; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'spinfire-slurm-'));
  for (const name of ['state', 'spool', 'run']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'key'), randomBytes(1024), { mode: 0o400 });
  const host = hostname().split('.')[0]!;
  const conf = join(folder, 'slurm.conf');
  const port = 20_000 + (process.pid % 20_000);
  writeFileSync(
    conf,
    `ClusterName=one
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/run/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmctldPort=${port}
SlurmdPort=${port + 1}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd.pid
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=night Nodes=${host} Default=NO MaxTime=INFINITE State=UP
`,
  );
  const munge = ['--foreground', '--force', `--key-file=${folder}/key`, `--socket=${folder}/run/munge.socket`];
  const munged = [...munge, `--pid-file=${folder}/run/munged.pid`, `--log-file=${folder}/munged.log`];
  const env = { ...process.env, SLURM_CONF: conf, PATH: `${process.env.PATH}:/usr/sbin` };
  const daemon = (name: string, args: readonly string[]) => spawn(name, args, { env, stdio: 'ignore' });
  const daemons: ChildProcess[] = [daemon('munged', [...munged, `--seed-file=${folder}/seed`])];
  await pause(1500);
  daemons.push(daemon('slurmctld', ['-D', '-f', conf]), daemon('slurmd', ['-D', '-f', conf, '-N', host]));
  const stop = async () => {
    for (const each of daemons.reverse()) {
      each.kill();
      // Until it has ended it writes its state.
      const ended = new Promise((resolve) => each.on('exit', resolve));
      if (each.exitCode === null && each.signalCode === null) await Promise.race([ended, pause(20_000)]);
      each.kill('SIGKILL');
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for (let attempt = 0; attempt < 60; attempt += 1) {
    await pause(500);
    try {
      if (execFileSync('sinfo', ['-h', '-o', '%T'], { env, encoding: 'utf8' }).includes('idle')) return { env, stop };
    } catch {
      // Not up yet.
    }
  }
  await stop();
  throw new Error('the cluster does not start');
}

const tasksIn = (folder: string) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return command.includes('main.js') && command.includes('--task') && command.includes(folder);
      } catch {
        return false;
      }
    })
    .map(Number);

it('a task that is killed while it works, and the array once more, give the table of a plain run', async (context) => {
  const reason = missing();
  if (reason !== undefined) return context.skip(reason);
  const bench = workbench();
  onTestFinished(() => bench.dispose());
  bench.put('images.idx', idxImages(1500));
  bench.put('labels.idx', idxLabels(1500));
  const sweep = join(bench.folder, 's.json');
  writeFileSync(
    sweep,
    JSON.stringify({
      ...{ model: 'model.onnx', images: 'images.idx', labels: 'labels.idx', device: 'sigmoid' },
      ...{ thresholdSpread: [0, 0.2, 0.4], seeds: 12, timeSteps: [1, 64] },
    }),
  );
  const { env, stop } = await cluster();
  onTestFinished(stop);
  // What npx would find in a project that has spinfire.
  mkdirSync(join(bench.folder, 'bin'));
  const npx = join(bench.folder, 'bin', 'npx');
  writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
  const own = { ...env, PATH: `${join(bench.folder, 'bin')}:${env.PATH}` };
  const spinfire = (...args: readonly string[]) =>
    execFileSync(process.execPath, [program, 'sweep', sweep, ...args], { cwd: bench.folder, encoding: 'utf8' });
  spinfire('--slurm', 'array.sh', '--tasks', '3', '--cores', '1', '--time', '00:10:00', '--partition', 'night');
  const submitted = spawn('sbatch', ['--wait', 'array.sh'], { cwd: bench.folder, env: own, stdio: 'ignore' });
  const first = new Promise<number | null>((resolve) => submitted.on('close', resolve));
  const begun = () => readdirSync(bench.folder).some((name) => name.includes('.task-'));
  for (let attempt = 0; attempt < 1200 && !begun(); attempt += 1) await pause(50);
  const [victim] = tasksIn(bench.folder);
  expect(victim, 'a task at work').toBeDefined();
  process.kill(victim!, 'SIGKILL');
  expect(await first, 'the array says that a task failed').not.toBe(0);
  execFileSync('sbatch', ['--wait', 'array.sh'], { cwd: bench.folder, env: own });
  const gathered = JSON.parse(spinfire('--json'));
  expect(gathered).toMatchObject({ runs: 36, finished: 36, fresh: 0 });
  for (const name of readdirSync(bench.folder).filter((each) => each.includes('.results.'))) {
    rmSync(join(bench.folder, name));
  }
  const plain = JSON.parse(spinfire('--json'));
  expect(plain.fresh).toBe(36);
  expect(gathered.points).toEqual(plain.points);
}, 600_000);
