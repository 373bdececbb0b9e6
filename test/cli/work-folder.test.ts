/** A core that is not one's own: its folder can't be written to, and `--work` names one that can. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packagedProgram } from './program.ts';
import { type Workbench, workbench } from './small-files.ts';

const program = packagedProgram();
const regress = process.env.SPINFIRE_REGRESS === '1';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => {
  spawnSync('umount', [join(bench.folder, 'share')], { stdio: 'ignore' });
  spawnSync('chmod', ['-R', 'u+w', bench.folder]);
  bench.dispose();
});

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: bench.folder, encoding: 'utf8', timeout: 300_000 });

/** For root nothing is read-only but a file system. Undefined: neither can be had here. */
function readOnly(folder: string): boolean {
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o555);
    return true;
  }
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', join(bench.folder, 'share')], { stdio: 'ignore' });
    cpSync(join(bench.folder, 'core'), folder, { recursive: true });
    execFileSync('mount', ['-o', 'remount,ro', join(bench.folder, 'share')], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

it('is worked on with the results elsewhere', (context) => {
  expect(run('build', 'model.onnx', '-o', 'core').status).toBe(0);
  mkdirSync(join(bench.folder, 'share'));
  const core = process.getuid?.() === 0 ? join('share', 'core') : 'core';
  if (!readOnly(join(bench.folder, core))) return context.skip('no file system can be mounted here');
  const images = ['--images', 'images.idx', '--labels', 'labels.idx'];
  const commands = [
    ['synth', core, '--target', 'ice40'],
    ...(regress
      ? [
          ['verify', core, ...images, '--limit', '1', '--plain'],
          ['synth', core, '--target', 'asic45'],
          ['place', core, '--board', 'hx8k', '--seeds', '1'],
          ['power', core, '--limit', '1', '--images', 'images.idx'],
          ['energy', core, ...images, '--cmos-images', '1'],
          ['report', core, ...images, '--no-energy'],
        ]
      : []),
  ];
  for (const command of commands) {
    const refused = run(...command);
    expect(refused.status, refused.stderr).toBe(2);
    expect(refused.stderr).toMatch(/error: .*(cannot be written|can be made)/);
    expect(refused.stderr).toContain('--work');
    const done = run(...command, '--work', 'mine');
    expect(done.status, `${command.join(' ')}\n${done.stderr}`).toBe(0);
  }
  expect(existsSync(join(bench.folder, 'mine', 'core', 'synth'))).toBe(true);
  expect(readdirSync(join(bench.folder, core))).not.toContain('build');
});
