/** Whatever a person gives the commands by mistake: a message that helps, the right exit code, nothing half-written. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { writeModel } from '../network/onnx-writer.ts';
import { fakeIo } from './fake-io.ts';
import { idxImages, idxLabels, smallModel, type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
});
afterEach(() => bench.dispose());

async function spinfire(line: string, env: Record<string, string | undefined> = process.env) {
  const io = fakeIo({ cwd: bench.folder, env });
  const before = readdirSync(bench.folder).sort();
  const code = await runCommandLine(line.split(' '), io, commands);
  const after = readdirSync(bench.folder).sort();
  return { code, out: io.out(), err: io.err(), created: after.filter((name) => !before.includes(name)) };
}

async function expectBadInput(line: string, ...words: readonly (string | RegExp)[]) {
  const { code, err, out, created } = await spinfire(line);
  const message = err.slice(err.indexOf('error: '));
  for (const word of words) expect(message).toMatch(word);
  expect(message).not.toMatch(/\.ts:\d|defect/);
  expect({ code, out, created }).toEqual({ code: 2, out: '', created: [] });
}

const classify = 'classify --model model.onnx';

describe('images', () => {
  it('are classified when nothing is wrong', async () => {
    const { code, out } = await spinfire(`${classify} --images images.idx --labels labels.idx --timesteps 3 --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ images: 12, timesteps: 3, engine: 'golden', seed: 1 });
  });

  it('truncated', async () => {
    bench.put('cut.idx', idxImages(12).subarray(0, 100));
    await expectBadInput(`${classify} --images cut.idx`, 'truncated', 'cut.idx byte 100', '208 bytes for 12 x 4 x 4');
  });

  it('truncated inside gzip', async () => {
    bench.put('cut.gz', gzipSync(idxImages(12)).subarray(0, 60));
    await expectBadInput(`${classify} --images cut.gz`, 'no whole gzip file', 'cut.gz');
  });

  it('swapped with their labels', async () => {
    await expectBadInput(`${classify} --images labels.idx --labels images.idx`, 'labels was given where images belong');
  });

  it('of another number than labels', async () => {
    bench.put('few.idx', idxLabels(11));
    await expectBadInput(`${classify} --images images.idx --labels few.idx`, '12 images and 11 labels');
  });

  it('of another size than the network wants', async () => {
    bench.put('wide.idx', idxImages(2, 4, 5));
    await expectBadInput(`${classify} --images wide.idx`, /found: +4 x 5 pixels/, 'expected: 4 x 4 pixels');
  });

  it('that are not there', async () => {
    await expectBadInput(`${classify} --images nothing.idx`, 'nothing.idx', 'ENOENT');
  });

  it('with labels but without images', async () => {
    await expectBadInput(`${classify} --labels labels.idx`, 'labels without images');
  });

  it('that the default is too large for', async () => {
    await expectBadInput(classify, 'no --images');
  });
});

describe('a network', () => {
  it('that is not ONNX', async () => {
    bench.put('poem.onnx', 'Shall I compare thee to a summer day?');
    await expectBadInput('build poem.onnx -o core', 'poem.onnx', /not an? ONNX/i);
  });

  it('that is truncated', async () => {
    bench.put('cut.onnx', writeModel(smallModel()).subarray(0, 300));
    await expectBadInput('build cut.onnx -o core', 'cut.onnx');
  });

  it('with an unknown operator', async () => {
    const spec = smallModel();
    const nodes = spec.nodes.map((node) => (node.op === 'Sigmoid' ? { ...node, op: 'Softsign' } : node));
    bench.put('odd.onnx', writeModel({ ...spec, nodes }));
    await expectBadInput('build odd.onnx -o core', 'Softsign', '/Sigmoid');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('with a weight of %s', async (value) => {
    const spec = smallModel();
    const [first, ...rest] = spec.tensors ?? [];
    bench.put(
      'nan.onnx',
      writeModel({ ...spec, tensors: [{ ...first!, values: [value, ...first!.values.slice(1)] }, ...rest] }),
    );
    await expectBadInput('build nan.onnx -o core', 'conv.weight', String(value));
  });

  it('whose shapes do not match', async () => {
    const spec = smallModel();
    const tensors = spec.tensors?.map((tensor) => (tensor.name === 'fc.weight' ? { ...tensor, dims: [2, 3] } : tensor));
    bench.put('shape.onnx', writeModel({ ...spec, ...(tensors ? { tensors } : {}) }));
    await expectBadInput('build shape.onnx -o core', '/fc/Gemm');
  });

  it('that is not there', async () => {
    await expectBadInput('build nothing.onnx -o core', 'a file cannot be read', 'nothing.onnx');
  });
});

describe('a design in TypeScript', () => {
  it('that exports nothing', async () => {
    bench.put('empty.ts', 'export const core = 1;\n');
    await expectBadInput('build empty.ts -o core', 'describes no core', 'no default export');
  });

  it('that throws', async () => {
    bench.put('throws.ts', "throw new Error('weights are not trained yet');\n");
    await expectBadInput('build throws.ts -o core', 'cannot be run', 'weights are not trained yet');
  });
});

describe('a place to write to', () => {
  it('below a file', async () => {
    await expectBadInput('build model.onnx -o labels.idx/core', 'cannot be written', 'labels.idx/core');
  });

  it('that holds something else', async () => {
    mkdirSync(join(bench.folder, 'thesis'));
    bench.put('thesis/chapter1.tex', '');
    await expectBadInput('build model.onnx -o thesis', 'holds something else', 'chapter1.tex');
    expect(readdirSync(join(bench.folder, 'thesis'))).toEqual(['chapter1.tex']);
  });

  it('that no file system offers', async () => {
    await expectBadInput('build model.onnx -o /proc/core', 'cannot be written', '/proc/core');
  });

  it('of predictions', async () => {
    const line = `${classify} --images images.idx --predictions images.idx/classes`;
    await expectBadInput(line, 'cannot be written', 'images.idx/classes');
  });
});

describe('a core', () => {
  it('that nobody built', async () => {
    await expectBadInput('verify nothing --images images.idx', 'no core of this name', 'nothing', 'spinfire build');
    await expectBadInput('synth nothing --target ice40', 'no core of this name');
  });

  it('whose plan is damaged', async () => {
    mkdirSync(join(bench.folder, 'core'));
    bench.put('core/plan.json', '{"version": 1, "name": "core"');
    await expectBadInput('verify core --images images.idx', 'the plan is not JSON', 'core/plan.json');
    bench.put('core/plan.json', '{"version": 1}');
    await expectBadInput('verify core --images images.idx', 'of another version', 'core/plan.json', 'build it again');
    bench.put('core/plan.json', '{"version": 2}');
    await expectBadInput('verify core --images images.idx', 'does not fit its schema', 'core/plan.json, at name');
  });
});

describe('an option', () => {
  it.each([
    ['classify --model model.onnx --timesteps 0', '--timesteps', '1..255'],
    ['classify --model model.onnx --weight-bits 64', '--weight-bits', 'from 2 to 16'],
    ['classify --model model.onnx --engine gpu', '--engine', 'golden, verilator'],
    ['classify --model model.onnx --encoding morse', '--encoding', 'bernoulli, direct'],
    ['classify --model model.onnx --device labels.idx --images images.idx', 'labels.idx', ''],
    ['classify', '--model', '--core'],
    ['build model.onnx --name 2fast', '--name', 'letters, digits'],
    ['build model.onnx --name module', '--name', 'module, which is a word of Verilog'],
    ['build model.onnx --name a__b', '--name', 'two underscores'],
    ['build model.onnx --name tb', '--name', 'is taken'],
    ['init mine --name wire', '--name', 'is a word of Verilog'],
    ['synth core --target tin', '--target', 'ice40'],
    ['synth core', '--target', 'required'],
    ['power core --target ecp5', '--target', 'ecp5', 'nobody has published what they draw'],
  ])('%s', async (line, ...words) => {
    await expectBadInput(line, ...words);
  });

  it('that asks for more time steps than the core has', async () => {
    await spinfire('build model.onnx -o core');
    await expectBadInput('verify core --images images.idx --timesteps 65', '--timesteps', 'at most 64');
    await expectBadInput('power core --images images.idx --limit 1 --timesteps 65', '--timesteps', 'at most 64');
  });
});

describe('a missing tool', () => {
  const nowhere = { PATH: join('/', 'nonexistent'), HOME: '/nonexistent' };

  it.each([
    ['synth core --target ice40', 'yosys'],
    ['verify core --images images.idx', 'verilator'],
    ['classify --model model.onnx --images images.idx --engine verilator', 'verilator'],
  ])('%s', async (line, tool) => {
    await spinfire('build model.onnx -o core');
    const env = { ...nowhere, SPINFIRE_CACHE: join(bench.folder, 'cache') };
    const { code, err, out } = await spinfire(line, env);
    expect(err.slice(err.indexOf('error: '))).toMatch(
      new RegExp(`^error: ${tool} is not installed\n[^]*apt-get install -y.* ${tool}`),
    );
    expect({ code, out }).toEqual({ code: 3, out: '' });
  });

  it('is named by the doctor with what it costs', async () => {
    const { code, out } = await spinfire('doctor --json', nowhere);
    expect(code).toBe(3);
    const report = JSON.parse(out);
    expect(report.ready).toBe(false);
    expect(report.tools.find(({ tool }: { tool: string }) => tool === 'yosys')).toMatchObject({
      essential: true,
      cost: expect.stringContaining('no synthesis'),
    });
    expect(report.aptLine).toMatch(/^sudo apt-get install -y .*yosys/);
  });
});
