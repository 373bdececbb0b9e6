import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { calibrate, readCurveFile, runCalibration, spinHallMtj } from '../../src/device/index.ts';
import { fakeIo } from './fake-io.ts';

const measured = fileURLToPath(new URL('../../models/devices/sot-mtj-measured-0p75ns.csv', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spinfire-calibrate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function spinfire(...args: string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCommandLine(['calibrate', ...args], io, commands);
  return { code, out: io.out(), err: io.err() };
}

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const get = (name: string) => readFileSync(join(folder, name), 'utf8');

async function expectBadInput(args: readonly string[], ...words: readonly string[]) {
  const before = readdirSync(folder);
  const { code, out, err } = await spinfire(...args);
  const message = err.slice(err.indexOf('error: '));
  for (const word of words) expect(message).toContain(word);
  expect(message).not.toMatch(/\.ts:\d|defect/);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(readdirSync(folder)).toEqual(before);
}

describe('a computed device', () => {
  it('gives a family of curves: a file for each, a plot, and the trim that brings each back', async () => {
    const args = ['--family', 'pulse', '--trials', '60', '--points', '5', '--csv', 'curves', '--plot', 'family.svg'];
    const { code, out } = await spinfire(...args, '--json');
    expect(code).toBe(0);
    const { base, members } = JSON.parse(out);
    expect(members.map(({ label }: { label: string }) => label)).toEqual(['0.2 ns', '0.5 ns', '1 ns', '2 ns', '5 ns']);
    // A longer pulse needs less current.
    const i50s = members.map(({ i50A }: { i50A: number }) => i50A);
    expect(i50s).toEqual([...i50s].sort((a, b) => b - a));
    expect(i50s[1]).toBeCloseTo(base.i50A, 5);
    expect(readdirSync(join(folder, 'curves')).sort()).toEqual(
      ['0p2ns', '0p5ns', '1ns', '2ns', '5ns'].map((n) => `${n}.csv`),
    );
    expect(readCurveFile(get('curves/5ns.csv'), '5ns').pulseS).toBe(5e-9);
    expect(get('family.svg')).toContain('With other write pulses');
  });

  it('refuses a family of a measured device', () =>
    expectBadInput(
      ['--device', measured, '--where', 'direction=AP->P', '--family', 'pulse'],
      'a family is computed, not measured',
    ));

  it('gives what src/device computes, under the conditions asked for', async () => {
    const args = ['--temperature', '350', '--pulse-ns', '0.6', '--trials', '200', '--points', '7', '--seed', '3'];
    const { code, out, err } = await spinfire(...args, '--json');
    expect(code).toBe(0);
    expect(err).toContain('calibrate: done');
    const parameters = spinHallMtj({ temperatureK: 350, pulseS: 0.6e-9 });
    const report = await runCalibration({ parameters, trials: 200, points: 7, seed: 3 }, { workers: 1 });
    const json = JSON.parse(out);
    expect(json).toMatchObject({
      i50A: report.i50A,
      slopeA: report.slopeA,
      temperatureK: 350,
      pulseS: 0.6e-9,
      seed: 3,
    });
    expect(json.curve).toHaveLength(7);
    for (const [i, { currentA, probability, stderr, low, high }] of json.curve.entries()) {
      expect({ currentA, probability, stderr }).toEqual({
        currentA: report.curve[i]!.currentA,
        probability: report.curve[i]!.probability,
        stderr: report.curve[i]!.stderr,
      });
      expect(low).toBeLessThanOrEqual(probability);
      expect(high).toBeGreaterThanOrEqual(probability);
    }
    expect(json.table.entries).toHaveLength(256);
  });

  it('can be another one, by its parameters', async () => {
    put('device.json', JSON.stringify({ device: 'spin-hall', damping: 0.03, pulseS: 1e-9 }));
    const { code, out } = await spinfire('--device', 'device.json', '--trials', '100', '--points', '5', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ pulseS: 1e-9, parameters: { damping: 0.03, lengthM: 100e-9 } });
  });

  it('writes a curve that is read back, and a plot', async () => {
    const { code, out } = await spinfire('--trials', '150', '--points', '6', '--csv', 'c.csv', '--plot', 'p.svg');
    expect(code).toBe(0);
    expect(out).toMatch(/nearest sigmoid: centre \d+\.\d\d uA/);
    const curve = readCurveFile(get('c.csv'), 'c.csv');
    expect(curve.points).toHaveLength(6);
    expect(curve.points.every((point) => point.trials === 150)).toBe(true);
    const svg = get('p.svg');
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
    for (const words of ['device, 95 % intervals', 'nearest sigmoid', 'comparator table', 'write current, uA'])
      expect(svg).toContain(words);
    // A point and its interval for each current.
    expect(svg.match(/aria-roledescription="point"/g)?.length).toBe(6);
    expect(svg.match(/aria-roledescription="rule mark"/g)?.length).toBe(6);
  });
});

describe('a measured device', () => {
  it('is picked out of a table of several, in volts', async () => {
    const { code, out } = await spinfire('--device', measured, '--where', 'direction=P->AP', '--json');
    expect(code).toBe(0);
    const json = JSON.parse(out);
    const curve = readCurveFile(readFileSync(measured, 'utf8'), 'x.csv', { where: { direction: 'P->AP' } });
    const { i50A, slopeA } = calibrate(curve);
    expect(json).toMatchObject({ unit: 'V', i50A, slopeA, pulseS: 0.75e-9 });
    expect(json.curve).toHaveLength(curve.points.length);
  });

  it('may have a header that only options explain', async () => {
    put('u.csv', 'U_set,hits,shots\n-700,5,100\n-800,30,100\n-900,75,100\n-1000,96,100\n');
    const { code, out, err } = await spinfire(
      ...['--device', 'u.csv', '--column', 'voltage=U_set', '--unit', 'voltage=mV', '--column', 'trials=shots'],
      ...['--negate', '--json'],
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out).i50A).toBeCloseTo(0.845, 2);
  });

  it('may be telegraphic: dwell times give the sigmoid, a short interval is refused', async () => {
    put('t.csv', 'current (uA),tau_P (us),tau_AP (us)\n-10,80,10\n-5,40,20\n0,30,30\n5,20,40\n10,10,80\n');
    const { code, out } = await spinfire('--device', 't.csv', '--interval-ns', '80000', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).curve.map((point: { probability: number }) => point.probability)).toEqual(
      [10 / 90, 20 / 60, 0.5, 40 / 60, 80 / 90].map((value) => expect.closeTo(value, 12)),
    );
    await expectBadInput(
      ['--device', 't.csv', '--interval-ns', '10000'],
      'the device is sampled faster than it forgets',
      'at least',
    );
  });
});

