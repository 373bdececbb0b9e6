import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readModel } from '../../src/network/index.ts';

const zoo = (name: string) => fileURLToPath(new URL(`../zoo/torch-dynamo/${name}`, import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'spinfire-external-'));
afterAll(() => rmSync(top, { recursive: true }));

/** A folder of its own with the model, and what `place` puts beside it. */
function model(name: string, place: (data: string) => void): () => unknown {
  const folder = join(top, name);
  mkdirSync(folder);
  copyFileSync(zoo('mlp.onnx'), join(folder, 'mlp.onnx'));
  place(join(folder, 'mlp.onnx.data'));
  return () => readModel(join(folder, 'mlp.onnx'), 'mlp.onnx');
}

describe('weights beside a model', () => {
  it('are read from its folder', () => {
    const read = model('good', (data) => copyFileSync(zoo('mlp.onnx.data'), data));
    expect(read()).toMatchObject({ network: { layers: [{ outputs: 6 }, { outputs: 4 }] } });
  });

  it('are missed, or found too short, with the line of what to do', () => {
    expect(model('none', () => {})).toThrow(/cannot be read.*keep them together/s);
    const short = readFileSync(zoo('mlp.onnx.data')).subarray(0, 100);
    expect(model('short', (data) => writeFileSync(data, short))).toThrow('a file of weights is too short');
    expect(model('folder', (data) => mkdirSync(data))).toThrow('the weights are not in a file');
  });

  it('are not read through a link out of the folder', () => {
    const outside = join(top, 'outside.data');
    copyFileSync(zoo('mlp.onnx.data'), outside);
    expect(model('link', (data) => symlinkSync(outside, data))).toThrow('weights outside the folder of the model');
  });

  it('are not read by a path that leads out of the folder', () => {
    const read = model('path', (data) => {
      const file = data.replace(/\.data$/, '');
      const bytes = readFileSync(file, 'latin1');
      copyFileSync(zoo('mlp.onnx.data'), join(data, '../../a.data'));
      // The same length, so that the file stays whole.
      writeFileSync(file, bytes.replaceAll('mlp.onnx.data', '../////a.data'), 'latin1');
    });
    expect(read).toThrow(/weights outside the folder.*\.\./s);
  });
});
