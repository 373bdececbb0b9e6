/**
 * The functional golden model beside PyTorch: images a second of the same Bernoulli network on all cores of this machine.
 * Timed: classification of images in memory, PyTorch at its best batch and number of threads after a warm-up, without gradients and with
 * the plain sigmoid; ours with starting its workers, the calibrated table and the very random words of the core.
 * `npx tsx bench/network.ts [--images 10000]`
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { loadDesign } from '../src/app/index.ts';
import { planCore } from '../src/core/index.ts';
import { classifyImages } from '../src/golden/index.ts';
import { type FloatNetwork, mnistPaths, readIdxFiles } from '../src/network/index.ts';
import { textTable } from '../src/report/index.ts';

const timeSteps = 4;
/** At least so many times as fast. */
const goal = 2;
const { values } = parseArgs({ options: { images: { type: 'string', default: '10000' } } });
const images = Number(values.images);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build', 'bench', 'network');
const test = readIdxFiles(mnistPaths().test.images, mnistPaths().test.labels);
const pixels = test.pixels.slice(0, images * 28 * 28);

const python = await pythonWithTorch();
if (python === undefined)
  console.log('PyTorch is left out: no python3 here imports torch (on Debian: apt-get install python3-torch)');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'pixels.bin'), pixels);
const rows: string[][] = [];
for (const model of ['digits-mlp', 'digits-cnn']) {
  const design = await loadDesign(`models/${model}.onnx`, { timeSteps }, { cwd: root });
  const plan = planCore(design);
  const seconds: number[] = [];
  let right = 0;
  // The first run also compiles; the better one of two counts, as the peer's settings are all run twice.
  for (let run = 0; run < 2; run++) {
    const started = performance.now();
    const { classes } = await classifyImages(plan, pixels, { timeSteps });
    seconds.push((performance.now() - started) / 1000);
    right = share((image) => classes[image * timeSteps + timeSteps - 1]!);
  }
  const ours = images / Math.min(...seconds);
  const row = [model, ours.toFixed(0), percent(right)];
  if (python === undefined) rows.push([...row, 'left out', '', '', '']);
  else {
    const weights = join(folder, `${model}.json`);
    writeFileSync(weights, JSON.stringify(torchLayers(design.network)));
    const script = join(root, 'bench', 'network-peers', 'bernoulli_torch.py');
    const { stdout } = await execa(python, [script, weights, join(folder, 'pixels.bin'), `${images}`, `${timeSteps}`]);
    const peer = JSON.parse(stdout) as Peer;
    const theirs = images / peer.seconds;
    const ratio = ours / theirs;
    rows.push([
      ...row,
      theirs.toFixed(0),
      percent(share((image) => peer.answers[image]!)),
      `${peer.threads} threads, batch ${peer.batch}, torch ${peer.torch}`,
      `${ratio.toFixed(1)} (goal ${goal}${ratio < goal ? ', missed' : ''})`,
    ]);
    if (ratio < goal) process.exitCode = 1;
  }
}
console.log(
  textTable({
    title: `Images a second, ${images} images, ${timeSteps} time steps, ${availableParallelism()} cores`,
    columns: ['network', 'golden model', 'right', 'PyTorch', 'right', 'at its best', 'ratio'],
    rows,
  }),
);

interface Peer {
  readonly seconds: number;
  readonly batch: number;
  readonly threads: number;
  readonly torch: string;
  readonly answers: readonly number[];
}

async function pythonWithTorch(): Promise<string | undefined> {
  for (const candidate of ['python3', '/usr/bin/python3']) {
    const { exitCode } = await execa(candidate, ['-c', 'import torch, numpy'], { reject: false });
    if (exitCode === 0) return candidate;
  }
  return undefined;
}

/** PyTorch's order: channels first. */
function torchLayers(network: FloatNetwork) {
  return network.layers.flatMap((layer, index) => {
    if (layer.kind === 'averagePool') return [];
    const { height, width, channels } = layer.input;
    const isDense = layer.kind === 'dense';
    const outputs = layer.bias.length;
    const [rows, columns] = isDense ? [height, width] : [layer.kernelHeight, layer.kernelWidth];
    const weights: number[] = [];
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < columns; x++) weights.push(layer.weights[((o * rows + y) * columns + x) * channels + c]!);
    const shape = isDense ? [outputs, channels * rows * columns] : [outputs, channels, rows, columns];
    const pool = network.layers[index + 1]?.kind === 'averagePool';
    return [{ kind: layer.kind, weights, bias: Array.from(layer.bias), shape, pool }];
  });
}

function share(answer: (image: number) => number): number {
  let right = 0;
  for (let image = 0; image < images; image++) if (answer(image) === test.labels?.[image]) right++;
  return right / images;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}