describe('bad input', () => {
  it.each([
    [
      ['--temperature', 'warm'],
      ['--temperature has a wrong value', 'warm', 'a number 0..1000'],
    ],
    [['--pulse-ns', '0'], ['--pulse-ns has a wrong value']],
    [['--trials', '0'], ['--trials has a wrong value']],
    [
      ['--where', 'direction'],
      ['--where has a wrong value', 'column=value'],
    ],
    [
      ['--device', 'none.csv'],
      ['a file cannot be read', 'none.csv'],
    ],
    [
      ['--device', measured],
      ['more than one curve', "--where 'direction=AP->P'"],
    ],
    [
      ['--device', measured, '--where', 'direction=P->AP', '--trials', '9'],
      ['cannot be computed', '--trials'],
    ],
    [
      ['--pulse-ns', '0.5', '--plot', '/proc/x/y.svg', '--trials', '50', '--points', '5'],
      ['the output cannot be written'],
    ],
  ])('%j', async (args, words) => {
    await expectBadInput(args, ...words);
  });

  it.each([
    ['{"damping": ', ['the device file is not JSON', 'd.json']],
    ['{"dampin": 0.1}', ['an unknown device parameter', 'dampin', 'damping']],
    [
      '{"damping": "0.1"}',
      ['a device parameter has a wrong value', 'd.json, damping', '"0.1"', 'a number in SI units'],
    ],
    ['{"damping": 7}', ['the device parameter damping is out of range', '0 to 1']],
    ['{"spinDirection": [1, 0]}', ['spinDirection']],
    ['[]', ['d.json']],
  ])('parameters %s', async (text, words) => {
    put('d.json', text);
    await expectBadInput(['--device', 'd.json'], ...words);
  });

  it('columns of a file of parameters', async () => {
    put('d.json', '{}');
    await expectBadInput(['--device', 'd.json', '--where', 'a=b'], 'a file of parameters has no columns');
  });

  it('a curve with a wrong line', async () => {
    put('c.csv', 'current (uA),P\n10,0.1\n20,1.2\n30,0.9\n');
    await expectBadInput(['--device', 'c.csv'], 'c.csv:3', '1.2', '0..1');
  });
});
