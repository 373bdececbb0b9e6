/** Designs whose own numbers, names and options contradict each other: refused in the words of their layers, never as a defect or a rule of Verilog. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { fakeIo } from './fake-io.ts';
import { type Workbench, workbench } from './small-files.ts';

let bench: Workbench;
beforeEach(() => {
  bench = workbench();
  bench.put('package.json', '{ "type": "module" }');
});
afterEach(() => bench.dispose());

interface Parts {
  readonly side?: string;
  readonly scale?: string;
  readonly convolution?: string;
  readonly dense?: string;
  readonly options?: string;
  /** The design that is exported, `made` by defineCore. */
  readonly exported?: string;
}

const core = new URL('../../src/core/index.ts', import.meta.url).href;
const device = new URL('../../src/device/index.ts', import.meta.url).href;

/** A convolution of two channels and three classes behind it. */
const design = ({ side = '6', scale = '0.3', convolution = '', dense = '', options = '', exported = 'made' }: Parts) =>
  `import { defineCore, mtj } from '${core}';
import { readCurveFile } from '${device}';
const curve = readCurveFile('current_uA,probability\\n20,0.01\\n40,0.5\\n60,0.99\\n', 'curve');
const fill = (count: number, scale = 0.3) => Float32Array.from({ length: count }, (_, i) => scale * (((i * 7) % 5) - 2));
const made = defineCore('tiny', ({ input, readout }) => {
  const spikes = input.image(${side}, ${side}, 1)
    .conv({ weights: fill(18, ${scale}), bias: fill(2) }, { kernel: 3, ${convolution} }).neurons(mtj({ curve }));
  readout.potential(spikes.dense({ weights: fill(96), bias: fill(3) }, { ${dense} }));
}, { ${options} });
const layers = made.network.layers;
const withFirst = (changes: object) =>
  ({ ...made, network: { ...made.network, layers: [{ ...layers[0], ...changes }, ...layers.slice(1)] } });
export default ${exported};
`;

async function build(parts: Parts) {
  bench.put('tiny.ts', design(parts));
  const io = fakeIo({ cwd: bench.folder });
  const status = await runCommandLine(['build', 'tiny.ts', '-o', 'core'], io, commands);
  return { status, stderr: io.err() };
}

it('builds the one that is right, with every option of a number', async () => {
  const options =
    "weightBits: [6, 7], weightScale: 'channel', timeSteps: 4, seed: 3, family: 'ecp5', fit: { luts: 5000 }, earlyExit: true";
  expect(await build({ options })).toMatchObject({ status: 0 });
});

it.each<[Parts, ...string[]]>([
  [{ side: '1.5' }, 'core tiny, its input', '1.5'],
  [{ convolution: 'padding: -1' }, 'the padding is out of range', 'layer conv1', '-1'],
  [{ convolution: 'stride: 0' }, 'the stride is out of range', 'layer conv1'],
  [{ scale: 'NaN' }, 'a weight is not a finite number', 'layer conv1, weight 0', 'NaN'],
  [{ convolution: "name: 'my layer'" }, "a layer's name cannot be used", 'layer my layer', 'letters, digits'],
  [{ convolution: "name: 'module'" }, 'layer module', 'a word of Verilog'],
  [{ convolution: "name: '__proto__'" }, 'layer __proto__', "a layer's name cannot be used"],
  [{ convolution: "name: 'x'", dense: "name: 'x'" }, 'layer x', 'the name of another layer, too'],
  [{ convolution: "name: 'clk'" }, 'layer clk', 'the name of something else in the core'],
  [{ options: 'weightBit: 6' }, 'options', 'weightBit'],
  [{ options: "fit: { luts: 'many' }" }, 'options.fit.luts'],
  [{ options: 'fit: { luts: -1 }' }, 'options.fit.luts'],
  [{ options: 'folds: [1, 2]' }, 'options.folds.0'],
  [{ options: "family: 'constructor'" }, 'options.family'],
  [{ options: "earlyExit: 'yes'" }, 'options.earlyExit'],
  [{ options: 'device: { trim: 1e9 }' }, 'options.device.trim'],
  [{ options: 'monitors: { stall: 5 }' }, 'options.monitors', 'stall'],
  [{ exported: 'withFirst({ weights: [1, 2] })' }, 'the weights do not fit the layer', 'layer conv1', '2 weights'],
  [{ exported: 'withFirst({ output: { height: 9, width: 4, channels: 2 } })' }, 'layer conv1, its output', '9 x 4 x 2'],
  [{ exported: 'withFirst({ input: { height: 7, width: 6, channels: 1 } })' }, 'layer conv1, its input', '7 x 6 x 1'],
  [{ exported: 'withFirst({ bias: [1, Infinity] })' }, 'layer conv1, bias 1', 'Infinity'],
  [{ exported: '({ ...made, get network() { throw new Error("mine"); } })' }, 'mine'],
  [{ exported: 'new Proxy({}, { get() { throw new Error("mine"); } })' }, 'an object that cannot be read: mine'],
])('refuses %j', async (parts, ...says) => {
  const { status, stderr } = await build(parts);
  expect(status, stderr).toBe(2);
  for (const words of says) expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/HDL0|src\/|a defect/);
});

it.each(['js', 'mjs', 'cjs', 'cts', 'tsx', 'TS'])('says that a design does not end in .%s', async (ending) => {
  bench.put(`tiny.${ending}`, design({}));
  const io = fakeIo({ cwd: bench.folder });
  expect(await runCommandLine(['build', `tiny.${ending}`, '-o', 'core'], io, commands)).toBe(2);
  expect(io.err()).toContain(`a name that ends in .${ending}`);
  expect(io.err()).toContain('.ts or .mts');
});

it('shows what was thrown that is no error', async () => {
  bench.put('thrown.ts', 'throw { reason: 5 };');
  const io = fakeIo({ cwd: bench.folder });
  expect(await runCommandLine(['build', 'thrown.ts', '-o', 'core'], io, commands)).toBe(2);
  expect(io.err()).toContain('{ reason: 5 }');
});
