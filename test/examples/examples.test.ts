import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
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

  it.each([
    ['07-component', /^module decimal \([\s\S]*digit tens_digit \([\s\S]*\.step {2}\(ones_digit_carry\)/m],
    ['08-stream', /^s_ready +[_~/\\]+$[\s\S]*^received: 0 1 2 3 4 5 6/m],
    ['09-two-clocks', /^error HDL014 CLOCK CROSSING: [\s\S]*there_meta <= toggle;/m],
    ['10-test-bench', /^1000 clock cycles in agreement: model, interpreter$/m],
    [
      '11-plan',
      /^digits: 8 time steps, [\s\S]*^conv1: window engine of \d+ x \d+ lanes, 150 weights of 8 bits, neurons: ideal$/m,
    ],
  ])('%s prints what it is about', async (name, expected) => {
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    try {
      await import(`../../examples/${name}.ts`);
    } finally {
      log.mockRestore();
    }
    expect(lines.join('\n')).toMatch(expected);
  });

  it('every one is run here, but those that the command line takes', () => {
    const text = readFileSync(new URL(import.meta.url), 'utf8');
    // Networks in Python have a test of their own (test/house/python-docs.regress.ts), as has what is in 8x8 (docs/speed-and-area.md).
    const folders = ['8x8', 'networks'];
    for (const file of readdirSync(join(root, 'examples')).filter((name) => !folders.includes(name))) {
      const [, number] = /^(\d\d)-[a-z-]+\.(ts|json)$/.exec(file)!;
      if (file.endsWith('.ts')) expect(text, file).toMatch(new RegExp(`${number}:|'${file.replace('.ts', '')}'`));
    }
  });

  it('03: a measured device gives a table of its own', () => {
    expect(calibration.centreV).toBeGreaterThan(0.88);
    expect(calibration.centreV).toBeLessThan(1);
    expect(calibration.maxResidual).toBeGreaterThan(0.05);
    const table = (design: typeof digits) => neuronOf(planCore(design).layers[0]).table;
    expect(table(measured)).not.toEqual(table(digits));
  });
});
