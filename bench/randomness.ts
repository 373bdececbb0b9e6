/**
 * The words that the neurons' comparators see, put to a battery of statistical tests (dieharder), beside those of a strong generator
 * under the same tests. Prints a Markdown table. `--tests 2,200:8` picks tests (200 on tuples of 8 bits), `--samples N` sets the p-values that each test makes (dieharder's own
 * number when absent: 100 for most tests).
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isPrimitive, planCore } from '../src/core/index.ts';
import { readCurveFile } from '../src/device/index.ts';
import { chachaBlock } from '../src/golden/functional/chacha.ts';
import { importOnnx } from '../src/network/index.ts';
import type { StreamPlan } from '../src/plan/index.ts';
import { markdownTable } from '../src/report/index.ts';

const { values } = parseArgs({
  options: {
    tests: {
      type: 'string',
      default: '0,1,2,3,4,8,9,10,11,12,13,15,16,100,101,200:8,202:5,205,206,207,208,209',
    },
    samples: { type: 'string' },
    sources: { type: 'string', default: 'first layer,encoder,ChaCha20' },
  },
});

/** Fills a buffer with the next words, 16 bits each. */
type Source = (words: Uint16Array) => void;

/** Words of a stream one after the other, as layers draw them: the definition, not the hardware's shortcuts. */
function lfsr({ taps, leap, seed }: Pick<StreamPlan, 'taps' | 'leap' | 'seed'>): Source {
  let state = seed | 0;
  const up = 32 - leap;
  return (words) => {
    // A local, which stays an integer in a register.
    let current = state;
    for (let i = 0; i < words.length; i += 1) {
      words[i] = current;
      let feedback = 0;
      for (let k = 0; k < taps.length; k += 1) feedback ^= current >>> taps[k]!;
      current = (current >>> leap) | (feedback << up);
    }
    state = current;
  };
}

function chacha(): Source {
  const state = Int32Array.from([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 1, ...Array(11).fill(0)]);
  const output = new Int32Array(16);
  const halves = new Uint16Array(output.buffer);
  let at = halves.length;
  return (words) => {
    for (let i = 0; i < words.length; i += 1) {
      if (at === halves.length) {
        chachaBlock(state, output);
        state[12]! += 1;
        if (state[12] === 0) state[13]! += 1;
        at = 0;
      }
      words[i] = halves[at]!;
      at += 1;
    }
  };
}

function referenceStreams() {
  const file = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
  const plan = planCore({
    name: 'digits',
    network: importOnnx(file('models/digits-cnn.onnx'), 'digits-cnn.onnx'),
    encoding: 'bernoulli',
    readout: 'potential',
    curve: readCurveFile(file('models/devices/spin-hall-300K-0p5ns.csv').toString(), 'spin-hall'),
    options: {},
  });
  const [first, second] = plan.layers.map(({ neuron }) => ('stream' in neuron ? neuron.stream : undefined));
  if (plan.encoding.kind === 'direct' || !first || !second) throw new Error('the core has no three streams');
  return { first, second, input: plan.encoding.stream };
}

interface Verdict {
  readonly name: string;
  readonly parameter: string;
  readonly p: number;
  readonly words: string;
}

/** Not `once`: that fails when the other side ends before it has read all. */
const drained = (stream: NodeJS.WritableStream) =>
  new Promise<void>((resolve) => stream.once('drain', () => resolve()));

/** One test: the source's words, two of them a 32-bit number, until it has enough. */
async function dieharder(source: Source, test: string): Promise<Verdict[]> {
  const samples = values.samples === undefined ? [] : ['-p', values.samples];
  const [number = '', tuple] = test.split(':');
  const size = tuple === undefined ? [] : ['-n', tuple];
  const child = spawn('dieharder', ['-g', '200', '-d', number, ...size, ...samples, '-D', '504'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // It ends in the middle of the words.
  child.stdin.on('error', () => {});
  let stdout = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  let ended = false;
  const end = once(child, 'close').finally(() => {
    ended = true;
  });
  const words = new Uint16Array(1 << 17);
  while (!ended) {
    source(words);
    // A copy: the pipe may still hold the last one.
    if (!child.stdin.write(Buffer.from(words.buffer.slice(0)))) await Promise.race([drained(child.stdin), end]);
    else await new Promise((resolve) => setImmediate(resolve));
  }
  return stdout.split('\n').flatMap((line) => {
    const [name, parameter, , , p, verdict] = line.split('|').map((cell) => cell.trim());
    if (name === undefined || p === undefined || verdict === undefined || !/^[\d.]+$/.test(p)) return [];
    return [{ name, parameter: parameter ?? '', p: Number(p), words: verdict }];
  });
}

/** A primitive polynomial with this many terms, as many taps less one, for the first layer's stream. */
function terms(count: number): number[] {
  const inner = Array.from({ length: 32 - streams.first.leap }, (_, i) => i + 1);
  const choose = (from: readonly number[], size: number): number[][] =>
    size === 0 ? [[]] : from.flatMap((tap, i) => choose(from.slice(i + 1), size - 1).map((rest) => [tap, ...rest]));
  const taps = choose(inner, count - 2)
    .map((chosen) => [0, ...chosen])
    .find((candidate) => candidate.at(-1)! > 8 && isPrimitive(candidate));
  if (taps === undefined) throw new Error(`no primitive polynomial with ${count} terms`);
  return taps;
}

const streams = referenceStreams();
const generators: Record<string, () => Source> = {
  'first layer': () => lfsr(streams.first),
  'second layer': () => lfsr(streams.second),
  encoder: () => lfsr(streams.input),
  'one bit a word': () => lfsr({ ...streams.first, leap: 1 }),
  'seven terms': () => lfsr({ ...streams.first, taps: terms(7) }),
  'eleven terms': () => lfsr({ ...streams.first, taps: terms(11) }),
  ChaCha20: chacha,
};
if (spawnSync('dieharder', ['-l']).error !== undefined) {
  console.log('left out: dieharder is not on PATH (apt-get install dieharder)');
  process.exit();
}
const columns = values.sources.split(',').filter((name) => generators[name] !== undefined);
const rows: string[][] = [];
for (const test of values.tests.split(',')) {
  const verdicts: Verdict[][] = [];
  for (const column of columns) verdicts.push(await dieharder(generators[column]!(), test));
  verdicts[0]!.forEach((first, i) => {
    const cells = verdicts.map((own) => (own[i] === undefined ? '-' : `${own[i].p.toFixed(4)} ${own[i].words}`));
    rows.push([first.name, first.parameter, ...cells]);
    console.error(rows.at(-1)!.join(' | '));
  });
}
console.log(markdownTable({ columns: ['test', 'parameter', ...columns.map((name) => `${name}: p`)], rows }));
