/** Bad input of spinfire energy is refused before any tool is started. */
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';

const root = resolve(import.meta.dirname, '../..');

it.each([
  [
    'a file that is no list of assumptions',
    '--assumptions package.json',
    /an unknown assumption|an assumption is missing/,
  ],
  ['too many time steps', '--timesteps 200', /more than the core can do/],
  [
    'a device that the core was not made for',
    '--device models/devices/spin-hall-family/400K-0p5ns.csv',
    /of another device/,
  ],
  ['a stochastic core in place of the integers', '--integer digits', /--integer names a stochastic core/],
  ['a device over volts', '--device models/devices/telegraphic-300K.csv', /over the current|of another device/],
])('refuses %s', async (_, flags, message) => {
  const io = fakeIo({ cwd: root, env: { PATH: '' } });
  expect(await runCommandLine(`energy digits --limit 1 ${flags}`.split(' '), io, commands)).toBe(2);
  expect(io.err()).toMatch(message);
  expect(io.err()).not.toMatch(/defect/);
  expect(io.out()).toBe('');
});
