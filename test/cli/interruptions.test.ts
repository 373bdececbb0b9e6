/** A few signals at random moments over the commands that need no tools; all commands and kills are in interruptions.regress.ts. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { randomSource } from '../network/samples.ts';
import { childrenOf, leftAfter, litter, litterAfter, ownPlace, quickCommands, start } from './interruptions.ts';
import { packagedProgram } from './program.ts';
import { workbench } from './small-files.ts';

const seed = 2;
const random = randomSource(seed);

it.each(quickCommands.slice(0, 6))('ends soon after a signal: $line', async ({ line }) => {
  const place = ownPlace();
  try {
    const { child, ended } = start(place, line);
    const name = random() < 0.5 ? 'SIGINT' : 'SIGTERM';
    const moment = 400 + random() * 1200;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, moment))]);
    const sent = performance.now();
    const alive = child.kill(name);
    const { code, stderr } = await ended;
    const took = performance.now() - sent;
    const what = `${line}, ${name} after ${moment.toFixed(0)} ms, seed ${seed}\n${stderr}`;
    expect(took, what).toBeLessThan(4000);
    // On a slow machine nobody listens yet, and Node ends the process itself; or all was done just then.
    const atOnce = code === null || (code === 0 && took < 50);
    if (alive && !atOnce) expect(code, what).toBe(name === 'SIGINT' ? 130 : 143);
    expect(await leftAfter(place.folder, 2000), what).toEqual([]);
    expect(await litterAfter(place.folder, 2000), what).toEqual([]);
  } finally {
    place.bench.dispose();
  }
});

it.each([
  ['the program', (pid: number) => programOf(pid), 'SIGTERM', 143],
  ['the program', (pid: number) => programOf(pid), 'SIGINT', 130],
  ['the group of both', (pid: number) => -pid, 'SIGINT', 130],
] as const)('a sweep whose workers count ends soon after a signal to %s', async (_, target, name, code) => {
  const place = ownPlace();
  try {
    const sweep = { model: 'model.onnx', images: 'images.idx', labels: 'labels.idx', device: 'sigmoid' };
    place.bench.put('long.json', JSON.stringify({ ...sweep, thresholdSpread: [0, 0.2], seeds: 4000, timeSteps: [64] }));
    const { child, ended } = start(place, 'sweep long.json --workers 2', { detached: true });
    onTestFinished(() => endGroup(child.pid!));
    const results = join(place.folder, 'long.results.jsonl');
    while (child.exitCode === null && !existsSync(results)) await new Promise((resolve) => setTimeout(resolve, 20));
    const sent = performance.now();
    process.kill(target(child.pid!), name);
    const { code: found, stderr } = await ended;
    expect(found, stderr).toBe(code);
    expect(stderr).toContain('interrupted');
    expect(performance.now() - sent).toBeLessThan(4000);
    expect(await leftAfter(place.folder, 2000)).toEqual([]);
    expect(await litterAfter(place.folder, 2000)).toEqual([]);
  } finally {
    place.bench.dispose();
  }
});

/** The process behind the one that was started. */
const programOf = (pid: number): number =>
  childrenOf(pid).find((each) => readFileSync(`/proc/${each}/cmdline`, 'utf8').includes('main.js'))!;

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}

it('ends only when what a program left that heard nothing is removed', async () => {
  const bench = workbench();
  try {
    const packaged = dirname(dirname(packagedProgram()));
    mkdirSync(join(bench.folder, 'bin'));
    copyFileSync(join(packaged, 'bin', 'spinfire.js'), join(bench.folder, 'bin', 'spinfire.js'));
    const store = JSON.stringify(join(packaged, 'dist', 'store', 'index.js'));
    const half = JSON.stringify(join(bench.folder, '.spinfire-half'));
    bench.put(
      join('bin', 'main.js'),
      `import { guardFolder, guardHolds } from ${store};
import { mkdirSync, writeFileSync } from 'node:fs';
guardHolds(Number(process.env.SPINFIRE_GUARD_FD));
guardFolder(${half});
mkdirSync(${half});
for (let file = 0; file < 20000; file++) writeFileSync(${half} + '/' + file, '');
process.stdout.write('begun\\n');
setTimeout(() => { for (;;); }, 100);`,
    );
    bench.put('package.json', '{"type":"module"}');
    const child = spawn(process.execPath, [join(bench.folder, 'bin', 'spinfire.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(litter(bench.folder)).toEqual([]);
  } finally {
    bench.dispose();
  }
});

it('ends a program that computes beyond its limit, and says what that was told before', () => {
  const bench = workbench();
  try {
    mkdirSync(join(bench.folder, 'bin'));
    copyFileSync(join(dirname(packagedProgram()), 'spinfire.js'), join(bench.folder, 'bin', 'spinfire.js'));
    const failure = { stdout: '{"error":{}}\n', stderr: 'error: too long\n', exitCode: 2 };
    const main = (then: string) =>
      bench.put(
        join('bin', 'main.js'),
        `process.send({ limit: { ms: 300, ...${JSON.stringify(failure)} } });\n${then}`,
      );
    bench.put('package.json', '{"type":"module"}');
    const run = () => {
      const program = join(bench.folder, 'bin', 'spinfire.js');
      const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 60_000 });
      return { stdout, stderr, exitCode: status };
    };
    main('for (;;);');
    expect(run()).toEqual(failure);
    main("process.send({ limit: undefined }); setTimeout(() => { console.log('done'); process.exit(0); }, 1000);");
    expect(run()).toEqual({ stdout: 'done\n', stderr: '', exitCode: 0 });
  } finally {
    bench.dispose();
  }
});
