import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setUp } from '../../../scripts/setup/index.mjs';
import { isOlder } from '../../../scripts/setup/tools.mjs';
import { type FakeMachine, fakeMachine } from './fake-machine.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.dispose());

describe('set-up', () => {
  it('installs the packages once for a lock file, and again when the lock file changes', async () => {
    expect(await setUp(machine)).toBe(0);
    expect(await setUp(machine)).toBe(0);
    const npm = 'npm ci --include=dev --no-audit --no-fund --loglevel=error';
    expect(machine.calls()).toEqual([npm]);
    writeFileSync(join(machine.root, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
    expect(await setUp(machine)).toBe(0);
    expect(machine.calls()).toEqual([npm, npm]);
  });

  it('accepts packages that a person installed from the same lock file', async () => {
    machine.install('npm', 'exit 1');
    const lock = readFileSync(join(machine.root, 'package-lock.json'), 'utf8');
    mkdirSync(join(machine.root, 'node_modules'));
    const list = join(machine.root, 'node_modules', '.package-lock.json');
    writeFileSync(list, lock.replace('1.0.0', '1.0.1'));
    expect(await setUp(machine)).toBe(3);
    writeFileSync(list, lock);
    expect(await setUp(machine)).toBe(0);
  });

  it('links the command for npx', async () => {
    await setUp(machine);
    expect(readlinkSync(join(machine.root, 'node_modules', '.bin', 'spinfire'))).toBe('../../bin/spinfire.js');
  });

  it('does not take a failed installation for a finished one', async () => {
    machine.install('npm', `mkdir -p ${machine.root}/node_modules\nexit 7`);
    expect(await setUp(machine)).toBe(3);
    expect(machine.said.join('\n')).toContain('found:    npm ci ended with exit code 7');
    expect(existsSync(join(machine.root, 'node_modules', '.spinfire-stamp'))).toBe(false);
    expect(await setUp(machine)).toBe(3);
  });

  it('tells a person without root what to type', async () => {
    machine.remove('yosys');
    machine.remove('iverilog');
    expect(await setUp(machine)).toBe(3);
    expect(machine.said.slice(-4)).toEqual([
      'error: tools of the system are missing',
      '  found:    yosys is not on PATH',
      '  found:    iverilog is not on PATH',
      '  help:     sudo apt-get install -y --no-install-recommends yosys iverilog',
    ]);
    expect(machine.calls().filter((call) => call.startsWith('apt-get'))).toEqual([]);
  });

  it('installs what is missing when it may', async () => {
    machine.remove('verilator');
    expect(await setUp({ ...machine, isRoot: true })).toBe(0);
    expect(machine.calls().filter((call) => call.startsWith('apt-get'))).toEqual([
      'apt-get update -q',
      'apt-get install -y --no-install-recommends verilator -q',
    ]);
    expect(machine.said).toContain('set-up: installing verilator with apt-get (verilator is not on PATH)');
  });

  it('says what is still missing after apt-get failed', async () => {
    machine.remove('make');
    machine.install('apt-get', 'exit 100');
    expect(await setUp({ ...machine, isRoot: true })).toBe(3);
    expect(machine.said.at(-1)).toBe('  help:     sudo apt-get install -y --no-install-recommends make');
  });

  it('refuses tools that are too old, and tools that name no version', async () => {
    machine.install('yosys', "echo 'Yosys 0.9 (git sha1 1979e0b)'");
    machine.install('make', "echo 'some other make'");
    expect(await setUp(machine)).toBe(3);
    expect(machine.said).toContain('  found:    yosys is version 0.9; 0.23 or newer is needed');
    expect(machine.said).toContain('  found:    make --version names no version');
  });

  it('looks where an environment variable points', async () => {
    machine.remove('yosys');
    machine.install('my-yosys', "echo 'Yosys 0.40'");
    const env = { ...machine.env, SPINFIRE_YOSYS: 'my-yosys' };
    expect(await setUp({ ...machine, env })).toBe(0);
    expect(await setUp({ ...machine, env: { ...env, SPINFIRE_YOSYS: 'no-such-file' } })).toBe(3);
    expect(machine.said).toContain('  found:    SPINFIRE_YOSYS=no-such-file does not exist');
  });

  it('refuses an old Node before anything else', async () => {
    expect(await setUp({ ...machine, nodeVersion: '18.19.0' })).toBe(3);
    expect(machine.said).toContain('  found:    Node 18.19.0');
    expect(machine.calls()).toEqual([]);
  });
});

it('compares versions number by number', () => {
  expect(isOlder('0.9', '0.23')).toBe(true);
  expect(isOlder('0.23', '0.23')).toBe(false);
  expect(isOlder('5.006', '5.006')).toBe(false);
  expect(isOlder('11.0', '11')).toBe(false);
  expect(isOlder('12', '11.0')).toBe(false);
});
