import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import digits from '../../examples/02-digits.ts';
import measured, { calibration } from '../../examples/03-measured-device.ts';
import { buildHardware, planCore } from '../../src/core/index.ts';
import { importOnnx } from '../../src/network/index.ts';
import { neuronOf } from '../plan-parts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('examples', () => {
  it('01: a neuron prints its Verilog and waveform and agrees with the rule', () => {
    const output = execFileSync('node', ['--import', 'tsx', 'examples/01-neuron.ts'], { cwd: root, encoding: 'utf8' });
    expect(output).toContain('module neuron (');
    expect(output).toMatch(/^spike +[_~/\\]+$/m);
    expect(output).toContain('4096 time steps in agreement');
  });

  it('02: the layers say the same as the imported network', () => {
    const model = readFileSync(new URL('../../models/digits-cnn.onnx', import.meta.url));
    const imported = importOnnx(model, 'digits-cnn.onnx');
    const shape = (layers: typeof imported.layers) =>
      layers.map((layer) => ({ ...layer, name: layer.kind === 'averagePool' ? '' : layer.name }));
    expect(shape(digits.network.layers)).toEqual(shape(imported.layers));
    const plan = planCore(digits);
    expect(plan.layers.map((layer) => layer.name)).toEqual(['conv1', 'conv2', 'out']);
    expect(buildHardware(plan).registers().length).toBeGreaterThan(100);
  });

  it('05: a core measures its own devices and is trimmed', () => {
    const output = execFileSync('node', ['--import', 'tsx', 'examples/05-self-test.ts'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(output.match(/^ +-?\d+\.\d\d +\d+ +0\.\d{4} \.\. /gm)).toHaveLength(25);
    const [, before, after] = /off the sigmoid: ([\d.]+) before, ([\d.]+) after/.exec(output)!;
    expect(Number(before)).toBeGreaterThan(0.2);
    expect(Number(after)).toBeLessThan(0.03);
  });

  it('06: four cores of one network give the same scores', () => {
    const output = execFileSync('node', ['--import', 'tsx', 'examples/06-folds.ts'], { cwd: root, encoding: 'utf8' });
    const rows = output.split('\n').filter((line) => /^(event|wide) /.test(line));
    const clocks = rows.map((row) => Number(row.split(/ {2,}/)[3]));
    expect(clocks).toHaveLength(4);
    expect(clocks).toEqual([...clocks].sort((a, b) => b - a));
    expect(clocks[0]! / clocks[3]!).toBeGreaterThan(300);
  });

  it('03: a measured device gives a table of its own', () => {
    expect(calibration.centreV).toBeGreaterThan(0.88);
    expect(calibration.centreV).toBeLessThan(1);
    expect(calibration.maxResidual).toBeGreaterThan(0.05);
    const table = (design: typeof digits) => neuronOf(planCore(design).layers[0]).table;
    expect(table(measured)).not.toEqual(table(digits));
  });
});
