import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSweep } from '../../src/app/sweep/file.ts';
import { idealCurve, preparePoint } from '../../src/app/sweep/point.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { importOnnx, writeNir } from '../../src/network/index.ts';
import { writeModel } from '../network/onnx-writer.ts';
import { neuronOf } from '../plan-parts.ts';
import { fakeIo } from './fake-io.ts';
import { smallModel, type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => bench.dispose());

const base = { model: 'model.onnx', images: 'images.idx', labels: 'labels.idx', timeSteps: [1, 3], seeds: 2 };
const path = (name: string) => join(bench.folder, name);
const put = (content: object) => writeFileSync(path('s.json'), JSON.stringify(content));

async function spinfire(...args: string[]) {
  const io = fakeIo({ cwd: bench.folder });
  const code = await runCommandLine(['sweep', 's.json', ...args], io, commands);
  return { code, out: io.out(), err: io.err() };
}

async function sweep(...args: string[]) {
  const { code, out, err } = await spinfire(...args, '--json');
  expect(err).not.toContain('error');
  expect(code).toBe(0);
  return JSON.parse(out);
}

async function expectBadInput(content: object | string, ...words: readonly string[]) {
  writeFileSync(path('s.json'), typeof content === 'string' ? content : JSON.stringify(content));
  const before = readdirSync(bench.folder);
  const { code, out, err } = await spinfire();
  const message = err.slice(err.indexOf('error: '));
  for (const word of words) expect(message).toContain(word);
  expect(message).not.toMatch(/\.ts:\d|defect/);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(readdirSync(bench.folder)).toEqual(before);
}

