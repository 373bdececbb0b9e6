/** The command line as a process of its own: streams, signals, children. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';
import { type Workbench, workbench } from './small-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'spinfire.js');

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => bench.dispose());

const spinfire = (args: readonly string[], options: { cwd?: string } = {}) =>
  execa(process.execPath, [program, ...args], { cwd: bench.folder, reject: false, ...options });

it('answers to npx in the checkout', async () => {
  const { stdout, exitCode } = await execa('npx', ['--no-install', 'spinfire', '--version'], {
    cwd: root,
    reject: false,
  });
  expect({ stdout, exitCode }).toEqual({ stdout: '0.1.0', exitCode: 0 });
});

it('prints nothing but one JSON document on stdout, whatever tsconfig.json lies in the folder', async () => {
  bench.put('tsconfig.json', '{ "compilerOptions": { "target": "es3", "experimentalDecorators": true ');
  const args = [
    'classify',
    '--model',
    'model.onnx',
    '--images',
    'images.idx',
    '--labels',
    'labels.idx',
    '--json',
    '--predictions',
    'p.txt',
  ];
  const { stdout, stderr, exitCode } = await spinfire(args);
  expect(exitCode, stderr).toBe(0);
  // One prediction a line.
  expect(readFileSync(join(bench.folder, 'p.txt'), 'utf8')).toMatch(/^([0-2]\n){12}$/);
  expect(Object.keys(JSON.parse(stdout)).slice(0, 5)).toEqual(['images', 'timesteps', 'engine', 'seed', 'seconds']);
  expect(stderr).toContain('classify 12 images, golden, seed 1: done');
});

it('survives a reader that goes away', async () => {
  const { stderr } = await execa('bash', ['-c', `"${process.execPath}" "${program}" --help | head -1`], {
    reject: false,
  });
  expect(stderr).not.toMatch(/EPIPE|at .*\.js/);
});

it('ends the tools that it started on Ctrl-C, and leaves nothing half-written', async () => {
  const io = fakeIo({ cwd: bench.folder });
  expect(await runCommandLine(['build', 'model.onnx', '-o', 'core'], io, commands)).toBe(0);
  const before = readdirSync(join(bench.folder, 'core')).sort();
  const tools = mkdtempSync(join(tmpdir(), 'spinfire-tools-'));
  const pidFile = join(tools, 'pid');
  const fake = join(tools, 'yosys');
  // Says its version; otherwise works for ever.
  writeFileSync(
    fake,
    `#!/bin/sh\n[ "$1" = -V ] && echo 'Yosys 0.40' && exit 0\necho $$ > ${pidFile}.new && mv ${pidFile}.new ${pidFile}\nexec sleep 600\n`,
  );
  chmodSync(fake, 0o755);
  try {
    const child = spawn(process.execPath, [program, 'synth', 'core', '--target', 'ice40'], {
      cwd: bench.folder,
      env: { ...process.env, SPINFIRE_YOSYS: fake },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (!existsSync(pidFile)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(stderr).toContain('interrupted');
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(await gone(pid)).toBe(true);
    expect(readdirSync(join(bench.folder, 'core')).sort()).toEqual([...before, 'build'].sort());
    expect(leftovers(join(bench.folder, 'core', 'build'))).toEqual([]);
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
});

async function gone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    // A killed process may stay as a zombie until somebody collects it.
    const state = existsSync(`/proc/${pid}/stat`)
      ? /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
      : 'Z';
    if (state === 'Z') return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

const leftovers = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name !== 'synth' && !name.endsWith('.log'),
  );
