/** Bad input of spinfire energy is refused before any tool is started. */
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';
import { workbench } from './small-files.ts';

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
  [
    'an interval of a core that is written',
    '--sampling-ns 10',
    /a sampling interval is for a core of telegraphic neurons/,
  ],
  ['a device over volts', '--device models/devices/telegraphic-300K.csv', /over the current|of another device/],
])('refuses %s', async (_, flags, message) => {
  const io = fakeIo({ cwd: root, env: { PATH: '' } });
  expect(await runCommandLine(`energy digits --limit 1 ${flags}`.split(' '), io, commands)).toBe(2);
  expect(io.err()).toMatch(message);
  expect(io.err()).not.toMatch(/defect/);
  expect(io.out()).toBe('');
});

it('wants to be told how long a telegraphic junction is looked at', async () => {
  const bench = workbench();
  try {
    const run = async (line: string) => {
      const io = fakeIo({ cwd: bench.folder, env: { PATH: '' } });
      return { code: await runCommandLine(line.split(' '), io, commands), err: io.err() };
    };
    const device = `--device ${resolve(root, 'models/devices/telegraphic-300K.csv')}`;
    expect(await run(`build model.onnx -o core ${device} --sampling-ns 10000`)).toMatchObject({ code: 0 });
    const energy = 'energy core --images images.idx --limit 1';
    expect(await run(energy)).toMatchObject({ code: 2, err: expect.stringContaining('found:    no --device') });
    expect(await run(`${energy} ${device}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('no --sampling-ns'),
    });
    // With both it gets as far as the tools, of which there are none here.
    expect(await run(`${energy} ${device} --sampling-ns 10000`)).toMatchObject({ code: 3 });
  } finally {
    bench.dispose();
  }
});
