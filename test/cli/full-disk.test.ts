/** A disk that fills while a command writes: a small file system in memory, which only root can mount. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packagedProgram } from './program.ts';
import { type Workbench, workbench } from './small-files.ts';

const program = packagedProgram();

let bench: Workbench;
let disk: string;
beforeEach(() => {
  bench = workbench();
  disk = join(bench.folder, 'disk');
  mkdirSync(disk);
});
afterEach(() => {
  spawnSync('umount', [disk], { stdio: 'ignore' });
  bench.dispose();
});

function mounted(options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const run = (line: string, env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [program, ...line.split(' ')], {
    cwd: bench.folder,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, ...env },
  });

/** The others take half a minute: they come in `npm run regress`. */
const regress = process.env.SPINFIRE_REGRESS === '1';

const cases = [
  ['200 kB', 'size=200k', 'build model.onnx -o disk/core'],
  ['64 kB', 'size=64k', 'synth core --target ice40 --work disk'],
  ['64 kB', 'size=64k', 'build model.onnx -o disk/core'],
  ['12 files', 'size=8m,nr_inodes=12', 'build model.onnx -o disk/core'],
  ['64 kB', 'size=64k', 'verify core --images images.idx --limit 1 --work disk'],
  ['4 kB', 'size=4k', 'calibrate --trials 100 --points 5 --csv disk/a.csv --plot disk/b.svg'],
] as const;

it.for(regress ? cases : cases.slice(0, 2))('a disk of %s (%s): %s', ([, options, line], context) => {
  if (!mounted(options)) return context.skip('only root can mount a small disk');
  if (line.includes(' core ')) expect(run('build model.onnx -o core').status).toBe(0);
  const { status, stderr } = run(line);
  expect(stderr).toMatch(/ENOSPC|No space left on device/);
  expect(stderr).not.toMatch(/defect|\n {4}at /);
  expect(status, stderr).toBe(2);
  // What is half done is gone.
  expect(readdirSync(disk).filter((name) => name.startsWith('.spinfire'))).toEqual([]);
  expect(existsSync(join(disk, 'core', 'plan.json'))).toBe(false);
});

it('keeps a core that is there when its successor has no room', (context) => {
  if (!mounted('size=400k')) return context.skip('only root can mount a small disk');
  expect(run('build model.onnx -o disk/core').status).toBe(0);
  writeFileSync(join(disk, 'filler'), new Uint8Array(0));
  const before = readdirSync(join(disk, 'core'), { recursive: true }).sort();
  spawnSync('sh', ['-c', `dd if=/dev/zero of=${disk}/filler bs=1k 2>/dev/null`]);
  expect(run('build model.onnx -o disk/core --seed 2').status).toBe(2);
  expect(readdirSync(join(disk, 'core'), { recursive: true }).sort()).toEqual(before);
});

it('temporary files that find no room, and no home', () => {
  expect(run('build model.onnx -o core').status).toBe(0);
  const line = 'classify --model model.onnx --images images.idx --engine verilator';
  const homeless = run(line, { HOME: '/proc/none', XDG_CACHE_HOME: '', SPINFIRE_CACHE: '/proc/none' });
  expect(homeless.status, homeless.stderr).toBe(2);
  expect(homeless.stderr).toContain('SPINFIRE_CACHE');
});
