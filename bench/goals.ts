/**
 * The reference cores beside their goals: clock cycles counted in Verilator on MNIST test images, LUTs and RAMs by yosys, accuracy
 * of the golden model on all test images with five seeds, build time, and how fast Verilator runs with and without the comparison.
 * `npx tsx bench/goals.ts [--images 1000] [--only NAME]`
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { addersOf, additions } from '../src/core/index.ts';
import { systemEnvironment } from '../src/flow/index.ts';
import { mnistPaths, readIdxFiles } from '../src/network/index.ts';
import type { Plan } from '../src/plan/index.ts';
import { textTable } from '../src/report/index.ts';
import { profileCore, runVerilator } from '../src/sim/index.ts';

interface Goal {
  readonly name: string;
  readonly model: string;
  /** Options that say how the network becomes a core, e.g. bits of a weight. */
  readonly design?: readonly string[];
  /** Budget options of `spinfire build`. */
  readonly budget: readonly string[];
  readonly target: 'ice40' | 'ecp5';
  readonly cycles: number;
  /** Mean clocks from an image's last pixel to its class, in an empty core. */
  readonly latency?: number;
  readonly luts?: number;
  readonly rams?: number;
  readonly accuracy: number;
}

const timeSteps = 4;
/** The accuracy is the mean over so many. */
const seeds = 5;
const goals: readonly Goal[] = [
  {
    name: 'mlp',
    model: 'digits-mlp',
    budget: ['--time-lanes', '4', '--luts', '5600'],
    target: 'ecp5',
    cycles: 1000,
    latency: 1500,
    luts: 8000,
    accuracy: 97.5,
  },
  {
    name: 'mlp-fast',
    model: 'digits-mlp',
    budget: ['--cycles', '155'],
    target: 'ecp5',
    cycles: 200,
    accuracy: 97.5,
  },
  {
    name: 'cnn',
    model: 'digits-cnn',
    budget: ['--cycles', '4000'],
    target: 'ecp5',
    cycles: 4000,
    luts: 20000,
    accuracy: 98.2,
  },
  {
    name: 'cnn-up5k',
    model: 'digits-cnn',
    budget: ['--luts', '4600', '--rams', '30'],
    target: 'ice40',
    cycles: 24000,
    luts: 5280,
    rams: 30,
    accuracy: 98.2,
  },
  {
    name: 'cnn-small',
    model: 'digits-cnn',
    design: ['--max-timesteps', '4', '--weight-bits', '6'],
    budget: ['--luts', '1600', '--rams', '18'],
    target: 'ice40',
    cycles: 110000,
    luts: 1600,
    rams: 16,
    accuracy: 98.2,
  },
];

const { values } = parseArgs({ options: { images: { type: 'string', default: '1000' }, only: { type: 'string' } } });
const images = Number(values.images);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build', 'bench');
const test = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
const environment = systemEnvironment(process.env, root);
const pixels = 28 * 28;

const rows: string[][] = [];
for (const goal of goals) {
  if (values.only !== undefined && values.only !== goal.name) continue;
  const directory = join(folder, goal.name);
  rmSync(join(directory, 'build'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const started = performance.now();
  const model = join('models', `${goal.model}.onnx`);
  const design = ['--timesteps', `${timeSteps}`, ...(goal.design ?? [])];
  await spinfire('build', model, ...design, ...goal.budget, '-o', directory, '--name', 'core');
  const buildSeconds = (performance.now() - started) / 1000;
  const plan = JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8')) as Plan;
  const free = await runVerilator(
    { directory, plan, images: test.pixels.subarray(0, images * pixels), timeSteps },
    environment,
  );
  const some = { directory, plan, images: test.pixels.subarray(0, 200 * pixels), timeSteps };
  const alone = await runVerilator({ ...some, alone: true }, environment);
  // As much as runs alone in a second: what starting costs is not what is asked here.
  const second = Math.ceil(free.cycles / free.seconds / free.timing.cyclesPerImage);
  const long = { ...some, images: test.pixels.subarray(0, Math.min(10_000, Math.max(20, second)) * pixels) };
  const readable = await runVerilator({ ...long, readable: true }, environment);
  // In a process of its own, as users run it: five cores in one would teach the compiler to expect all of them.
  const limit = `${long.images.length / pixels}`;
  const checked = await spinfire('verify', directory, '--limit', limit, '--timesteps', `${timeSteps}`, '--no-trace');
  const readableSpeed = readable.cycles / readable.seconds;
  const synth = await spinfire('synth', directory, '--target', goal.target);
  const golden = await spinfire('classify', '--model', model, ...design, '--seeds', `${seeds}`);
  const needed = plan.layers.reduce((sum, layer) => sum + additions(layer), 0) * timeSteps;
  const lanes = plan.layers.reduce((sum, layer) => sum + addersOf(layer, layer.timeLanes), 0);
  const luts = Number(synth.luts);
  const { cyclesPerImage } = free.timing;
  rows.push([
    goal.name,
    beside(cyclesPerImage, goal.cycles),
    beside(alone.timing.fromLastPixel.mean, goal.latency),
    beside(luts, goal.luts),
    beside(Number(synth.rams), goal.rams),
    `${(100 * golden.spread.mean).toFixed(2)} % (at least ${goal.accuracy})`,
    `${((100 * needed) / (lanes * cyclesPerImage)).toFixed(0)} %`,
    profileCore({ plan, images: test.pixels.subarray(0, 4 * pixels), timeSteps })
      .layers.map(({ layer, utilisation }) => `${layer} ${(100 * utilisation).toFixed(0)} %`)
      .join(', '),
    buildSeconds.toFixed(1),
    `${(free.cycles / free.seconds / 1e6).toFixed(2)} M/s`,
    `${(readableSpeed / 1e6).toFixed(2)} M/s`,
    `${(checked.cyclesPerSecond / 1e6).toFixed(2)} M/s (ratio ${(checked.cyclesPerSecond / readableSpeed).toFixed(2)}, goal 0.5)`,
    String(checked.mismatches),
  ]);
}
console.log(
  textTable({
    title: `Reference cores, ${timeSteps} time steps, ${images} images; dense additions / (lanes x cycles) as utilisation`,
    columns: [
      'core',
      'cycles an image',
      'latency',
      'LUT4',
      'RAMs',
      'accuracy',
      'utilisation',
      'of each layer while it works',
      'build s (goal 5)',
      'Verilator',
      'with registers readable',
      'in lockstep',
      'mismatches',
    ],
    rows,
  }),
);

function beside(value: number, goal: number | undefined): string {
  return goal === undefined ? value.toFixed(0) : `${value.toFixed(0)} (goal ${goal}${value <= goal ? '' : ', missed'})`;
}

interface Answer {
  readonly luts: number;
  readonly rams: number;
  readonly cells: Readonly<Record<string, number>>;
  readonly spread: { readonly mean: number };
  readonly cyclesPerSecond: number;
  readonly mismatches: number;
}

async function spinfire(...args: string[]): Promise<Answer> {
  const { stdout } = await execa('node', [join(root, 'bin', 'spinfire.js'), ...args, '--json'], { cwd: root });
  return JSON.parse(stdout);
}