describe('a sweep', () => {
  it('reads NIR beside ONNX, and is told what the files do not say', async () => {
    await writeNir(path('model.nir'), importOnnx(readFileSync(path('model.onnx')), 'model.onnx'));
    put({ ...base, model: ['model.onnx', 'model.nir'] });
    const { points } = await sweep();
    const means = (model: string) =>
      points.filter((point: { model: string }) => point.model === model).map(({ mean }: { mean: number }) => mean);
    expect(means('model.nir')).toEqual(means('model.onnx'));
    await expectBadInput({ ...base, input: { inputRange: '1,0' } }, '--input-range', 'the smaller one first');
    await expectBadInput({ ...base, input: { range: '0,1' } }, 'range');
  });

  it('runs every point and seed once, and answers as classify does where nothing varies', async () => {
    put({ ...base, device: 'sigmoid', grids: [{ thresholdSpread: [0, 0.3] }, { stuckSilent: [0, 1] }] });
    const result = await sweep('--csv', 'out.csv', '--table', 'out.md', '--plot', 'out.svg');
    // The point without any variation is in both grids.
    expect(result).toMatchObject({ images: 12, runs: 6, finished: 6, fresh: 6 });
    expect(result.points).toHaveLength(8);
    const plain = result.points[0];
    expect(plain).toMatchObject({ thresholdSpread: 0, timeSteps: 1 });
    expect(plain.mean).toBeCloseTo((plain.accuracies[0] + plain.accuracies[1]) / 2, 12);
    // All hidden neurons silent: every image gets the class of the largest bias, whatever the seed.
    const silent = result.points.filter((point: { stuckSilent: number }) => point.stuckSilent === 1);
    for (const point of silent) expect(point).toMatchObject({ deviation: 0, mean: silent[0].mean });
    const lines = readFileSync(path('out.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(9);
    expect(lines[0]).toMatch(/^grid,model,device,.*thresholdSpread,.*timeSteps,seeds,mean,deviation,min,max$/);
    expect(readFileSync(path('out.md'), 'utf8')).toContain('| thresholdSpread | T=1 | T=3 |');
    expect(readFileSync(path('out.svg'), 'utf8')).toContain('</svg>');
  });

  it('counts the right answers that classify counts', async () => {
    put({ ...base, seeds: [7] });
    const { points } = await sweep();
    writeFileSync(path('sigmoid.csv'), sigmoidCsv());
    const io = fakeIo({ cwd: bench.folder });
    const line = 'classify --model model.onnx --images images.idx --labels labels.idx --seed 7 --timesteps 3 --json';
    await runCommandLine([...line.split(' '), '--device', 'sigmoid.csv'], io, commands);
    const classified = JSON.parse(io.out());
    expect(points.map((point: { mean: number }) => point.mean)).toEqual([
      classified.accuracyByTimesteps[0],
      classified.accuracyByTimesteps[2],
    ]);
  });

  it('compares one power of two for a layer with one for each channel', async () => {
    put({ ...base, seeds: [7], timeSteps: 3, device: 'sigmoid', weightBits: 2, weightScale: ['layer', 'channel'] });
    const { points, runs } = await sweep();
    // Two cores: the axis decides something.
    expect(runs).toBe(2);
    writeFileSync(path('sigmoid.csv'), sigmoidCsv());
    for (const { weightScale, mean } of points) {
      const io = fakeIo({ cwd: bench.folder });
      const line = `classify --model model.onnx --images images.idx --labels labels.idx --seed 7 --timesteps 3 --weight-bits 2 --weight-scale ${weightScale}`;
      await runCommandLine([...line.split(' '), '--device', 'sigmoid.csv', '--json'], io, commands);
      expect(mean).toBe(JSON.parse(io.out()).accuracyByTimesteps[2]);
    }
  });

  it('goes on where it was, even after a line that was cut off', async () => {
    put({ ...base, thresholdSpread: [0, 0.2, 0.4] });
    const first = await sweep();
    const file = path('s.results.jsonl');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(6);
    writeFileSync(file, `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 40)}`);
    const second = await sweep();
    expect(second).toMatchObject({ runs: 6, finished: 6, fresh: 3 });
    expect(second.points).toEqual(first.points);
    expect((await sweep()).fresh).toBe(0);
    // More seeds: only those are run. More time steps: all anew.
    put({ ...base, seeds: 3, thresholdSpread: [0, 0.2, 0.4] });
    expect((await sweep()).fresh).toBe(3);
    put({ ...base, thresholdSpread: [0, 0.2, 0.4], timeSteps: [2] });
    expect((await sweep()).fresh).toBe(0);
    put({ ...base, thresholdSpread: [0, 0.2, 0.4], timeSteps: [4] });
    expect((await sweep()).fresh).toBe(6);
  });

  it('does not take results of another network, curve or set of images', async () => {
    put(base);
    await sweep();
    writeFileSync(path('model.onnx'), writeModel(smallModel(2)));
    expect((await sweep()).fresh).toBe(2);
    put({ ...base, limit: 11 });
    expect((await sweep()).fresh).toBe(2);
    put({ ...base, limit: 11, missedRead: 0.01 });
    expect((await sweep()).fresh).toBe(2);
  });

  it('is shared out among the tasks of a job array', async () => {
    put({ ...base, slopeSpread: [0, 0.1, 0.2] });
    // In worker threads, too, it is the same.
    const whole = await sweep('--results', 'whole.jsonl', '--workers', '2');
    const parts = [await sweep('--task', '1/4'), await sweep('--task', '2/4'), await sweep('--task', '3/4')];
    expect(parts.map((part) => part.fresh)).toEqual([2, 2, 1]);
    const all = await sweep();
    expect(all.fresh).toBe(1);
    expect(all.points).toEqual(whole.points);
    expect(existsSync(path('s.results.jsonl.task-2-of-4'))).toBe(true);
  });

  it('writes a script for Slurm that bash accepts and that calls the tasks', async () => {
    put({ ...base, slopeSpread: [0, 0.1] });
    const chosen = ['--tasks', '3', '--cores', '4', '--time', '01:30:00', '--partition', 'night'];
    expect(await sweep('--slurm', 'array.sh', ...chosen)).toMatchObject({ tasks: 3, runs: 4 });
    const script = readFileSync(path('array.sh'), 'utf8');
    for (const line of ['array=1-3', 'cpus-per-task=4', 'time=01:30:00', 'partition=night', 'requeue'])
      expect(script).toContain(`#SBATCH --${line}\n`);
    // A program that says how it was called stands for npx.
    writeFileSync(path('npx'), '#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n', { mode: 0o755 });
    const env = { PATH: `${bench.folder}:${process.env.PATH}`, SLURM_ARRAY_TASK_ID: '2' };
    const { stdout } = await execa('bash', [path('array.sh')], { env });
    expect(stdout.split('\n').slice(1)).toEqual(['spinfire', 'sweep', 's.json', '--workers', '4', '--task', '2/3']);
    expect(readdirSync(bench.folder)).not.toContain('s.results.jsonl');
  });

  it('gives a device another write pulse than it was calibrated for', async () => {
    writeFileSync(path('short.csv'), sigmoidCsv(90e-6, 16e-6));
    writeFileSync(path('warm.csv'), sigmoidCsv());
    const devices = { mtj: { curve: 'warm.csv', pulses: { '10 % shorter': 'short.csv', same: 'warm.csv' } } };
    put({ ...base, devices, device: 'mtj', pulse: ['', 'same', '10 % shorter'], timeSteps: 3 });
    const { points, runs } = await sweep();
    // The same curve under another name is the same run.
    expect(runs).toBe(4);
    expect(points.map(({ pulse }: { pulse: string }) => pulse)).toEqual(['', 'same', '10 % shorter']);
    expect(points[1].accuracies).toEqual(points[0].accuracies);
  });

  it('follows a device to another temperature, with and without trim', async () => {
    writeFileSync(path('cold.csv'), sigmoidCsv(90e-6, 16e-6));
    writeFileSync(path('warm.csv'), sigmoidCsv());
    const devices = { mtj: { curves: { 250: 'cold.csv', 300: 'warm.csv' }, calibratedAt: 300 } };
    const text = JSON.stringify({
      ...base,
      devices,
      device: 'mtj',
      temperatureK: [300, 250],
      trim: ['none', 'offset and gain'],
    });
    const { grids } = parseSweep(text, 's.json');
    const network = importOnnx(readFileSync(path('model.onnx')), 'model.onnx');
    const curves = { warm: idealCurve, cold: curveOf(90e-6, 16e-6) };
    const tables = grids[0]!.points.map((point) => {
      const curve = point.temperatureK === 250 ? curves.cold : curves.warm;
      return neuronOf(preparePoint(point, { network, curve, reference: curves.warm }).planFor(1).layers[0]).table;
    });
    const [warm, warmTrimmed, cold, coldTrimmed] = tables.map((table) => table[128]! / 65536);
    expect(warm).toBeCloseTo(0.5, 1);
    expect(warmTrimmed).toBeCloseTo(warm!, 6);
    // 18 uA at a slope of 16 uA: far below one half.
    expect(cold).toBeLessThan(0.3);
    expect(coldTrimmed).toBeCloseTo(warm!, 1);
    writeFileSync(path('s.json'), text);
    // The trim of what needs none changes nothing: those points are the same.
    expect((await sweep()).runs).toBe(6);
  });
});

describe('a trim of every neuron', () => {
  it('takes the thresholds back within its resolution', async () => {
    put({ ...base, seeds: 4, thresholdSpread: 0.5, neuronTrim: [0, 0.001] });
    const { points } = await sweep();
    put({ ...base, seeds: 4 });
    const exact = await sweep();
    const found = points.filter((point: { neuronTrim: number }) => point.neuronTrim > 0);
    for (const [i, point] of found.entries()) {
      expect(Math.abs(point.mean - exact.points[i].mean)).toBeLessThan(0.11);
    }
  });
});

describe('bad input', () => {
  it.each([
    ['{', ['the sweep file is not JSON', 's.json']],
    [{}, ['a sweep needs a network']],
    [{ ...base, treshold: 1 }, ['an unknown key in the sweep file', 'treshold', 'thresholdSpread']],
    [{ ...base, grids: [{ slope: 1 }] }, ['an unknown key in the sweep file', 's.json, grids.0', 'slope']],
    [
      { ...base, devices: { d: { set: 'x.csv', drif: 0.1 } }, device: 'd' },
      ['unknown key', 'devices.d', 'drif', 'expected: curve, curves, calibratedAt'],
    ],
    [{ ...base, input: { layou: 'nchw' } }, ['unknown key', 's.json, input', 'expected: layout, inputRange']],
    [
      { ...base, devices: { d: { curve: 'x.csv', drift: 0.1 } }, device: 'd' },
      ['only a set of devices', 'device d', 'drift without "set"'],
    ],
    [{ ...base, thresholdSpread: 2 }, ['a wrong value in the sweep file', 's.json, thresholdSpread']],
    [{ ...base, missedRead: [0.1, 0.6] }, ['s.json, missedRead']],
    [{ ...base, device: 'mtj' }, ['an unknown device', 'mtj', 'sigmoid']],
    [{ ...base, temperatureK: 250 }, ['no curve of this temperature', '250 K']],
    [{ ...base, pulse: 'long' }, ['no curve of this pulse', 'long']],
    [{ ...base, stuckSilent: 0.6, stuckAtSpike: 0.6 }, ['more devices are stuck than there are']],
    [{ ...base, model: 'none.onnx' }, ['a file cannot be read', 'none.onnx']],
    [
      { ...base, devices: { d: {} }, device: 'd' },
      ['either one curve, one for each temperature, or a set', 'device d'],
    ],
    [{ ...base, devices: { d: { curves: { 300: 'x.csv' } } }, device: 'd' }, ['calibrated with one of the curves']],
    [{ ...base, devices: { d: 'none.csv' }, device: 'd' }, ['a file cannot be read', 'none.csv']],
    [{ ...base, labels: undefined, limit: 3 }, ['a sweep needs labels']],
  ])('%j', async (content, words) => {
    await expectBadInput(content, ...words);
  });

  it('a file of results that holds something else', async () => {
    put(base);
    writeFileSync(path('s.results.jsonl'), 'notes of mine\nmore\n');
    const { code, err } = await spinfire();
    expect(code).toBe(2);
    expect(err).toContain('the file of results holds something else');
    expect(readFileSync(path('s.results.jsonl'), 'utf8')).toBe('notes of mine\nmore\n');
  });

  it('results that cannot be written', async () => {
    put(base);
    const { code, err } = await spinfire('--results', 'no/such/folder.jsonl');
    expect(code).toBe(2);
    expect(err).toContain('the results cannot be written');
  });

  it('a task out of range', async () => {
    put(base);
    const { code, err } = await spinfire('--task', '5/4');
    expect(code).toBe(2);
    expect(err).toContain('--task has a wrong value');
    appendFileSync(path('s.json'), ' ');
  });
});

function curveOf(i50A: number, slopeA: number) {
  const points = Array.from({ length: 33 }, (_, i) => {
    const z = i / 2 - 8;
    return { currentA: i50A + z * slopeA, probability: 1 / (1 + Math.exp(-z)) };
  });
  return { ...idealCurve, points };
}

function sigmoidCsv(i50A = 72e-6, slopeA = 12e-6): string {
  const rows = curveOf(i50A, slopeA).points.map(({ currentA, probability }) => `${currentA},${probability}`);
  return `current (A),probability\n${rows.join('\n')}\n`;
}
