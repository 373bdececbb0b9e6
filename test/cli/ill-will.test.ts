/** A folder that somebody has prepared: programs under the names of packages, pipes where files should be, and outputs on top of inputs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cacheFolder } from '../../src/app/index.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { systemEnvironment } from '../../src/flow/index.ts';
import { fakeIo } from './fake-io.ts';
import { packagedProgram } from './program.ts';
import { type Workbench, workbench } from './small-files.ts';

const program = packagedProgram();
const images = '--images images.idx --labels labels.idx';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => bench.dispose());

async function spinfire(line: string, env: Record<string, string> = {}) {
  const io = fakeIo({ cwd: bench.folder, env: { PATH: process.env.PATH, ...env } });
  const status = await runCommandLine(line.split(' '), io, commands);
  return { status, stderr: io.err() };
}

it('runs no Python that lies beside a network', () => {
  const evil = `open(${JSON.stringify(join(bench.folder, 'PWN'))}, "w").write("x")\n`;
  for (const name of ['onnxruntime', 'numpy', 'json']) bench.put(`${name}.py`, evil);
  const { status, stderr } = spawnSync(process.execPath, [program, 'import', 'model.onnx'], {
    cwd: bench.folder,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(existsSync(join(bench.folder, 'PWN'))).toBe(false);
});

it('says so when the Python that is named is none', async () => {
  const other = join(bench.folder, 'other');
  bench.put('other', '#!/bin/sh\necho hello\n');
  chmodSync(other, 0o755);
  expect((await spinfire('import model.onnx', { SPINFIRE_PYTHON: other })).stderr).not.toContain(
    'a defect of spinfire',
  );
});

it('says that the current folder is gone', () => {
  const script = `mkdir gone; cd gone; rmdir ../gone; "${process.execPath}" "${program}" doctor`;
  const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: bench.folder, encoding: 'utf8' });
  expect(stderr).toContain('error: the current folder is gone\n');
  expect(status).toBe(2);
});

it('takes a variable that is empty for one that is not set', () => {
  const cache = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, 'cache', ...args], {
      cwd: bench.folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: join(bench.folder, 'home'), SPINFIRE_CACHE: '', XDG_CACHE_HOME: 'relative' },
    });
  expect(cache().stdout).toContain(join(bench.folder, 'home', '.cache', 'spinfire'));
});

it('keeps nothing below the current folder where there is no home, and says what to set where the account has none either', () => {
  const account = () => '/users/somebody';
  for (const HOME of ['', 'relative', undefined])
    expect(cacheFolder({ HOME }, account)).toBe('/users/somebody/.cache/spinfire');
  const nameless = () => {
    throw new Error('ENOENT: no such file or directory, uv_os_get_passwd');
  };
  expect(() => cacheFolder({ HOME: '' }, nameless)).toThrow(/no place for what is kept[\s\S]*SPINFIRE_CACHE, or HOME/);
  expect(cacheFolder({ SPINFIRE_CACHE: '/cache' }, nameless)).toBe('/cache');
});

it('says so when the program itself cannot be loaded', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `ulimit -n 44; "${process.execPath}" "${program}" --help`], {
    ...{ cwd: bench.folder, encoding: 'utf8' },
  });
  expect(stderr).not.toMatch(/^ {4}at |node:internal/m);
  if (status !== 0) expect(stderr).toMatch(/^error: /);
});

it.each([
  [`classify --model model.onnx ${images} --predictions images.idx`, 'images.idx'],
  [`classify --model model.onnx ${images} --predictions ./labels.idx`, 'labels.idx'],
  [`classify --model model.onnx ${images} --predictions link`, 'model.onnx'],
  [`report core ${images} --no-energy -o core/plan.json`, 'core/plan.json'],
  [`classify --model model.onnx ${images} --predictions core/plan.json`, 'core/plan.json'],
  ['calibrate --trials 200 --points 5 --csv core/b.v', 'core/b.v'],
  [`explore model.onnx ${images} --csv one --plot one`, undefined],
  [`verify core ${images} --junit images.idx`, 'images.idx'],
  ['import net.nir --nir net.nir', undefined],
  ['load core --weights core --output core/plan.json', 'core/plan.json'],
])('refuses to write over what it reads: %s', async (line, file) => {
  symlinkSync('model.onnx', join(bench.folder, 'link'));
  if (/ core[ /]/.test(line)) expect((await spinfire('build model.onnx -o core --name b')).status).toBe(0);
  const before = file === undefined ? '' : readFileSync(join(bench.folder, file), 'latin1');
  const { status, stderr } = await spinfire(line);
  expect(stderr).toMatch(/error: --\w+ would write over something else\n/);
  expect(status).toBe(2);
  if (file !== undefined) expect(readFileSync(join(bench.folder, file), 'latin1')).toBe(before);
});

it.each(['--board ulx3s-85f', '--board-file board.json', '--baud 9600', '--images images.idx', '--timesteps 3'])(
  'loads nothing into a board that it does not talk to: %s',
  async (option) => {
    expect((await spinfire('build model.onnx -o loadable --monitors load')).status).toBe(0);
    const { status, stderr } = await spinfire(`load loadable --weights loadable --output w.json ${option}`);
    expect(stderr).toContain(`error: ${option.split(' ')[0]} wants a board`);
    expect(status).toBe(2);
    expect(existsSync(join(bench.folder, 'w.json'))).toBe(false);
  },
);

it('writes its own output again, and a page into the folder of its core', async () => {
  expect((await spinfire('build model.onnx -o core')).status).toBe(0);
  for (let round = 0; round < 2; round += 1) {
    expect((await spinfire(`classify --model model.onnx ${images} --predictions p.txt`)).status).toBe(0);
    expect((await spinfire(`report core ${images} --no-energy -o core/page.html`)).status).toBe(0);
  }
});

it.each([
  ['plan.json', 'report core --no-energy', 'a named pipe'],
  ['model_rom.v', 'synth core --target ice40', 'a named pipe'],
  ['cells.lib', 'synth core --target asic45 --liberty core/cells.lib', 'a named pipe'],
  ['runs.jsonl', 'sweep sweep.json --results core/runs.jsonl', 'a named pipe'],
  ['conv.mem', 'verify core --images images.idx --plain', 'a named pipe'],
])('waits for no pipe in the place of %s', async (name, line, found) => {
  expect((await spinfire('build model.onnx -o core')).status).toBe(0);
  bench.put('sweep.json', JSON.stringify({ model: 'model.onnx', images: 'images.idx', labels: 'labels.idx' }));
  const pipe = join(bench.folder, 'core', name);
  rmSync(pipe, { force: true });
  execFileSync('mkfifo', [pipe]);
  const { status, stderr } = await spinfire(line);
  expect(stderr).toContain(found);
  expect(status).toBe(2);
});

it('takes no plan whose names are paths or words of a shell', async () => {
  expect((await spinfire('build model.onnx -o core')).status).toBe(0);
  const file = join(bench.folder, 'core', 'plan.json');
  const plan = readFileSync(file, 'utf8');
  for (const name of ['../../evil', 'a;touch PWN', '', 'x'.repeat(300)]) {
    for (const own of ['"name": "model"', '"name": "conv1"']) {
      const text = plan.replace(own, `"name": ${JSON.stringify(name)}`);
      expect(text).not.toBe(plan);
      bench.put('core/plan.json', text);
      const { status, stderr } = await spinfire(`report core ${images} --no-energy`);
      expect(stderr).toMatch(/name/);
      expect(status).toBe(2);
    }
  }
});

it('gives tools nothing of the make that has started it', () => {
  const { env } = systemEnvironment({ PATH: '/bin', MAKEFLAGS: '-n', MAKELEVEL: '1', CXX: 'g++' }, bench.folder);
  expect(env).toEqual({ PATH: '/bin', CXX: 'g++' });
});

it('takes what is no map for none', async () => {
  expect((await spinfire('build model.onnx -o core')).status).toBe(0);
  cpSync(join(bench.folder, 'core'), join(bench.folder, 'other'), { recursive: true });
  rmSync(join(bench.folder, 'other', 'map.json'));
  execFileSync('mkfifo', [join(bench.folder, 'other', 'map.json')]);
  mkdirSync(join(bench.folder, 'other', 'build', 'synth'), { recursive: true });
  expect((await spinfire('build model.onnx -o other')).status).toBe(0);
});
